// y = f(x), a line each; and dx = dy · f'(x) from the result, for functions whose derivative is used most.
#include "kernels/elementwise.h"
#include "simd/integers.h"
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

template <typename F>
void gradients(const Call& call, const F& f) {
  const View &dx = call[0], &dy = call[1], &y = call[2];
  if (dx.dtype == DType::Float32) return zip<float, float, float>(dx, dy, y, f);
  zip<double, double, double>(dx, dy, y, f);
}

// A function whose vector form covers |x| ≤ kSinRange; the few elements beyond are done again, one by one.
template <typename Near, typename Far>
void periodic(const Call& call, const Near& near, const Far& far) {
  floats(call, near);
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
      if (math::absolute(from[i * xs]) > math::kSinRange) to[i * ys] = far(from[i * xs]);
    }
  });
}

inline int32_t magnitude(int32_t x) { return x < 0 ? static_cast<int32_t>(0u - wrapping(x)) : x; }
inline float magnitude(float x) { return math::absolute(x); }
inline double magnitude(double x) { return math::absolute(x); }

}  // namespace

#define FLOATS(name, expression) \
  void name(const Call& call) { floats(call, [](auto x) { return expression; }); }
#define NUMBERS(name, expression) \
  void name(const Call& call) { numbers(call, [](auto x) { return static_cast<decltype(x)>(expression); }); }
#define GRADIENTS(name, expression) \
  void name(const Call& call) { gradients(call, [](auto dy, auto y) { return static_cast<decltype(y)>(expression); }); }

NUMBERS(neg, -wrapping(x))
NUMBERS(abs, magnitude(x))
NUMBERS(sign, x > 0 ? 1 : x < 0 ? -1 : x)
NUMBERS(square, wrapping(x) * wrapping(x))
NUMBERS(relu, x <= 0 ? 0 : x)

FLOATS(exp, math::exp(x))
FLOATS(expm1, math::expm1(x))
FLOATS(log, math::log(x))
FLOATS(log1p, math::log1p(x))
FLOATS(log2, math::log2(x))
FLOATS(sqrt, math::sqrt(x))
FLOATS(rsqrt, 1 / math::sqrt(x))
FLOATS(reciprocal, 1 / x)
FLOATS(floor, math::floor(x))
FLOATS(ceil, math::ceil(x))
FLOATS(round, math::rint(x))
FLOATS(trunc, math::trunc(x))
FLOATS(tan, math::tan(x))
FLOATS(asin, math::asin(x))
FLOATS(acos, math::acos(x))
FLOATS(atan, math::atan(x))
FLOATS(sinh, math::sinh(x))
FLOATS(cosh, math::cosh(x))
FLOATS(tanh, math::tanh(x))
FLOATS(asinh, math::asinh(x))
FLOATS(acosh, math::acosh(x))
FLOATS(atanh, math::atanh(x))
FLOATS(erf, math::erf(x))
FLOATS(sigmoid, math::sigmoid(x))
FLOATS(softplus, math::softplus(x))

void sin(const Call& call) {
  periodic(call, [](auto x) { return math::sin(x); }, [](float x) { return math::sin_far(x); });
}
void cos(const Call& call) {
  periodic(call, [](auto x) { return math::cos(x); }, [](float x) { return math::cos_far(x); });
}

GRADIENTS(tanhGradient, dy * (1 - y * y))
GRADIENTS(sigmoidGradient, dy * (y * (1 - y)))
GRADIENTS(reluGradient, y > 0 ? dy : 0)

}  // namespace adjoint::ADJOINT_ISA
