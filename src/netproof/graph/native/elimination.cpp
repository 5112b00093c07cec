// Takes nodes out in the order of their degree, following rings and chains in place.
#include "elimination.h"

#include <algorithm>
#include <new>
#include <unordered_map>

namespace netproof {
namespace {

// Above this many neighbours two nodes are looked up as a pair, not searched in a list.
constexpr int32_t LONG = 48;

struct Entry {
    int32_t to;    // the neighbour
    int32_t slot;
    int32_t mate;  // where the neighbour lists this node
};

class Eliminator {
  public:
    Eliminator(Elimination &plan, const int32_t *tail, const int32_t *head) : plan_(plan) { join(tail, head); }

    void run(int32_t degree_max) {
        stacks_.resize(static_cast<size_t>(degree_max) + 1);
        plan_.start.push_back(0);
        std::vector<int32_t> left(plan_.nodes);
        for (int32_t v = 0; v < plan_.nodes; ++v) left[v] = v;
        for (int32_t limit = std::min(degree_max, 1); limit <= degree_max && !left.empty(); ++limit) {
            for (int32_t v : left) {
                push(v, limit);
                drain(limit);
            }
            left.erase(std::remove_if(left.begin(), left.end(), [&](int32_t v) { return gone_[v] != 0; }), left.end());
        }
        plan_.eliminated = static_cast<int32_t>(plan_.node.size());
        kernel(left);
        number();
    }

  private:
    Elimination &plan_;
    std::vector<Entry> entry_;
    std::vector<int32_t> first_, length_, room_;
    std::vector<uint8_t> gone_, long_;
    std::vector<int32_t> slot_link_, slot_place_;
    std::vector<uint8_t> slot_kind_;
    std::vector<std::vector<int32_t>> stacks_;
    std::vector<Entry> around_;
    std::unordered_map<uint64_t, int32_t> pairs_;

    // Merges parallel links, leaves self-loops out and lists the neighbours of each node.
    void join(const int32_t *tail, const int32_t *head) {
        const int32_t n = plan_.nodes, m = plan_.links;
        std::vector<int32_t> low(static_cast<size_t>(n) + 1, 0), order(m), seen(n, -1), slot_of(n), ends;
        for (int32_t l = 0; l < m; ++l) ++low[std::min(tail[l], head[l]) + 1];
        for (int32_t v = 0; v < n; ++v) low[v + 1] += low[v];
        first_.assign(low.begin(), low.end() - 1);
        for (int32_t l = 0; l < m; ++l) order[first_[std::min(tail[l], head[l])]++] = l;
        length_.assign(n, 0);
        slot_link_.reserve(m);
        slot_kind_.reserve(m);
        ends.reserve(2 * static_cast<size_t>(m));
        for (int32_t v = 0; v < n; ++v) {
            for (int32_t i = low[v]; i < low[v + 1]; ++i) {
                const int32_t l = order[i], u = tail[l] == v ? head[l] : tail[l];
                if (u == v) continue;
                if (seen[u] == v) {
                    if (plan_.next.empty()) plan_.next.assign(m, -1);
                    const int32_t s = slot_of[u];
                    plan_.next[l] = slot_link_[s];
                    slot_link_[s] = l;
                    slot_kind_[s] = PARALLEL;
                    continue;
                }
                seen[u] = v;
                slot_of[u] = static_cast<int32_t>(slot_link_.size());
                slot_link_.push_back(l);
                slot_kind_.push_back(0);
                ends.push_back(v);
                ends.push_back(u);
                ++length_[v];
                ++length_[u];
            }
        }
        gone_.assign(n, 0);
        long_.assign(n, 0);
        room_ = length_;
        entry_.resize(ends.size());
        for (int32_t v = 0, at = 0; v < n; ++v) {
            first_[v] = at;
            at += length_[v];
            length_[v] = 0;
        }
        for (size_t s = 0; s < slot_link_.size(); ++s) add(ends[2 * s], ends[2 * s + 1], static_cast<int32_t>(s));
        slot_place_.assign(slot_link_.size(), -1);
    }

    static uint64_t both(int32_t a, int32_t b) {
        return static_cast<uint64_t>(static_cast<uint32_t>(std::min(a, b))) << 32 | static_cast<uint32_t>(std::max(a, b));
    }

