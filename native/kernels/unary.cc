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

// log |Γ| of blocks of elements, each by what its arguments need.
void log_gamma(const View& y, const View& x) {
  constexpr int64_t kBlock = 256;
  const View views[] = {y, x};
  in_tiles(views, [](const View (&v)[2]) {
    const Walk<2> walk(v);
    const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
    for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
      for (int64_t first = 0; first < n; first += kBlock) {
        float* __restrict to = v[0].as<float>() + at[0] + first * ys;
        const float* __restrict from = v[1].as<float>() + at[1] + first * xs;
        const int64_t count = n - first < kBlock ? n - first : kBlock;
        int below = 0, beyond = 0;
        for (int64_t i = 0; i < count; i++) {
          below |= from[i * xs] < 0;
          beyond |= from[i * xs] > 2.5f;
        }
        const auto each = [=](auto f) ADJOINT_LAMBDA {
          if (ys == 1 && xs == 1) for (int64_t i = 0; i < count; i++) to[i] = f(from[i]);
          else for (int64_t i = 0; i < count; i++) to[i * ys] = f(from[i * xs]);
        };
        using math::Reach;
        if (below) each([](float x) ADJOINT_LAMBDA { return math::lgamma_of<Reach::All>(x); });
        else if (beyond) each([](float x) ADJOINT_LAMBDA { return math::lgamma_of<Reach::Positive>(x); });
        else each([](float x) ADJOINT_LAMBDA { return math::lgamma_of<Reach::Near>(x); });
      }
    });
  });
}

}  // namespace

void lgamma(const Call& call) {
  if (call[0].dtype == DType::Float32) log_gamma(call[0], call[1]);
  else map<double, double>(call[0], call[1], functions::lgamma{});
}

#define ELEMENTWISE(name)
#define OWN_UNARY(name, types, expression)
#define UNARY(name, types, expression) \
  void name(const Call& call) { types::run(call, functions::name{}); }
#define PERIODIC(name) \
  void name(const Call& call) { periodic(call, functions::name{}); }
#include "elementwise.inc"

}  // namespace adjoint::ADJOINT_ISA
