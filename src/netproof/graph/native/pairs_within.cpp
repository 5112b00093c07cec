// Pairs of elements of one chain, in closed form.
#include "pairs_rows.h"

namespace pairs {

// Adds the losses of all pairs i < j: constant + before(j) + hang(j) - before(i) + lost ends.
void Within::sum(Wide &into) const {
    const auto t = uint64_t(chain.elements);
    into.add(t * (t - 1) / 2, uint64_t(constant));
    for (uint64_t k = 0; k < t; k++) {
        const int64_t at = chain.begin + int64_t(k);
        const people_t left = kernels.before[at], hang = kernels.tree.hang[kernels.item[at]];
        into.add(k, uint64_t(left + hang));
        if (!u_lost) into.take(t - 1 - k, uint64_t(left));
        if (v_lost) into.add(k, uint64_t(chain.total - left - hang));
    }
}

void Within::worst() const {
    const int64_t first = chain.begin, last = first + chain.elements - 1;
    const auto loss = [&](int64_t i, int64_t j) {
        const people_t left = kernels.before[i], upto = kernels.before[j] + kernels.tree.hang[kernels.item[j]];
        return constant + upto - (u_lost ? 0 : left) + (v_lost ? chain.total - upto : 0);
    };
    for (int64_t k = first; k <= last; k++) { // the further apart, the more is cut off
        if (k != first) found.raise(kernels.item[k], loss(first, k), kernels.item[first]);
        if (k != last) found.raise(kernels.item[k], loss(k, last), kernels.item[last]);
    }
}

void Within::top() const {
    const int64_t end = chain.begin + chain.elements;
    for (int64_t i = chain.begin; i + 1 < end; i++) {
        const people_t from = constant - (u_lost ? 0 : kernels.before[i]);
        for (int64_t j = end - 1; j > i; j--) {
            const people_t upto = kernels.before[j] + kernels.tree.hang[kernels.item[j]];
            const people_t loss = from + (v_lost ? chain.total : upto);
            if (loss <= found.floor()) {
                if (j == end - 1) return;
                break;
            }
            found.offer(loss, kernels.item[i], kernels.item[j]);
        }
    }
}

void rings_and_bundles(const Kernels &kernels, Found &found, Sums &sums) {
    for (const Chain &chain : kernels.chains) {
        if (chain.kind == SINGLE || chain.elements < 2) continue;
        const Within pairs{kernels, found, chain, 0, false, false};
        pairs.sum(sums.extra);
        // alone, each of the two would lose its own
        sums.extra.take(uint64_t(chain.elements - 1), uint64_t(chain.total));
        pairs.worst();
        pairs.top();
    }
}

} // namespace pairs
