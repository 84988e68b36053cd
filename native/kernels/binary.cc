// y = f(a, b) on operands of one dtype, a line each.
#include "kernels/elementwise.h"
#include "simd/integers.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename F>
void floats(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  if (y.dtype == DType::Float32) return zip<float, float, float>(y, a, b, f);
  zip<double, double, double>(y, a, b, f);
}

template <typename F>
void numbers(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  if (y.dtype == DType::Int32) return zip<int32_t, int32_t, int32_t>(y, a, b, f);
  floats(call, f);
}

template <typename F>
void ordered(const Call& call, const F& f) {
  const View &y = call[0], &a = call[1], &b = call[2];
  if (y.dtype == DType::Bool || y.dtype == DType::UInt8) return zip<uint8_t, uint8_t, uint8_t>(y, a, b, f);
  numbers(call, f);
}

// By squaring; the quotient 1 / baseⁿ of integers is 0 but for ±1.
inline int32_t power(int32_t base, int32_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint32_t result = 1, square = wrapping(base);
  for (; exponent > 0; exponent >>= 1, square *= square) {
    if (exponent & 1) result *= square;
  }
  return static_cast<int32_t>(result);
}
inline float power(float a, float b) { return b == 2.0f ? a * a : math::pow(a, b); }
inline double power(double a, double b) { return b == 2.0 ? a * a : math::pow(a, b); }

bool is_two(const View& b) {
  if (b.size() != 1) return false;
  return b.dtype == DType::Float32 ? *b.as<float>() == 2.0f : b.dtype == DType::Float64 && *b.as<double>() == 2.0;
}

}  // namespace

#define FLOATS(name, expression) \
  void name(const Call& call) { floats(call, [](auto a, auto b) { return expression; }); }
#define NUMBERS(name, expression) \
  void name(const Call& call) { numbers(call, [](auto a, auto b) { return static_cast<decltype(a)>(expression); }); }
#define ORDERED(name, expression) \
  void name(const Call& call) { ordered(call, [](auto a, auto b) { return expression; }); }

NUMBERS(add, wrapping(a) + wrapping(b))
NUMBERS(sub, wrapping(a) - wrapping(b))
NUMBERS(mul, wrapping(a) * wrapping(b))
FLOATS(div, a / b)
FLOATS(atan2, math::atan2(a, b))
// NaN wins: the comparison with it fails, and what fails gives b.
ORDERED(maximum, (a > b) | (a != a) ? a : b)
ORDERED(minimum, (a < b) | (a != a) ? a : b)

void pow(const Call& call) {
  if (is_two(call[2])) return floats(call, [](auto a, auto) { return a * a; });
  numbers(call, [](auto a, auto b) { return power(a, b); });
}

}  // namespace adjoint::ADJOINT_ISA
