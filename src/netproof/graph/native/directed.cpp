// What each node and each one-way link carries alone. Meaning, units and twin: graph/directed.py.
#include "native.h"

#include <algorithm>
#include <new>
#include <vector>

namespace {

// Links by one of their ends.
struct Ends {
    std::vector<int64_t> start;
    std::vector<int32_t> link;

    Ends(int32_t nodes, int32_t links, const int32_t *end) : start(static_cast<size_t>(nodes) + 2, 0) {
        for (int32_t l = 0; l < links; ++l) ++start[static_cast<size_t>(end[l]) + 2];
        for (size_t i = 2; i < start.size(); ++i) start[i] += start[i - 1];
        link.resize(static_cast<size_t>(links));
        for (int32_t l = 0; l < links; ++l)
            link[static_cast<size_t>(start[static_cast<size_t>(end[l]) + 1]++)] = l;
    }

    int64_t first(int32_t n) const { return start[static_cast<size_t>(n)]; }
    int64_t last(int32_t n) const { return start[static_cast<size_t>(n) + 1]; }
};

// Links lead from tail to head, and people at a tail are served over the head. So the search for whom an instance
// serves runs from heads to tails.
struct Network {
    int32_t nodes;
    const int32_t *tail, *head;
    Ends in, out;

    Network(int32_t n, int32_t m, const int32_t *tail_, const int32_t *head_)
        : nodes(n), tail(tail_), head(head_), in(n, m, head_), out(n, m, tail_) {}
};

constexpr int32_t unserved = -1;

// For one function: what stands between each node and all instances.
struct Function {
    std::vector<int32_t> above;  // the nearest node without which a node is unserved; `nodes` stands for none
    std::vector<int32_t> entry;  // the link without which it cannot use that, or -1
    std::vector<int32_t> found;  // nodes that are served, in the order of the search
};

// Semi-NCA (Georgiadis 2005) from all instances at once. Numbers are those of the search; 0 stands above all.
struct Search {
    const Network &net;
    Function &out;
    std::vector<int32_t> number, parent, via, semi, label, up, idom;
    std::vector<uint8_t> instance;
    std::vector<int32_t> path;

    Search(const Network &network, Function &function)
        : net(network), out(function), number(static_cast<size_t>(network.nodes), 0),
          instance(static_cast<size_t>(network.nodes), 0) {}

    int32_t node(int32_t i) const { return out.found[static_cast<size_t>(i) - 1]; }

    void enter(int32_t at, int32_t from) {
        out.found.push_back(at);
        number[static_cast<size_t>(at)] = static_cast<int32_t>(out.found.size());
        parent.push_back(from);
        via.push_back(0);
    }

    void visit(const int32_t *instances, int64_t count) {
        parent.assign(1, 0);
        via.assign(1, 0);
        std::vector<int64_t> at(static_cast<size_t>(net.nodes));
        for (int64_t i = 0; i < count; ++i) instance[static_cast<size_t>(instances[i])] = 1;
        for (int64_t i = 0; i < count; ++i) {
            if (number[static_cast<size_t>(instances[i])] != 0) continue;
            enter(instances[i], 0);
            auto here = static_cast<int32_t>(out.found.size());
            at[static_cast<size_t>(node(here))] = net.in.first(node(here));
            while (here > 0) {
                const int32_t v = node(here);
                int64_t &next = at[static_cast<size_t>(v)];
                if (next == net.in.last(v)) {
                    here = parent[static_cast<size_t>(here)];
                    continue;
                }
                const int32_t below = net.tail[net.in.link[static_cast<size_t>(next++)]];
                if (number[static_cast<size_t>(below)] != 0) continue;
                enter(below, here);
                here = static_cast<int32_t>(out.found.size());
                at[static_cast<size_t>(below)] = net.in.first(below);
            }
        }
    }

