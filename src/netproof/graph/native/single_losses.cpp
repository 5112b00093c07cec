// What is lost when one node or one link fails: sums over a depth-first order, one pass for people, some for places.
#include "single.h"

#include <algorithm>

namespace {

using namespace netproof;
using Order = OrderOf<const int32_t>;

enum { BELOW = 1, ABOVE = 2, REST = 4, SERVED = 8 };  // of a position: see netproof_single_losses

// Instances of functions, and how they are counted: packed counters, a lane for each function, `bits` wide. The
// highest bit of a lane is free in `low` and set in `needed` where the lane is in use.
struct Functions {
    int32_t words, a_word, bits;
    uint64_t low;
    uint64_t *needed;   // uint64[words]
    int64_t many;
    const uint64_t *at;  // uint64[many], position << 32 | function, rising

    void add(uint64_t *count, int64_t instance) const {
        const uint32_t function = static_cast<uint32_t>(at[instance]);
        count[function / a_word] += uint64_t{1} << (function % a_word * bits);
    }

    // All ones where a lane in use holds nothing, else 0; of `count`, or of `count` less `taken`.
    uint64_t lacks(const uint64_t *count, const uint64_t *taken = nullptr) const {
        uint64_t missing = 0;
        for (int32_t w = 0; w < words; w++) {
            const uint64_t c = taken ? count[w] - taken[w] : count[w];
            missing |= ~(((c & low) + low) | c) & needed[w];
        }
        return missing ? ~uint64_t{0} : 0;
    }
};

// One pass over positions from the last to the first. The sums of a node's children wait one level below it, so the
// pass touches one row of sums for each level of the path, not one for each node. WORDS = 0: known only now.
// total: end of the rows netproof_single_losses made, one for each component.
template <int32_t WORDS>
void sum_up(int32_t nodes, Order order, const uint8_t *cut, const int64_t *people, Functions functions,
            const int64_t *total, int64_t *rows, uint8_t *side, int64_t *node_lost, int64_t *link_lost) {
    const int32_t words = WORDS ? WORDS : functions.words;
    functions.words = words;
    const int32_t width = 2 * words + 3;  // counters below, counters apart; people below, people apart, people lost
    int64_t next = functions.many - 1;
    total -= words + 1;
    for (int32_t at = nodes - 1; at >= 0; at--) {
        const int32_t level = order.depth[at], node = order.node[at];
        int64_t *const up = rows + static_cast<int64_t>(level) * width, *const own = up + width;
        uint64_t *const below = reinterpret_cast<uint64_t *>(own), *const apart = below + words;
        for (; next >= 0 && static_cast<int32_t>(functions.at[next] >> 32) == at; next--) {
            functions.add(below, next);
            functions.add(apart, next);
        }
        const uint64_t *const all = reinterpret_cast<const uint64_t *>(total);
        const int64_t everybody = total[words], here = people[node];
        const uint64_t served = ~functions.lacks(all);
        const int64_t subtree = own[2 * words] + here;
        const uint64_t lacks_below = functions.lacks(below), lacks_above = functions.lacks(all, apart);
        const int64_t above = everybody - own[2 * words + 1] - here;
        const uint64_t lost = own[2 * words + 2] + here + (above & lacks_above);
        node_lost[node] = static_cast<int64_t>(lost & served);
        const bool bridge = cut[at] & BRIDGE;
        if (bridge || side) {
            const uint64_t lacks_rest = functions.lacks(all, below);
            if (bridge) {
                const uint64_t cost = (subtree & lacks_below) + ((everybody - subtree) & lacks_rest);
                link_lost[order.entry[at]] = static_cast<int64_t>(cost & served);
            }
            if (side) {
                side[at] = static_cast<uint8_t>((lacks_below & BELOW) | (lacks_above & ABOVE) | (lacks_rest & REST) |
                                                (served & SERVED));
            }
        }
        const uint64_t separated = -static_cast<uint64_t>(cut[at] & SEPARATED);
        uint64_t *const below_up = reinterpret_cast<uint64_t *>(up), *const apart_up = below_up + words;
        for (int32_t w = 0; w < words; w++) {
            below_up[w] += below[w];
            apart_up[w] += below[w] & separated;
            below[w] = apart[w] = 0;
        }
        up[2 * words] += subtree;
        up[2 * words + 1] += subtree & separated;
        up[2 * words + 2] += subtree & separated & lacks_below;
        own[2 * words] = own[2 * words + 1] = own[2 * words + 2] = 0;
        if (level == 0) {
            for (int32_t i = 0; i < width; i++) up[i] = 0;
            total -= words + 1;
        }
    }
}

}  // namespace

