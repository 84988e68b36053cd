// The exponential of a matrix: Padé's approximant of degree 13 of A / 2ˢ, squared s times; in double.
// Source: Higham 2005, "The scaling and squaring method for the matrix exponential revisited", algorithm 2.3 for degree 13.
#include "linalg/solve.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// ‖A / 2ˢ‖₁ up to which the approximant is exact to rounding.
constexpr double kMostNorm = 5.371920351148152;

// y = e^a, both [n, n]; `memory` has room for 7 n² and is not one of gemm's.
void exponential(double* y, double* a, int64_t n, double* memory, int32_t* order) {
  const int64_t size = n * n;
  double norm = 0;
  for (int64_t j = 0; j < n; j++) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += __builtin_fabs(a[i * n + j]);
    norm = sum > norm ? sum : norm;
  }
  int squarings = 0;
  while (norm > kMostNorm) norm /= 2, squarings++;
  const Power<double> inverse(-squarings);
  for (int64_t i = 0; i < size; i++) a[i] = inverse * a[i];

  const auto multiply = [&](double* to, const double* left, const double* right) {
    gemm<double>(n, n, n, {left, n, 1}, {right, n, 1}, {to, n, 1}, {});
  };
  double *const a2 = memory, *const a4 = a2 + size, *const a6 = a4 + size, *const odd = a6 + size, *const even = odd + size;
  double* const sum = even + size;
  multiply(a2, a, a);
  multiply(a4, a2, a2);
  multiply(a6, a4, a2);
  constexpr double b[] = {64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000,
                          10559470521600,    670442572800,      33522128640,      1323241920,       40840800,
                          960960,            16380,             182,              1};
  // b₁ + b₃ A² + b₅ A⁴ + b₇ A⁶ + A⁶ (b₉ A² + b₁₁ A⁴ + b₁₃ A⁶), and the same of the even ones
  const auto polynomial = [&](double* to, int first) {
    for (int64_t i = 0; i < size; i++) sum[i] = b[first + 8] * a2[i] + b[first + 10] * a4[i] + b[first + 12] * a6[i];
    multiply(to, a6, sum);
    for (int64_t i = 0; i < size; i++) to[i] += b[first + 2] * a2[i] + b[first + 4] * a4[i] + b[first + 6] * a6[i];
    for (int64_t i = 0; i < n; i++) to[i * n + i] += b[first];
  };
  polynomial(sum + size, 1);
  multiply(odd, a, sum + size);
  polynomial(even, 0);
  // (even − odd) y = even + odd
  for (int64_t i = 0; i < size; i++) {
    sum[i] = even[i] - odd[i];
    odd[i] += even[i];
  }
  double sign;
  factor_lu(sum, n, n, order, sign);
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < n; j++) y[i * n + j] = odd[order[i] * n + j];
  }
  solve_triangular<double>({sum, n, 1}, n, y, n, false, true);
  solve_triangular<double>({sum, n, 1}, n, y, n, true, false);
  for (; squarings > 0; squarings--) {
    for (int64_t i = 0; i < size; i++) a[i] = y[i];
    multiply(y, a, a);
  }
}

}  // namespace

// y [batch, n, n], a [batch, n, n]
void matrixExp(const Call& call) {
  const View& a = call[1];
  const int64_t n = a.shape[1];
  if (n == 0) return;
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(10 * n * n * n), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        T* const y = call[0].as<T>() + b * n * n;
        double* const memory = workspace<double>(Workspace::Factors, 9 * n * n);
        int32_t* const order = workspace<int32_t>(Workspace::Steps, n);
        const Scale scale = load_scaled(memory, constant(matrix_of<T>(a, b)), n, n);
        if (!scale.finite) {
          fill<T>({y, n, 1}, n, n, kNotANumber<T>);
          continue;
        }
        const Power<double> back(scale.exponent);
        for (int64_t i = 0; i < n * n; i++) memory[i] = back * memory[i];
        exponential(memory + n * n, memory, n, memory + 2 * n * n, order);
        for (int64_t i = 0; i < n * n; i++) y[i] = static_cast<T>(memory[n * n + i]);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