    // The least semidominator on the way up from `from`, among numbers above `done`; shortens the way.
    int32_t least(int32_t from, int32_t done) {
        if (from <= done) return from;
        path.clear();
        int32_t at = from;
        while (up[static_cast<size_t>(at)] > done) {
            path.push_back(at);
            at = up[static_cast<size_t>(at)];
        }
        const int32_t end = up[static_cast<size_t>(at)];
        for (size_t k = path.size(); k-- > 0;) {
            const auto here = static_cast<size_t>(path[k]), higher = static_cast<size_t>(up[here]);
            if (semi[static_cast<size_t>(label[higher])] < semi[static_cast<size_t>(label[here])])
                label[here] = label[higher];
        }
        for (const int32_t one : path) up[static_cast<size_t>(one)] = end;
        return semi[static_cast<size_t>(label[static_cast<size_t>(from)])];
    }

    void dominators() {
        const auto size = static_cast<int32_t>(out.found.size());
        const auto n = static_cast<size_t>(size) + 1;
        semi.resize(n);
        label.resize(n);
        for (size_t i = 0; i < n; ++i) semi[i] = label[i] = static_cast<int32_t>(i);
        up = parent;
        for (int32_t i = size; i > 0; --i) {
            const int32_t v = node(i);
            int32_t best = instance[static_cast<size_t>(v)] ? 0 : parent[static_cast<size_t>(i)];
            for (int64_t k = net.out.first(v); best > 0 && k < net.out.last(v); ++k) {
                const int32_t from = number[static_cast<size_t>(net.head[net.out.link[static_cast<size_t>(k)]])];
                if (from != 0) best = std::min(best, least(from, i));
            }
            semi[static_cast<size_t>(i)] = best;
        }
        idom = parent;
        for (int32_t i = 1; i <= size; ++i)
            while (idom[static_cast<size_t>(i)] > semi[static_cast<size_t>(i)])
                idom[static_cast<size_t>(i)] = idom[static_cast<size_t>(idom[static_cast<size_t>(i)])];
    }

    // A node's only usable link: all its others lead to nodes that are served over the node itself.
    void entries() {
        const auto size = static_cast<int32_t>(out.found.size());
        std::vector<int32_t> below(static_cast<size_t>(size) + 1, 1), at(below.size(), 0), next(below.size(), 1);
        for (int32_t i = size; i > 0; --i)
            below[static_cast<size_t>(idom[static_cast<size_t>(i)])] += below[static_cast<size_t>(i)];
        for (int32_t i = 1; i <= size; ++i) {
            int32_t &from = next[static_cast<size_t>(idom[static_cast<size_t>(i)])];
            at[static_cast<size_t>(i)] = from;
            next[static_cast<size_t>(i)] = from + 1;
            from += below[static_cast<size_t>(i)];
        }
        out.above.assign(static_cast<size_t>(net.nodes), unserved);
        out.entry.assign(static_cast<size_t>(net.nodes), -1);
        for (int32_t i = 1; i <= size; ++i) {
            const int32_t v = node(i);
            const int32_t nearest = idom[static_cast<size_t>(i)];
            out.above[static_cast<size_t>(v)] = nearest == 0 ? net.nodes : node(nearest);
            int32_t only = -1, usable = instance[static_cast<size_t>(v)] ? 2 : 0;
            for (int64_t k = net.out.first(v); usable < 2 && k < net.out.last(v); ++k) {
                const int32_t l = net.out.link[static_cast<size_t>(k)];
                const int32_t from = number[static_cast<size_t>(net.head[l])];
                if (from == 0) continue;
                const int32_t where = at[static_cast<size_t>(from)], first = at[static_cast<size_t>(i)];
                if (where >= first && where < first + below[static_cast<size_t>(i)]) continue;
                only = l;
                ++usable;
            }
            if (usable == 1) out.entry[static_cast<size_t>(v)] = only;
        }
    }
};

// The union over functions: node x takes people from a where x is above a for any of them.
struct Union {
    const Network &net;
    const std::vector<Function> &functions;
    std::vector<int32_t> seen_node, seen_link;
    int32_t epoch = 0;

    Union(const Network &network, const std::vector<Function> &all, int32_t links)
        : net(network), functions(all), seen_node(static_cast<size_t>(network.nodes), 0),
          seen_link(static_cast<size_t>(links), 0) {}

    bool served(int32_t v) const {
        return std::all_of(functions.begin(), functions.end(),
                           [v](const Function &f) { return f.above[static_cast<size_t>(v)] != unserved; });
    }

