// Those of binary.cc whose functions take tens of instructions: what they compute, not the memory, sets their time.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {

#define DEFINE_Floats(name)
#define DEFINE_Numbers(name)
#define DEFINE_Ordered(name)
#define DEFINE_Curves(name)                                                       \
  void name(const Call& call) {                                                   \
    with_float(call[0].dtype, [&](auto zero) {                                    \
      using T = decltype(zero);                                                   \
      zip<T, T, T>(call[0], call[1], call[2], functions::name{});                 \
    });                                                                           \
  }

#define ELEMENTWISE(name)
#define BINARY(name, types, expression) DEFINE_##types(name)
#define OWN_BINARY(name, types, expression)
#define GRADIENT(name, types, expression) DEFINE_##types(name)
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
