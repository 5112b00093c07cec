// Who is served in many scenarios at once: one bit a scenario, W words of 64 a row. The nodes are taken out in the plan's
// order (elimination.h), which is Gaussian elimination over "or" and "and", and the answer is read on the way back.
//   forward    a slot is usable between its two ends where a link or a way through nodes taken out before is up
//   backward   a node is served where it is up and has a usable slot to a neighbour that is served, or where what
//              was taken out before it and hangs on it holds every function needed
// Rows on which nothing but trees hangs have no forward step: their bits live only while the way back passes them.
// Losses are counted as differences to a neighbour's bits, weighed with all that refers to it: work only where they differ.
#ifndef NETPROOF_SCENARIOS_H
#define NETPROOF_SCENARIOS_H

#include <algorithm>
#include <vector>

#include "bits.h"
#include "elimination.h"

namespace netproof {

// What is asked, as Python hands it over; nothing here is owned.
struct Asked {
    int32_t functions;
    int32_t classes;                // sets of functions that some need has
    int32_t needs;
    const int64_t *function_start;  // int64[functions + 1]
    const int32_t *function_node;   // the instances of each function
    const int64_t *class_start;     // int64[classes + 1]
    const int32_t *class_function;  // the functions of each class
    const int32_t *need_class;      // int32[needs], ascending
    const int64_t *const *people;   // int64[nodes] for each need
    const int32_t *const *place;    // int32[nodes] or null for each need
    const int32_t *places;          // int32[needs]
};

// Who is down, from rows of bits: rows of all nodes, then of all links where any may fail.
// counts: whether the scenarios in which each node is without are counted.
template <int W, bool COUNTS>
struct Rows {
    static constexpr bool counts = COUNTS;
    const Elimination &plan;
    const Bits<W> *down;
    bool links;  // whether `down` has rows for links

    void soon(int32_t node) const { __builtin_prefetch(down + node); }
    Bits<W> node(int32_t, int32_t node) { return down[node]; }
    bool cuts(int32_t) const { return links; }
    Bits<W> link(int32_t link) { return down[static_cast<int64_t>(plan.nodes) + link]; }
};

// What does not depend on how many words a row has.
struct Counting {
    Counting(const Elimination &plan, const Asked &asked, bool counts);
    // Scenarios of all in which each node is without: int32[classes * nodes].
    void without(int32_t scenarios, int32_t *of) const;

    const Elimination &plan;
    const Asked asked;
    std::vector<int32_t> function_row, function_at;  // instances by row; where each function starts
    std::vector<int32_t> class_at, class_function;
    std::vector<int32_t> class_need;                 // [classes + 1] first need of each class
    std::vector<uint8_t> lit;                        // [classes * components] served before anything fails
    std::vector<int32_t> seed;                       // [rows] where its seeds are kept, or -1
    int32_t seeds = 0;
    std::vector<int32_t> stem;                       // rows with a forward step, in order
    std::vector<int64_t> weight;                     // [needs * rows] people of a row and of all that refer to it
    std::vector<std::vector<int32_t>> place;         // [needs][rows] or empty; -1 where the row has no people to lose
    std::vector<std::vector<uint8_t>> peopled;       // [needs][places] has people to lose
    std::vector<int64_t> baseline, baseline_places;  // [needs] without the need before anything fails
    std::vector<int32_t> missing;                    // [classes * rows] scenarios without, less those of the reference
    std::vector<std::vector<uint8_t>> unlit;         // [needs][places] has people, all without before anything fails
    bool any_places = false;

  private:
    void find_seeds();
    void weigh(int32_t need);
};

template <int W>
class Solver {
  public:
    explicit Solver(Counting &counting)
        : c_(counting),
          plan_(counting.plan),
          kernel_(plan_.nodes - plan_.eliminated),
          edge_(plan_.link.size()),
          seed_(static_cast<size_t>(c_.seeds) * c_.asked.functions),
          alive_(kernel_),
          dirty_(kernel_) {
        for (int32_t cls = 0; cls < c_.asked.classes; ++cls) served_.emplace_back(plan_.inner);
        for (int32_t need = 0; need < c_.asked.needs; ++need)
            placed_.push_back(c_.place[need].empty() ? Room<Bits<W>>() : Room<Bits<W>>(c_.asked.places[need]));
    }

