// Blocks and paths of a multigraph. Meaning, units and twin: graph/paths.py.
#include "native.h"

#include <algorithm>
#include <new>
#include <vector>

namespace {

// Each node's links and other ends; self-loops appear twice, and never matter.
struct Neighbours {
    std::vector<int64_t> start;
    std::vector<int32_t> node, link;

    Neighbours(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head, const uint8_t *without_node,
               const uint8_t *without_link) {
        const auto used = [&](int32_t l) {
            if (without_link && without_link[l]) return false;
            return !without_node || !(without_node[tail[l]] || without_node[head[l]]);
        };
        start.assign(static_cast<size_t>(nodes) + 2, 0);
        for (int32_t l = 0; l < links; ++l) {
            if (!used(l)) continue;
            ++start[static_cast<size_t>(tail[l]) + 2];
            ++start[static_cast<size_t>(head[l]) + 2];
        }
        for (size_t i = 2; i < start.size(); ++i) start[i] += start[i - 1];
        node.resize(static_cast<size_t>(start.back()));
        link.resize(node.size());
        const auto put = [&](int32_t at, int32_t other, int32_t l) {
            const auto i = static_cast<size_t>(start[static_cast<size_t>(at) + 1]++);
            node[i] = other;
            link[i] = l;
        };
        for (int32_t l = 0; l < links; ++l) {
            if (!used(l)) continue;
            put(tail[l], head[l], l);
            put(head[l], tail[l], l);
        }
    }

    int64_t first(int32_t n) const { return start[static_cast<size_t>(n)]; }
    int64_t last(int32_t n) const { return start[static_cast<size_t>(n) + 1]; }
};

// What the arrays of a BlockTree hold; all by preorder position.
struct Tree {
    int32_t nodes;
    int32_t *order, *parent, *link, *block, *root;
    uint8_t *bridge;
};

// One low-link depth-first search. Hopcroft and Tarjan 1973.
void search(const Neighbours &next, const Tree &tree) {
    const auto n = static_cast<size_t>(tree.nodes);
    std::vector<int32_t> position(n, -1), low(n);
    std::vector<int64_t> at(n);
    int32_t count = 0;
    const auto enter = [&](int32_t node, int32_t parent, int32_t link) {
        position[static_cast<size_t>(node)] = count;
        at[static_cast<size_t>(count)] = next.first(node);
        low[static_cast<size_t>(count)] = count;
        tree.order[count] = node;
        tree.parent[count] = parent;
        tree.link[count] = link;
        return count++;
    };
    for (int32_t root = 0; root < tree.nodes; ++root) {
        if (position[static_cast<size_t>(root)] >= 0) continue;
        int32_t here = enter(root, -1, -1);
        while (here >= 0) {
            const auto h = static_cast<size_t>(here);
            if (at[h] < next.last(tree.order[here])) {
                const auto i = static_cast<size_t>(at[h]++);
                if (next.link[i] == tree.link[here]) continue;
                const int32_t there = position[static_cast<size_t>(next.node[i])];
                if (there < 0) here = enter(next.node[i], here, next.link[i]);
                else low[h] = std::min(low[h], there);
            } else {
                const int32_t up = tree.parent[here];
                if (up >= 0) low[static_cast<size_t>(up)] = std::min(low[static_cast<size_t>(up)], low[h]);
                here = up;
            }
        }
    }
    for (int32_t v = 0; v < tree.nodes; ++v) {
        const int32_t up = tree.parent[v];
        const int32_t least = low[static_cast<size_t>(v)];
        tree.root[v] = up < 0 ? v : tree.root[up];
        tree.block[v] = up < 0 ? -1 : least >= up ? v : tree.block[up];
        tree.bridge[v] = up >= 0 && least > up;
    }
}

// The tree of nodes and blocks: node v is 2v + 1, the block that v begins is 2v, so parents have smaller numbers.
// Heavy paths give common ancestors: of two paths' tops, the larger number cannot be above the other.
struct Ancestors {
    std::vector<int32_t> up, top;

    Ancestors(int32_t nodes, const int32_t *parent, const int32_t *block) {
        const auto n = 2 * static_cast<size_t>(nodes);
        up.assign(n, -1);
        for (int32_t v = 0; v < nodes; ++v) {
            if (block[v] < 0) continue;
            up[2 * static_cast<size_t>(v) + 1] = 2 * block[v];
            if (block[v] == v) up[2 * static_cast<size_t>(v)] = 2 * parent[v] + 1;
        }
        std::vector<int32_t> size(n, 1), heavy(n, -1);
        for (size_t i = n; i-- > 0;) {
            if (up[i] < 0) continue;
            const auto p = static_cast<size_t>(up[i]);
            size[p] += size[i];
            if (heavy[p] < 0 || size[i] > size[static_cast<size_t>(heavy[p])]) heavy[p] = static_cast<int32_t>(i);
        }
        top.resize(n);
        for (size_t i = 0; i < n; ++i) {
            const auto self = static_cast<int32_t>(i);
            const bool goes_on = up[i] >= 0 && heavy[static_cast<size_t>(up[i])] == self;
            top[i] = goes_on ? top[static_cast<size_t>(up[i])] : self;
        }
    }

