// One low-link depth-first search (Tarjan 1972) that tells what each node's and each link's failure cuts off.
//
// After a node fails, what is left of its component is the subtree of each child c that reaches nothing above the
// node (low(c) >= the node's position: "separated"), and the rest. After a tree link to c fails that no other way
// passes by (low(c) > its parent's position: "bridge"), it is the subtree of c and the rest; any other link takes
// nothing apart. Skipping the entering link by its number, not by its end, keeps parallel links: they make a cycle.
#include "single.h"

#include <algorithm>

namespace {

using namespace netproof;

struct Edge {
    int32_t to, link;
};

struct Frame {  // a node on the path from the root
    int32_t at, cursor, stop, low, entry;
};

// Lists of links by node; self-loops are left out. List v lies from start[v] to start[v + 1].
void list_links(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head, int32_t *start, Edge *edge) {
    for (int32_t v = 0; v <= nodes; v++) start[v] = 0;
    for (int32_t l = 0; l < links; l++) {
        const int32_t counts = tail[l] != head[l];
        start[tail[l]] += counts;
        start[head[l]] += counts;
    }
    for (int32_t v = 0, sum = 0; v <= nodes; v++) start[v] = sum += start[v];
    for (int32_t l = links - 1; l >= 0; l--) {
        const int32_t a = tail[l], b = head[l];
        if (a == b) continue;
        edge[--start[a]] = {b, l};
        edge[--start[b]] = {a, l};
    }
}

}  // namespace

// Depth-first order of a graph. Scratch: int32[6 * nodes + 1 + 4 * links].
// Out: rows int32[6 * nodes], cut uint8[nodes], see graph/single.py; shape int32[2]: depth of the deepest node,
// components. Returns NETPROOF_OK.
NETPROOF_API int32_t netproof_single_skeleton(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                              int32_t *scratch, int32_t *rows, uint8_t *cut, int32_t *shape) {
    const OrderOf<int32_t> order(rows, nodes);
    int32_t *const start = scratch;
    Frame *const stack = reinterpret_cast<Frame *>(start + nodes + 1);
    Edge *const edge = reinterpret_cast<Edge *>(stack + nodes);
    list_links(nodes, links, tail, head, start, edge);
    int32_t next = 0, deepest = 0, components = 0;
    const auto enter = [&](int32_t v, int32_t parent, int32_t depth, int32_t entry, uint8_t flags) {
        order.position[v] = next, order.node[next] = v, order.parent[next] = parent, order.last[next] = next;
        order.depth[next] = depth, order.entry[next] = entry, cut[next] = flags;
        return next++;
    };
    for (int32_t v = 0; v < nodes; v++) order.position[v] = -1;
    for (int32_t root = 0; root < nodes; root++) {
        if (order.position[root] >= 0) continue;
        components++;
        const int32_t first = enter(root, -1, 0, -1, 0);
        Frame *top = stack, now{first, start[root], start[root + 1], first, -1};
        for (;;) {
            if (now.cursor == now.stop) {
                order.last[now.at] = next - 1;
                if (top == stack) break;
                const Frame &above = *--top;
                if (now.low >= above.at) cut[now.at] = now.low > above.at ? SEPARATED | BRIDGE : SEPARATED;
                const int32_t low = now.low;
                now = above;
                now.low = std::min(low, now.low);
                continue;
            }
            const Edge &to = edge[now.cursor++];
            const int32_t seen = order.position[to.to];
            if (seen >= 0) {
                if (seen < now.low && to.link != now.entry) now.low = seen;
                continue;
            }
            const int32_t begin = start[to.to], end = start[to.to + 1];
            const int32_t depth = static_cast<int32_t>(top - stack) + 1;
            deepest = std::max(deepest, depth);
            if (end - begin == 1) {  // a leaf: nothing to search
                enter(to.to, now.at, depth, to.link, SEPARATED | BRIDGE);
                continue;
            }
            *top++ = now;
            const int32_t at = enter(to.to, now.at, depth, to.link, 0);
            now = {at, begin, end, at, to.link};
        }
    }
    shape[0] = deepest, shape[1] = components;
    return NETPROOF_OK;
}