    // One block of 64 W scenarios. lost: int64[needs * 64 W] people net of the baseline; places: the same in places lost;
    // dark: null, or for each need int32[places], adds the scenarios in which a place is lost.
    template <class Source>
    void block(Source &source, int64_t *lost, int64_t *places, int32_t *const *dark) {
        const int64_t numbers = static_cast<int64_t>(c_.asked.needs) * 64 * W;
        std::fill(lost, lost + numbers, 0);
        std::fill(places, places + numbers, 0);
        for (int32_t need = 0; need < c_.asked.needs; ++need)
            if (placed_[need]) std::fill_n(placed_[need].get(), c_.asked.places[need], Bits<W>::all(~0ull));
        forward(source);
        kernel(source);
        for (int32_t r = plan_.nodes - 1; r >= 0; --r) {
            const Step step = plan_.step[r];
            if (r > AHEAD) {
                const Step &later = plan_.step[r - AHEAD];
                source.soon(later.node);
                if (later.up >= 0) __builtin_prefetch(&served_[0][later.up]);
            }
            if (step.slot >= 0 && c_.seed[r] < 0)
                hanging(source, r, step, lost);
            else
                joined(source, r, step, lost);
        }
        for (int32_t need = 0; need < c_.asked.needs; ++need)
            if (placed_[need]) count_places(need, places + static_cast<int64_t>(need) * 64 * W, dark ? dark[need] : nullptr);
    }

  private:
    static constexpr int32_t AHEAD = 12;
    Counting &c_;
    const Elimination &plan_;
    const int32_t kernel_;
    Room<Bits<W>> edge_;                  // [slots]
    Room<Bits<W>> seed_;                  // [seeds * functions]
    Room<Bits<W>> alive_;                 // [kernel]
    std::vector<uint8_t> dirty_;          // [kernel]
    std::vector<Room<Bits<W>>> served_;   // [classes][inner rows]
    std::vector<Room<Bits<W>>> placed_;   // [needs][places] or empty

    Bits<W> *seeds_of(int32_t row) { return &seed_[static_cast<size_t>(c_.seed[row]) * c_.asked.functions]; }

    template <class Source>
    Bits<W> usable(Source &source, int32_t slot) {
        int32_t link = plan_.link[slot];
        if (link < 0) return edge_[slot];
        if (!source.links) return Bits<W>::all(~0ull);
        Bits<W> down = source.link(link);
        if (plan_.kind[slot]) {
            if (plan_.kind[slot] & PARALLEL)
                while ((link = plan_.next[link]) >= 0) down &= source.link(link);
            if (plan_.kind[slot] & FILLED) return edge_[slot] | ~down;
        }
        return ~down;
    }

    template <class Source>
    void forward(Source &source) {
        const int32_t functions = c_.asked.functions;
        std::fill_n(seed_.get(), static_cast<size_t>(c_.seeds) * functions, Bits<W>::all(0));
        for (int32_t f = 0; f < functions; ++f)
            for (int32_t i = c_.function_at[f]; i < c_.function_at[f + 1]; ++i)
                seeds_of(c_.function_row[i])[f] = Bits<W>::all(~0ull);
        const int32_t *pair = plan_.pair.data();
        for (const int32_t r : c_.stem) {
            const int32_t first = plan_.start[r], last = plan_.start[r + 1];
            const Bits<W> up = ~source.node(r, plan_.node[r]);
            for (int32_t b = first; b < last; ++b) edge_[b] = up & usable(source, b);
            if (c_.seed[r] >= 0) {
                Bits<W> *seed = seeds_of(r);
                for (int32_t f = 0; f < functions; ++f) seed[f] &= up;
                for (int32_t b = first; b < last; ++b) {
                    Bits<W> *further = seeds_of(plan_.up[b]);
                    for (int32_t f = 0; f < functions; ++f) further[f] |= seed[f] & edge_[b];
                }
            }
            for (int32_t i = first; i < last; ++i)
                for (int32_t j = i + 1; j < last; ++j, ++pair) {
                    const Bits<W> through = edge_[i] & edge_[j];
                    if (*pair < 0)
                        edge_[~*pair] = through;
                    else
                        edge_[*pair] |= through;
                }
        }
    }

    // What could not be taken out: spread each function until nothing changes, there and back.
    template <class Source>
    void kernel(Source &source) {
        if (!kernel_) return;
        const int32_t functions = c_.asked.functions;
        for (size_t b = plan_.start[plan_.eliminated]; b < plan_.link.size(); ++b)
            edge_[b] = usable(source, static_cast<int32_t>(b));
        for (int32_t k = 0; k < kernel_; ++k) {
            alive_[k] = ~source.node(plan_.eliminated + k, plan_.node[plan_.eliminated + k]);
            Bits<W> *seed = seeds_of(plan_.eliminated + k);
            for (int32_t f = 0; f < functions; ++f) seed[f] &= alive_[k];
        }
        for (int32_t f = 0; f < functions; ++f) {
            std::fill(dirty_.begin(), dirty_.end(), 1);
            for (bool again = true; again;) {
                again = false;
                for (int32_t k = kernel_ - 1; k >= 0; --k) again |= dirty_[k] && pull(k, f);
                for (int32_t k = 0; k < kernel_; ++k) again |= dirty_[k] && pull(k, f);
            }
        }
    }

