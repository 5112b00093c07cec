// All pairs, first step: one depth-first search of the network with every link as a vertex of its own, so that a link
// fails as a node does and parallel links are two vertices between the same nodes. What each element loses alone.
#ifndef NETPROOF_PAIRS_TREE_H
#define NETPROOF_PAIRS_TREE_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pairs {

using people_t = int64_t;

// An unsigned sum of 128 bits, as pairs times people pass 64; differences wrap and come out right in the end.
struct Wide {
    uint64_t low = 0, high = 0;

    void add(uint64_t value) {
        low += value;
        high += low < value;
    }
    void add(const Wide &other) {
        add(other.low);
        high += other.high;
    }
    void take(const Wide &other) {
        high -= other.high + (low < other.low);
        low -= other.low;
    }
    static Wide product(uint64_t a, uint64_t b) {
        const uint64_t half = 0xffffffffu;
        const uint64_t p = (a & half) * (b & half), q = (a >> 32) * (b & half) + (p >> 32);
        const uint64_t r = (a & half) * (b >> 32) + (q & half);
        return {(r << 32) | (p & half), (a >> 32) * (b >> 32) + (q >> 32) + (r >> 32)};
    }
    void add(uint64_t a, uint64_t b) { add(product(a, b)); }
    void take(uint64_t a, uint64_t b) { take(product(a, b)); }
    void halve() {
        low = (low >> 1) | (high << 63);
        high >>= 1;
    }
};

// Packed counters: one lane a function, 16 bits wide, or 32 where a function has more than 65,535 instances.
struct Lanes {
    enum { MOST_WORDS = 16 };
    int words = 1, bits = 16;
    uint64_t below[MOST_WORDS] = {}, tops[MOST_WORDS] = {};

    Lanes() = default;
    Lanes(int functions, int lane_bits);
    // Whether every function that is needed has an instance left.
    bool full(const uint64_t *count) const {
        for (int w = 0; w < words; w++)
            if (present(count, w) != tops[w]) return false;
        return true;
    }
    // The highest bit of each lane that is needed and not empty.
    uint64_t present(const uint64_t *count, int w) const {
        return present_in(count[w], w);
    }
    uint64_t present_in(uint64_t word, int w) const { return (((word & below[w]) + below[w]) | word) & tops[w]; }
    int word(int function) const { return function / (64 / bits); }
    uint64_t one(int function) const { return uint64_t(1) << (function % (64 / bits) * bits); }
};

// What is asked: arrays of the caller, which outlive everything here.
struct Asked {
    int32_t nodes, links, link_elements, functions, lane_bits, compress;
    const int32_t *tail, *head;
    const int64_t *people;
    const int64_t *instance_start; // [functions + 1]
    const int32_t *instance;       // nodes, each at most once for a function
};

enum Flag : uint8_t {
    SEPARATED = 1, // the parent's failure cuts this subtree off
    HOLDS = 2,     // an instance stands in this subtree
    UPPER_LOST = 4, // this vertex's failure leaves what is above it without a function
    LOST = 8,      // the parent's failure leaves this subtree without a function
    INSTANCE = 16,
    APART = 32, // this branch and its parent serve themselves, so the branch is a unit of its own
};

// Vertices are numbered in preorder; node v is vertex v and link l vertex nodes + l outside, `place` leads inside.
// Components that lack a function from the start are left out, as nothing more can be lost there.
struct Tree {
    const Asked &asked;
    Lanes lanes;
    int32_t elements;
    std::vector<int32_t> place;                      // [nodes + links], -1: left out
    std::vector<int32_t> start, adjacent;            // links of each node, without self-loops
    std::vector<int32_t> vertex, parent, low, last;  // last: end of the subtree
    std::vector<people_t> below, loss, hang;         // subtree's people; lost alone; own and hanging people
    std::vector<uint64_t> count;                     // subtree's instances
    std::vector<uint8_t> flags;
    std::vector<int32_t> unit;                       // first vertex of the hull, a branch apart or a hanging block
    std::vector<int32_t> roots;                      // one a component
    std::vector<int32_t> holder;                     // vertices with instances, rising
    std::vector<uint64_t> held;                      // and the instances of each

    explicit Tree(const Asked &asked);
    int32_t size() const { return int32_t(vertex.size()); }
    bool element(int32_t i) const { return vertex[i] < elements; }
    bool holds(int32_t a_unit) const { return (flags[a_unit] & HOLDS) != 0; }
    bool is_link(int32_t i) const { return vertex[i] >= asked.nodes; }
    int32_t end_of(int32_t i, bool head) const { // an end of the link at i
        const int32_t link = vertex[i] - asked.nodes;
        return place[head ? asked.head[link] : asked.tail[link]];
    }

  private:
    std::vector<uint8_t> branches_; // whether a branch that hangs on it holds an instance

    void list_links();
    bool grow(int32_t root, std::vector<int32_t> &cursor, std::vector<int32_t> &waiting);
    void place_instances(std::vector<uint64_t> &own) const;
    void lift_instances(std::vector<uint64_t> &own);
    void part(int32_t p, const uint64_t *rest, std::vector<int32_t> &whole);
    void hold_all(const std::vector<int32_t> &whole);
    void lift_to(int32_t p, const std::vector<uint64_t> &all, std::vector<uint64_t> &own,
                 std::vector<uint64_t> &drop) const;
    void sum(int32_t first, int32_t end, std::vector<people_t> &gone, std::vector<uint64_t> &away,
             std::vector<int32_t> &whole);
};

} // namespace pairs

#endif
