// One search of a kernel without one vertex or one chain, and what a further failure loses then.
#ifndef NETPROOF_PAIRS_SEARCH_H
#define NETPROOF_PAIRS_SEARCH_H

#include <algorithm>
#include <utility>

#include "pairs_kernel.h"

namespace pairs {

enum Mark : uint8_t { AT_U = 1, AT_V = 2 }; // the ends of the chain that fails

// What the elements of a chain lose in a row: constant + own + what is left (right) of them.
struct Family {
    people_t constant;
    bool own, left, right;
    uint8_t marks;
};

template <int WORDS> class Search {
  public:
    struct Spot { // a vertex in the order of the search
        people_t sum, gone, lost;
        uint64_t count[WORDS], away[WORDS];
        int32_t vertex, parent, edge, low, root;
        uint8_t marks, away_marks, lost_marks, dead; // dead (at a root): nobody is served in this component
    };

    const Kernels &all_;
    const Tree &tree_;
    const Kernel &kernel_;
    const int32_t size_;
    int32_t met_ = 0;
    std::vector<people_t> hang_; // by vertex of the kernel; nothing for the attachment
    std::vector<Spot> spot_;
    people_t base_ = 0; // what is lost before any further failure
    uint8_t base_marks_ = 0;
    bool any_dead_ = false;

    Search(const Kernels &all, const Kernel &kernel)
        : all_(all), tree_(all.tree), kernel_(kernel), size_(int32_t(kernel.vertex.size())), hang_(size_),
          spot_(size_), count_(size_t(size_) * WORDS, 0), number_(size_), cursor_(size_) {
        const bool holds = tree_.holds(kernel.unit);
        lanes_ = holds ? tree_.lanes : Lanes(1, 16);
        for (int32_t v = 0; v < size_; v++)
            hang_[v] = kernel.vertex[v] == kernel.attachment ? 0 : tree_.hang[kernel.vertex[v]];
        if (holds) own_instances();
        if (kernel.attachment >= 0) // whoever reaches the attachment reaches all
            for (int w = 0; w < WORDS; w++) count_[w] = lanes_.tops[w] >> (lanes_.bits - 1);
    }

    // Searches the kernel without a vertex or an edge, and sums from the leaves up.
    void search(int32_t gone_vertex, int32_t gone_edge) {
        std::fill(number_.begin(), number_.end(), -1);
        if (gone_vertex >= 0) number_[gone_vertex] = size_; // neither new nor above anything
        met_ = 0;
        base_ = 0;
        base_marks_ = 0;
        any_dead_ = false;
        for (int32_t root = 0; root < size_; root++)
            if (number_[root] < 0) descend(root, gone_edge);
        if (gone_vertex >= 0) // chains to it now hang on their other end
            for (int32_t k = kernel_.start[gone_vertex]; k < kernel_.start[gone_vertex + 1]; k++)
                spot_[number_[kernel_.arms[k].other]].sum += kernel_.arms[k].total;
        if (gone_edge >= 0) {
            spot_[number_[kernel_.edges[gone_edge].u]].marks |= AT_U;
            spot_[number_[kernel_.edges[gone_edge].v]].marks |= AT_V;
        }
        gather();
    }

    // What a second failure at spot `i` loses, beside what is lost already.
    people_t loss_at(int32_t i, people_t own, uint8_t &marks) const {
        const Spot &s = spot_[i], &root = spot_[s.root];
        marks = base_marks_;
        if (root.dead) return 0;
        uint64_t rest[WORDS];
        for (int w = 0; w < WORDS; w++) rest[w] = root.count[w] - s.away[w];
        marks |= s.lost_marks;
        people_t loss = own + s.lost;
        if (full(rest)) return loss;
        marks |= root.marks & ~s.away_marks;
        return loss + root.sum - own - s.gone;
    }

    // What a failure inside the chain of edge `e` loses; `gone_vertex`: the vertex that fails, or -1.
    Family family(int32_t e, int32_t gone_vertex) const {
        const Edge &edge = kernel_.edges[e];
        if (edge.u == gone_vertex || edge.v == gone_vertex) {
            const bool u = edge.u == gone_vertex;
            const bool dead = spot_[spot_[number_[u ? edge.v : edge.u]].root].dead;
            return {0, !dead, !dead && u, !dead && !u, base_marks_};
        }
        const int32_t u = number_[edge.u], v = number_[edge.v], lower = std::max(u, v);
        const Spot &s = spot_[lower], &root = spot_[s.root];
        if (root.dead) return {0, false, false, false, base_marks_};
        if (s.edge != e || s.low <= s.parent) return {0, true, false, false, base_marks_};
        uint64_t rest[WORDS];
        for (int w = 0; w < WORDS; w++) rest[w] = root.count[w] - s.count[w];
        Family made{0, true, false, false, base_marks_};
        bool down_lost = false, up_lost = false;
        if (!full(s.count)) {
            made.constant += s.sum;
            made.marks |= s.marks;
            down_lost = true;
        }
        if (!full(rest)) {
            made.constant += root.sum - s.sum - edge.total;
            made.marks |= root.marks & ~s.marks;
            up_lost = true;
        }
        made.left = u > v ? down_lost : up_lost;
        made.right = u > v ? up_lost : down_lost;
        return made;
    }

    // The most that an element of a chain loses, and which one.
    std::pair<people_t, int32_t> most(const Chain &c, const Family &f) const {
        const int64_t first = c.begin, last = c.begin + c.elements - 1;
        if (!f.own) return {f.constant, all_.item[first]};
        if (f.left && f.right) return {f.constant + c.total, all_.item[first]};
        if (f.left) return {f.constant + all_.before[last] + tree_.hang[all_.item[last]], all_.item[last]};
        if (f.right) return {f.constant + c.total, all_.item[first]};
        return {f.constant + tree_.hang[c.hottest], c.hottest};
    }

    people_t value(const Chain &c, int64_t at, const Family &f) const {
        if (!f.own) return f.constant;
        return f.constant + tree_.hang[all_.item[at]] + (f.left ? all_.before[at] : 0) +
               (f.right ? all_.right(c, at) : 0);
    }

    static people_t sum(const Chain &c, const Family &f) {
        return c.elements * f.constant + (f.own ? c.total : 0) + (f.left ? c.sum_left : 0) +
               (f.right ? c.sum_right : 0);
    }

  private:
    Lanes lanes_;
    std::vector<uint64_t> count_;
    std::vector<int32_t> number_, cursor_;

    bool full(const uint64_t *count) const {
        for (int w = 0; w < WORDS; w++)
            if (((((count[w] & lanes_.below[w]) + lanes_.below[w]) | count[w]) & lanes_.tops[w]) != lanes_.tops[w])
                return false;
        return true;
    }

    void own_instances() {
        for (int32_t v = 0; v < size_; v++) {
            if (!(tree_.flags[kernel_.vertex[v]] & INSTANCE) || kernel_.vertex[v] == kernel_.attachment) continue;
            const auto at = std::lower_bound(tree_.holder.begin(), tree_.holder.end(), kernel_.vertex[v]);
            const uint64_t *held = &tree_.held[size_t(at - tree_.holder.begin()) * tree_.lanes.words];
            std::copy(held, held + tree_.lanes.words, &count_[size_t(v) * WORDS]);
        }
    }

    int32_t meet(int32_t v, int32_t parent, int32_t edge, int32_t root) {
        Spot &s = spot_[met_];
        s.vertex = v;
        s.parent = parent;
        s.edge = edge;
        s.low = met_;
        s.root = root;
        s.sum = hang_[v];
        s.marks = 0;
        cursor_[v] = kernel_.start[v];
        return number_[v] = met_++;
    }

    void descend(int32_t root, int32_t gone_edge) {
        int32_t at = meet(root, -1, -1, met_);
        const int32_t first = at;
        const Arm *const arms = kernel_.arms.data();
        for (;;) {
            Spot &spot = spot_[at];
            const int32_t end = kernel_.start[spot.vertex + 1];
            int32_t k = cursor_[spot.vertex], next = -1;
            for (; k < end && next < 0; k++) {
                const Arm &arm = arms[k];
                const int32_t there = number_[arm.other];
                if (there > at || arm.edge == spot.edge || arm.edge == gone_edge) continue;
                if (there < 0) {
                    next = meet(arm.other, at, arm.edge, first);
                } else {
                    spot.low = std::min(spot.low, there);
                    spot.sum += arm.total; // a chain upwards stays with its lower end
                }
            }
            cursor_[spot.vertex] = k;
            at = next >= 0 ? next : spot.parent;
            if (at < 0) return;
        }
    }

    void gather() {
        for (int32_t i = 0; i < met_; i++) {
            Spot &s = spot_[i];
            s.gone = s.lost = 0;
            for (int w = 0; w < WORDS; w++) s.count[w] = s.away[w] = count_[size_t(s.vertex) * WORDS + w];
            s.away_marks = s.marks;
            s.lost_marks = s.marks;
        }
        for (int32_t i = met_ - 1; i >= 0; i--) {
            Spot &s = spot_[i];
            if (s.parent < 0) {
                s.dead = !full(s.count);
                if (s.dead) base_ += s.sum, base_marks_ |= s.marks, any_dead_ = true;
                continue;
            }
            Spot &p = spot_[s.parent];
            const people_t sum = s.sum + kernel_.edges[s.edge].total;
            p.low = std::min(p.low, s.low);
            p.sum += sum;
            p.marks |= s.marks;
            for (int w = 0; w < WORDS; w++) p.count[w] += s.count[w];
            if (s.low < s.parent) continue;
            p.gone += sum;
            p.away_marks |= s.marks;
            for (int w = 0; w < WORDS; w++) p.away[w] += s.count[w];
            if (full(s.count)) continue;
            p.lost += sum;
            p.lost_marks |= s.marks;
        }
    }
};

} // namespace pairs

#endif
