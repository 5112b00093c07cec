// All pairs of failures: what the network loses when two of its elements fail, over all pairs, exact.
// Opened, stepped and read by `netproof.graph.pairs`, so that a long run can be stopped between two steps.
#include <new>

#include "native.h"
#include "pairs_apart.h"
#include "pairs_rows.h"

namespace {

using namespace pairs;

struct Run {
    Asked asked;
    Tree tree;
    Kernels kernels;
    Found found;
    Sums sums;
    int64_t done = 0, total = 0;
    size_t kernel = 0;
    int64_t row = 0;
    std::unique_ptr<Rows> rows;

    Run(const Asked &given, size_t top) : asked(given), tree(asked), kernels(tree), found(tree, top) {
        const Apart apart(kernels, found);
        apart.worst();
        for (const Kernel &k : kernels.kernels) {
            const auto made = rows_of(kernels, k, found, sums);
            made->whole();
            total += made->rows() * made->cost();
        }
        rings_and_bundles(kernels, found, sums);
        apart.top(); // before the rows, which then list only what loses more
        sums.extra.take(apart.nested());
    }

    void step(int64_t budget) {
        const int64_t until = done + budget;
        for (; kernel < kernels.kernels.size(); kernel++, row = 0, rows.reset()) {
            if (!rows) rows = rows_of(kernels, kernels.kernels[kernel], found, sums);
            for (; row < rows->rows(); row++) {
                if (done >= until) return;
                rows->row(row);
                done += rows->cost();
            }
        }
    }

    Wide sum() const {
        Wide all = sums.ordered;
        all.halve();
        all.add(sums.extra);
        uint64_t losses = 0;
        for (int32_t i = 0; i < tree.size(); i++)
            if (tree.element(i)) losses += uint64_t(tree.loss[i]);
        if (tree.elements > 0) all.add(uint64_t(tree.elements) - 1, losses);
        std::vector<uint64_t> of_unit(tree.vertex.size(), 0);
        for (int32_t i = 0; i < tree.size(); i++)
            if (tree.element(i) && kernels.core[i]) of_unit[tree.unit[i]] += uint64_t(tree.loss[i]);
        for (const Kernel &k : kernels.kernels)
            if (k.core > 0) all.take(uint64_t(k.core) - 1, of_unit[k.unit]);
        return all;
    }

    void read(int64_t *worst, int32_t *partner) const {
        int32_t best = -1;
        for (int32_t i = 0; i < tree.size(); i++)
            if (tree.element(i) && tree.loss[i] > 0 && (best < 0 || tree.loss[i] > tree.loss[best])) best = i;
        for (int32_t v = 0; v < tree.elements; v++) {
            const int32_t i = tree.place[v];
            worst[v] = i >= 0 ? found.worst[i] : best >= 0 ? tree.loss[best] : 0;
            partner[v] = i >= 0 ? found.partner[i] : best >= 0 ? tree.vertex[best] : -1;
            if (tree.elements == 1) worst[v] = 0;
            // a partner that adds nothing: any other element
            else if (partner[v] < 0) partner[v] = v == 0;
        }
    }
};

} // namespace

// Reads the network and does everything but the rows of kernels; `run` is to be closed. `lane_bits` is 16 or 32.
NETPROOF_API int32_t netproof_pairs_open(const int32_t *sizes, const int32_t *tail, const int32_t *head,
                                         const int64_t *people, const int64_t *instance_start, const int32_t *instance,
                                         void **run) {
    try {
        const Asked asked{sizes[0], sizes[1], sizes[2], sizes[3],       sizes[4], sizes[5],
                          tail,     head,     people,   instance_start, instance};
        *run = new Run(asked, size_t(sizes[6]));
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    return NETPROOF_OK;
}

// Works on until about `budget` kernel vertices and edges are done; tells how many are done, of how many.
NETPROOF_API int32_t netproof_pairs_step(void *run, int64_t budget, int64_t *done_total) {
    auto &self = *static_cast<Run *>(run);
    try {
        self.step(budget);
    } catch (const std::bad_alloc &) {
        return NETPROOF_NO_MEMORY;
    }
    done_total[0] = self.done;
    done_total[1] = self.total;
    return NETPROOF_OK;
}

// Writes the sum (two words, low first), worst loss and partner of each element, and the pairs that lose most, in no
// order: `top` holds loss, a, b of each; returns how many there are.
NETPROOF_API int64_t netproof_pairs_read(const void *run, uint64_t *sum, int64_t *worst, int32_t *partner,
                                         int64_t *top) {
    const auto &self = *static_cast<const Run *>(run);
    try {
        const Wide all = self.sum();
        sum[0] = all.low;
        sum[1] = all.high;
    } catch (const std::bad_alloc &) {
        return -NETPROOF_NO_MEMORY;
    }
    self.read(worst, partner);
    for (const Pair &pair : self.found.top) {
        *top++ = pair.loss;
        *top++ = pair.a;
        *top++ = pair.b;
    }
    return int64_t(self.found.top.size());
}

NETPROOF_API void netproof_pairs_close(void *run) { delete static_cast<Run *>(run); }
