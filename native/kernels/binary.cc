// y = f(a, b) on operands of one dtype; and dx = dy · f'(x) from the result, for functions whose derivative is used most.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

struct Floats {
  template <typename F>
  static void run(const Call& call, const F& f) {
    const View &y = call[0], &a = call[1], &b = call[2];
    if (y.dtype == DType::Float32) return zip<float, float, float>(y, a, b, f);
    zip<double, double, double>(y, a, b, f);
  }
};

using Curves = Floats;

struct Numbers {
  template <typename F>
  static void run(const Call& call, const F& f) {
    const View &y = call[0], &a = call[1], &b = call[2];
    if (y.dtype == DType::Int32) return zip<int32_t, int32_t, int32_t>(y, a, b, f);
    Floats::run(call, f);
  }
};

struct Ordered {
  template <typename F>
  static void run(const Call& call, const F& f) {
    const View &y = call[0], &a = call[1], &b = call[2];
    if (y.dtype == DType::Bool || y.dtype == DType::UInt8) return zip<uint8_t, uint8_t, uint8_t>(y, a, b, f);
    Numbers::run(call, f);
  }
};

}  // namespace

#define ELEMENTWISE(name)
#define BINARY(name, types, expression) \
  void name(const Call& call) { types::run(call, functions::name{}); }
#define OWN_BINARY(name, types, expression)
#define GRADIENT(name, types, expression) BINARY(name, types, expression)
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
