// QR decomposition by Householder's reflectors; the diagonal of R is not negative.
#include "linalg/reflect.h"

namespace adjoint::ADJOINT_ISA {

// q [batch, m, k], r [batch, k, n], a [batch, m, n]
void qr(const Call& call) {
  const View &q = call[0], &r = call[1], &a = call[2];
  const int64_t m = a.shape[1], n = a.shape[2], k = q.shape[2], least = smaller(m, n);
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(m * n * least + m * k * least), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        // Aᵀ and Qᵀ: reflectors lie along memory.
        T* const columns = workspace<T>(Workspace::Factors, m * n + m * k + least);
        T *const turned = columns + m * n, *const tau = turned + m * k;
        T* const memory = workspace<T>(Workspace::Reflectors, Reflectors<T>::room(m, n > k ? n : k));
        T *const to_q = q.as<T>() + b * m * k, *const to_r = r.as<T>() + b * k * n;
        const Scale scale = load_scaled(columns, constant(matrix_of<T>(a, b).transposed()), n, m);
        if (!scale.finite) {
          fill<T>({to_q, k, 1}, m, k, kNotANumber<T>);
          fill<T>({to_r, n, 1}, k, n, kNotANumber<T>);
          continue;
        }
        triangularise(columns, n, m, tau, memory);
        set_unit(turned, m, k);
        reflect_rows(turned, m, k, columns, m, tau, least, 0, true, memory);
        const Power<T> back(scale.exponent);
        turn_over(to_r, columns, m, n, k);
        for (int64_t i = 0; i < k; i++) {
          T *const row = to_r + i * n, *const vector = turned + i * m;
          const T sign = i < least && row[i] < 0 ? -1 : 1;
          for (int64_t j = 0; j < smaller(i, n); j++) row[j] = 0;
          for (int64_t j = i; j < n; j++) row[j] = back * (sign * row[j]);
          for (int64_t j = 0; j < m; j++) vector[j] *= sign;
        }
        turn_over(to_q, turned, m, k, m);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
