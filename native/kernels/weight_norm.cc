// Rows of weights with a length of their own, and the gradient.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// A vector of double of elements of T.
template <typename T, typename Lanes>
ADJOINT_INLINE Vec<double> load_wide(const T* from, const Lanes& lanes) {
  if constexpr (__is_same(T, double)) {
    return lanes.load(from);
  } else {
    typedef T Half __attribute__((vector_size(kVectorBytes / 2)));
    Half half{};
    if constexpr (__is_same(Lanes, Whole)) std::memcpy(&half, from, sizeof half);
    else std::memcpy(&half, from, lanes.count * sizeof(T));
    return __builtin_convertvector(half, Vec<double>);
  }
}

// Σ a · b. Products of T that may have been lost, or were too large, are made again in double.
template <typename T>
ADJOINT_INLINE double sum_of_products(const T* a, const T* b, int64_t n) {
  const double sum = sum_of_run<T>(n, [=](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(a + k) * lanes.load(b + k); });
  const double size = __builtin_fabs(sum);
  if (__is_same(T, double) || (size > 1e-25 && size < 1e35)) return sum;
  return sum_of_run<double>(
      n, [=](int64_t k, auto lanes) ADJOINT_LAMBDA { return load_wide(a + k, lanes) * load_wide(b + k, lanes); });
}

}  // namespace

// y, norms [rows], v [rows, n], g [rows]: y = g · v / ‖v‖
void weightNorm(const Call& call) {
  const int64_t rows = call[2].shape[0], n = call[2].shape[1];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *const y = call[0].as<T>(), *const norms = call[1].as<T>();
    const T *const v = call[2].as<T>(), *const g = call[3].as<T>();
    for_rows<T>(rows, n, [&](const auto& row) ADJOINT_LAMBDA {
      const double squares = sum_of_products(v + row.first, v + row.first, n);
      norms[row.line] = static_cast<T>(__builtin_sqrt(squares));
      const T norm = norms[row.line], factor = g[row.line] / norm;
      // Of a row of denormals the quotient is beyond what T has.
      if (__builtin_fabs(factor) < static_cast<T>(1e35)) {
        row.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA { lanes.store(y + at, lanes.load(v + at) * broadcast(factor)); });
      } else {
        const Vec<T> length = broadcast(norm), height = broadcast(g[row.line]);
        row.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA { lanes.store(y + at, lanes.load(v + at) / length * height); });
      }
    });
  });
}

// dv, dg, dy, v, g, norms. dg = Σ dy · v / ‖v‖; dv = g / ‖v‖ · (dy − v · Σ dy · v / ‖v‖²)
void weightNormGradient(const Call& call) {
  const int64_t rows = call[3].shape[0], n = call[3].shape[1];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *const dv = call[0].as<T>(), *const dg = call[1].as<T>();
    const T *const dy = call[2].as<T>(), *const v = call[3].as<T>(), *const g = call[4].as<T>(), *const norms = call[5].as<T>();
    for_rows<T>(rows, n, [&](const auto& row) ADJOINT_LAMBDA {
      const double product = sum_of_products(dy + row.first, v + row.first, n);
      const T norm = norms[row.line];
      dg[row.line] = static_cast<T>(product / norm);
      const Vec<T> factor = broadcast(g[row.line] / norm), share = broadcast(static_cast<T>(product / norm / norm));
      row.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        lanes.store(dv + at, factor * (lanes.load(dy + at) - lanes.load(v + at) * share));
      });
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
