// Functions of two operands that cost tens of instructions.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

bool is_two(const View& b) {
  if (b.size() != 1) return false;
  return b.dtype == DType::Float32 ? *b.as<float>() == 2.0f : b.dtype == DType::Float64 && *b.as<double>() == 2.0;
}

template <typename T, typename F>
void run(const Call& call, const F& f) {
  zip<T, T, T>(call[0], call[1], call[2], f);
}

}  // namespace

void pow(const Call& call) {
  with_number(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    if (is_two(call[2])) return run<T>(call, [](T a, T) ADJOINT_LAMBDA { return a * a; });
    run<T>(call, functions::pow{});
  });
}

void atan2(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { run<decltype(zero)>(call, functions::atan2{}); });
}

}  // namespace adjoint::ADJOINT_ISA