// People lost when each node or each link fails. Function f has the instances instance[start[f] .. start[f + 1] - 1].
// Scratch, zeros: int64[instances + words + components * (words + 1) + (deepest + 2) * (2 * words + 3)].
// Out: node_lost by node, link_lost by link (zeros given); baseline; side by position, or null:
//   BELOW  the subtree lacks a function;  REST  the component without the subtree does;
//   ABOVE  the component without the node and its separated children does;  SERVED  the component lacks none.
// Returns NETPROOF_OK.
NETPROOF_API int32_t netproof_single_losses(int32_t nodes, const int32_t *rows, const uint8_t *cut, int32_t components,
                                            const int64_t *people, int32_t functions, const int64_t *start,
                                            const int32_t *instance, int32_t bits, int64_t *scratch,
                                            int64_t *node_lost, int64_t *link_lost, uint8_t *side,
                                            int64_t *baseline) {
    const Order order(rows, nodes);
    const int32_t a_word = 64 / bits, words = functions > a_word ? (functions + a_word - 1) / a_word : 1;
    uint64_t *const at = reinterpret_cast<uint64_t *>(scratch), *const needed = at + start[functions];
    int64_t *const totals = reinterpret_cast<int64_t *>(needed + words);
    int64_t *const sums = totals + static_cast<int64_t>(components) * (words + 1);
    Functions asked{words, a_word, bits, 0, needed, start[functions], at};
    for (int32_t lane = 0; lane < a_word; lane++) asked.low |= ((uint64_t{1} << (bits - 1)) - 1) << (lane * bits);
    for (int32_t f = 0; f < functions; f++) {
        needed[f / a_word] |= uint64_t{1} << (f % a_word * bits + bits - 1);
        for (int64_t i = start[f]; i < start[f + 1]; i++) {
            at[i] = static_cast<uint64_t>(order.position[instance[i]]) << 32 | static_cast<uint32_t>(f);
        }
    }
    std::sort(at, at + asked.many);
    *baseline = 0;
    int64_t *total = totals, next = 0;
    for (int32_t root = 0; root < nodes; root = order.last[root] + 1, total += words + 1) {
        const int32_t end = order.last[root];
        int64_t sum = 0;
        for (int32_t v = root; v <= end; v++) sum += people[components == 1 ? v : order.node[v]];
        for (; next < asked.many && static_cast<int32_t>(at[next] >> 32) <= end; next++) {
            asked.add(reinterpret_cast<uint64_t *>(total), next);
        }
        total[words] = sum;
        if (asked.lacks(reinterpret_cast<uint64_t *>(total))) *baseline += sum;
    }
    const auto run = words == 1 ? sum_up<1> : words == 2 ? sum_up<2> : sum_up<0>;
    run(nodes, order, cut, people, asked, total, sums, side, node_lost, link_lost);
    return NETPROOF_OK;
}

