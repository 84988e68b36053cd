// y = f(x), a line each.
#include "kernels/elementwise.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename F>
void floats(const Call& call, const F& f) {
  const View &y = call[0], &x = call[1];
  if (y.dtype == DType::Float32) return map<float, float>(y, x, f);
  map<double, double>(y, x, f);
}

template <typename F>
void numbers(const Call& call, const F& f) {
  const View &y = call[0], &x = call[1];
  if (y.dtype == DType::Int32) return map<int32_t, int32_t>(y, x, f);
  floats(call, f);
}

}  // namespace

#define FLOATS(name, expression) \
  void name(const Call& call) { floats(call, [](auto x) { return expression; }); }
#define NUMBERS(name, expression) \
  void name(const Call& call) { numbers(call, [](auto x) { return expression; }); }

NUMBERS(neg, static_cast<decltype(x)>(-x))
NUMBERS(abs, x < 0 ? static_cast<decltype(x)>(-x) : x)
NUMBERS(relu, x > 0 ? x : static_cast<decltype(x)>(0))
FLOATS(exp, math::exp(x))

}  // namespace adjoint::ADJOINT_ISA