    int32_t slot_end(int32_t v) {
        if (length_[v] == room_[v]) {
            const int32_t from = first_[v], more = std::max(8, 2 * room_[v]);
            first_[v] = static_cast<int32_t>(entry_.size());
            room_[v] = more;
            entry_.resize(entry_.size() + more);
            if (entry_.size() > INT32_MAX) throw std::bad_alloc();
            for (int32_t i = 0; i < length_[v]; ++i) {
                entry_[first_[v] + i] = entry_[from + i];
                entry_[entry_[from + i].mate].mate = first_[v] + i;
            }
        }
        return first_[v] + length_[v]++;
    }

    void add(int32_t a, int32_t b, int32_t slot) {
        const int32_t at_a = slot_end(a), at_b = slot_end(b);
        entry_[at_a] = {b, slot, at_b};
        entry_[at_b] = {a, slot, at_a};
        if (long_[a] || long_[b]) pairs_[both(a, b)] = slot;
    }

    void remove(int32_t v, int32_t at) {
        const int32_t last = first_[v] + --length_[v];
        if (at == last) return;
        entry_[at] = entry_[last];
        entry_[entry_[at].mate].mate = at;
    }

    void note(int32_t v) {
        if (long_[v]) return;
        long_[v] = 1;
        for (int32_t i = 0; i < length_[v]; ++i) pairs_[both(v, entry_[first_[v] + i].to)] = entry_[first_[v] + i].slot;
    }

    int32_t find(int32_t a, int32_t b) {
        if (length_[a] > length_[b]) std::swap(a, b);
        if (length_[a] > LONG) {
            note(a);
            note(b);
            const auto found = pairs_.find(both(a, b));
            return found == pairs_.end() ? -1 : found->second;
        }
        for (int32_t i = first_[a]; i < first_[a] + length_[a]; ++i)
            if (entry_[i].to == b) return entry_[i].slot;
        return -1;
    }

    void push(int32_t v, int32_t limit) {
        if (!gone_[v] && length_[v] <= limit) stacks_[length_[v]].push_back(v);
    }

    void drain(int32_t limit) {
        for (int32_t d = 0; d <= limit;) {
            if (stacks_[d].empty()) {
                ++d;
                continue;
            }
            const int32_t v = stacks_[d].back();
            stacks_[d].pop_back();
            if (gone_[v] || length_[v] != d) continue;  // it was listed again where it stands now
            eliminate(v);
            for (const Entry &e : around_) push(e.to, limit);
            d = 0;
        }
    }

    void eliminate(int32_t v) {
        gone_[v] = 1;
        around_.assign(entry_.begin() + first_[v], entry_.begin() + first_[v] + length_[v]);
        // The mates move while lists shrink: read each from v's own list, which is kept up to date.
        for (int32_t i = 0; i < static_cast<int32_t>(around_.size()); ++i)
            remove(around_[i].to, entry_[first_[v] + i].mate);
        for (const Entry &e : around_) {
            slot_place_[e.slot] = static_cast<int32_t>(plan_.up.size());
            plan_.up.push_back(e.to);
            plan_.link.push_back(slot_link_[e.slot]);
            plan_.kind.push_back(slot_kind_[e.slot]);
        }
        for (size_t i = 0; i < around_.size(); ++i)
            for (size_t j = i + 1; j < around_.size(); ++j) plan_.pair.push_back(fill(around_[i].to, around_[j].to));
        plan_.node.push_back(v);
        if (plan_.up.size() > INT32_MAX) throw std::bad_alloc();
        plan_.start.push_back(static_cast<int32_t>(plan_.up.size()));
    }

    int32_t fill(int32_t a, int32_t b) {
        int32_t s = find(a, b);
        if (s < 0) {
            s = static_cast<int32_t>(slot_link_.size());
            slot_link_.push_back(-1);
            slot_kind_.push_back(0);
            slot_place_.push_back(-1);
            add(a, b, s);
        }
        if (slot_kind_[s] & FILLED) return s;
        slot_kind_[s] |= FILLED;
        return ~s;
    }