    // The node above v where it is the same for all functions, else -1.
    int32_t agreed(int32_t v) const {
        const int32_t first = functions[0].above[static_cast<size_t>(v)];
        for (const Function &f : functions)
            if (f.above[static_cast<size_t>(v)] != first) return -1;
        return first;
    }

    void next_epoch() {
        if (++epoch < INT32_MAX) return;
        std::fill(seen_node.begin(), seen_node.end(), 0);
        std::fill(seen_link.begin(), seen_link.end(), 0);
        epoch = 1;
    }

    template <typename OnLink>
    void entries(int32_t v, const OnLink &on_link) {
        for (const Function &f : functions) {
            const int32_t l = f.entry[static_cast<size_t>(v)];
            if (l < 0 || seen_link[static_cast<size_t>(l)] == epoch) continue;
            seen_link[static_cast<size_t>(l)] = epoch;
            on_link(l);
        }
    }

    // All that v needs, itself included where `self`. A walk goes on at a node seen before: above it, functions differ.
    template <typename OnNode, typename OnLink>
    void needed(int32_t v, bool self, const OnNode &on_node, const OnLink &on_link) {
        next_epoch();
        for (const Function &f : functions)
            for (int32_t at = self ? v : f.above[static_cast<size_t>(v)]; at < net.nodes;
                 at = f.above[static_cast<size_t>(at)]) {
                const int32_t l = f.entry[static_cast<size_t>(at)];
                if (seen_node[static_cast<size_t>(at)] != epoch) {
                    seen_node[static_cast<size_t>(at)] = epoch;
                    on_node(at);
                }
                if (l >= 0 && seen_link[static_cast<size_t>(l)] != epoch) {
                    seen_link[static_cast<size_t>(l)] = epoch;
                    on_link(l);
                }
            }
    }

    // Adds weight[v] to all that v needs, for every v. Where all functions agree on the node above, v's weight moves
    // there; the first function's search found it before v.
    void add(std::vector<int64_t> weight, int64_t *node, int64_t *link) {
        const auto &order = functions[0].found;
        for (size_t i = order.size(); i-- > 0;) {
            const int32_t v = order[i];
            const int64_t w = weight[static_cast<size_t>(v)];
            if (w == 0) continue;
            node[v] += w;
            next_epoch();
            entries(v, [&](int32_t l) { link[l] += w; });
            const int32_t above = agreed(v);
            if (above == net.nodes) continue;
            if (above >= 0) weight[static_cast<size_t>(above)] += w;
            else walk_on(v, w, node, link);
        }
    }

    void walk_on(int32_t v, int64_t w, int64_t *node, int64_t *link) {
        needed(v, false, [&](int32_t at) { node[at] += w; }, [&](int32_t l) { link[l] += w; });
    }
};

// Nodes from which all functions agree on everything above: one tree, in which the search of the first function found
// whatever is above first.
struct Agreed {
    std::vector<int32_t> rank;  // in that search; -1: not agreed
    const Union &all;

    explicit Agreed(const Union &whole) : rank(static_cast<size_t>(whole.net.nodes), -1), all(whole) {
        const auto &order = whole.functions[0].found;
        for (size_t i = 0; i < order.size(); ++i) {
            const int32_t above = whole.agreed(order[i]);
            if (above == whole.net.nodes || (above >= 0 && rank[static_cast<size_t>(above)] >= 0))
                rank[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
        }
    }

    // The nearest node above both, one of them perhaps; `nodes` where there is none.
    int32_t common(int32_t a, int32_t b) const {
        while (a != b && a < all.net.nodes && b < all.net.nodes) {
            int32_t &later = rank[static_cast<size_t>(a)] > rank[static_cast<size_t>(b)] ? a : b;
            later = all.functions[0].above[static_cast<size_t>(later)];
        }
        return std::max(a, b);
    }
};

// Places: lost where all of their people who are served to begin with are lost.
struct Places {
    std::vector<int64_t> start;
    std::vector<int32_t> node;
    std::vector<uint8_t> inhabited;