// Places lost when each node or each link fails. A place is lost when all its people are; what was lost before does
// not count, and a place with people in two served components is never lost. So a place that can be lost lies below
// one node, the lowest common ancestor of its people: it is lost with a subtree that holds this node, and not lost
// with the component's rest if it has people in a subtree that stays served. Subtrees that stay served when a node
// fails come first among the node's children here, so a place's people in them are visited one after another.
//
// `side` is that of netproof_single_losses. Scratch, zeros: scratch int32[8 * nodes + deepest + 2 + 3 * places] and
// marks uint8[2 * places]. Out: node_lost by node, link_lost by link (zeros given), baseline. Returns NETPROOF_OK.
NETPROOF_API int32_t netproof_single_places(int32_t nodes, const int32_t *rows, const uint8_t *cut, const uint8_t *side,
                                            const int64_t *people, const int32_t *place, int32_t places,
                                            int32_t *scratch, uint8_t *marks, int64_t *node_lost, int64_t *link_lost,
                                            int64_t *baseline) {
    const Order order(rows, nodes);
    const int32_t *const node = order.node, *const parent = order.parent, *const last = order.last;
    const int32_t *const depth = order.depth;
    const auto take = [&scratch](int64_t many) { return scratch += many, scratch - many; };
    int32_t *const turn = take(nodes), *const first = take(nodes), *const next = take(nodes);
    int32_t *const distinct = take(nodes), *const within = take(nodes), *const inside = take(nodes);
    int32_t *const outside = take(nodes), *const visit = take(nodes);
    int32_t *const home = take(places), *const seen = take(places), *const meet = take(places), *const path = scratch;
    uint8_t *const before = marks, *const split = marks + places;
    const auto stays = [&](int32_t at) { return (cut[at] & SEPARATED) && !(side[at] & BELOW); };
    const auto falls = [&](int32_t at) { return (cut[at] & SEPARATED) && (side[at] & BELOW); };

    // Where each place's served people live: no component yet (-1), one (its root), or several (-2).
    for (int32_t p = 0; p < places; p++) home[p] = seen[p] = -1;
    const auto here = [&](int32_t at) { return people[node[at]] > 0 ? place[node[at]] : -1; };
    for (int32_t at = 0, root = 0; at < nodes; at++) {
        if (depth[at] == 0) root = at;
        const int32_t p = here(at);
        if (p < 0) continue;
        if (!(side[at] & SERVED)) before[p] = 1;
        else if (home[p] == -1) home[p] = root;
        else if (home[p] != root) home[p] = -2;
    }
    *baseline = 0;
    for (int32_t p = 0; p < places; p++) *baseline += before[p] && home[p] == -1;
    const auto member = [&](int32_t at) {
        const int32_t p = here(at);
        return p >= 0 && home[p] >= 0 && (side[at] & SERVED) ? p : -1;
    };

    // Another depth-first order: `turn` of each position, children that stay served first.
    for (int32_t at = 0; at < nodes; at++) {
        if (parent[at] >= 0 && stays(at)) next[parent[at]] += last[at] - at + 1;
    }
    for (int32_t at = 0; at < nodes; at++) {
        const int32_t up = parent[at], size = last[at] - at + 1;
        if (up < 0) turn[at] = at;
        else if (stays(at)) turn[at] = first[up], first[up] += size;
        else turn[at] = next[up], next[up] += size;
        first[at] = turn[at] + 1;
        next[at] += turn[at] + 1;
        visit[turn[at]] = at;
    }

    // `distinct` sums to the places in a subtree: each person's node counts one, each meeting of two of a place's
    // nodes that follow one another takes one off. `outside` takes off what meets across children that stay.
    for (int32_t i = 0; i < nodes; i++) {
        const int32_t at = visit[i];
        path[depth[at]] = at;
        const int32_t p = member(at);
        if (p < 0) continue;
        distinct[at]++;
        if (seen[p] < 0) {
            meet[p] = at;
        } else {
            const int32_t was = seen[p];
            int32_t high = (depth[was] < depth[at] ? depth[was] : depth[at]) + 1, step = 1;
            int32_t level = high - 1;  // the deepest node of the path that comes no later than `was`
            while (turn[path[level]] > turn[was]) {
                high = level;
                level = level > step ? level - step : 0;
                step *= 2;
            }
            while (high - level > 1) {
                const int32_t middle = level + (high - level) / 2;
                (turn[path[middle]] > turn[was] ? high : level) = middle;
            }
            const int32_t common = path[level];
            distinct[common]--;
            if (common != was && stays(path[level + 1])) outside[common]--;
            if (depth[common] < depth[meet[p]]) meet[p] = common;
        }
        seen[p] = at;
    }
    for (int32_t at = 0; at < nodes; at++) {  // places that meet at a node and do not fall with it as a whole
        path[depth[at]] = at;
        const int32_t p = member(at);
        if (p >= 0 && meet[p] != at && !falls(path[depth[meet[p]] + 1])) split[p] = 1;
    }
    for (int32_t p = 0; p < places; p++) {
        if (home[p] < 0) continue;
        within[meet[p]]++;
        inside[meet[p]] += !split[p];
    }
    for (int32_t at = nodes - 1; at >= 0; at--) {
        const int32_t up = parent[at];
        if (up < 0) continue;
        within[up] += within[at];
        distinct[up] += distinct[at];
        if (falls(at)) inside[up] += within[at];
        if (stays(at)) outside[up] += distinct[at];
    }
    for (int32_t at = 0, total = 0; at < nodes; at++) {
        if (depth[at] == 0) total = within[at];
        if (!(side[at] & SERVED)) {
            node_lost[node[at]] = 0;
            continue;
        }
        node_lost[node[at]] = side[at] & ABOVE ? total - outside[at] : inside[at];
        if (!(cut[at] & BRIDGE)) continue;
        const bool below = side[at] & BELOW, rest = side[at] & REST;
        link_lost[order.entry[at]] = below && rest ? total : below ? within[at] : rest ? total - distinct[at] : 0;
    }
    return NETPROOF_OK;
}
