// What goes down with what. Meaning, units and twin: graph/closure.py.
#include "closure.h"

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

namespace {

// Lists of rules in which an element is a member.
struct Uses {
    std::vector<int64_t> start;
    std::vector<int32_t> rule;
};

Uses uses_of(int32_t elements, int32_t rules, const int64_t *member_start, const int32_t *member) {
    Uses uses;
    uses.start.assign(static_cast<size_t>(elements) + 2, 0);
    const int64_t members = member_start[rules];
    for (int64_t i = 0; i < members; ++i) ++uses.start[static_cast<size_t>(member[i]) + 2];
    for (size_t e = 2; e < uses.start.size(); ++e) uses.start[e] += uses.start[e - 1];
    uses.rule.resize(static_cast<size_t>(members));
    for (int32_t r = 0; r < rules; ++r)
        for (int64_t i = member_start[r]; i < member_start[r + 1]; ++i)
            uses.rule[static_cast<size_t>(uses.start[static_cast<size_t>(member[i]) + 1]++)] = r;
    return uses;
}

// Tarjan 1972 without recursion, along "target needs member": members' cycles are complete before their targets'.
// Numbers of visits order the stack; a finished element has number `done`.
struct Cycles {
    const int32_t *target;
    const int64_t *member_start;
    const int32_t *member;
    int32_t *group;
    int32_t *level;
    std::vector<int64_t> rule_start;  // rules by target
    std::vector<int32_t> rule;
    std::vector<int32_t> number, low, stack, path;
    std::vector<int64_t> at_rule, at_member;  // where the visit of an element on the path stands
    int32_t next = 1;
    static constexpr int32_t done = INT32_MAX;

    Cycles(int32_t elements, int32_t rules, const int32_t *target_, const int64_t *member_start_,
           const int32_t *member_, int32_t *group_, int32_t *level_)
        : target(target_), member_start(member_start_), member(member_), group(group_), level(level_) {
        const auto n = static_cast<size_t>(elements);
        rule_start.assign(n + 2, 0);
        for (int32_t r = 0; r < rules; ++r) ++rule_start[static_cast<size_t>(target[r]) + 2];
        for (size_t e = 2; e < n + 2; ++e) rule_start[e] += rule_start[e - 1];
        rule.resize(static_cast<size_t>(rules));
        for (int32_t r = 0; r < rules; ++r)
            rule[static_cast<size_t>(rule_start[static_cast<size_t>(target[r]) + 1]++)] = r;
        number.assign(n, 0);
        low.assign(n, 0);
        at_rule.assign(n, 0);
        at_member.assign(n, 0);
    }

    void enter(int32_t e) {
        const auto i = static_cast<size_t>(e);
        number[i] = low[i] = next++;
        level[e] = 0;
        at_rule[i] = rule_start[i];
        if (at_rule[i] < rule_start[i + 1]) at_member[i] = member_start[rule[static_cast<size_t>(at_rule[i])]];
        stack.push_back(e);
        path.push_back(e);
    }

    // The next element that e needs, or -1.
    int32_t step(int32_t e) {
        const auto i = static_cast<size_t>(e);
        while (at_rule[i] < rule_start[i + 1]) {
            const int32_t r = rule[static_cast<size_t>(at_rule[i])];
            if (at_member[i] < member_start[r + 1]) return member[at_member[i]++];
            if (++at_rule[i] < rule_start[i + 1]) at_member[i] = member_start[rule[static_cast<size_t>(at_rule[i])]];
        }
        return -1;
    }

    void leave(int32_t e) {
        path.pop_back();
        const auto i = static_cast<size_t>(e);
        if (low[i] == number[i]) {
            size_t from = stack.size();
            int32_t first = e, deepest = level[e];
            do {
                --from;
                first = std::min(first, stack[from]);
                deepest = std::max(deepest, level[stack[from]]);
            } while (stack[from] != e);
            for (size_t k = from; k < stack.size(); ++k) {
                group[stack[k]] = first;
                level[stack[k]] = deepest;
                number[static_cast<size_t>(stack[k])] = done;
            }
            stack.resize(from);
        }
        if (path.empty()) return;
        const int32_t above = path.back();
        if (number[i] == done) level[above] = std::max(level[above], level[e] + 1);
        else low[static_cast<size_t>(above)] = std::min(low[static_cast<size_t>(above)], low[i]);
    }

