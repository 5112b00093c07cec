// What the kernels of single failures share.
#ifndef NETPROOF_SINGLE_H
#define NETPROOF_SINGLE_H

#include "native.h"

namespace netproof {

enum { SEPARATED = 1, BRIDGE = 2 };  // of a position: what its parent's failure, and its entry's, cut off

// A skeleton (graph/single.py): rows of one array, by position but for `position`.
template <typename Number>
struct OrderOf {
    Number *node, *position, *parent, *last, *depth, *entry;
    OrderOf(Number *rows, int64_t nodes)
        : node(rows),
          position(rows + nodes),
          parent(rows + 2 * nodes),
          last(rows + 3 * nodes),
          depth(rows + 4 * nodes),
          entry(rows + 5 * nodes) {}
};

}  // namespace netproof

#endif
