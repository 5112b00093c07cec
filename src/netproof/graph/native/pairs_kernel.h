// All pairs, second step: joint effects happen only inside a unit. A unit is the hull (all blocks that hold an instance
// somewhere below them) or one hanging block. Its vertices of degree 2 become chains, so that a kernel is left.
#ifndef NETPROOF_PAIRS_KERNEL_H
#define NETPROOF_PAIRS_KERNEL_H

#include "pairs_tree.h"

namespace pairs {

enum Kind : uint8_t {
    SINGLE,  // the only chain between its two ends: belongs to the core
    BUNDLED, // one of several between the same ends: together with others it acts alone, with three exceptions
    RING,    // both ends are the one vertex that the block hangs on
};

// A path of vertices of degree 2 without instances; only those that are elements are kept, from end u to end v.
struct Chain {
    int64_t begin;
    int32_t elements;
    int32_t u, v;         // kernel numbers
    int32_t end_u, end_v; // vertices of the tree
    Kind kind;
    int32_t twin; // the other chain of a bundle of two whose failure cuts the kernel, or -1
    int32_t hottest;
    people_t total, sum_left, sum_right; // of hang; of hang before, and after, each element
};

// All the chains between two kernel vertices.
struct Edge {
    int32_t u, v, first, chains;
    people_t total;
};

// An edge as seen from one of its ends.
struct Arm {
    int32_t other, edge;
    people_t total;
};

struct Kernel {
    int32_t unit, attachment;     // attachment: the vertex that a hanging block hangs on, kernel number 0; -1: the hull
    std::vector<int32_t> vertex;  // of the tree
    std::vector<Edge> edges;
    std::vector<int32_t> start;
    std::vector<Arm> arms;
    std::vector<int32_t> singles; // edges of one chain with elements
    int32_t core = 0;             // elements in vertices and single chains
};

struct Kernels {
    const Tree &tree;
    std::vector<Kernel> kernels;
    std::vector<Chain> chains;
    std::vector<int32_t> item;    // vertices of the tree, chain by chain
    std::vector<people_t> before; // hang of the chain's elements before this one
    std::vector<int32_t> chain_of;
    std::vector<uint8_t> core;

    explicit Kernels(const Tree &tree);
    people_t right(const Chain &c, int64_t at) const { return c.total - before[at] - tree.hang[item[at]]; }

  private:
    std::vector<int32_t> degree_;
    std::vector<int32_t> number_; // in its unit's kernel
    std::vector<int32_t> path_;

    bool is_kernel(int32_t i) const {
        return !tree.asked.compress || (tree.flags[i] & INSTANCE) || degree_[i] != 2;
    }
    void take_unit(int32_t unit, const int32_t *member, size_t members);
    void follow(int32_t unit, int32_t attachment, int32_t link, bool head, int32_t &end);
    void close(int32_t end_u, int32_t end_v, int32_t u, int32_t v);
    void bundle(Kernel &kernel, size_t first_chain);
};

} // namespace pairs

#endif
