// Cholesky decomposition A = L Lᵀ.
#include "linalg/matrix.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Columns of the rest that one product brings up to date, from their diagonal down.
constexpr int64_t kRest = 128;

// The lower triangle of a [n, n] becomes L. Returns the first pivot that is not positive, counted from 1, or 0.
template <typename T>
int32_t factor(T* a, int64_t n) {
  // The rows of a panel below it, turned, so that each step is one along memory; and the same negated.
  T* const turned = workspace<T>(Workspace::Reflectors, 2 * n * kPanel);
  T* const negative = turned + n * kPanel;
  for (int64_t begin = 0; begin < n; begin += kPanel) {
    const int64_t end = smaller(begin + kPanel, n), width = end - begin, rest = n - end;
    for (int64_t j = begin; j < end; j++) {
      T* const row = a + j * n;
      for (int64_t p = begin; p < j; p++) row[p] = (row[p] - dot(row + begin, a + p * n + begin, p - begin)) / a[p * n + p];
      const T pivot = row[j] - dot(row + begin, row + begin, j - begin);
      if (!(pivot > 0)) return static_cast<int32_t>(j + 1);
      row[j] = math::sqrt(pivot);
    }
    for (int64_t i = 0; i < rest; i++) {
      for (int64_t p = 0; p < width; p++) turned[p * rest + i] = a[(end + i) * n + begin + p];
    }
    for (int64_t j = 0; j < width; j++) {
      T* const row = turned + j * rest;
      const T* const line = a + (begin + j) * n + begin;
      for (int64_t p = 0; p < j; p++) add_multiple(row, turned + p * rest, -line[p], rest);
      for (int64_t i = 0; i < rest; i++) row[i] /= line[j];
    }
    for (int64_t i = 0; i < rest; i++) {
      for (int64_t p = 0; p < width; p++) a[(end + i) * n + begin + p] = turned[p * rest + i];
    }
    for (int64_t at = 0; at < rest; at += kRest) {
      const int64_t columns = smaller(kRest, rest - at);
      T* const corner = a + (end + at) * n;
      subtract_product<T>(negative, rest - at, columns, width, {corner + begin, n, 1}, {turned + at, rest, 1},
                          {corner + end + at, n, 1});
    }
  }
  return 0;
}

}  // namespace

// factor [batch, n, n], status [batch], a [batch, n, n]
void cholesky(const Call& call) {
  const View& a = call[2];
  const int64_t n = a.shape[1];
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(n * n * n), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        T* const f = call[0].as<T>() + b * n * n;
        int32_t& status = call[1].as<int32_t>()[b];
        const Scale scale = load_scaled(f, constant(matrix_of<T>(a, b)), n, n, Triangle::Lower);
        status = 0;
        // The root of an odd power of two is none.
        const int odd = scale.exponent & 1;
        if (odd) for (int64_t i = 0; i < n * n; i++) f[i] *= 2;
        if (scale.finite) status = factor(f, n);
        if (!scale.finite || status != 0) {
          fill<T>({f, n, 1}, n, n, kNotANumber<T>);
          continue;
        }
        const Power<T> back((scale.exponent - odd) / 2);
        for (int64_t i = 0; i < n; i++) {
          for (int64_t j = 0; j <= i; j++) f[i * n + j] = back * f[i * n + j];
          for (int64_t j = i + 1; j < n; j++) f[i * n + j] = 0;
        }
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