    void visit(int32_t root) {
        enter(root);
        while (!path.empty()) {
            const int32_t e = path.back();
            const int32_t needed = step(e);
            if (needed < 0) {
                leave(e);
                continue;
            }
            const auto i = static_cast<size_t>(e);
            const int32_t seen = number[static_cast<size_t>(needed)];
            if (seen == 0) enter(needed);
            else if (seen == done) level[e] = std::max(level[e], level[needed] + 1);
            else low[i] = std::min(low[i], seen);
        }
    }
};

// One caller's closures: the rules by member, and marks that need no clearing between events.
struct Closure {
    int32_t elements;
    const int32_t *target;
    std::vector<int32_t> size;  // members of each rule
    Uses uses;
    std::vector<int32_t> down, round, why, counted, left;
    int32_t event = 0;
    std::vector<int64_t> ends;
    std::vector<int32_t> found, cause, front;

    void fresh_marks() {
        std::fill(down.begin(), down.end(), 0);
        std::fill(counted.begin(), counted.end(), 0);
        event = 0;
    }

    void own(int32_t e) {
        if (down[static_cast<size_t>(e)] == event) return;
        mark(e, 0, -1);
    }

    void mark(int32_t e, int32_t step, int32_t rule) {
        const auto i = static_cast<size_t>(e);
        down[i] = event;
        round[i] = step;
        why[i] = rule;
        front.push_back(e);
    }

    // One member of a rule is down; takes the target down when it was the last.
    void count(int32_t rule, int32_t step) {
        const auto r = static_cast<size_t>(rule);
        if (size[r] > 1) {
            if (counted[r] != event) {
                counted[r] = event;
                left[r] = size[r];
            }
            if (--left[r] > 0) return;
        }
        const int32_t goes = target[rule];
        const auto i = static_cast<size_t>(goes);
        if (down[i] != event) mark(goes, step, rule);
        else if (round[i] == step && rule < why[i]) why[i] = rule;
    }

    void run(const int32_t *first, const int32_t *last) {
        if (event == INT32_MAX) fresh_marks();
        ++event;
        front.clear();
        for (; first != last; ++first) own(*first);
        for (size_t at = 0; at < front.size(); ++at) {
            const auto e = static_cast<size_t>(front[at]);
            const int32_t step = round[e] + 1;
            for (int64_t u = uses.start[e]; u < uses.start[e + 1]; ++u) count(uses.rule[static_cast<size_t>(u)], step);
        }
        if (!std::is_sorted(front.begin(), front.end())) std::sort(front.begin(), front.end());
        found.insert(found.end(), front.begin(), front.end());
        for (const int32_t e : front) cause.push_back(why[static_cast<size_t>(e)]);
        ends.push_back(static_cast<int64_t>(found.size()));
    }
};

// target gets all bits that all members have (down), or keeps those that some member has (alive).
bool apply(const netproof::ArrangedRules &rules, int32_t rule, uint64_t *rows, int64_t words, bool alive) {
    const int64_t first = rules.member_start[rule], last = rules.member_start[rule + 1];
    uint64_t *goes = rows + static_cast<int64_t>(rules.target[rule]) * words;
    uint64_t changed = 0;
    if (last - first <= 2) {  // most rules: no branch that depends on the bits
        const uint64_t *one = rows + rules.member[first] * words;
        const uint64_t *two = rows + rules.member[last - 1] * words;
        for (int64_t w = 0; w < words; ++w) {
            const uint64_t now = alive ? goes[w] & (one[w] | two[w]) : goes[w] | (one[w] & two[w]);
            changed |= now ^ goes[w];
            goes[w] = now;
        }
        return changed != 0;
    }
    for (int64_t w = 0; w < words; ++w) {
        // Many alternatives agree on nothing long before the last one.
        uint64_t bits = alive ? 0 : ~uint64_t{0};
        if (alive)
            for (int64_t i = first; i < last && ~bits != 0; ++i) bits |= rows[rules.member[i] * words + w];
        else
            for (int64_t i = first; i < last && bits != 0; ++i) bits &= rows[rules.member[i] * words + w];
        const uint64_t now = alive ? goes[w] & bits : goes[w] | bits;
        changed |= now ^ goes[w];
        goes[w] = now;
    }
    return changed != 0;
}

// Rules read rows all over memory: ask for those of rules to come.
void ask(const netproof::ArrangedRules &rules, int32_t rule, int32_t high, const uint64_t *rows, int64_t words) {
#if defined(__GNUC__)
    constexpr int32_t ahead = 12;
    if (rule + ahead >= high) return;
    const int64_t first = rules.member_start[rule + ahead];
    const int64_t last = std::min(rules.member_start[rule + ahead + 1], first + 4);
    for (int64_t i = first; i < last; ++i) __builtin_prefetch(rows + rules.member[i] * words, 0);
    __builtin_prefetch(rows + rules.target[rule + ahead] * words, 1);
#else
    (void)rules, (void)rule, (void)high, (void)rows, (void)words;
#endif
}

// Applies the rules of a block again wherever a member changed, until nothing does.
void repeat(const netproof::ArrangedRules &rules, int32_t low, int32_t high, uint64_t *rows, int64_t words,
            bool alive) {
    std::vector<int32_t> now, next;
    std::vector<uint8_t> waits(static_cast<size_t>(high - low), 0);
    const auto again = [&](int32_t rule) {
        const int32_t e = rules.target[rule];
        for (int64_t u = rules.use_start[e]; u < rules.use_start[e + 1]; ++u) {
            const int32_t used = rules.use[u];
            if (used < low || used >= high || waits[static_cast<size_t>(used - low)]) continue;
            waits[static_cast<size_t>(used - low)] = 1;
            next.push_back(used);
        }
    };
    for (int32_t r = low; r < high; ++r)
        if (apply(rules, r, rows, words, alive)) again(r);
    while (!next.empty()) {
        now.swap(next);
        next.clear();
        for (const int32_t r : now) {
            waits[static_cast<size_t>(r - low)] = 0;
            if (apply(rules, r, rows, words, alive)) again(r);
        }
    }
}

}  // namespace

