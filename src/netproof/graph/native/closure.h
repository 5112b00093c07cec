// What goes down with what, for kernels that hold scenarios as bits. Rules are those of graph/closure.py, arranged by
// `arrange` there: members come before targets, so one pass in order is enough except in blocks that repeat.
#ifndef NETPROOF_CLOSURE_H
#define NETPROOF_CLOSURE_H

#include "native.h"

namespace netproof {

// The arrays of an ArrangedRules (graph/closure.py); nothing here is owned.
struct ArrangedRules {
    int32_t elements;             // nodes, then links: element n + l is link l
    int32_t rules;
    const int32_t *target;        // int32[rules]: down when all members of the rule are down
    const int64_t *member_start;  // int64[rules + 1]
    const int32_t *member;        // int32[member_start[rules]]
    int32_t blocks;
    const int32_t *block_start;   // int32[blocks + 1], rules of each block
    const uint8_t *block_repeat;  // uint8[blocks], 1: needs in a cycle, repeated until nothing changes
    const int64_t *use_start;     // int64[elements + 1] \ rules of repeating blocks that have
    const int32_t *use;           // int32[]             / this element as a member
};

// Spreads what is down, in place. rows: uint64[elements * words], row e at rows + e * words, 64 * words scenarios.
//   alive = false: a bit is 1 where the element is down;  alive = true: a bit is 1 where it is up.
// Returns NETPROOF_OK or NETPROOF_NO_MEMORY (only where a block repeats). Cost: words * (members + targets).
int32_t spread_bits(const ArrangedRules &rules, uint64_t *rows, int64_t words, bool alive) noexcept;

}  // namespace netproof

// The same for Python. alive: 0 or 1.
NETPROOF_API int32_t netproof_closure_spread(int32_t elements, int32_t rules, const int32_t *target,
                                             const int64_t *member_start, const int32_t *member, int32_t blocks,
                                             const int32_t *block_start, const uint8_t *block_repeat,
                                             const int64_t *use_start, const int32_t *use, uint64_t *rows,
                                             int64_t words, int32_t alive);

#endif
