// y = f(a, b) on operands of one dtype, a line each.
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename F>
void numbers(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  switch (y.dtype) {
    case DType::Int32:
      return zip<int32_t, int32_t, int32_t>(y, a, b, f);
    case DType::Float32:
      return zip<float, float, float>(y, a, b, f);
    default:
      return zip<double, double, double>(y, a, b, f);
  }
}

}  // namespace

#define NUMBERS(name, expression) \
  void name(const Call& call) { numbers(call, [](auto a, auto b) { return static_cast<decltype(a)>(expression); }); }

NUMBERS(add, a + b)
NUMBERS(sub, a - b)
NUMBERS(mul, a * b)
NUMBERS(div, a / b)

}  // namespace adjoint::ADJOINT_ISA