    // Numbers what is left breadth first and backwards, so that each row's reference comes later.
    void kernel(const std::vector<int32_t> &left) {
        std::vector<int32_t> queue, parent(plan_.nodes, -1);
        std::vector<uint8_t> seen(plan_.nodes, 0);
        for (int32_t root : left) {
            if (seen[root]) continue;
            seen[root] = 1;
            queue.push_back(root);
            for (size_t at = queue.size() - 1; at < queue.size(); ++at) {
                const int32_t v = queue[at];
                for (int32_t i = first_[v]; i < first_[v] + length_[v]; ++i) {
                    const int32_t u = entry_[i].to;
                    if (seen[u]) continue;
                    seen[u] = 1;
                    parent[u] = v;
                    queue.push_back(u);
                }
            }
        }
        std::reverse(queue.begin(), queue.end());
        plan_.node.insert(plan_.node.end(), queue.begin(), queue.end());
        plan_.row.assign(plan_.nodes, 0);
        for (int32_t r = 0; r < plan_.nodes; ++r) plan_.row[plan_.node[r]] = r;
        plan_.reference.assign(plan_.nodes, -1);
        plan_.step.assign(plan_.nodes, {0, WIDE, -1, -1});
        plan_.kernel_start.push_back(0);
        for (int32_t v : queue) {
            if (parent[v] >= 0) plan_.reference[plan_.row[v]] = plan_.row[parent[v]];
            plan_.step[plan_.row[v]].inner = 0;
            for (int32_t i = first_[v]; i < first_[v] + length_[v]; ++i) {
                const int32_t s = entry_[i].slot;
                if (slot_place_[s] < 0) {
                    slot_place_[s] = static_cast<int32_t>(plan_.link.size());
                    plan_.link.push_back(slot_link_[s]);
                    plan_.kind.push_back(slot_kind_[s]);
                }
                plan_.kernel_to.push_back(plan_.row[entry_[i].to] - plan_.eliminated);
                plan_.kernel_slot.push_back(slot_place_[s]);
            }
            plan_.kernel_start.push_back(static_cast<int32_t>(plan_.kernel_to.size()));
        }
    }

    // Turns nodes and slots into rows and places, and names each row's reference and component.
    void number() {
        for (int32_t &s : plan_.pair) s = s < 0 ? ~slot_place_[~s] : slot_place_[s];
        for (int32_t &u : plan_.up) u = plan_.row[u];
        plan_.component.assign(plan_.nodes, 0);
        for (int32_t r = plan_.nodes - 1; r >= 0; --r) {
            Step &step = plan_.step[r];
            step.node = plan_.node[r];
            int32_t &best = plan_.reference[r];
            if (r < plan_.eliminated) {
                const int32_t first = plan_.start[r], last = plan_.start[r + 1];
                for (int32_t b = first; b < last; ++b) {
                    plan_.step[plan_.up[b]].inner = 0;
                    best = b == first ? plan_.up[b] : std::min(best, plan_.up[b]);
                }
                step.slot = last == first ? ALONE : last == first + 1 ? first : WIDE;
            }
            plan_.component[r] = best < 0 ? plan_.components++ : plan_.component[best];
        }
        for (int32_t r = 0; r < plan_.nodes; ++r) {
            if (plan_.step[r].inner == 0) plan_.step[r].inner = plan_.inner++;
            if (r < plan_.eliminated && plan_.step[r].slot == WIDE) plan_.wide.push_back(r);
        }
        plan_.up_inner.reserve(plan_.up.size());
        for (const int32_t u : plan_.up) plan_.up_inner.push_back(plan_.step[u].inner);
        for (int32_t r = 0; r < plan_.nodes; ++r)
            if (plan_.reference[r] >= 0) plan_.step[r].up = plan_.step[plan_.reference[r]].inner;
    }
};

}  // namespace
}  // namespace netproof

using netproof::Elimination;

NETPROOF_API int32_t netproof_elimination_make(int32_t nodes, int32_t links, const int32_t *tail, const int32_t *head,
                                               int32_t degree_max, void **made) {
    Elimination *plan = nullptr;
    try {
        plan = new Elimination;
        plan->nodes = nodes;
        plan->links = links;
        netproof::Eliminator(*plan, tail, head).run(degree_max);
        *made = plan;
        return NETPROOF_OK;
    } catch (...) {
        delete plan;
        return NETPROOF_NO_MEMORY;
    }
}

NETPROOF_API void netproof_elimination_free(void *made) { delete static_cast<Elimination *>(made); }

// What it came to: rows taken out, kernel, slots, pairs, components.
NETPROOF_API void netproof_elimination_sizes(const void *made, int64_t *sizes) {
    const Elimination &plan = *static_cast<const Elimination *>(made);
    sizes[0] = plan.eliminated;
    sizes[1] = plan.nodes - plan.eliminated;
    sizes[2] = static_cast<int64_t>(plan.link.size());
    sizes[3] = static_cast<int64_t>(plan.pair.size());
    sizes[4] = plan.components;
}

// The component of the whole graph each node is in: int32[nodes].
NETPROOF_API void netproof_elimination_components(const void *made, int32_t *component) {
    const Elimination &plan = *static_cast<const Elimination *>(made);
    for (int32_t v = 0; v < plan.nodes; ++v) component[v] = plan.component[plan.row[v]];
}
