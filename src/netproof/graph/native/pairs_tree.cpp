// One depth-first search with low-links, packed counters and the losses of single elements.
// Source: R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972): after v fails, what is
// left of its component is each subtree of a child c with low(c) >= v, and the rest.
#include "pairs_tree.h"

#include <algorithm>
#include <iterator>

namespace pairs {

enum : int32_t { UNSEEN = -2, LEFT_OUT = -1 };

Lanes::Lanes(int functions, int lane_bits) : bits(lane_bits) {
    const int a_word = 64 / bits;
    words = std::max(1, (functions + a_word - 1) / a_word);
    for (int f = 0; f < functions; f++) tops[word(f)] |= one(f) << (bits - 1);
    for (int w = 0; w < words; w++)
        for (int lane = 0; lane < a_word; lane++) below[w] |= ((uint64_t(1) << (bits - 1)) - 1) << (lane * bits);
}

void Tree::list_links() {
    start.assign(size_t(asked.nodes) + 1, 0);
    if (asked.functions == 0) return; // nothing is needed, so no link matters
    for (int32_t l = 0; l < asked.links; l++)
        if (asked.tail[l] != asked.head[l]) start[asked.tail[l] + 1]++, start[asked.head[l] + 1]++;
    for (int32_t v = 0; v < asked.nodes; v++) start[v + 1] += start[v];
    adjacent.resize(start[asked.nodes]);
    std::vector<int32_t> next(start.begin(), start.end() - 1);
    for (int32_t l = 0; l < asked.links; l++)
        if (asked.tail[l] != asked.head[l]) adjacent[next[asked.tail[l]]++] = adjacent[next[asked.head[l]]++] = l;
}

// Visits a component; returns whether it holds every function, and leaves it out otherwise.
bool Tree::grow(int32_t root, std::vector<int32_t> &cursor, std::vector<int32_t> &waiting) {
    const int32_t first = size(), nodes = asked.nodes;
    const auto visit = [&](int32_t v, int32_t from) {
        place[v] = size();
        low.push_back(size());
        vertex.push_back(v);
        parent.push_back(from);
        return place[v];
    };
    visit(root, -1);
    waiting.push_back(root);
    while (!waiting.empty()) {
        const int32_t v = waiting.back();
        if (cursor[v] == start[v + 1]) {
            waiting.pop_back();
            continue;
        }
        const int32_t l = adjacent[cursor[v]++];
        if (place[nodes + l] != UNSEEN) continue;
        const int32_t at = visit(nodes + l, place[v]);
        const int32_t other = asked.tail[l] == v ? asked.head[l] : asked.tail[l];
        if (place[other] == UNSEEN) {
            visit(other, at);
            waiting.push_back(other);
        } else {
            low[at] = place[other];
        }
    }
    uint64_t met[Lanes::MOST_WORDS] = {};
    for (int32_t i = first; i < size(); i++)
        for (int w = 0; w < lanes.words && vertex[i] < nodes; w++) met[w] |= count[size_t(vertex[i]) * lanes.words + w];
    // a sum of lanes may carry, an OR cannot: any bit of a lane shows that the function is there
    if (lanes.full(met)) return true;
    for (int32_t i = first; i < size(); i++) place[vertex[i]] = LEFT_OUT;
    for (auto *array : {&vertex, &parent, &low}) array->resize(first);
    return false;
}

void Tree::sum(int32_t first, int32_t end, std::vector<people_t> &gone, std::vector<uint64_t> &away,
               std::vector<int32_t> &whole) {
    const int words = lanes.words;
    for (int32_t i = end - 1; i > first; i--) {
        const int32_t p = parent[i];
        uint64_t *mine = &count[size_t(i) * words], *theirs = &count[size_t(p) * words];
        uint64_t any = 0;
        low[p] = std::min(low[p], low[i]);
        last[p] = std::max(last[p], last[i]);
        below[p] += below[i];
        for (int w = 0; w < words; w++) theirs[w] += mine[w], any |= mine[w];
        if (any) flags[i] |= HOLDS;
        if (low[i] < p) continue;
        flags[i] |= SEPARATED;
        gone[p] += below[i];
        for (int w = 0; w < words; w++) away[size_t(p) * words + w] += mine[w];
        if (!any) hang[p] += below[i];
        if (lanes.full(mine)) continue;
        flags[i] |= LOST;
        loss[p] += below[i];
    }
    for (int32_t i = first; i < end; i++) {
        uint64_t rest[Lanes::MOST_WORDS];
        for (int w = 0; w < words; w++) rest[w] = count[size_t(first) * words + w] - away[size_t(i) * words + w];
        const people_t own = is_link(i) ? 0 : asked.people[vertex[i]];
        loss[i] += own;
        if (!lanes.full(rest)) {
            flags[i] |= UPPER_LOST;
            loss[i] += below[first] - own - gone[i];
        }
        if (branches_[i]) part(i, rest, whole);
        if (i == first) {
            unit[i] = i;
            continue;
        }
        const int32_t p = parent[i];
        if (flags[i] & SEPARATED) {
            unit[i] = (flags[i] & HOLDS) && !(flags[i] & APART) ? unit[p] : i;
        } else {
            unit[i] = unit[p];
            if (flags[p] & UPPER_LOST) flags[i] |= LOST;
        }
    }
}

Tree::Tree(const Asked &given) : asked(given), lanes(given.functions, given.lane_bits) {
    const int words = lanes.words;
    elements = asked.nodes + (asked.link_elements ? asked.links : 0);
    place.assign(size_t(asked.nodes) + asked.links, UNSEEN);
    list_links();
    for (auto *array : {&vertex, &parent, &low}) array->reserve(place.size());
    count.assign(size_t(asked.nodes) * words, 0); // of nodes first, of vertices after the search
    for (int f = 0; f < asked.functions; f++)
        for (int64_t k = asked.instance_start[f]; k < asked.instance_start[f + 1]; k++)
            count[size_t(asked.instance[k]) * words + lanes.word(f)] += lanes.one(f);
    {
        std::vector<int32_t> cursor(start.begin(), start.end() - 1), waiting;
        const auto try_root = [&](int32_t v) {
            const int32_t first = size();
            if (place[v] == UNSEEN && grow(v, cursor, waiting)) roots.push_back(first);
        };
        // a component without the first function is lost anyway, so every other one has a root that is an instance
        if (asked.functions == 0)
            for (int32_t v = 0; v < asked.nodes; v++) try_root(v);
        else
            for (int64_t k = asked.instance_start[0]; k < asked.instance_start[1]; k++) try_root(asked.instance[k]);
    }
    for (auto &p : place)
        if (p == UNSEEN) p = LEFT_OUT;
    const size_t n = vertex.size();
    std::vector<uint64_t> own(n * words, 0);
    place_instances(own);
    count.clear();
    last.resize(n);
    for (size_t i = 0; i < n; i++) last[i] = int32_t(i) + 1;
    flags.assign(n, 0);
    unit.resize(n);
    lift_instances(own);
    loss.assign(n, 0);
    below.resize(n);
    for (size_t i = 0; i < n; i++) {
        below[i] = vertex[i] < asked.nodes ? asked.people[vertex[i]] : 0;
        uint64_t any = 0;
        for (int w = 0; w < words; w++) any |= own[i * words + w];
        if (!any) continue;
        flags[i] |= INSTANCE | HOLDS;
        holder.push_back(int32_t(i));
        held.insert(held.end(), &own[i * words], &own[i * words] + words);
    }
    hang = below;
    count = own;
    std::vector<people_t> gone(n, 0);
    std::vector<int32_t> whole;
    for (size_t r = 0; r < roots.size(); r++)
        sum(roots[r], r + 1 < roots.size() ? roots[r + 1] : int32_t(n), gone, own, whole);
    hold_all(whole);
    branches_ = {};
}

// Sets branches below p apart that need nothing of the rest but p, nor the rest of them: a branch that holds every
// function, where p has each from an instance of its own or from two other sides, of which a failure hits one.
// Then p is served whatever fails in the branch and once elsewhere, and `whole`, as if it held every function.
void Tree::part(int32_t p, const uint64_t *rest, std::vector<int32_t> &whole) {
    const int words = lanes.words;
    uint64_t own[Lanes::MOST_WORDS] = {}, once[Lanes::MOST_WORDS] = {}, twice[Lanes::MOST_WORDS] = {},
             thrice[Lanes::MOST_WORDS] = {};
    const auto at = std::lower_bound(holder.begin(), holder.end(), p);
    for (int w = 0; w < words; w++) {
        if (at != holder.end() && *at == p) own[w] = lanes.present(&held[size_t(at - holder.begin()) * words], w);
        once[w] = lanes.present(rest, w);
    }
    const auto each = [&](const auto &act) {
        for (int32_t c = p + 1; c < last[p]; c = last[c])
            if ((flags[c] & SEPARATED) && (flags[c] & HOLDS)) act(c);
    };
    each([&](int32_t c) {
        for (int w = 0; w < words; w++) {
            const uint64_t has = lanes.present(&count[size_t(c) * words], w);
            thrice[w] |= twice[w] & has;
            twice[w] |= once[w] & has;
            once[w] |= has;
        }
    });
    bool any = false;
    each([&](int32_t c) { // this branch holds every function, so that two other sides are three sides
        bool apart = lanes.full(&count[size_t(c) * words]);
        for (int w = 0; w < words; w++) apart &= ((own[w] | thrice[w]) & lanes.tops[w]) == lanes.tops[w];
        if (apart) flags[c] |= APART, any = true;
    });
    if (!any) return;
    flags[p] |= INSTANCE;
    whole.push_back(p);
}

// Says of these vertices, which rise, that they hold every function.
void Tree::hold_all(const std::vector<int32_t> &whole) {
    std::vector<int32_t> all;
    std::vector<uint64_t> what;
    std::set_union(holder.begin(), holder.end(), whole.begin(), whole.end(), std::back_inserter(all));
    for (size_t k = 0, h = 0, v = 0; k < all.size(); k++) {
        const bool had = h < holder.size() && holder[h] == all[k], every = v < whole.size() && whole[v] == all[k];
        for (int w = 0; w < lanes.words; w++) {
            uint64_t one = had ? held[h * lanes.words + w] : 0;
            if (every) one |= (lanes.tops[w] & ~lanes.present_in(one, w)) >> (lanes.bits - 1);
            what.push_back(one);
        }
        h += had;
        v += every;
    }
    holder.swap(all);
    held.swap(what);
}

void Tree::place_instances(std::vector<uint64_t> &own) const {
    const int words = lanes.words;
    for (size_t i = 0; i < vertex.size(); i++)
        if (vertex[i] < asked.nodes)
            for (int w = 0; w < words; w++) own[i * words + w] = count[size_t(vertex[i]) * words + w];
}

void Tree::lift_to(int32_t p, const std::vector<uint64_t> &all, std::vector<uint64_t> &own,
                   std::vector<uint64_t> &drop) const {
    const int words = lanes.words;
    uint64_t once[Lanes::MOST_WORDS] = {}, twice[Lanes::MOST_WORDS] = {}, thrice[Lanes::MOST_WORDS] = {};
    for (int32_t c = p + 1; c < last[p]; c = last[c]) {
        if (low[c] < p) continue;
        for (int w = 0; w < words; w++) {
            const uint64_t has = lanes.present(&all[size_t(c) * words], w);
            thrice[w] |= twice[w] & has;
            twice[w] |= once[w] & has;
            once[w] |= has;
        }
    }
    uint64_t *mine = &own[size_t(p) * words];
    for (int w = 0; w < words; w++) {
        // one instance, said to stand at p, in each lane that gets one
        mine[w] |= (thrice[w] & ~lanes.present(mine, w)) >> (lanes.bits - 1);
        thrice[w] = lanes.present(mine, w);
    }
    for (int32_t c = p + 1; c < last[p]; c = last[c]) {
        if (low[c] < p || lanes.full(&all[size_t(c) * words])) continue;
        for (int w = 0; w < words; w++)
            drop[size_t(c) * words + w] = thrice[w] & lanes.present(&all[size_t(c) * words], w);
    }
}

// Moves instances up where no two failures can tell the difference, so that fewer blocks hold one.
// A branch below p that lacks some function is lost whenever it is cut off from p, whatever it holds; it gets a
// function from p if p always has it while it is up: from an instance of its own, or from three branches, as two
// failures hit at most two. So p can be said to hold that function, and the branch not to.
void Tree::lift_instances(std::vector<uint64_t> &own) {
    const int words = lanes.words;
    std::vector<uint64_t> all = own, drop(own.size(), 0);
    branches_.assign(size(), 0);
    for (int32_t p = size() - 1; p >= 0; p--) {
        if (branches_[p]) lift_to(p, all, own, drop);
        const int32_t q = parent[p];
        if (q < 0) continue;
        low[q] = std::min(low[q], low[p]);
        last[q] = std::max(last[q], last[p]);
        uint64_t any = 0;
        for (int w = 0; w < words; w++) {
            any |= all[size_t(p) * words + w];
            all[size_t(q) * words + w] += all[size_t(p) * words + w];
        }
        branches_[q] |= any && low[p] >= q;
    }
    for (int32_t i = 0; i < size(); i++)
        for (int w = 0; w < words; w++) {
            uint64_t &gone = drop[size_t(i) * words + w];
            if (parent[i] >= 0) gone |= drop[size_t(parent[i]) * words + w];
            own[size_t(i) * words + w] &= ~(gone | (gone - (gone >> (lanes.bits - 1))));
        }
}

} // namespace pairs
