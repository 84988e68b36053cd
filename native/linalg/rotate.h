// Givens' rotations of two rows.
#pragma once
#include <cstdint>

#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// x, y = c x + s y, c y − s x
template <typename T>
ADJOINT_INLINE void rotate(T* __restrict x, T* __restrict y, T c, T s, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const T before = x[i];
    x[i] = c * before + s * y[i];
    y[i] = c * y[i] - s * before;
  }
}

}  // namespace adjoint::ADJOINT_ISA