    int32_t common(int32_t a, int32_t b) const {
        while (top[static_cast<size_t>(a)] != top[static_cast<size_t>(b)]) {
            const int32_t x = top[static_cast<size_t>(a)], y = top[static_cast<size_t>(b)];
            if (x > y) a = up[static_cast<size_t>(x)];
            else b = up[static_cast<size_t>(y)];
        }
        return std::min(a, b);
    }
};

}  // namespace

// order, parent, link, block, root: int32[nodes]; bridge: uint8[nodes].
NETPROOF_API int32_t netproof_paths_tree(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                         int32_t *order, int32_t *parent, int32_t *link, int32_t *block,
                                         int32_t *root, uint8_t *bridge) {
    try {
        const Neighbours next(nodes, links, tail, head, nullptr, nullptr);
        search(next, {nodes, order, parent, link, block, root, bridge});
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// source, target: int32[flows], preorder positions; node, bridge: int64[nodes] by position, what each takes away
// (bridge: the link by which the node was entered, where it is a bridge); baseline: int64[1], rate without a path.
NETPROOF_API int32_t netproof_paths_flows(int32_t nodes, const int32_t *parent, const int32_t *block,
                                          const int32_t *root, int64_t flows, const int32_t *source,
                                          const int32_t *target, const int64_t *rate, int64_t *node,
                                          int64_t *bridge, int64_t *baseline) {
    try {
        const Ancestors tree(nodes, parent, block);
        std::vector<int64_t> through(tree.up.size(), 0);
        *baseline = 0;
        for (int64_t f = 0; f < flows; ++f) {
            if (root[source[f]] != root[target[f]]) {
                *baseline += rate[f];
                continue;
            }
            const int32_t a = 2 * source[f] + 1, b = 2 * target[f] + 1, c = tree.common(a, b);
            through[static_cast<size_t>(a)] += rate[f];
            through[static_cast<size_t>(b)] += rate[f];
            through[static_cast<size_t>(c)] -= rate[f];
            if (tree.up[static_cast<size_t>(c)] >= 0)
                through[static_cast<size_t>(tree.up[static_cast<size_t>(c)])] -= rate[f];
        }
        for (size_t i = through.size(); i-- > 0;)
            if (tree.up[i] >= 0) through[static_cast<size_t>(tree.up[i])] += through[i];
        for (int32_t v = 0; v < nodes; ++v) {
            bridge[v] = through[2 * static_cast<size_t>(v)];
            node[v] = through[2 * static_cast<size_t>(v) + 1];
        }
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// distance: int32[nodes], links from `start` over what is not without, -1 where it is not reached.
NETPROOF_API int32_t netproof_paths_distance(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                             const uint8_t *without_node, const uint8_t *without_link,
                                             int32_t start, int32_t *distance) {
    try {
        std::fill(distance, distance + nodes, -1);
        if (without_node[start]) return NETPROOF_OK;
        const Neighbours next(nodes, links, tail, head, without_node, without_link);
        std::vector<int32_t> queue{start};
        distance[start] = 0;
        for (size_t at = 0; at < queue.size(); ++at) {
            const int32_t here = queue[at];
            for (int64_t i = next.first(here); i < next.last(here); ++i) {
                const int32_t there = next.node[static_cast<size_t>(i)];
                if (distance[there] >= 0) continue;
                distance[there] = distance[here] + 1;
                queue.push_back(there);
            }
        }
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// label: int32[nodes], the smallest node that each is connected with over what is not without, -1 where it is itself.
NETPROOF_API int32_t netproof_paths_pieces(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                           const uint8_t *without_node, const uint8_t *without_link,
                                           int32_t *label) {
    for (int32_t v = 0; v < nodes; ++v) label[v] = v;
    const auto find = [label](int32_t v) {
        while (label[v] != v) v = label[v] = label[label[v]];
        return v;
    };
    for (int32_t l = 0; l < links; ++l) {
        if (without_link[l] || without_node[tail[l]] || without_node[head[l]]) continue;
        const int32_t a = find(tail[l]), b = find(head[l]);
        if (a < b) label[b] = a;  // the smaller one stays on top, so it names the piece
        else label[a] = b;
    }
    for (int32_t v = 0; v < nodes; ++v) label[v] = without_node[v] ? -1 : label[label[v]];
    return NETPROOF_OK;
}
