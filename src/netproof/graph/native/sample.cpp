// Correlated random failures, drawn while the scenarios are solved: an element's bits exist only where they are used.
#include "chance.h"
#include "scenarios.h"

namespace netproof {
namespace {

struct Failure {
    uint32_t element;
    uint32_t scenario;  // in its block
};

// Draws blocks of scenarios, one after the other.
template <int W>
class Drawn {
  public:
    static constexpr bool counts = true;
    bool links = false;  // whether any link may fail

    Drawn(const Elimination &plan, const Chances &chances) : plan_(plan), chances_(chances) {
        const int64_t links_from = plan.nodes, events_from = links_from + plan.links;
        all_ = events_from + chances.events;
        next_.reserve(all_);
        for (int64_t e = 0; e < all_; ++e) next_.push_back(failing_from(chances, e, 0));
        event_.assign(chances.events, Bits<W>::all(0));
        turn(chances.node_start, chances.node, plan.nodes, node_start_, node_event_);
        turn(chances.link_start, chances.link, plan.links, link_start_, link_event_);
        fails_.assign(plan.links, 0);
        for (int32_t l = 0; l < plan.links; ++l) fails_[l] = chances.pace[links_from + l] >= 0 || link_start_[l + 1] > link_start_[l];
        for (const uint8_t one : fails_) links |= one != 0;
        std::vector<uint8_t> asked(plan.links, 0);
        for (int32_t l : plan.link)
            for (; l >= 0; l = plan.next.empty() ? -1 : plan.next[l]) asked[l] = 1;
        for (int32_t l = 0; l < plan.links; ++l)
            if (!asked[l] && fails_[l]) loops_.push_back(l);
    }

    // Goes on to the next block. links_too: false where each link is asked for in turn anyway.
    void begin(int64_t first, bool links_too = true) {
        first_ = static_cast<uint32_t>(first);
        end_ = static_cast<uint32_t>(std::min(first + 64 * W, chances_.scenarios));
        failed_.clear();
        const int64_t from = static_cast<int64_t>(plan_.nodes) + plan_.links;
        for (int32_t e = 0; e < chances_.events; ++e) {
            event_[e] = Bits<W>::all(0);
            draw(from + e, event_[e]);
        }
        if (!links_too) return;
        for (const int32_t l : loops_) link(l);
    }

    void soon(int32_t) const {}
    bool cuts(int32_t link) const { return fails_[link] != 0; }
    Bits<W> node(int32_t, int32_t node) {
        Bits<W> down = Bits<W>::all(0);
        for (int64_t i = node_start_[node]; i < node_start_[node + 1]; ++i) down |= event_[node_event_[i]];
        draw(node, down);
        return down;
    }
    Bits<W> link(int32_t link) {
        Bits<W> down = Bits<W>::all(0);
        if (!fails_[link]) return down;
        for (int64_t i = link_start_[link]; i < link_start_[link + 1]; ++i) down |= event_[link_event_[i]];
        draw(static_cast<int64_t>(plan_.nodes) + link, down);
        return down;
    }

    // Adds up who failed, and what was lost when they did. lost: int64[64 W] of the need by which is blamed.
    void tally(const int64_t *lost, int64_t *hits, int64_t *blamed) const {
        for (const Failure &one : failed_) {
            ++hits[one.element];
            blamed[one.element] += lost[one.scenario];
        }
    }

  private:
    const Elimination &plan_;
    const Chances chances_;
    int64_t all_ = 0;
    uint32_t first_ = 0, end_ = 0;
    std::vector<uint32_t> next_;  // [elements] the next scenario in which each fails of itself
    std::vector<Bits<W>> event_;
    std::vector<int64_t> node_start_, link_start_;
    std::vector<int32_t> node_event_, link_event_;  // the events of each node and link
    std::vector<uint8_t> fails_;                    // [links] 1 where it may fail
    std::vector<int32_t> loops_;                    // links that may fail and join nothing
    std::vector<Failure> failed_;                   // of themselves, in this block

