// y = a ∘ b as bool, on operands of one dtype.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename F>
void compare(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  switch (a.dtype) {
    case DType::Int32:
      return zip<uint8_t, int32_t, int32_t>(y, a, b, f);
    case DType::Float32:
      return zip<uint8_t, float, float>(y, a, b, f);
    case DType::Float64:
      return zip<uint8_t, double, double>(y, a, b, f);
    default:
      return zip<uint8_t, uint8_t, uint8_t>(y, a, b, f);
  }
}

}  // namespace

#define ELEMENTWISE(name)
#define COMPARISON(name, operation) \
  void name(const Call& call) { compare(call, functions::name{}); }
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
