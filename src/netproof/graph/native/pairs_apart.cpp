// Pairs of elements that act alone: sums by walking down the search tree, the best partner by maxima over it.
// For x and y, either y is lost when x fails (the loss of x counts), or the other way round, or neither (the sum
// counts). In preorder this is told by the flags UPPER_LOST of each vertex and LOST of the child towards the other.
#include "pairs_apart.h"

namespace pairs {

Wide Apart::nested() const {
    Wide sum;
    std::vector<int32_t> over(tree.size()), ups(tree.size()); // ancestors that lose me; ancestors with UPPER_LOST
    for (size_t r = 0; r < tree.roots.size(); r++) {
        const int32_t first = tree.roots[r], end = tree.last[first];
        int32_t all = 0;
        for (int32_t i = first; i < end; i++) all += tree.element(i) && (tree.flags[i] & UPPER_LOST);
        for (int32_t i = first; i < end; i++) {
            const int32_t p = tree.parent[i];
            over[i] = ups[i] = 0;
            if (i != first) {
                const int32_t counts = tree.element(p);
                over[i] = over[p] + (tree.flags[i] & LOST ? counts : 0);
                ups[i] = ups[p] + (tree.flags[p] & UPPER_LOST ? counts : 0);
            }
            if (!tree.element(i) || (kernels.core[i] && tree.holds(tree.unit[i]))) continue;
            const int32_t self = tree.flags[i] & UPPER_LOST ? 1 : 0;
            sum.add(uint64_t(over[i] + all - ups[i] - self), uint64_t(tree.loss[i]));
        }
    }
    return sum;
}

void Apart::worst_of(int32_t first, int32_t end) const {
    const int32_t size = end - first;
    const auto better = [&](int32_t a, int32_t b) { return a < 0 || (b >= 0 && tree.loss[b] > tree.loss[a]) ? b : a; };
    // [0]: vertices whose failure keeps what is above them, [1]: those whose failure loses it
    std::vector<int32_t> inside[2], ended[2], later[2];
    for (const int up : {0, 1}) {
        inside[up].assign(size, -1);
        ended[up].assign(size_t(size) + 1, -1);
        later[up].assign(size_t(size) + 1, -1);
    }
    std::vector<int32_t> kept(size, -1), losing(size, -1);
    for (int32_t i = end - 1; i >= first; i--) {
        const int own = tree.flags[i] & UPPER_LOST ? 1 : 0;
        for (const int up : {0, 1}) later[up][i - first] = later[up][i - first + 1];
        // `inside` holds the best of the children by now
        losing[i - first] = inside[1][i - first];
        if (tree.element(i)) {
            inside[own][i - first] = better(inside[own][i - first], i);
            later[own][i - first] = better(later[own][i - first], i);
            int32_t &cell = ended[own][tree.last[i] - first];
            cell = better(cell, i);
        }
        if (i == first) break;
        const int32_t p = tree.parent[i] - first;
        for (const int up : {0, 1}) inside[up][p] = better(inside[up][p], inside[up][i - first]);
        if (!(tree.flags[i] & LOST)) kept[p] = better(kept[p], inside[0][i - first]);
    }
    for (const int up : {0, 1})
        for (int32_t k = 1; k <= size; k++) ended[up][k] = better(ended[up][k], ended[up][k - 1]);
    std::vector<int32_t> &over_lost = inside[0], &over_kept = inside[1]; // no longer needed for the above
    for (int32_t i = first; i < end; i++) {
        const int32_t p = tree.parent[i], k = i - first;
        int32_t lost = -1, keep = -1;
        if (i != first) {
            const int32_t counts = tree.element(p) ? p : -1;
            lost = better(over_lost[p - first], tree.flags[i] & LOST ? counts : -1);
            keep = better(over_kept[p - first], tree.flags[i] & LOST ? -1 : counts);
        }
        over_lost[k] = lost;
        over_kept[k] = keep;
        if (!tree.element(i)) continue;
        const int32_t past = tree.last[i] - first;
        int32_t outer = better(better(lost, losing[k]), better(ended[1][k], later[1][past]));
        int32_t beside = kept[k];
        if (!(tree.flags[i] & UPPER_LOST)) beside = better(better(beside, keep), better(ended[0][k], later[0][past]));
        if (outer >= 0) found.raise(i, tree.loss[outer], outer);
        if (beside >= 0 && tree.loss[beside] > 0) found.raise(i, tree.loss[i] + tree.loss[beside], beside);
    }
}

void Apart::worst() const {
    struct Best {
        int32_t root = -1, who = -1;
    } best, second;
    for (const int32_t root : tree.roots) {
        Best mine{root, -1};
        for (int32_t i = root; i < tree.last[root]; i++)
            if (tree.element(i) && (mine.who < 0 || tree.loss[i] > tree.loss[mine.who])) mine.who = i;
        worst_of(root, tree.last[root]);
        if (best.who < 0 || tree.loss[mine.who] > tree.loss[best.who]) {
            second = best;
            best = mine;
        } else if (second.who < 0 || tree.loss[mine.who] > tree.loss[second.who]) {
            second = mine;
        }
    }
    for (const int32_t root : tree.roots) { // other components: losses add up
        const int32_t other = best.root == root ? second.who : best.who;
        if (other < 0 || tree.loss[other] == 0) continue;
        for (int32_t i = root; i < tree.last[root]; i++)
            if (tree.element(i)) found.raise(i, tree.loss[i] + tree.loss[other], other);
    }
}

// Whether y is what x's branch, set apart, hangs on, and the branch lists the pair.
bool Apart::at_attachment(int32_t x, int32_t y) const {
    if (tree.parent[tree.unit[x]] != y || !tree.holds(tree.unit[x])) return false;
    const int32_t a = kernels.chain_of[x];
    return kernels.core[x] || (a >= 0 && kernels.chains[a].kind == BUNDLED &&
                               (kernels.chains[a].end_u == y || kernels.chains[a].end_v == y));
}

// Whether no joint effect is possible, so that a pair is not listed by its kernel or chain as well.
bool Apart::alone(int32_t x, int32_t y) const {
    if (tree.unit[x] != tree.unit[y]) return !at_attachment(x, y) && !at_attachment(y, x);
    if (kernels.core[x] && kernels.core[y]) return false;
    const int32_t a = kernels.chain_of[x], b = kernels.chain_of[y];
    if (a >= 0 && a == b) return false;
    if (a >= 0 && kernels.chains[a].kind == BUNDLED) {
        const Chain &c = kernels.chains[a];
        if (c.end_u == y || c.end_v == y || (b >= 0 && c.twin == b)) return false;
    }
    if (b >= 0 && kernels.chains[b].kind == BUNDLED) {
        const Chain &c = kernels.chains[b];
        if (c.end_u == x || c.end_v == x) return false;
    }
    return true;
}

namespace {

// Vertices by a key, highest first; sorted only as far as they are asked for.
class Falling {
    const std::vector<people_t> &key_;
    std::vector<int32_t> heap_, sorted_;
    auto by() const {
        return [this](int32_t a, int32_t b) { return key_[a] != key_[b] ? key_[a] < key_[b] : a > b; };
    }

