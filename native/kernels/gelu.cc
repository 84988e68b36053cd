// x · Φ(x), forward and backward; number: 1 for the approximation of Φ by tanh.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {

void gelu(const Call& call) {
  const View &y = call[0], &x = call[1];
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    call.numbers[0] != 0 ? map<T, T>(y, x, functions::geluTanh{}) : map<T, T>(y, x, functions::gelu{});
  });
}

// dx, dy, x.
void geluGradient(const Call& call) {
  const View &dx = call[0], &dy = call[1], &x = call[2];
  with_float(dx.dtype, [&](auto zero) {
    using T = decltype(zero);
    call.numbers[0] != 0 ? zip<T, T, T>(dx, dy, x, functions::geluTanhGradient{})
                         : zip<T, T, T>(dx, dy, x, functions::geluGradient{});
  });
}

}  // namespace adjoint::ADJOINT_ISA
