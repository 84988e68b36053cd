// Arithmetic that wraps on int32, as JavaScript's Math.imul and | 0 do: in C++ signed overflow is undefined.
#pragma once
#include <cstdint>

#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// The number as a type whose arithmetic is defined throughout.
ADJOINT_INLINE uint32_t wrapping(int32_t x) { return static_cast<uint32_t>(x); }
ADJOINT_INLINE float wrapping(float x) { return x; }
ADJOINT_INLINE double wrapping(double x) { return x; }

}  // namespace adjoint::ADJOINT_ISA
