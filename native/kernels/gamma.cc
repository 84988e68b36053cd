// The gamma function's family, of operands beyond one.
#include "kernels/elementwise.h"
#include "simd/gamma.h"

namespace adjoint::ADJOINT_ISA {

// y, x; order
void polygamma(const Call& call) {
  const double order = call.numbers[0];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    map<T, T>(call[0], call[1], [=](T x) { return static_cast<T>(math::polygamma(order, x)); });
  });
}

// y, concentration, sample
void standardGammaGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    zip<T, T, T>(call[0], call[1], call[2], [](T a, T x) { return static_cast<T>(math::gamma_slope(a, x)); });
  });
}

}  // namespace adjoint::ADJOINT_ISA
