// Linear equations with a triangular matrix, for many right-hand sides.
#include "linalg/solve.h"

namespace adjoint::ADJOINT_ISA {

template <typename T>
void solve_triangular(const Matrix<const T>& a, int64_t n, T* x, int64_t k, bool upper, bool unit) {
  T* const negative = workspace<T>(Workspace::Reflectors, n * kPanel);
  const int64_t panels = ceil_div(n, kPanel);
  for (int64_t panel = 0; panel < panels; panel++) {
    const int64_t begin = (upper ? panels - 1 - panel : panel) * kPanel, end = smaller(begin + kPanel, n);
    for (int64_t step = begin; step < end; step++) {
      const int64_t i = upper ? begin + end - 1 - step : step;
      for (int64_t p = upper ? i + 1 : begin; p < (upper ? end : i); p++) {
        add_multiple(x + i * k, x + p * k, -*a.at(i, p), k);
      }
      if (unit) continue;
      const T diagonal = *a.at(i, i);
      for (int64_t j = 0; j < k; j++) x[i * k + j] /= diagonal;
    }
    const int64_t first = upper ? 0 : end, rows = upper ? begin : n - end;
    subtract_product<T>(negative, rows, k, end - begin, a.block(first, begin), {x + begin * k, k, 1}, {x + first * k, k, 1});
  }
}

template void solve_triangular<float>(const Matrix<const float>&, int64_t, float*, int64_t, bool, bool);
template void solve_triangular<double>(const Matrix<const double>&, int64_t, double*, int64_t, bool, bool);

// x [batch, n, k], a [batch, n, n], b [batch, n, k]; upper, unit
void solveTriangular(const Call& call) {
  const View &x = call[0], &a = call[1], &b = call[2];
  const int64_t n = x.shape[1], k = x.shape[2];
  const bool upper = call.says(0), unit = call.says(1);
  const Triangle part = upper ? (unit ? Triangle::AboveUnit : Triangle::Upper) : (unit ? Triangle::BelowUnit : Triangle::Lower);
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(x.shape[0], grain_of(n * n * k), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        T* const result = x.as<T>() + i * n * k;
        T* const triangle = workspace<T>(Workspace::Factors, n * n);
        const Scale left = load_scaled(triangle, constant(matrix_of<T>(a, i)), n, n, part);
        const Scale right = load_scaled(result, constant(matrix_of<T>(b, i)), n, k);
        if (!left.finite || !right.finite) {
          fill<T>({result, k, 1}, n, k, kNotANumber<T>);
          continue;
        }
        // The ones of a unit diagonal are not stored, and cannot be divided with the rest.
        if (unit) {
          const Power<T> back(left.exponent);
          for (int64_t j = 0; j < n * n; j++) triangle[j] = back * triangle[j];
        }
        solve_triangular<T>({triangle, n, 1}, n, result, k, upper, unit);
        const Power<T> back(unit ? right.exponent : right.exponent - left.exponent);
        for (int64_t j = 0; j < n * k; j++) result[j] = back * result[j];
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
