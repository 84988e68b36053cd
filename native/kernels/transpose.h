// Blocks of memory turned over: what is a row of the one is a column of the other.
#pragma once
#include "simd/fold.h"

namespace adjoint::ADJOINT_ISA {

// A square of vectors: to's row i is column i of what lies at from + j · along.
template <typename T>
ADJOINT_INLINE void transpose_square(T* to, int64_t down, const T* from, int64_t along) {
  Vec<T> v[kLanes<T>];
#pragma GCC unroll 16
  for (int j = 0; j < kLanes<T>; j++) v[j] = load(from + j * along);
  transpose<T>(v);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes<T>; i++) store(to + i * down, v[i]);
}

// A type that is moved in vectors in place of one of that many bytes.
template <int BYTES>
struct Carrier {
  static constexpr bool exists = false;
  using Type = float;
};
template <>
struct Carrier<4> {
  static constexpr bool exists = true;
  using Type = float;
};
template <>
struct Carrier<8> {
  static constexpr bool exists = true;
  using Type = double;
};

// to[r · down + c · to_along] = from[c · along + r] for r < rows and c < columns.
template <typename E>
__attribute__((noinline)) void transpose_block(E* to, int64_t down, int64_t to_along, const E* from, int64_t along,
                                               int64_t rows, int64_t columns) {
  int64_t whole_rows = 0, whole_columns = 0;
  if constexpr (Carrier<sizeof(E)>::exists) {
    using T = typename Carrier<sizeof(E)>::Type;
    constexpr int side = kLanes<T>;
    if (to_along == 1) {
      whole_rows = rows / side * side;
      whole_columns = columns / side * side;
    }
    for (int64_t c = 0; c < whole_columns; c += side) {
      for (int64_t r = 0; r < whole_rows; r += side) {
        transpose_square(reinterpret_cast<T*>(to + r * down + c), down, reinterpret_cast<const T*>(from + c * along + r), along);
      }
    }
  }
  for (int64_t c = 0; c < columns; c++) {
    const E* __restrict column = from + c * along;
    E* __restrict target = to + c * to_along;
    // Copied as bytes: whoever reads the block may do so as another type of that width.
    for (int64_t r = c < whole_columns ? whole_rows : 0; r < rows; r++) std::memcpy(target + r * down, column + r, sizeof(E));
  }
}

}  // namespace adjoint::ADJOINT_ISA