  public:
    explicit Falling(const std::vector<people_t> &key) : key_(key) {}
    void add(int32_t i) { heap_.push_back(i); }
    void begin() { std::make_heap(heap_.begin(), heap_.end(), by()); }
    int32_t at(size_t rank) { // -1: there are fewer
        while (sorted_.size() <= rank) {
            if (heap_.empty()) return -1;
            std::pop_heap(heap_.begin(), heap_.end(), by());
            sorted_.push_back(heap_.back());
            heap_.pop_back();
        }
        return sorted_[rank];
    }
};

} // namespace

// Takes elements by their bound from above, worst partner first; of each, the partners in order of their own loss.
// Every pair above the floor is met from both ends; of the two that are done, the later one leaves it out.
void Apart::top() const {
    if (found.wanted == 0) return;
    Falling lossy(tree.loss), order(found.worst);
    for (int32_t i = 0; i < tree.size(); i++) {
        if (!tree.element(i)) continue;
        if (tree.loss[i] > 0) lossy.add(i);
        if (found.worst[i] > 0) order.add(i);
    }
    lossy.begin();
    order.begin();
    std::vector<int32_t> idle; // elements whose own failure loses nobody, as numbered outside
    for (int32_t v = 0; v < tree.elements && idle.size() < found.wanted + 1; v++)
        if (tree.place[v] < 0) idle.push_back(v);
    std::vector<int32_t> towards(tree.size(), -1), child;
    std::vector<uint8_t> done(tree.size(), 0);
    for (size_t rank = 0;; rank++) {
        const int32_t x = order.at(rank);
        if (x < 0 || found.worst[x] <= found.floor()) break;
        done[x] = 1;
        for (int32_t i = x; tree.parent[i] >= 0; i = tree.parent[i]) towards[tree.parent[i]] = i;
        child.clear();
        for (int32_t c = x + 1; c < tree.last[x]; c = tree.last[c]) child.push_back(c);
        const auto loses_me = [&](int32_t y) {
            return (tree.flags[towards[y] >= 0 ? towards[y] : y] & (towards[y] >= 0 ? LOST : UPPER_LOST)) != 0;
        };
        const auto i_lose = [&](int32_t y) {
            if (y < x || y >= tree.last[x]) return (tree.flags[x] & UPPER_LOST) != 0;
            return (tree.flags[*(std::upper_bound(child.begin(), child.end(), y) - 1)] & LOST) != 0;
        };
        const int32_t root = tree.roots[size_t(
            std::upper_bound(tree.roots.begin(), tree.roots.end(), x) - tree.roots.begin() - 1)];
        const auto meet = [&](int32_t y) {
            if (done[y] || !alone(x, y)) return;
            if (y < root || y >= tree.last[root]) found.offer(tree.loss[x] + tree.loss[y], x, y);
            else if (i_lose(y)) found.offer(tree.loss[x], x, y);
            else if (loses_me(y)) found.offer(tree.loss[y], x, y);
            else found.offer(tree.loss[x] + tree.loss[y], x, y);
        };
        for (size_t next = 0;; next++) {
            const int32_t y = lossy.at(next);
            if (y < 0 || tree.loss[x] + tree.loss[y] <= found.floor()) break;
            meet(y);
        }
        for (int32_t y = 0; y < tree.size() && tree.loss[x] > found.floor(); y++)
            if (tree.element(y) && tree.loss[y] == 0) meet(y);
        for (const int32_t v : idle) found.offer_outside(tree.loss[x], tree.vertex[x], v);
        for (int32_t i = x; tree.parent[i] >= 0; i = tree.parent[i]) towards[tree.parent[i]] = -1;
    }
}

} // namespace pairs
