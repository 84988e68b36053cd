// y = a ∘ b as bool, on operands of one dtype.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename F>
void compare(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  with_ordered(a.dtype, [&](auto zero) { zip<uint8_t, decltype(zero), decltype(zero)>(y, a, b, f); });
}

}  // namespace

#define ELEMENTWISE(name)
#define COMPARISON(name, operation) \
  void name(const Call& call) { compare(call, functions::name{}); }
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
