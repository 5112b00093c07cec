// All pairs, third step: pairs that act alone. Their lost sets are nested (the outer one's loss) or disjoint (the sum).
#ifndef NETPROOF_PAIRS_APART_H
#define NETPROOF_PAIRS_APART_H

#include "pairs_found.h"
#include "pairs_kernel.h"

namespace pairs {

struct Apart {
    const Kernels &kernels;
    Found &found;
    const Tree &tree;

    Apart(const Kernels &k, Found &f) : kernels(k), found(f), tree(k.tree) {}
    Wide nested() const; // what the sum over all pairs of the two single losses has too much, outside of cores
    void worst() const;  // a bound from below for every pair, exact for those that act alone
    void top() const;

  private:
    void worst_of(int32_t first, int32_t end) const;
    bool at_attachment(int32_t x, int32_t y) const;
    bool alone(int32_t x, int32_t y) const;
};

} // namespace pairs

#endif
