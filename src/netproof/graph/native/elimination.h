// What is left of a network when its nodes are taken out one after the other, each leaving its neighbours joined: the
// plan that scenarios.h then follows for many scenarios at once. Made once for a graph; nothing in it depends on who fails.
#ifndef NETPROOF_ELIMINATION_H
#define NETPROOF_ELIMINATION_H

#include <vector>

#include "native.h"

namespace netproof {

enum : uint8_t { FILLED = 1, PARALLEL = 2 };

// What the way back reads of each row, in one line of memory.
struct Step {
    int32_t node;
    int32_t slot;   // the only slot; ALONE: it has none, WIDE: it has several or is in the kernel
    int32_t up;     // number of the reference among the inner rows, or -1
    int32_t inner;  // the row's own number there, or -1 where nobody refers to it
};
enum : int32_t { ALONE = -1, WIDE = -2 };

// Rows are nodes in the order in which they are taken out; the kernel's rows, which are never taken out, come last.
// A slot is a pair of neighbours: parallel links share one, and taking a node out may make new ones ("fill").
// The slots of a row are those to its neighbours that are still there when it goes.
struct Elimination {
    int32_t nodes = 0;
    int32_t links = 0;
    int32_t eliminated = 0;              // rows before the kernel
    std::vector<int32_t> node;           // [rows] which node a row is
    std::vector<int32_t> row;            // [nodes] which row a node is
    std::vector<int32_t> start;          // [eliminated + 1] first slot of a row
    std::vector<int32_t> up;             // [slots of rows] the neighbour's row
    std::vector<int32_t> up_inner;       // [slots of rows] and its number among the inner rows
    std::vector<int32_t> link;           // [slots] a link, or -1 where there is only fill
    std::vector<uint8_t> kind;           // [slots] FILLED, PARALLEL
    std::vector<int32_t> next;           // [links] another link of the same slot, or -1; empty where there are none
    std::vector<int32_t> pair;           // slots that pairs of a row's slots fill, in order; ~slot where it is the first
    std::vector<int32_t> kernel_start;   // [kernel + 1]
    std::vector<int32_t> kernel_to;      // a neighbour in the kernel, numbered from 0
    std::vector<int32_t> kernel_slot;    // and the slot to it
    std::vector<int32_t> reference;      // [rows] a later row that is or was a neighbour, or -1
    std::vector<Step> step;              // [rows]
    std::vector<int32_t> wide;           // rows taken out with more than one neighbour
    int32_t inner = 0;                   // rows that some row has as neighbour, numbered from 0 in `step`
    std::vector<int32_t> component;      // [rows] component of the whole graph
    int32_t components = 0;
};

}  // namespace netproof

#endif
