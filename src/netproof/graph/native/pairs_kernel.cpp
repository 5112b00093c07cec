// Units, chains and bundles.
#include "pairs_kernel.h"

#include <algorithm>

namespace pairs {

Kernels::Kernels(const Tree &given) : tree(given) {
    const int32_t n = tree.size();
    chain_of.assign(n, -1);
    core.assign(n, 0);
    degree_.assign(n, 0);
    number_.assign(n, -1);
    std::vector<int32_t> start(size_t(n) + 1, 0);
    for (int32_t i = 0; i < n; i++) {
        start[tree.unit[i] + 1]++;
        if (!tree.is_link(i)) continue;
        for (const bool head : {false, true}) {
            const int32_t other = tree.end_of(i, head), unit = tree.unit[std::max(i, other)];
            degree_[i] += tree.unit[i] == unit;
            degree_[other] += tree.unit[other] == unit;
        }
    }
    for (int32_t i = 0; i < n; i++) start[i + 1] += start[i];
    std::vector<int32_t> member(n), next(start.begin(), start.end() - 1);
    for (int32_t i = 0; i < n; i++) member[next[tree.unit[i]]++] = i;
    for (int32_t unit = 0; unit < n; unit++) {
        const size_t members = size_t(start[unit + 1] - start[unit]);
        if (members > 1) take_unit(unit, &member[start[unit]], members);
        else if (members == 1 && tree.parent[unit] < 0) core[unit] = 1;
    }
    degree_ = {};
    number_ = {};
    path_ = {};
}

// Appends to `path_` the vertices from `link` (left out) over one of its ends to the next kernel vertex, `end`.
void Kernels::follow(int32_t unit, int32_t attachment, int32_t link, bool head, int32_t &end) {
    int32_t at = tree.end_of(link, head), from = link;
    while (at != attachment && !is_kernel(at)) {
        path_.push_back(at);
        const int32_t node = tree.vertex[at];
        int32_t onward = -1;
        for (int32_t k = tree.start[node]; k < tree.start[node + 1] && onward < 0; k++) {
            const int32_t next = tree.place[tree.asked.nodes + tree.adjacent[k]];
            if (next != from && tree.unit[std::max(at, next)] == unit) onward = next;
        }
        path_.push_back(onward);
        from = onward;
        const int32_t one = tree.end_of(onward, false);
        at = one == at ? tree.end_of(onward, true) : one;
    }
    end = at;
}

// Makes a chain of `path_`, turned so that u is not after v.
void Kernels::close(int32_t end_u, int32_t end_v, int32_t u, int32_t v) {
    if (u > v) {
        std::swap(u, v);
        std::swap(end_u, end_v);
        std::reverse(path_.begin(), path_.end());
    }
    Chain made{int64_t(item.size()), 0, u, v, end_u, end_v, SINGLE, -1, -1, 0, 0, 0};
    const auto number = int32_t(chains.size());
    for (const int32_t i : path_) {
        chain_of[i] = number;
        if (!tree.element(i)) continue; // a link that is no element: nothing hangs on it
        item.push_back(i);
        before.push_back(made.total);
        made.sum_left += made.total;
        made.total += tree.hang[i];
        if (made.hottest < 0 || tree.hang[i] > tree.hang[made.hottest]) made.hottest = i;
        made.elements++;
    }
    made.sum_right = made.elements * made.total - made.sum_left - made.total;
    chains.push_back(made);
}

void Kernels::bundle(Kernel &kernel, size_t first_chain) {
    const auto key = [](const Chain &c) { return std::pair(c.u, c.v); };
    std::sort(chains.begin() + int64_t(first_chain), chains.end(),
              [&](const Chain &a, const Chain &b) { return key(a) != key(b) ? key(a) < key(b) : a.begin < b.begin; });
    for (size_t c = first_chain; c < chains.size();) {
        size_t end = c;
        Edge made{chains[c].u, chains[c].v, int32_t(c), 0, 0};
        for (; end < chains.size() && key(chains[end]) == key(chains[c]); end++) {
            made.total += chains[end].total;
            made.chains++;
        }
        const Kind kind = made.u == made.v ? RING : made.chains > 1 ? BUNDLED : SINGLE;
        for (; c < end; c++) {
            chains[c].kind = kind;
            for (int64_t k = chains[c].begin; k < chains[c].begin + chains[c].elements; k++) {
                chain_of[item[k]] = int32_t(c);
                core[item[k]] = kind == SINGLE;
            }
            if (kind == SINGLE) kernel.core += chains[c].elements;
        }
        if (kind == RING) continue;
        if (kind == SINGLE && chains[made.first].elements) kernel.singles.push_back(int32_t(kernel.edges.size()));
        kernel.edges.push_back(made);
    }
    kernel.start.assign(kernel.vertex.size() + 1, 0);
    for (const Edge &e : kernel.edges) kernel.start[e.u + 1]++, kernel.start[e.v + 1]++;
    for (size_t v = 0; v < kernel.vertex.size(); v++) kernel.start[v + 1] += kernel.start[v];
    std::vector<int32_t> next(kernel.start.begin(), kernel.start.end() - 1);
    kernel.arms.resize(2 * kernel.edges.size());
    for (size_t e = 0; e < kernel.edges.size(); e++)
        for (const bool back : {false, true}) {
            const int32_t from = back ? kernel.edges[e].v : kernel.edges[e].u;
            const int32_t to = back ? kernel.edges[e].u : kernel.edges[e].v;
            kernel.arms[next[from]++] = {to, int32_t(e), kernel.edges[e].total};
        }
}

void Kernels::take_unit(int32_t unit, const int32_t *member, size_t members) {
    const int32_t attachment = tree.parent[unit] < 0 ? -1 : tree.parent[unit];
    Kernel kernel;
    kernel.unit = unit;
    kernel.attachment = attachment;
    if (attachment >= 0) kernel.vertex.push_back(attachment);
    for (size_t k = 0; k < members; k++) {
        const int32_t i = member[k];
        if (!is_kernel(i)) continue;
        number_[i] = int32_t(kernel.vertex.size());
        kernel.vertex.push_back(i);
        if (tree.element(i)) core[i] = 1, kernel.core++;
    }
    const auto number = [&](int32_t i) { return i == attachment ? 0 : number_[i]; };
    const size_t first_chain = chains.size();
    for (size_t k = 0; k < members; k++) {
        const int32_t i = member[k];
        if (!tree.is_link(i) || chain_of[i] >= 0) continue;
        if (number_[i] >= 0) { // not compressed: two edges without anything between
            for (const bool head : {false, true}) {
                const int32_t other = tree.end_of(i, head);
                path_.clear();
                close(i, other, number(i), number(other));
            }
            continue;
        }
        int32_t end_u = -1, end_v = -1;
        path_.clear();
        follow(unit, attachment, i, false, end_u);
        std::reverse(path_.begin(), path_.end());
        path_.push_back(i);
        follow(unit, attachment, i, true, end_v);
        close(end_u, end_v, number(end_u), number(end_v));
    }
    if (kernel.vertex.size() == 1 && attachment >= 0) { // a ring: closed forms only
        chains.back().kind = RING;
        return;
    }
    bundle(kernel, first_chain);
    kernels.push_back(std::move(kernel));
}

} // namespace pairs
