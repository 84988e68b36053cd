// y = f(x).
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

struct Floats {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_float(call[0].dtype, [&](auto zero) { map<decltype(zero), decltype(zero)>(call[0], call[1], f); });
  }
};
using Curves = Floats;

struct Numbers {
  template <typename F>
  static void run(const Call& call, const F& f) {
    with_number(call[0].dtype, [&](auto zero) { map<decltype(zero), decltype(zero)>(call[0], call[1], f); });
  }
};

// A function whose vector form covers |x| ≤ kSinRange; the few elements beyond are done again, one by one.
template <typename F>
void periodic(const Call& call, const F& f) {
  Floats::run(call, f);
  const View &y = call[0], &x = call[1];
  if (y.dtype != DType::Float32) return;
  const View views[] = {y, x};
  const Walk<2> walk(views);
  const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
  for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
    float* to = y.as<float>() + at[0];
    const float* from = x.as<float>() + at[1];
    int beyond = 0;
    for (int64_t i = 0; i < n; i++) beyond |= math::absolute(from[i * xs]) > math::kSinRange;
    if (!beyond) return;
    for (int64_t i = 0; i < n; i++) {
      if (math::absolute(from[i * xs]) > math::kSinRange) to[i * ys] = F::far(from[i * xs]);
    }
  });
}

}  // namespace

#define ELEMENTWISE(name)
#define UNARY(name, types, expression) \
  void name(const Call& call) { types::run(call, functions::name{}); }
#define PERIODIC(name) \
  void name(const Call& call) { periodic(call, functions::name{}); }
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
