// Normalisation of the rows of [rows, n], forward and backward. Statistics are added up in double.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {

// y, means [rows], rstds [rows], x, weight [n], bias [n]; eps
void layerNorm(const Call& call) {
  const int64_t rows = call[0].shape[0], n = call[0].shape[1];
  const double eps = call.numbers[0];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *__restrict y = call[0].as<T>(), *means = call[1].as<T>(), *rstds = call[2].as<T>();
    const T *__restrict x = call[3].as<T>(), *__restrict weight = call[4].as<T>(), *__restrict bias = call[5].as<T>();
    for_rows(rows, n, [&](const Strip& row) {
      double total = 0, squares = 0;
      row.sum(&total, [&](int64_t at, int) ADJOINT_LAMBDA { return static_cast<double>(x[at]); });
      const double mean = total / n;
      row.sum(&squares, [&](int64_t at, int) ADJOINT_LAMBDA { return (x[at] - mean) * (x[at] - mean); });
      const T center = static_cast<T>(mean), rstd = static_cast<T>(1 / __builtin_sqrt(squares / n + eps));
      means[row.column] = center;
      rstds[row.column] = rstd;
      row.each([&](int64_t at, int) ADJOINT_LAMBDA {
        y[at] = (x[at] - center) * rstd * weight[at - row.first] + bias[at - row.first];
      });
    });
  });
}

// dx, dweight [n], dbias [n], dy, x, means, rstds, weight.
// dx = rstd · (g − mean g − x̂ · mean(g · x̂)),  g = weight · dy;   dweight = Σ dy · x̂;   dbias = Σ dy
void layerNormGradient(const Call& call) {
  const int64_t rows = call[0].shape[0], n = call[0].shape[1];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *__restrict dx = call[0].as<T>(), *dweight = call[1].as<T>(), *dbias = call[2].as<T>();
    const T *__restrict dy = call[3].as<T>(), *__restrict x = call[4].as<T>(), *means = call[5].as<T>(),
            *rstds = call[6].as<T>(), *__restrict weight = call[7].as<T>();
    for_rows(rows, n, [&](const Strip& row) {
      const T mean = means[row.column], rstd = rstds[row.column];
      double total = 0, product = 0;
      row.sum(&total, [&](int64_t at, int) ADJOINT_LAMBDA {
        return static_cast<double>(dy[at] * weight[at - row.first]);
      });
      row.sum(&product, [&](int64_t at, int) ADJOINT_LAMBDA {
        return static_cast<double>(dy[at] * weight[at - row.first] * ((x[at] - mean) * rstd));
      });
      const T a = static_cast<T>(total / n), b = static_cast<T>(product / n);
      row.each([&](int64_t at, int) ADJOINT_LAMBDA {
        dx[at] = rstd * (dy[at] * weight[at - row.first] - a - (x[at] - mean) * rstd * b);
      });
    });
    // Every column's sum runs over the rows in order, whichever thread has it.
    for_strips(1, rows, n, [&](const Strip& strip) {
      double products[kStrip] = {}, totals[kStrip] = {};
      for (int64_t r = 0; r < rows; r++) {
        const int64_t first = r * n + strip.column;
        const T mean = means[r], rstd = rstds[r];
#pragma omp simd
        for (int c = 0; c < strip.width; c++) {
          products[c] += dy[first + c] * ((x[first + c] - mean) * rstd);
          totals[c] += dy[first + c];
        }
      }
      for (int c = 0; c < strip.width; c++) {
        dweight[strip.column + c] = static_cast<T>(products[c]);
        dbias[strip.column + c] = static_cast<T>(totals[c]);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
