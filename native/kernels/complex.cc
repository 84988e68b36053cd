// Arithmetic of complex numbers, pairs of real and imaginary part.
#include "kernels/walk.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
struct Complex {
  T re, im;
};

// The pairs of [..., 2] as single elements.
View pairs(View view) {
  view.rank--;
  for (int i = 0; i < view.rank; i++) view.strides[i] /= 2;
  return view;
}

// y = f(a, b) for every element.
template <typename T, typename F>
void zip_pairs(const Call& call, const F& f) {
  const View views[] = {pairs(call[0]), pairs(call[1]), pairs(call[2])};
  const Walk<3> walk(views);
  const int64_t ys = walk.inner_step(0), as = walk.inner_step(1), bs = walk.inner_step(2);
  for_segments<3>(walk, [&](const int64_t (&at)[3], int64_t n) {
    using C = Complex<T>;
    C* __restrict y = views[0].as<C>() + at[0];
    const C* __restrict a = views[1].as<C>() + at[1];
    const C* __restrict b = views[2].as<C>() + at[2];
    const auto each = [=](auto ys, auto as, auto bs) ADJOINT_LAMBDA {
      for (int64_t i = 0; i < n; i++) y[i * ys] = f(a[i * as], b[i * bs]);
    };
    if (ys == 1 && as == 1 && bs == 1) each(Unit{}, Unit{}, Unit{});
    else if (ys == 1 && as == 1 && bs == 0) each(Unit{}, Unit{}, Still{});
    else if (ys == 1 && as == 0 && bs == 1) each(Unit{}, Still{}, Unit{});
    else each(ys, as, bs);
  });
}

// y = f(x) for every element.
template <typename Y, typename T, typename F>
void map_pairs(const View& y, const View& x, const F& f) {
  const View views[] = {y, pairs(x)};
  const Walk<2> walk(views);
  const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
  for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
    Y* __restrict to = views[0].as<Y>() + at[0];
    const Complex<T>* __restrict from = views[1].as<Complex<T>>() + at[1];
    const auto each = [=](auto ys, auto xs) ADJOINT_LAMBDA {
      for (int64_t i = 0; i < n; i++) to[i * ys] = f(from[i * xs]);
    };
    if (ys == 1 && xs == 1) each(Unit{}, Unit{});
    else each(ys, xs);
  });
}

// √(re² + im²) without overflow: by powers of two, and so to the last digits. An infinite part counts beside a NaN too.
ADJOINT_INLINE float length(Complex<float> z) {
  const double re = __builtin_fabs(static_cast<double>(z.re)), im = __builtin_fabs(static_cast<double>(z.im));
  const bool infinite = re == __builtin_inf() || im == __builtin_inf();
  return static_cast<float>(infinite ? __builtin_inf() : __builtin_sqrt(re * re + im * im));
}
ADJOINT_INLINE double length(Complex<double> z) {
  const double re = __builtin_fabs(z.re), im = __builtin_fabs(z.im), larger = re > im ? re : im;
  const double scale = larger > 1e150 ? 0x1p-600 : larger < 1e-150 ? 0x1p600 : 1;
  const double a = re * scale, b = im * scale, root = __builtin_sqrt(a * a + b * b) / scale;
  const bool infinite = re == __builtin_inf() || im == __builtin_inf();
  return infinite ? __builtin_inf() : root;
}

template <typename T>
ADJOINT_INLINE Complex<T> product(Complex<T> a, Complex<T> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// Smith 1962, "Algorithm 116: Complex division", Communications of the ACM 5: neither b² overflows nor vanishes.
template <typename T>
ADJOINT_INLINE Complex<T> quotient(Complex<T> a, Complex<T> b) {
  const bool real = (b.re < 0 ? -b.re : b.re) >= (b.im < 0 ? -b.im : b.im);
  const T large = real ? b.re : b.im, small = real ? b.im : b.re;
  const T ratio = large == 0 ? T(0) : small / large, divisor = large + small * ratio;
  const T re = real ? a.re + a.im * ratio : a.re * ratio + a.im;
  const T im = real ? a.im - a.re * ratio : a.im * ratio - a.re;
  return {re / divisor, im / divisor};
}

}  // namespace

// y, a and b, which broadcast to it
void complexMul(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    zip_pairs<T>(call, [](Complex<T> a, Complex<T> b) ADJOINT_LAMBDA { return product(a, b); });
  });
}
void complexDiv(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    zip_pairs<T>(call, [](Complex<T> a, Complex<T> b) ADJOINT_LAMBDA { return quotient(a, b); });
  });
}

// y, x
void conj(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    map_pairs<Complex<T>, T>(pairs(call[0]), call[1], [](Complex<T> z) ADJOINT_LAMBDA { return Complex<T>{z.re, -z.im}; });
  });
}

// y [...], x [..., 2]
void complexAbs(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    map_pairs<T, T>(call[0], call[1], [](Complex<T> z) ADJOINT_LAMBDA { return length(z); });
  });
}

}  // namespace adjoint::ADJOINT_ISA
