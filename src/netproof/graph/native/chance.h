// When elements fail: a generator that is asked by counter, so that the same seed gives the same scenarios in any order.
// An element's failures are found by skipping: how many scenarios pass until the next one is a geometric number. All of it
// is whole numbers and one rounded product, so that graph/chance.py draws the very same scenarios.
#ifndef NETPROOF_CHANCE_H
#define NETPROOF_CHANCE_H

#include "native.h"

namespace netproof {

// Handed over by Python; nothing here is owned. Elements are nodes, then links, then events.
struct Chances {
    int32_t events;
    int32_t blame;             // need by which elements are blamed for losses, or -1
    int64_t scenarios;         // below 2^31
    uint64_t key;              // the seed, mixed
    const double *pace;        // float64[elements] 2^-40 / -log2(1 - p); below 0: never
    const int64_t *log;        // int64[4097] 2^40 log2(1 + i / 4096)
    const int64_t *node_start; // members of events, as in Groups
    const int32_t *node;
    const int64_t *link_start;
    const int32_t *link;
};

constexpr uint32_t NEVER = 0xffffffffu;

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014; Stafford's variant 13).
inline uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// The first scenario from `from` on in which an element fails, or NEVER.
inline uint32_t failing_from(const Chances &chances, int64_t element, uint32_t from) {
    const double pace = chances.pace[element];
    if (pace < 0) return NEVER;
    const uint64_t own = mixed(chances.key + static_cast<uint64_t>(element + 1) * 0x9e3779b97f4a7c15u);
    const uint64_t drawn = mixed(own + (static_cast<uint64_t>(from) + 1) * 0xd1b54a32d192ed03u) | 1;
    // -log2 of the number as a share of 2^64, in units of 2^-40: by table, straight in between (error below 2^-26).
    const int zeros = __builtin_clzll(drawn);
    const uint64_t mantissa = drawn << zeros;
    const uint64_t at = mantissa >> 51 & 4095, rest = mantissa >> 19 & 0xffffffffu;
    const uint64_t log = chances.log[at] + ((static_cast<uint64_t>(chances.log[at + 1] - chances.log[at]) * rest) >> 32);
    const double skip = static_cast<double>((static_cast<int64_t>(zeros + 1) << 40) - static_cast<int64_t>(log)) * pace;
    if (skip >= static_cast<double>(chances.scenarios)) return NEVER;
    const int64_t at_scenario = from + static_cast<int64_t>(skip);
    return at_scenario < chances.scenarios ? static_cast<uint32_t>(at_scenario) : NEVER;
}

}  // namespace netproof

#endif
