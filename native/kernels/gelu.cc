// x · Φ(x), forward and backward; number: 1 for the approximation of Φ by tanh.
#include "kernels/elementwise.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

constexpr double kSqrtHalf = 0.70710678118654752440;         // √(1/2)
constexpr double kInverseSqrt2Pi = 0.39894228040143267794;   // 1 / √(2π)
constexpr double kSqrt2OverPi = 0.79788456080286535588;      // √(2/π)
constexpr double kCubic = 0.044715;                          // Hendrycks, Gimpel 2016, section 2

// tanh's argument, √(2/π) · (x + 0.044715 x³), and its derivative.
template <typename T>
ADJOINT_INLINE T inner(T x) {
  return static_cast<T>(kSqrt2OverPi) * (x + static_cast<T>(kCubic) * x * x * x);
}
template <typename T>
ADJOINT_INLINE T inner_slope(T x) {
  return static_cast<T>(kSqrt2OverPi) * (1 + static_cast<T>(3 * kCubic) * x * x);
}

}  // namespace

void gelu(const Call& call) {
  const View &y = call[0], &x = call[1];
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    if (call.numbers[0] != 0) {
      map<T, T>(y, x, [](T v) ADJOINT_LAMBDA { return static_cast<T>(0.5) * v * (1 + math::tanh(inner(v))); });
    } else {
      map<T, T>(y, x, [](T v) ADJOINT_LAMBDA {
        return static_cast<T>(0.5) * v * (1 + math::erf(v * static_cast<T>(kSqrtHalf)));
      });
    }
  });
}

// dx, dy, x. dx = dy · (Φ + x · φ)
void geluGradient(const Call& call) {
  const View &dx = call[0], &dy = call[1], &x = call[2];
  with_float(dx.dtype, [&](auto zero) {
    using T = decltype(zero);
    const T half = static_cast<T>(0.5);
    if (call.numbers[0] != 0) {
      zip<T, T, T>(dx, dy, x, [half](T d, T v) ADJOINT_LAMBDA {
        const T t = math::tanh(inner(v));
        return d * (half * (1 + t) + half * v * (1 - t * t) * inner_slope(v));
      });
    } else {
      zip<T, T, T>(dx, dy, x, [half](T d, T v) ADJOINT_LAMBDA {
        const T density = static_cast<T>(kInverseSqrt2Pi) * math::exp(-half * v * v);
        return d * (half * (1 + math::erf(v * static_cast<T>(kSqrtHalf))) + v * density);
      });
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
