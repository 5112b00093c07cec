// Groups of elements that fail together, many groups at once; what a run over scenarios prepares before it starts.
#include "scenarios.h"

#include <algorithm>
#include <new>

namespace netproof {

Counting::Counting(const Elimination &the_plan, const Asked &what, bool counts) : plan(the_plan), asked(what) {
    const int32_t n = plan.nodes;
    function_at.assign(asked.function_start, asked.function_start + asked.functions + 1);
    for (int64_t i = 0; i < asked.function_start[asked.functions]; ++i)
        function_row.push_back(plan.row[asked.function_node[i]]);
    class_at.assign(asked.class_start, asked.class_start + asked.classes + 1);
    class_function.assign(asked.class_function, asked.class_function + class_at[asked.classes]);
    class_need.assign(static_cast<size_t>(asked.classes) + 1, 0);
    for (int32_t need = 0; need < asked.needs; ++need) ++class_need[asked.need_class[need] + 1];
    for (int32_t cls = 0; cls < asked.classes; ++cls) class_need[cls + 1] += class_need[cls];
    lit.assign(static_cast<size_t>(asked.classes) * plan.components, 1);
    std::vector<uint8_t> has(plan.components);
    for (int32_t cls = 0; cls < asked.classes; ++cls)
        for (int32_t i = class_at[cls]; i < class_at[cls + 1]; ++i) {
            std::fill(has.begin(), has.end(), 0);
            const int32_t f = class_function[i];
            for (int32_t at = function_at[f]; at < function_at[f + 1]; ++at) has[plan.component[function_row[at]]] = 1;
            for (int32_t c = 0; c < plan.components; ++c) lit[static_cast<size_t>(cls) * plan.components + c] &= has[c];
        }
    find_seeds();
    if (counts) missing.assign(static_cast<size_t>(asked.classes) * n, 0);
    weight.assign(static_cast<size_t>(asked.needs) * n, 0);
    place.resize(asked.needs);
    peopled.resize(asked.needs);
    baseline.assign(asked.needs, 0);
    baseline_places.assign(asked.needs, 0);
    for (int32_t need = 0; need < asked.needs; ++need) weigh(need);
}

// Which rows an instance can be reached from inside what is taken out before them, and which have a forward step.
void Counting::find_seeds() {
    seed.assign(plan.nodes, -1);
    std::vector<int32_t> found(function_row), narrow;
    for (int32_t r = plan.eliminated; r < plan.nodes; ++r) found.push_back(r);
    for (size_t i = 0; i < found.size(); ++i) {
        const int32_t r = found[i];
        if (seed[r] >= 0) continue;
        seed[r] = seeds++;
        if (r >= plan.eliminated) continue;
        if (plan.step[r].slot != WIDE) narrow.push_back(r);
        found.insert(found.end(), plan.up.begin() + plan.start[r], plan.up.begin() + plan.start[r + 1]);
    }
    std::sort(narrow.begin(), narrow.end());
    stem.resize(plan.wide.size() + narrow.size());
    std::merge(plan.wide.begin(), plan.wide.end(), narrow.begin(), narrow.end(), stem.begin());
}

// People by row, those left out who are without before anything fails, then summed up along the references.
void Counting::weigh(int32_t need) {
    const int64_t *people = asked.people[need];
    const int32_t *of = asked.place[need];
    const uint8_t *served = &lit[static_cast<size_t>(asked.need_class[need]) * plan.components];
    int64_t *sum = &weight[static_cast<size_t>(need) * plan.nodes];
    if (of) {
        any_places = true;
        place[need].assign(plan.nodes, -1);
    }
    peopled[need].assign(of ? asked.places[need] : 0, 0);
    std::vector<uint8_t> without(peopled[need].size(), 0);
    for (int32_t r = 0; r < plan.nodes; ++r) {
        const int32_t v = plan.node[r];
        const bool lost = !served[plan.component[r]];
        if (lost) baseline[need] += people[v];
        if (of && of[v] >= 0 && people[v]) {
            (lost ? without : peopled[need])[of[v]] = 1;
            if (!lost) place[need][r] = of[v];
        }
        if (!lost) sum[r] += people[v];
        if (plan.reference[r] >= 0) sum[plan.reference[r]] += sum[r];
    }
    for (size_t p = 0; p < without.size(); ++p) without[p] = without[p] && !peopled[need][p];
    baseline_places[need] = std::count(without.begin(), without.end(), 1);
    unlit.push_back(std::move(without));
}

void Counting::without(int32_t scenarios, int32_t *of) const {
    std::vector<int32_t> sum(plan.nodes);
    for (int32_t cls = 0; cls < asked.classes; ++cls) {
        const size_t at = static_cast<size_t>(cls) * plan.nodes, lit_at = static_cast<size_t>(cls) * plan.components;
        for (int32_t r = plan.nodes - 1; r >= 0; --r) {
            const int32_t up = plan.reference[r];
            sum[r] = up >= 0 ? sum[up] + missing[at + r] : lit[lit_at + plan.component[r]] ? missing[at + r] : scenarios;
            of[at + plan.node[r]] = sum[r];
        }
    }
}

namespace {

struct Run {
    virtual ~Run() = default;
    virtual void solve(const uint64_t *down, bool links, int64_t *lost, int64_t *places) = 0;
};

template <int W>
struct RunOf final : Run {
    RunOf(const Elimination &plan, const Asked &asked) : counting(plan, asked, false), solver(counting) {}
    void solve(const uint64_t *down, bool links, int64_t *lost, int64_t *places) override {
        Rows<W, false> rows{counting.plan, reinterpret_cast<const Bits<W> *>(down), links};
        solver.block(rows, lost, places, nullptr);
    }
    Counting counting;
    Solver<W> solver;
};

template <int W>
Run *open(const Elimination &plan, const Asked &asked, int64_t *baseline, int64_t *baseline_places) {
    auto *run = new RunOf<W>(plan, asked);
    std::copy(run->counting.baseline.begin(), run->counting.baseline.end(), baseline);
    std::copy(run->counting.baseline_places.begin(), run->counting.baseline_places.end(), baseline_places);
    return run;
}

}  // namespace
}  // namespace netproof