    void draw(int64_t element, Bits<W> &down) {
        uint32_t at = next_[element];
        if (at >= end_) return;
        do {
            const uint32_t scenario = at - first_;
            down.word[scenario >> 6] |= 1ull << (scenario & 63);
            failed_.push_back({static_cast<uint32_t>(element), scenario});
            at = failing_from(chances_, element, at + 1);
        } while (at < end_);
        next_[element] = at;
    }

    // Turns members of events into events of members.
    void turn(const int64_t *start, const int32_t *member, int32_t members, std::vector<int64_t> &of_start,
              std::vector<int32_t> &of) {
        of_start.assign(static_cast<size_t>(members) + 2, 0);
        for (int64_t i = 0; i < start[chances_.events]; ++i) ++of_start[member[i] + 2];
        for (int32_t m = 0; m <= members; ++m) of_start[m + 1] += of_start[m];
        of.resize(start[chances_.events]);
        for (int32_t e = 0; e < chances_.events; ++e)
            for (int64_t i = start[e]; i < start[e + 1]; ++i) of[of_start[member[i] + 1]++] = e;
        of_start.pop_back();
    }
};

// What a run adds up over its blocks, whatever the number of words.
struct Sampling {
    virtual ~Sampling() = default;
    virtual void run(int64_t first, int64_t last, int64_t *lost, int64_t *places) = 0;
    virtual void draw(int64_t first, uint64_t *rows) = 0;
    virtual void solve(int64_t first, const uint64_t *rows, int64_t *lost, int64_t *places) = 0;
    virtual const Counting &counted() const = 0;
    std::vector<int64_t> hits, blamed;
    std::vector<std::vector<int32_t>> dark;  // [needs][places] scenarios in which a place is lost
};

template <int W>
class SamplingOf final : public Sampling {
  public:
    SamplingOf(const Elimination &plan, const Asked &asked, const Chances &chances)
        : chances_(chances), counting_(plan, asked, true), solver_(counting_), drawn_(plan, chances) {
        const int64_t elements = static_cast<int64_t>(plan.nodes) + plan.links + chances.events;
        if (chances.blame >= 0) {
            hits.assign(elements, 0);
            blamed.assign(elements, 0);
        }
        for (int32_t need = 0; need < asked.needs; ++need) dark.emplace_back(counting_.peopled[need].size(), 0);
        for (auto &one : dark) dark_.push_back(one.data());
        lost_.resize(static_cast<size_t>(asked.needs) * 64 * W);
        places_.resize(lost_.size());
    }

    // Scenarios first to last - 1; lost, places: int64[needs * scenarios of the whole sample].
    void run(int64_t first, int64_t last, int64_t *lost, int64_t *places) override {
        for (; first < last; first += 64 * W) {
            drawn_.begin(first);
            solver_.block(drawn_, lost_.data(), places_.data(), dark_.data());
            finish(first, lost, places);
        }
    }
    void draw(int64_t first, uint64_t *rows) override {
        auto *row = reinterpret_cast<Bits<W> *>(rows);
        const Elimination &plan = counting_.plan;
        drawn_.begin(first, false);
        for (int32_t v = 0; v < plan.nodes; ++v) *row++ = drawn_.node(0, v);
        for (int32_t l = 0; l < plan.links; ++l) *row++ = drawn_.link(l);
    }
    void solve(int64_t first, const uint64_t *rows, int64_t *lost, int64_t *places) override {
        Rows<W, true> down{counting_.plan, reinterpret_cast<const Bits<W> *>(rows), true};
        solver_.block(down, lost_.data(), places_.data(), dark_.data());
        finish(first, lost, places);
    }
    const Counting &counted() const override { return counting_; }

  private:
    const Chances chances_;
    Counting counting_;
    Solver<W> solver_;
    Drawn<W> drawn_;
    std::vector<int64_t> lost_, places_;
    std::vector<int32_t *> dark_;

