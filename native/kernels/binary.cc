// y = f(a, b) on operands of one dtype; and dx = dy · f'(x) from the result, for functions whose derivative is used most. Those
// of tens of instructions are in binary_curves.cc, which is compiled for wider vectors.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T, typename F>
void apply(const Call& call, const F& f) {
  zip<T, T, T>(call[0], call[1], call[2], f);
}

struct Floats {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_float(call[0].dtype, [&](auto zero) { apply<decltype(zero)>(call, f); });
  }
};

struct Numbers {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_number(call[0].dtype, [&](auto zero) { apply<decltype(zero)>(call, f); });
  }
};

struct Ordered {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_ordered(call[0].dtype, [&](auto zero) { apply<decltype(zero)>(call, f); });
  }
};

}  // namespace

#define DEFINE_Floats(name) void name(const Call& call) { Floats::run(call, functions::name{}); }
#define DEFINE_Numbers(name) void name(const Call& call) { Numbers::run(call, functions::name{}); }
#define DEFINE_Ordered(name) void name(const Call& call) { Ordered::run(call, functions::name{}); }
#define DEFINE_Curves(name)

#define ELEMENTWISE(name)
#define BINARY(name, types, expression) DEFINE_##types(name)
#define OWN_BINARY(name, types, expression)
#define GRADIENT(name, types, expression) DEFINE_##types(name)
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
