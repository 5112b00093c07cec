// All pairs, fourth step: inside a core. For each vertex and each single chain of a kernel, one depth-first search of
// the kernel without it tells what every other vertex and chain then loses.
#ifndef NETPROOF_PAIRS_ROWS_H
#define NETPROOF_PAIRS_ROWS_H

#include <memory>

#include "pairs_found.h"
#include "pairs_kernel.h"

namespace pairs {

// The rows of one kernel: first without anything removed, then one row a vertex or chain.
struct Rows {
    virtual ~Rows() = default;
    virtual void whole() = 0; // bundles of two that hold the kernel together
    virtual int64_t rows() const = 0;
    virtual int64_t cost() const = 0; // of one row, in vertices and edges
    virtual void row(int64_t number) = 0;
};

// What rows add to the sums over all pairs.
struct Sums {
    Wide ordered; // losses of pairs in cores, each pair twice
    Wide extra;   // what pairs outside of cores lose more than alone
};

std::unique_ptr<Rows> rows_of(Kernels &kernels, const Kernel &kernel, Found &found, Sums &sums);

// Pairs inside each chain that is in no core: what lies between the two is cut off.
void rings_and_bundles(const Kernels &kernels, Found &found, Sums &sums);

// Pairs inside one chain: the loss is constant + what lies from one to the other, with what is left of the first
// (right of the second) if that end is lost.
struct Within {
    const Kernels &kernels;
    Found &found;
    const Chain &chain;
    people_t constant;
    bool u_lost, v_lost;

    void sum(Wide &into) const;
    void worst() const;
    void top() const;
};

} // namespace pairs

#endif