    Places(Union &all, int32_t places, const int32_t *place, const int64_t *people)
        : start(static_cast<size_t>(places) + 2, 0), inhabited(static_cast<size_t>(places), 0) {
        const int32_t n = all.net.nodes;
        const auto counts = [&](int32_t v) {
            if (place[v] < 0 || people[v] == 0) return false;
            inhabited[static_cast<size_t>(place[v])] = 1;
            return all.served(v);
        };
        for (int32_t v = 0; v < n; ++v)
            if (counts(v)) ++start[static_cast<size_t>(place[v]) + 2];
        for (size_t i = 2; i < start.size(); ++i) start[i] += start[i - 1];
        node.resize(static_cast<size_t>(start.back()));
        for (int32_t v = 0; v < n; ++v)
            if (counts(v)) node[static_cast<size_t>(start[static_cast<size_t>(place[v]) + 1]++)] = v;
    }

    // Counts the places lost with each node and link; returns those lost to begin with.
    int64_t count(Union &all, int64_t *lost_node, int64_t *lost_link, int32_t links) {
        std::vector<int64_t> weight(static_cast<size_t>(all.net.nodes), 0);
        std::vector<int32_t> by_node(static_cast<size_t>(all.net.nodes), 0), by_link(static_cast<size_t>(links), 0);
        std::vector<int32_t> touched_node, touched_link;
        const Agreed agreed(all);
        int64_t baseline = 0;
        for (size_t p = 0; p < inhabited.size(); ++p) {
            const int64_t size = start[p + 1] - start[p];
            if (size == 1) ++weight[static_cast<size_t>(node[static_cast<size_t>(start[p])])];
            if (size == 0 && inhabited[p]) ++baseline;
            if (size < 2) continue;
            const auto first = node.begin() + start[p], last = node.begin() + start[p + 1];
            if (std::all_of(first, last, [&](int32_t v) { return agreed.rank[static_cast<size_t>(v)] >= 0; })) {
                int32_t common = *first;
                for (auto v = first + 1; v != last; ++v) common = agreed.common(common, *v);
                if (common < all.net.nodes) ++weight[static_cast<size_t>(common)];
                continue;
            }
            for (int64_t i = start[p]; i < start[p + 1]; ++i)
                all.needed(
                    node[static_cast<size_t>(i)], true,
                    [&](int32_t v) {
                        if (++by_node[static_cast<size_t>(v)] == 1) touched_node.push_back(v);
                        lost_node[v] += by_node[static_cast<size_t>(v)] == size;
                    },
                    [&](int32_t l) {
                        if (++by_link[static_cast<size_t>(l)] == 1) touched_link.push_back(l);
                        lost_link[l] += by_link[static_cast<size_t>(l)] == size;
                    });
            for (const int32_t v : touched_node) by_node[static_cast<size_t>(v)] = 0;
            for (const int32_t l : touched_link) by_link[static_cast<size_t>(l)] = 0;
            touched_node.clear();
            touched_link.clear();
        }
        all.add(std::move(weight), lost_node, lost_link);
        return baseline;
    }
};

}  // namespace

// instance_start: int64[functions + 1] into instance, at least one function. place: int32[nodes], or null.
// node, link: int64, people; node_places, link_places: int64, only where place is given; all zero on entry.
// baseline: int64[2], people and places.
NETPROOF_API int32_t netproof_directed_losses(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                              const int64_t *people, int32_t functions,
                                              const int64_t *instance_start, const int32_t *instance,
                                              const int32_t *place, int32_t places, int64_t *node, int64_t *link,
                                              int64_t *node_places, int64_t *link_places, int64_t *baseline) {
    try {
        const Network net(nodes, links, tail, head);
        std::vector<Function> all(static_cast<size_t>(functions));
        for (int32_t f = 0; f < functions; ++f) {
            Search search(net, all[static_cast<size_t>(f)]);
            search.visit(instance + instance_start[f], instance_start[f + 1] - instance_start[f]);
            search.dominators();
            search.entries();
        }
        Union whole(net, all, links);
        std::vector<int64_t> weight(people, people + nodes);
        baseline[0] = baseline[1] = 0;
        for (int32_t v = 0; v < nodes; ++v) {
            if (whole.served(v)) continue;
            baseline[0] += weight[static_cast<size_t>(v)];
            weight[static_cast<size_t>(v)] = 0;
        }
        whole.add(std::move(weight), node, link);
        if (place) baseline[1] = Places(whole, places, place, people).count(whole, node_places, link_places, links);
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}
