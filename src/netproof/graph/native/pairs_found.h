// What is found: the worst loss and partner of each element, and the pairs that lose most.
#ifndef NETPROOF_PAIRS_FOUND_H
#define NETPROOF_PAIRS_FOUND_H

#include <algorithm>

#include "pairs_tree.h"

namespace pairs {

struct Pair {
    people_t loss;
    int32_t a, b; // elements as numbered outside, a < b
};

struct Found {
    const Tree &tree;
    size_t wanted;
    std::vector<people_t> worst; // by vertex of the tree
    std::vector<int32_t> partner; // element as numbered outside
    std::vector<Pair> top;        // a heap, least first

    Found(const Tree &given, size_t top_pairs)
        : tree(given), wanted(top_pairs), worst(given.loss), partner(given.vertex.size(), -1) {}

    // What a pair must lose more than, to be among those that lose most.
    people_t floor() const { return top.size() < wanted ? 0 : wanted ? top.front().loss : INT64_MAX; }
    static bool before(const Pair &x, const Pair &y) { return x.loss > y.loss; }
    void offer_outside(people_t loss, int32_t a, int32_t b) {
        if (loss <= floor()) return;
        if (top.size() == wanted) {
            std::pop_heap(top.begin(), top.end(), before);
            top.pop_back();
        }
        top.push_back({loss, std::min(a, b), std::max(a, b)});
        std::push_heap(top.begin(), top.end(), before);
    }
    void offer(people_t loss, int32_t a, int32_t b) { offer_outside(loss, tree.vertex[a], tree.vertex[b]); }
    void raise(int32_t i, people_t loss, int32_t other) {
        if (loss > worst[i]) worst[i] = loss, partner[i] = tree.vertex[other];
    }
};

} // namespace pairs

#endif