    bool pull(int32_t k, int32_t f) {
        dirty_[k] = 0;
        Bits<W> &reached = seeds_of(plan_.eliminated + k)[f];
        Bits<W> more = Bits<W>::all(0);
        for (int32_t i = plan_.kernel_start[k]; i < plan_.kernel_start[k + 1]; ++i)
            more |= edge_[plan_.kernel_slot[i]] & seeds_of(plan_.eliminated + plan_.kernel_to[i])[f];
        more = reached | (more & alive_[k]);
        if (more.same(reached)) return false;
        reached = more;
        for (int32_t i = plan_.kernel_start[k]; i < plan_.kernel_start[k + 1]; ++i) dirty_[plan_.kernel_to[i]] = 1;
        return true;
    }

    // A row on a tree without instances: served when its neighbour is, and nothing in between is down.
    template <class Source>
    void hanging(Source &source, int32_t r, const Step &step, int64_t *lost) {
        Bits<W> down = source.node(r, step.node);
        const int32_t link = plan_.link[step.slot];
        if (plan_.kind[step.slot] || link < 0)
            down |= ~usable(source, step.slot);
        else if (source.cuts(link))
            down |= source.link(link);
        const Bits<W> edge = ~down;
        for (int32_t cls = 0; cls < c_.asked.classes; ++cls) {
            const Bits<W> before = served_[cls][step.up], now = before & edge;
            if (step.inner >= 0) served_[cls][step.inner] = now;
            const Bits<W> gone = before & ~edge;
            if (gone.any()) lose<Source::counts, 1>(cls, r, gone, lost);
            place(cls, r, now);
        }
    }

    template <class Source>
    void joined(Source &source, int32_t r, const Step &step, int64_t *lost) {
        const bool taken = r < plan_.eliminated;
        const int32_t first = taken ? plan_.start[r] : 0, last = taken ? plan_.start[r + 1] : 0;
        // Alone and without instances it is served by nobody; its bits are asked for as those of any row.
        if (step.slot == ALONE && c_.seed[r] < 0) source.node(r, step.node);
        for (int32_t cls = 0; cls < c_.asked.classes; ++cls) {
            Bits<W> now = c_.seed[r] >= 0 ? own(r, cls) : Bits<W>::all(0), before = Bits<W>::all(~0ull);
            for (int32_t b = first; b < last; ++b) now |= edge_[b] & served_[cls][plan_.up_inner[b]];
            if (step.inner >= 0) served_[cls][step.inner] = now;
            place(cls, r, now);
            if (step.up >= 0)
                before = served_[cls][step.up];
            else if (!c_.lit[static_cast<size_t>(cls) * plan_.components + plan_.component[r]])
                continue;
            const Bits<W> gone = before & ~now, held = now & ~before;
            if (gone.any()) lose<Source::counts, 1>(cls, r, gone, lost);
            if (held.any()) lose<Source::counts, -1>(cls, r, held, lost);
        }
    }

    Bits<W> own(int32_t row, int32_t cls) {
        const Bits<W> *seed = seeds_of(row);
        Bits<W> all = Bits<W>::all(~0ull);
        for (int32_t i = c_.class_at[cls]; i < c_.class_at[cls + 1]; ++i) all &= seed[c_.class_function[i]];
        return all;
    }

    // Adds what differs from the reference, with the weight of all that refer to the row.
    template <bool COUNTS, int SIGN>
    void lose(int32_t cls, int32_t r, const Bits<W> &bits, int64_t *lost) {
        if (COUNTS) {
            int32_t scenarios = 0;
            for (int w = 0; w < W; ++w)
                if (bits.word[w]) scenarios += ones(bits.word[w]);
            c_.missing[static_cast<size_t>(cls) * plan_.nodes + r] += SIGN * scenarios;
        }
        for (int32_t need = c_.class_need[cls]; need < c_.class_need[cls + 1]; ++need) {
            const int64_t weight = SIGN * c_.weight[static_cast<size_t>(need) * plan_.nodes + r];
            int64_t *sum = lost + static_cast<int64_t>(need) * W * 64;
            if (!weight) continue;
            for (int w = 0; w < W; ++w, sum += 64)
                for (uint64_t x = bits.word[w]; x; x &= x - 1) sum[__builtin_ctzll(x)] += weight;
        }
    }

    void place(int32_t cls, int32_t r, const Bits<W> &now) {
        if (!c_.any_places) return;
        for (int32_t need = c_.class_need[cls]; need < c_.class_need[cls + 1]; ++need)
            if (placed_[need] && c_.place[need][r] >= 0) placed_[need][c_.place[need][r]] &= ~now;
    }

    void count_places(int32_t need, int64_t *places, int32_t *dark) {
        Columns<W> columns;
        for (int32_t p = 0; p < c_.asked.places[need]; ++p) {
            if (!c_.peopled[need][p] || !placed_[need][p].any()) continue;
            const Bits<W> &row = placed_[need][p];
            columns.add(row);
            if (!dark) continue;
            for (int w = 0; w < W; ++w) dark[p] += ones(row.word[w]);
        }
        columns.flush();
        std::copy(columns.sum, columns.sum + 64 * W, places);
    }
};

}  // namespace netproof

#endif
