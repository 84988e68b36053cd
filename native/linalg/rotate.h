// Givens' rotations of the rows of a matrix, whose number is their order.
#pragma once
#include "threads/parallel.h"
#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// Columns that a chunk of a sweep's rotations covers.
constexpr int64_t kSegment = 64;

// x, y = c x + s y, c y − s x
template <typename T>
ADJOINT_INLINE void rotate(T* __restrict x, T* __restrict y, T c, T s, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const T before = x[i];
    x[i] = c * before + s * y[i];
    y[i] = c * y[i] - s * before;
  }
}

// Rotates the rows i and i + 1 of z [rows, n] by c[i] and s[i], for i = first … last − 1, or from the last down.
template <typename T>
void rotate_rows(T* z, int64_t n, const double* c, const double* s, int64_t first, int64_t last, bool down) {
  parallel_for(n, kSegment, [&](int64_t begin, int64_t end) {
    for (int64_t step = first; step < last; step++) {
      const int64_t i = down ? first + last - 1 - step : step;
      rotate(z + i * n + begin, z + (i + 1) * n + begin, static_cast<T>(c[i]), static_cast<T>(s[i]), end - begin);
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