using netproof::Asked;
using netproof::Elimination;
using netproof::Run;

// baseline, baseline_places: int64[needs], people and places without before anything fails. words: 1, 4 or 8.
NETPROOF_API int32_t netproof_scenarios_open(const void *plan, const Asked *asked, int32_t words, int64_t *baseline,
                                             int64_t *baseline_places, void **made) {
    try {
        const Elimination &of = *static_cast<const Elimination *>(plan);
        Run *run = words == 1   ? netproof::open<1>(of, *asked, baseline, baseline_places)
                   : words == 4 ? netproof::open<4>(of, *asked, baseline, baseline_places)
                                : netproof::open<8>(of, *asked, baseline, baseline_places);
        *made = run;
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

NETPROOF_API void netproof_scenarios_free(void *made) { delete static_cast<Run *>(made); }

// down: uint64[(nodes + links if `links`) * words], a bit is 1 where the element is down; lost, places: int64[needs * 64 words].
NETPROOF_API int32_t netproof_scenarios_solve(void *made, const uint64_t *down, int32_t links, int64_t *lost,
                                              int64_t *places) {
    try {
        static_cast<Run *>(made)->solve(down, links != 0, lost, places);
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

// Sets the bits of groups first..last-1 in `rows`: scenario g - first is group g. clear: 1 empties these rows instead.
// Goes through the rows in stretches that stay near the processor; members that do not ascend come in the last one.
NETPROOF_API int32_t netproof_scenarios_mark(uint64_t *rows, int64_t count, int32_t words, const int64_t *start,
                                             const int32_t *member, int64_t first, int64_t last, int32_t clear) {
    try {
        const int64_t stretch = 1 << 18;
        std::vector<int64_t> at(start + first, start + last);
        for (int64_t end = stretch / words;; end += stretch / words) {
            const int32_t below = end < count ? static_cast<int32_t>(end) : INT32_MAX;
            for (int64_t g = 0; g < last - first; ++g) {
                const uint64_t bit = 1ull << (g & 63);
                const int64_t stop = start[first + g + 1];
                int64_t i = at[g];
                if (clear)
                    for (; i < stop && member[i] < below; ++i)
                        std::fill_n(rows + static_cast<int64_t>(member[i]) * words, words, 0);
                else
                    for (; i < stop && member[i] < below; ++i)
                        rows[static_cast<int64_t>(member[i]) * words + (g >> 6)] |= bit;
                at[g] = i;
            }
            if (end >= count) return NETPROOF_OK;
        }
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}