int32_t netproof::spread_bits(const ArrangedRules &rules, uint64_t *rows, int64_t words, bool alive) noexcept {
    try {
        for (int32_t b = 0; b < rules.blocks; ++b) {
            const int32_t low = rules.block_start[b], high = rules.block_start[b + 1];
            if (rules.block_repeat[b]) repeat(rules, low, high, rows, words, alive);
            else
                for (int32_t r = low; r < high; ++r) {
                    ask(rules, r, high, rows, words);
                    apply(rules, r, rows, words, alive);
                }
        }
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

NETPROOF_API int32_t netproof_closure_spread(int32_t elements, int32_t rules, const int32_t *target,
                                             const int64_t *member_start, const int32_t *member, int32_t blocks,
                                             const int32_t *block_start, const uint8_t *block_repeat,
                                             const int64_t *use_start, const int32_t *use, uint64_t *rows,
                                             int64_t words, int32_t alive) {
    return netproof::spread_bits({elements, rules, target, member_start, member, blocks, block_start, block_repeat,
                                  use_start, use},
                                 rows, words, alive != 0);
}

// group: int32[elements], the smallest element of each one's cycle; level: int32[elements], longest chain of needs.
NETPROOF_API int32_t netproof_closure_order(int32_t elements, int32_t rules, const int32_t *target,
                                            const int64_t *member_start, const int32_t *member, int32_t *group,
                                            int32_t *level) {
    try {
        Cycles cycles(elements, rules, target, member_start, member, group, level);
        for (int32_t e = 0; e < elements; ++e)
            if (cycles.number[static_cast<size_t>(e)] == 0) cycles.visit(e);
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// The rules' arrays must outlive the state.
NETPROOF_API int32_t netproof_closure_open(int32_t elements, int32_t rules, const int32_t *target,
                                           const int64_t *member_start, const int32_t *member, void **state) {
    try {
        auto made = std::make_unique<Closure>();
        made->elements = elements;
        made->target = target;
        made->uses = uses_of(elements, rules, member_start, member);
        made->size.resize(static_cast<size_t>(rules));
        for (int32_t r = 0; r < rules; ++r)
            made->size[static_cast<size_t>(r)] = static_cast<int32_t>(member_start[r + 1] - member_start[r]);
        made->counted.assign(static_cast<size_t>(rules), 0);
        made->left.assign(static_cast<size_t>(rules), 0);
        for (auto *marks : {&made->down, &made->round, &made->why}) marks->assign(static_cast<size_t>(elements), 0);
        *state = made.release();
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// start: int64[events + 1] into element. size: elements of all these events' closures, to be taken.
NETPROOF_API int32_t netproof_closure_events(void *state, int64_t events, const int64_t *start,
                                             const int32_t *element, int64_t *size) {
    auto &closure = *static_cast<Closure *>(state);
    try {
        closure.ends.clear();
        closure.found.clear();
        closure.cause.clear();
        for (int64_t i = 0; i < events; ++i) closure.run(element + start[i], element + start[i + 1]);
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    *size = static_cast<int64_t>(closure.found.size());
    return NETPROOF_OK;
}

// ends: int64[events]; found, cause: int32[size].
NETPROOF_API void netproof_closure_take(const void *state, int64_t *ends, int32_t *found, int32_t *cause) {
    const auto &closure = *static_cast<const Closure *>(state);
    std::copy(closure.ends.begin(), closure.ends.end(), ends);
    std::copy(closure.found.begin(), closure.found.end(), found);
    std::copy(closure.cause.begin(), closure.cause.end(), cause);
}

NETPROOF_API void netproof_closure_close(void *state) { delete static_cast<Closure *>(state); }
