// One row: the kernel without one vertex or one chain, and what each other vertex and chain loses then.
#include "pairs_rows.h"

#include <functional>

#include "pairs_search.h"

namespace pairs {

namespace {

template <int WORDS> class KernelRows final : public Rows, private Search<WORDS> {
    using Base = Search<WORDS>;
    using Base::all_, Base::any_dead_, Base::base_, Base::base_marks_, Base::family, Base::hang_, Base::kernel_,
        Base::loss_at, Base::met_, Base::most, Base::search, Base::size_, Base::spot_, Base::sum, Base::tree_, Base::value;

  public:
    KernelRows(Kernels &kernels, const Kernel &kernel, Found &found, Sums &sums)
        : Base(kernels, kernel), chains_(kernels.chains), found_(found), sums_(sums), counts_(size_) {
        for (int32_t v = 0; v < size_; v++) {
            counts_[v] = kernel.vertex[v] != kernel.attachment && tree_.element(kernel.vertex[v]);
            if (counts_[v]) vertices_.push_back(v);
        }
        for (const int32_t e : kernel.singles) {
            const Chain &c = chain(e);
            elements_ += c.elements;
            total_ += c.total;
            if (hottest_ < 0 || heat(e) > heat(hottest_)) second_ = hottest_, hottest_ = e;
            else if (second_ < 0 || heat(e) > heat(second_)) second_ = e;
        }
    }

    int64_t rows() const override { return int64_t(vertices_.size() + kernel_.singles.size()) + beside(); }
    int64_t cost() const override { return size_ + int64_t(kernel_.edges.size()) + 64; }

    void row(int64_t number) override {
        if (number < beside()) return without_attachment();
        number -= beside();
        if (number < int64_t(vertices_.size())) without_vertex(vertices_[number]);
        else without_chain(kernel_.singles[number - int64_t(vertices_.size())]);
    }

    void whole() override {
        if (!tree_.holds(kernel_.unit)) return; // a block: one bundle never holds it together
        bool any = false;
        for (const Edge &e : kernel_.edges) any |= e.chains == 2;
        if (!any) return;
        search(-1, -1);
        for (int32_t i = 1; i < met_; i++) {
            const auto &s = spot_[i];
            if (s.parent < 0 || s.low <= s.parent || kernel_.edges[s.edge].chains != 2) continue;
            twins(kernel_.edges[s.edge], i);
        }
    }

  private:
    std::vector<Chain> &chains_;
    Found &found_;
    Sums &sums_;
    std::vector<uint8_t> counts_; // whether a vertex is an element of this unit
    std::vector<int32_t> vertices_;
    std::vector<people_t> pending_; // chains between the vertex that fails and this one
    // Of all single chains: their elements and people, and the two with the element on which most hangs.
    int64_t elements_ = 0;
    people_t total_ = 0;
    int32_t hottest_ = -1, second_ = -1;
    std::vector<int32_t> special_; // single chains to look at, as others lose just what hangs on each element

    const Chain &chain(int32_t e) const { return all_.chains[kernel_.edges[e].first]; }
    people_t heat(int32_t e) const { return tree_.hang[chain(e).hottest]; }

    // Lists the single chains that may lose more than their own, or all if `every`; without chain `e`, if it fails.
    void list_special(int32_t x, int32_t e, bool every) {
        special_.clear();
        const auto list = [&](int32_t edge) {
            if (kernel_.edges[edge].chains == 1 && chain(edge).elements > 0) special_.push_back(edge);
        };
        if (every) {
            for (const int32_t edge : kernel_.singles)
                if (edge != e) special_.push_back(edge);
            return;
        }
        for (int32_t k = x < 0 ? 0 : kernel_.start[x]; x >= 0 && k < kernel_.start[x + 1]; k++)
            list(kernel_.arms[k].edge);
        for (int32_t i = 0; i < met_; i++)
            if (spot_[i].low > spot_[i].parent && spot_[i].parent >= 0) list(spot_[i].edge);
    }

    // Whether what this unit hangs on is a partner too: only if the unit holds instances, as it is lost otherwise.
    bool beside() const {
        return kernel_.attachment >= 0 && tree_.holds(kernel_.unit) && tree_.element(kernel_.attachment);
    }
    void without_attachment();
    void without_vertex(int32_t x);
    void bundles_at(int32_t x, int32_t vertex);
    void without_chain(int32_t e);
    void together(const Chain &c, const Family &f, const Chain &d, const Family &g, people_t constant);
    void twins(const Edge &edge, int32_t lower);
};

template <int WORDS> void KernelRows<WORDS>::without_vertex(int32_t x) {
    const int32_t me = kernel_.vertex[x];
    pending_.assign(size_, 0);
    for (int32_t k = kernel_.start[x]; k < kernel_.start[x + 1]; k++)
        pending_[kernel_.arms[k].other] = kernel_.arms[k].total;
    search(x, -1);
    base_ += hang_[x];
    people_t total = 0, best = -1;
    int32_t who = -1;
    uint8_t marks;
    for (int32_t i = 0; i < met_; i++) {
        const int32_t v = spot_[i].vertex;
        if (!counts_[v]) continue;
        const people_t loss = loss_at(i, hang_[v] + pending_[v], marks);
        total += base_ + loss;
        if (loss > best) best = loss, who = kernel_.vertex[v];
        if (v > x && base_ + loss > found_.floor()) found_.offer(base_ + loss, me, kernel_.vertex[v]);
    }
    const bool every = any_dead_ || (hottest_ >= 0 && base_ + heat(hottest_) > found_.floor());
    if (!every && hottest_ >= 0) {
        total += elements_ * base_ + total_;
        if (heat(hottest_) > best) best = heat(hottest_), who = chain(hottest_).hottest;
    }
    list_special(x, -1, every);
    for (const int32_t e : special_) {
        const Chain &c = chain(e);
        const Family f = family(e, x);
        total += sum(c, f) + (every ? c.elements * base_ : -c.total);
        const auto [loss, where] = most(c, f);
        if (loss > best) best = loss, who = where;
        if (base_ + loss <= found_.floor()) continue;
        for (int64_t at = c.begin; at < c.begin + c.elements; at++)
            found_.offer(base_ + value(c, at, f), me, all_.item[at]);
    }
    sums_.ordered.add(uint64_t(total));
    if (who >= 0) found_.raise(me, base_ + best, who);
    bundles_at(x, me);
}

// What a branch set apart hangs on fails, with an element of the branch.
template <int WORDS> void KernelRows<WORDS>::without_attachment() {
    const int32_t me = kernel_.attachment;
    pending_.assign(size_, 0);
    for (int32_t k = kernel_.start[0]; k < kernel_.start[1]; k++)
        pending_[kernel_.arms[k].other] = kernel_.arms[k].total;
    search(0, -1);
    base_ = tree_.loss[me]; // the branch itself is still served
    const auto pair = [&](int32_t i, people_t loss) {
        sums_.extra.add(uint64_t(loss));
        sums_.extra.take(Wide{uint64_t(tree_.loss[i]), 0});
        found_.raise(me, base_ + loss, i);
        found_.raise(i, base_ + loss, me);
        found_.offer(base_ + loss, me, i);
    };
    uint8_t marks;
    for (int32_t i = 0; i < met_; i++) {
        const int32_t v = spot_[i].vertex;
        if (counts_[v]) pair(kernel_.vertex[v], loss_at(i, hang_[v] + pending_[v], marks));
    }
    for (const int32_t e : kernel_.singles) {
        const Family f = family(e, 0);
        for (int64_t at = chain(e).begin; at < chain(e).begin + chain(e).elements; at++)
            pair(all_.item[at], value(chain(e), at, f));
    }
    bundles_at(0, me);
}

// A vertex with an element of a bundle at it: what lies between them is cut off.
template <int WORDS> void KernelRows<WORDS>::bundles_at(int32_t x, int32_t me) {
    for (int32_t k = kernel_.start[x]; k < kernel_.start[x + 1]; k++) {
        const Edge &edge = kernel_.edges[kernel_.arms[k].edge];
        if (edge.chains < 2) continue;
        const Family f = family(kernel_.arms[k].edge, x);
        for (int32_t number = edge.first; number < edge.first + edge.chains; number++) {
            const Chain &c = all_.chains[number];
            if (c.elements == 0) continue;
            if (f.own) sums_.extra.add(uint64_t(f.left ? c.sum_left : c.sum_right));
            const auto [loss, where] = most(c, f);
            found_.raise(me, base_ + loss, where);
            const bool high = base_ + loss > found_.floor();
            for (int64_t at = c.begin; at < c.begin + c.elements; at++) {
                const people_t each = base_ + value(c, at, f);
                found_.raise(all_.item[at], each, me);
                if (high) found_.offer(each, me, all_.item[at]);
            }
        }
    }
}

template <int WORDS> void KernelRows<WORDS>::without_chain(int32_t e) {
    const Chain &mine = chain(e);
    search(-1, e);
    struct Best {
        people_t loss = -1;
        int32_t who = -1;
    } best[4]; // by which ends of the chain are lost
    people_t total = 0;
    int64_t partners = 0, at_u = 0, at_v = 0;
    const auto note = [&](people_t loss, int32_t who, uint8_t marks, int64_t how_many) {
        partners += how_many;
        if (marks & AT_U) at_u += how_many;
        if (marks & AT_V) at_v += how_many;
        if (loss > best[marks].loss) best[marks] = {loss, who};
    };
    const auto shape = [](uint8_t marks) {
        return Family{0, true, (marks & AT_U) != 0, (marks & AT_V) != 0, marks};
    };
    people_t most_of_mine[4];
    for (uint8_t marks = 0; marks < 4; marks++) most_of_mine[marks] = most(mine, shape(marks)).first;
    uint8_t marks;
    for (int32_t i = 0; i < met_; i++) {
        const int32_t v = spot_[i].vertex;
        if (!counts_[v]) continue;
        const people_t loss = base_ + loss_at(i, hang_[v], marks);
        total += loss;
        note(loss, kernel_.vertex[v], marks, 1);
    }
    const int32_t hot = hottest_ == e ? second_ : hottest_;
    const bool every = any_dead_ || (hot >= 0 && base_ + heat(hot) + most_of_mine[0] > found_.floor());
    if (!every && hot >= 0) {
        total += (elements_ - mine.elements) * base_ + total_ - mine.total;
        note(base_ + heat(hot), chain(hot).hottest, 0, elements_ - mine.elements);
    }
    list_special(-1, e, every);
    for (const int32_t other : special_) {
        const Chain &c = chain(other);
        const Family f = family(other, -1);
        total += sum(c, f) + (every ? c.elements * base_ : -c.total);
        const auto [loss, who] = most(c, f);
        note(base_ + loss, who, f.marks, c.elements);
        if (!every) partners -= c.elements;
        if (other > e && base_ + loss + most_of_mine[f.marks] > found_.floor())
            together(mine, shape(f.marks), c, f, base_);
    }
    sums_.ordered.add(uint64_t(mine.elements), uint64_t(total));
    sums_.ordered.add(uint64_t(partners), uint64_t(mine.total));
    sums_.ordered.add(uint64_t(at_u), uint64_t(mine.sum_left));
    sums_.ordered.add(uint64_t(at_v), uint64_t(mine.sum_right));
    for (uint8_t lost = 0; lost < 4; lost++) {
        if (best[lost].who < 0) continue;
        const Family f = shape(lost);
        for (int64_t at = mine.begin; at < mine.begin + mine.elements; at++)
            found_.raise(all_.item[at], best[lost].loss + value(mine, at, f), best[lost].who);
    }
    if (mine.elements < 2) return;
    const Within inside{all_, found_, mine, base_, (base_marks_ & AT_U) != 0, (base_marks_ & AT_V) != 0};
    inside.sum(sums_.ordered);
    inside.sum(sums_.ordered);
    inside.worst();
    inside.top();
}

// Offers pairs of elements of two chains, those that lose most first.
template <int WORDS>
void KernelRows<WORDS>::together(const Chain &c, const Family &f, const Chain &d, const Family &g, people_t constant) {
    using Item = std::pair<people_t, int32_t>;
    std::vector<Item> mine, theirs;
    for (int64_t at = c.begin; at < c.begin + c.elements; at++) mine.emplace_back(value(c, at, f), all_.item[at]);
    for (int64_t at = d.begin; at < d.begin + d.elements; at++) theirs.emplace_back(value(d, at, g), all_.item[at]);
    std::sort(mine.begin(), mine.end(), std::greater<>());
    std::sort(theirs.begin(), theirs.end(), std::greater<>());
    for (const Item &x : mine)
        for (const Item &y : theirs) {
            if (constant + x.first + y.first <= found_.floor()) {
                if (&y == &theirs.front()) return;
                break;
            }
            found_.offer(constant + x.first + y.first, x.second, y.second);
        }
}

// Two chains that together are the only way between two sides of the kernel.
template <int WORDS> void KernelRows<WORDS>::twins(const Edge &edge, int32_t lower) {
    Chain &c = chains_[edge.first], &d = chains_[edge.first + 1];
    const Family f = family(int32_t(&edge - kernel_.edges.data()), -1);
    if (spot_[spot_[lower].root].dead || (!f.left && !f.right)) return;
    c.twin = edge.first + 1;
    d.twin = edge.first;
    if (c.elements == 0 || d.elements == 0) return;
    const Family plain{0, true, f.left, f.right, 0};
    sums_.extra.add(uint64_t(c.elements) * uint64_t(d.elements), uint64_t(f.constant));
    for (const bool swapped : {false, true}) {
        const Chain &from = swapped ? d : c, &to = swapped ? c : d;
        const people_t beyond = (f.left ? to.sum_left : 0) + (f.right ? to.sum_right : 0);
        sums_.extra.add(uint64_t(from.elements), uint64_t(beyond));
        const auto [loss, who] = most(to, plain);
        for (int64_t at = from.begin; at < from.begin + from.elements; at++)
            found_.raise(all_.item[at], f.constant + loss + value(from, at, plain), who);
    }
    together(c, plain, d, plain, f.constant);
}

} // namespace

std::unique_ptr<Rows> rows_of(Kernels &kernels, const Kernel &kernel, Found &found, Sums &sums) {
    const int words = kernels.tree.holds(kernel.unit) ? kernels.tree.lanes.words : 1;
    if (words == 1) return std::make_unique<KernelRows<1>>(kernels, kernel, found, sums);
    if (words == 2) return std::make_unique<KernelRows<2>>(kernels, kernel, found, sums);
    if (words <= 4) return std::make_unique<KernelRows<4>>(kernels, kernel, found, sums);
    return std::make_unique<KernelRows<Lanes::MOST_WORDS>>(kernels, kernel, found, sums);
}

} // namespace pairs
