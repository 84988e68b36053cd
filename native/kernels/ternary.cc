// y = f(a, b, c) on operands of one dtype.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T, typename F>
void apply(const Call& call, const F& f) {
  zip<T>(call[0], call[1], call[2], call[3], f);
}

struct Floats {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_float(call[0].dtype, [&](auto zero) { apply<decltype(zero)>(call, f); });
  }
};

using Curves = Floats;

struct Ordered {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_ordered(call[0].dtype, [&](auto zero) { apply<decltype(zero)>(call, f); });
  }
};

}  // namespace

#define ELEMENTWISE(name)
#define TERNARY(name, types, expression) \
  void name(const Call& call) { types::run(call, functions::name{}); }
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
