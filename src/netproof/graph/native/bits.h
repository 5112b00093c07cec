// Rows of bits, W words of 64 scenarios each, and room for many of them.
#ifndef NETPROOF_BITS_H
#define NETPROOF_BITS_H

#include <cstdlib>
#include <new>

#include "native.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace netproof {

// Vectors of words (GCC, Clang): the compiler makes the best of what every processor of a family has.
template <int W>
struct Words;
template <>
struct Words<1> {
    typedef uint64_t Type __attribute__((vector_size(8), aligned(8), may_alias));
};
template <>
struct Words<4> {
    typedef uint64_t Type __attribute__((vector_size(32), aligned(8), may_alias));
};
template <>
struct Words<8> {
    typedef uint64_t Type __attribute__((vector_size(64), aligned(8), may_alias));
};

template <int W>
struct Bits {
    typename Words<W>::Type word;

    static Bits all(uint64_t value) {
        Bits bits;
        for (int w = 0; w < W; ++w) bits.word[w] = value;
        return bits;
    }
    Bits &operator&=(const Bits &other) {
        word &= other.word;
        return *this;
    }
    Bits &operator|=(const Bits &other) {
        word |= other.word;
        return *this;
    }
    friend Bits operator&(const Bits &a, const Bits &b) { return {a.word & b.word}; }
    friend Bits operator|(const Bits &a, const Bits &b) { return {a.word | b.word}; }
    friend Bits operator^(const Bits &a, const Bits &b) { return {a.word ^ b.word}; }
    Bits operator~() const { return {~word}; }
    bool any() const {
        uint64_t some = 0;
        for (int w = 0; w < W; ++w) some |= word[w];
        return some != 0;
    }
    bool same(const Bits &other) const { return !(*this ^ other).any(); }
};

// How many bits of a word are 1, without asking the processor for an instruction it may not have.
inline int32_t ones(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    return static_cast<int32_t>(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

// Room for rows that are written before they are read. Large pages where the system gives them: page faults would cost
// as much as the work itself.
template <class T>
class Room {
  public:
    Room() = default;
    explicit Room(size_t count) {
        constexpr size_t PAGE = size_t{1} << 21;
        const size_t wanted = count * sizeof(T) + 64, bytes = wanted < PAGE ? wanted : (wanted + PAGE - 1) / PAGE * PAGE;
        at_ = static_cast<char *>(std::malloc(bytes + PAGE));
        if (!at_) throw std::bad_alloc();
        const size_t alignment = wanted < PAGE ? 64 : PAGE;
        first_ = reinterpret_cast<T *>((reinterpret_cast<uintptr_t>(at_) + alignment - 1) / alignment * alignment);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        if (wanted >= PAGE) madvise(first_, bytes, MADV_HUGEPAGE);
#endif
    }
    Room(Room &&other) noexcept { swap(other); }
    Room &operator=(Room &&other) noexcept {
        swap(other);
        return *this;
    }
    ~Room() { std::free(at_); }
    T &operator[](size_t i) { return first_[i]; }
    const T &operator[](size_t i) const { return first_[i]; }
    T *get() { return first_; }
    explicit operator bool() const { return first_ != nullptr; }

  private:
    void swap(Room &other) {
        std::swap(at_, other.at_);
        std::swap(first_, other.first_);
    }
    char *at_ = nullptr;
    T *first_ = nullptr;
};

// A column sum over rows of bits, in slices of powers of two.
template <int W>
class Columns {
  public:
    void add(const Bits<W> &row) {
        Bits<W> carry = row;
        for (int slice = 0; slice < 8; ++slice) {
            const Bits<W> next = slice_[slice] & carry;
            slice_[slice] = slice_[slice] ^ carry;
            if (!next.any()) break;
            carry = next;
        }
        if (++rows_ == 255) flush();
    }
    void flush() {
        for (int slice = 0; slice < 8; ++slice)
            for (int b = 0; b < 64 * W; ++b)
                sum[b] += static_cast<int64_t>(slice_[slice].word[b >> 6] >> (b & 63) & 1) << slice;
        for (auto &bits : slice_) bits = Bits<W>::all(0);
        rows_ = 0;
    }
    int64_t sum[64 * W] = {};

  private:
    Bits<W> slice_[8] = {};
    int rows_ = 0;
};

}  // namespace netproof

#endif
