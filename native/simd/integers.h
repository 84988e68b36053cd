// Arithmetic that wraps on int32, as JavaScript's Math.imul and | 0 do: in C++ signed overflow is undefined.
#pragma once
#include <cstdint>

namespace adjoint::ADJOINT_ISA {

// The number as a type whose arithmetic is defined throughout.
inline uint32_t wrapping(int32_t x) { return static_cast<uint32_t>(x); }
inline float wrapping(float x) { return x; }
inline double wrapping(double x) { return x; }

}  // namespace adjoint::ADJOINT_ISA
