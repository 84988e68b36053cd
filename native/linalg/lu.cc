// LU decomposition with partial pivoting.
#include "linalg/solve.h"

namespace adjoint::ADJOINT_ISA {

template <typename T>
int32_t factor_lu(T* a, int64_t m, int64_t n, int32_t* order, T& sign) {
  const int64_t pivots = smaller(m, n);
  int32_t status = 0;
  sign = 1;
  for (int64_t i = 0; i < m; i++) order[i] = static_cast<int32_t>(i);
  T* const negative = workspace<T>(Workspace::Reflectors, m * kPanel);
  for (int64_t begin = 0; begin < pivots; begin += kPanel) {
    const int64_t end = smaller(begin + kPanel, pivots);
    for (int64_t k = begin; k < end; k++) {
      int64_t pivot = k;
      T largest = 0;
      for (int64_t i = k; i < m; i++) {
        const T x = a[i * n + k], size = x < 0 ? -x : x;
        if (size > largest) largest = size, pivot = i;
      }
      if (largest == 0) {
        if (status == 0) status = static_cast<int32_t>(k + 1);
        continue;
      }
      if (pivot != k) {
        for (int64_t j = 0; j < n; j++) {
          const T upper = a[k * n + j];
          a[k * n + j] = a[pivot * n + j];
          a[pivot * n + j] = upper;
        }
        const int32_t row = order[k];
        order[k] = order[pivot];
        order[pivot] = row;
        sign = -sign;
      }
      const T* const row = a + k * n;
      for (int64_t i = k + 1; i < m; i++) {
        const T factor = a[i * n + k] / row[k];
        a[i * n + k] = factor;
        add_multiple(a + i * n + k + 1, row + k + 1, -factor, end - k - 1);
      }
    }
    if (end == n) continue;
    for (int64_t i = begin + 1; i < end; i++) {
      for (int64_t p = begin; p < i; p++) add_multiple(a + i * n + end, a + p * n + end, -a[i * n + p], n - end);
    }
    subtract_product<T>(negative, m - end, n - end, end - begin, {a + end * n + begin, n, 1}, {a + begin * n + end, n, 1},
                        {a + end * n + end, n, 1});
  }
  return status;
}

template int32_t factor_lu<float>(float*, int64_t, int64_t, int32_t*, float&);
template int32_t factor_lu<double>(double*, int64_t, int64_t, int32_t*, double&);

// factors [batch, m, n], order [batch, m], sign [batch], status [batch], a [batch, m, n]
void lu(const Call& call) {
  const View &factors = call[0], &a = call[4];
  const int64_t m = a.shape[1], n = a.shape[2], least = smaller(m, n);
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(m * n * least), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        T* const f = factors.as<T>() + b * m * n;
        int32_t* const order = call[1].as<int32_t>() + b * m;
        T& sign = call[2].as<T>()[b];
        int32_t& status = call[3].as<int32_t>()[b];
        const Scale scale = load_scaled(f, constant(matrix_of<T>(a, b)), m, n);
        if (!scale.finite) {
          fill<T>({f, n, 1}, m, n, kNotANumber<T>);
          for (int64_t i = 0; i < m; i++) order[i] = static_cast<int32_t>(i);
          sign = kNotANumber<T>, status = 0;
          continue;
        }
        status = factor_lu(f, m, n, order, sign);
        const Power<T> back(scale.exponent);
        for (int64_t i = 0; i < least; i++) {
          for (int64_t j = i; j < n; j++) f[i * n + j] = back * f[i * n + j];
        }
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