    void finish(int64_t first, int64_t *lost, int64_t *places) {
        const int64_t all = chances_.scenarios, count = std::min<int64_t>(64 * W, all - first);
        for (int32_t need = 0; need < counting_.asked.needs; ++need) {
            std::copy_n(&lost_[static_cast<size_t>(need) * 64 * W], count, lost + need * all + first);
            std::copy_n(&places_[static_cast<size_t>(need) * 64 * W], count, places + need * all + first);
        }
        if (chances_.blame >= 0)
            drawn_.tally(&lost_[static_cast<size_t>(chances_.blame) * 64 * W], hits.data(), blamed.data());
    }
};

}  // namespace
}  // namespace netproof

using netproof::Asked;
using netproof::Chances;
using netproof::Elimination;
using netproof::Sampling;

NETPROOF_API int32_t netproof_sample_open(const void *plan, const Asked *asked, const Chances *chances, int32_t words,
                                          int64_t *baseline, int64_t *baseline_places, void **made) {
    try {
        const Elimination &of = *static_cast<const Elimination *>(plan);
        Sampling *run = nullptr;
        if (words == 1)
            run = new netproof::SamplingOf<1>(of, *asked, *chances);
        else if (words == 4)
            run = new netproof::SamplingOf<4>(of, *asked, *chances);
        else
            run = new netproof::SamplingOf<8>(of, *asked, *chances);
        std::copy(run->counted().baseline.begin(), run->counted().baseline.end(), baseline);
        std::copy(run->counted().baseline_places.begin(), run->counted().baseline_places.end(), baseline_places);
        *made = run;
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

NETPROOF_API void netproof_sample_free(void *made) { delete static_cast<Sampling *>(made); }

// Draws and solves scenarios first..last-1, from a multiple of 64 words on, each once and in order.
NETPROOF_API int32_t netproof_sample_run(void *made, int64_t first, int64_t last, int64_t *lost, int64_t *places) {
    try {
        static_cast<Sampling *>(made)->run(first, last, lost, places);
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

// Draws one block into uint64[(nodes + links) * words], 1 where an element is down, for rules to spread.
NETPROOF_API int32_t netproof_sample_draw(void *made, int64_t first, uint64_t *rows) {
    try {
        static_cast<Sampling *>(made)->draw(first, rows);
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

// Solves the block that was drawn last.
NETPROOF_API int32_t netproof_sample_solve(void *made, int64_t first, const uint64_t *rows, int64_t *lost,
                                           int64_t *places) {
    try {
        static_cast<Sampling *>(made)->solve(first, rows, lost, places);
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

// What the blocks added up to. without: int32[classes * nodes] scenarios in which each node is without; dark: int32[places]
// for each need, one after the other, the same of places; hits, blamed: int64[elements], or null where nobody is blamed.
NETPROOF_API int32_t netproof_sample_result(const void *made, int32_t scenarios, int32_t *without, int32_t *dark,
                                            int64_t *hits, int64_t *blamed) {
    try {
        const Sampling &run = *static_cast<const Sampling *>(made);
        run.counted().without(scenarios, without);
        for (size_t need = 0; need < run.dark.size(); ++need)
            for (size_t p = 0; p < run.dark[need].size(); ++p)
                *dark++ = run.counted().unlit[need][p] ? scenarios : run.dark[need][p];
        if (hits) std::copy(run.hits.begin(), run.hits.end(), hits);
        if (blamed) std::copy(run.blamed.begin(), run.blamed.end(), blamed);
        return NETPROOF_OK;
    } catch (...) {
        return NETPROOF_NO_MEMORY;
    }
}

// Which elements fail of themselves in the scenarios that are wanted. Writes at most `room` pairs, returns how many there are.
NETPROOF_API int64_t netproof_sample_failing(const Chances *chances, int64_t elements, const uint8_t *wanted, int64_t room,
                                             int32_t *element, int32_t *scenario) {
    int64_t found = 0;
    for (int64_t e = 0; e < elements; ++e)
        for (uint32_t at = netproof::failing_from(*chances, e, 0); at != netproof::NEVER;
             at = netproof::failing_from(*chances, e, at + 1)) {
            if (!wanted[at]) continue;
            if (found < room) {
                element[found] = static_cast<int32_t>(e);
                scenario[found] = static_cast<int32_t>(at);
            }
            ++found;
        }
    return found;
}
