// Elementary functions without branches, so that the compiler turns a loop over them into vector code: float32 here, the
// rest and float64 through the C library. A bound in ULP holds for every float32 and every instruction set; the
// instruction sets may differ within it, because one has a fused multiply-add and another has not.
//
// The library is called by the compiler's builtins: the overloads of <cmath> are inline functions, of which the linker
// keeps one copy for all instruction sets.
#pragma once
#include "simd/exponential.h"
#include "simd/trigonometric.h"

namespace adjoint::ADJOINT_ISA::math {

// The rest, and float64, from the C library: within its bounds (glibc: ≤ 2 ULP).
#define LIBRARY64(name) \
  ADJOINT_INLINE double name(double x) { return __builtin_##name(x); }
#define LIBRARY(name) \
  LIBRARY64(name)     \
  ADJOINT_INLINE float name(float x) { return __builtin_##name##f(x); }

LIBRARY64(exp)
LIBRARY64(expm1)
LIBRARY64(log)
LIBRARY64(log2)
LIBRARY64(log1p)
LIBRARY64(tanh)
LIBRARY64(erf)
LIBRARY64(sin)
LIBRARY64(cos)
LIBRARY64(tan)
LIBRARY64(asin)
LIBRARY64(acos)
LIBRARY64(atan)
LIBRARY64(sinh)
LIBRARY64(cosh)
LIBRARY64(asinh)
LIBRARY64(acosh)
LIBRARY64(atanh)
LIBRARY(sqrt)
LIBRARY(floor)
LIBRARY(ceil)
LIBRARY(rint)
LIBRARY(trunc)

#undef LIBRARY
#undef LIBRARY64

ADJOINT_INLINE double absolute(double x) { return __builtin_fabs(x); }
ADJOINT_INLINE double expm1_below(double x) { return expm1(x); }
ADJOINT_INLINE double sigmoid(double x) {
  const double e = exp(-absolute(x));
  return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}
ADJOINT_INLINE double softplus(double x) {
  const double tail = log1p(exp(-absolute(x)));
  return x > 0.0 ? x + tail : tail;
}
ADJOINT_INLINE double pow(double a, double b) { return __builtin_pow(a, b); }
ADJOINT_INLINE double atan2(double a, double b) { return __builtin_atan2(a, b); }
}  // namespace adjoint::ADJOINT_ISA::math
