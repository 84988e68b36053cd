#include "gemm/pack.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Rows that the loads of a copy run ahead: some hundred nanoseconds; of strips, where a row is a few cache lines.
constexpr int64_t kRowsAhead = 4, kStripsAhead = 16;

template <typename U>
constexpr int64_t kLineElements = 64 / sizeof(U);

// Squares that are asked for ahead of those that are turned.
constexpr int64_t kSquaresAhead = 2;

// Rows that are contiguous along the depth, a square of vectors at a time.
template <typename U, typename Read>
void across_transposed(U* to, int64_t pitch, const typename Read::Element* from, int64_t row, int64_t lanes, int64_t depth) {
  constexpr int width = kLanes<U>, step = width * Read::kElements;
  int64_t p = 0;
  for (; p + step <= depth; p += step) {
    // From the last group to the first: what a group's stores write beyond the pitch, the next group's stores correct.
    for (int64_t group = (lanes - 1) / width * width; group >= 0; group -= width) {
      Vec<U> square[width];
      const auto* source = from + group * row + p;
#pragma GCC unroll 16
      for (int i = 0; i < width; i++) __builtin_prefetch(source + i * row + kSquaresAhead * step);
#pragma GCC unroll 16
      for (int i = 0; i < width; i++) square[i] = group + i < lanes ? Read::along(source + i * row) : Vec<U>{};
      transpose<U>(square);
      U* target = to + p / Read::kElements * pitch + group;
#pragma GCC unroll 16
      for (int i = 0; i < width; i++) store(target + i * pitch, square[i]);
    }
  }
  for (; p < depth; p += Read::kElements) {
    U* target = to + p / Read::kElements * pitch;
    for (int64_t lane = 0; lane < pitch; lane++) {
      target[lane] = lane < lanes ? Read::one(from + lane * row + p, 1, p + 1 < depth) : U(0);
    }
  }
}

template <typename U, typename Read>
void across(U* to, int64_t pitch, const Operand<U>& from, int64_t lanes, int64_t depth) {
  const auto* data = static_cast<const typename Read::Element*>(from.data);
  if (from.column == 1 && from.row != 1 && lanes > 1) return across_transposed<U, Read>(to, pitch, data, from.row, lanes, depth);
  for (int64_t p = 0; p < depth; p += Read::kElements, to += pitch) {
    const auto* source = data + p * from.column;
    const bool both = p + 1 < depth;
    if (from.row == 1) {
      for (int64_t lane = 0; lane < pitch; lane += kLanes<U>) {
        const int64_t count = smaller(larger(lanes - lane, 0), kLanes<U>);
        store(to + lane, Read::across(source + lane, from.column, count, both));
      }
    } else {
      for (int64_t lane = 0; lane < pitch; lane++) {
        to[lane] = lane < lanes ? Read::one(source + lane * from.row, from.column, both) : U(0);
      }
    }
  }
}

template <typename U, typename Read>
void along(U* to, int64_t pitch, const Operand<U>& from, int64_t rows, int64_t depth) {
  constexpr int step = kLanes<U> * Read::kElements;
  const auto* data = static_cast<const typename Read::Element*>(from.data);
  for (int64_t i = 0; i < rows; i++, to += pitch) {
    const auto* source = data + i * from.row;
    int64_t p = 0;
    if (from.column == 1) {
      const auto* ahead = source + kRowsAhead * from.row;
      for (; p + step <= depth; p += step) {
        __builtin_prefetch(ahead + p);
        store(to + p / Read::kElements, Read::along(source + p));
      }
    }
    for (; p < depth; p += Read::kElements) {
      to[p / Read::kElements] = Read::one(source + p * from.column, from.column, p + 1 < depth);
    }
  }
}

// Strips of `step` rows side by side, all of them at once: each stretch of the source is read while it is near.
template <typename U, typename Read>
void strips(U* to, int64_t panel, int64_t step, const Operand<U>& from, int64_t rows, int64_t depth) {
  const auto* data = static_cast<const typename Read::Element*>(from.data);
  for (int64_t p = 0; p < depth; p += Read::kElements) {
    const auto* source = data + p * from.column;
    const bool both = p + 1 < depth;
    const auto* ahead = source + kStripsAhead * from.column;
    for (int64_t row = 0; row < rows; row += kLineElements<U>) __builtin_prefetch(ahead + row, 0, 2);
    U* strip = to;
    for (int64_t row = 0; row < rows; row += step, strip += panel) {
      const int64_t tall = smaller(step, rows - row);
      U* target = strip + p / Read::kElements * tall;
      for (int64_t lane = 0; lane < tall; lane += kLanes<U>) {
        const int64_t lanes = smaller(tall - lane, kLanes<U>);
        store(target + lane, Read::across(source + row + lane, from.column, lanes, both));
      }
    }
  }
}

}  // namespace

// Calls function<Read> for what the operand's elements are.
#define READ(function, ...)                                                                            \
  if constexpr (kSame<U, HalfUnit>) {                                                                  \
    if (from.reading == Reading::RoundedFloat) return function<U, Rounded<float>>(to, __VA_ARGS__);    \
    if (from.reading == Reading::BFloat16) return function<U, Rounded<BFloat16>>(to, __VA_ARGS__);     \
  }                                                                                                    \
  if constexpr (!kSame<U, Pair>) function<U, Plain<U>>(to, __VA_ARGS__)

template <typename U>
void pack_across(U* to, int64_t pitch, const Operand<U>& from, int64_t n, int64_t depth) {
  READ(across, pitch, from, n, depth);
}

template <typename U>
void pack_along(U* to, int64_t pitch, const Operand<U>& from, int64_t n, int64_t depth) {
  READ(along, pitch, from, n, depth);
}

template <typename U>
void pack_strips(U* to, int64_t panel, int64_t step, const Operand<U>& from, int64_t n, int64_t depth) {
  READ(strips, panel, step, from, n, depth);
}

#undef READ

#define INSTANTIATE(U)                                                                            \
  template void pack_across<U>(U*, int64_t, const Operand<U>&, int64_t, int64_t);                 \
  template void pack_along<U>(U*, int64_t, const Operand<U>&, int64_t, int64_t);                  \
  template void pack_strips<U>(U*, int64_t, int64_t, const Operand<U>&, int64_t, int64_t);
INSTANTIATE(float)
INSTANTIATE(double)
#if defined(__AVX512BF16__)
INSTANTIATE(Pair)
#endif

}  // namespace adjoint::ADJOINT_ISA
