// The exponential of a matrix: Padé's approximant of A / 2ˢ, squared s times; in double.
// Source: Higham 2005, "The scaling and squaring method for the matrix exponential revisited", algorithm 2.3: of degree 13,
// and for float32 of degree 7. That one is scaled by the norms of A's powers, which may be far below the powers of its norm:
// Al-Mohy, Higham 2009, "A new scaling and squaring algorithm for the matrix exponential", theorem 4.2.
#include "linalg/solve.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// ‖A / 2ˢ‖₁ up to which the approximants are exact to rounding to double, to float32.
constexpr double kMostNorm = 5.371920351148152, kMostNormSingle = 3.925724783138660;
// e to the power of ‖A / 2ˢ‖₁ of double's rounding errors may be in the sums: in float32 nothing is seen of them.
constexpr double kMostGrowth = 16;

double norm_of(const double* a, int64_t n) {
  double norm = 0;
  for (int64_t j = 0; j < n; j++) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += __builtin_fabs(a[i * n + j]);
    norm = sum > norm ? sum : norm;
  }
  return norm;
}

void scale_by(double* a, int64_t size, int exponent) {
  const Power<double> power(exponent);
  for (int64_t i = 0; i < size; i++) a[i] = power * a[i];
}

void multiply(double* to, const double* left, const double* right, int64_t n) {
  gemm<double>(n, n, n, {left, n, 1}, {right, n, 1}, {to, n, 1}, {});
}

// The odd and the even terms of an approximant of A / 2ˢ, [n, n]; the functions give s, and `memory` has room for 4 n².
struct Terms {
  double *odd, *even;
};

int terms_of_13(Terms to, double* a, int64_t n, double* memory) {
  const int64_t size = n * n;
  int squarings = 0;
  for (double norm = norm_of(a, n); norm > kMostNorm; norm /= 2) squarings++;
  scale_by(a, size, -squarings);
  double *const a2 = memory, *const a4 = a2 + size, *const a6 = a4 + size, *const sum = a6 + size;
  multiply(a2, a, a, n);
  multiply(a4, a2, a2, n);
  multiply(a6, a4, a2, n);
  constexpr double b[] = {64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000,
                          10559470521600,    670442572800,      33522128640,      1323241920,       40840800,
                          960960,            16380,             182,              1};
  // b₁ + b₃ A² + b₅ A⁴ + b₇ A⁶ + A⁶ (b₉ A² + b₁₁ A⁴ + b₁₃ A⁶), and the same of the even ones
  const auto polynomial = [&](double* y, int first) {
    for (int64_t i = 0; i < size; i++) sum[i] = b[first + 8] * a2[i] + b[first + 10] * a4[i] + b[first + 12] * a6[i];
    multiply(y, a6, sum, n);
    for (int64_t i = 0; i < size; i++) y[i] += b[first + 2] * a2[i] + b[first + 4] * a4[i] + b[first + 6] * a6[i];
    for (int64_t i = 0; i < n; i++) y[i * n + i] += b[first];
  };
  polynomial(to.even, 1);
  multiply(to.odd, a, to.even, n);
  polynomial(to.even, 0);
  return squarings;
}

int terms_of_7(Terms to, double* a, int64_t n, double* memory) {
  const int64_t size = n * n;
  double *const a2 = memory, *const a4 = a2 + size, *const a6 = a4 + size, *const sum = a6 + size;
  multiply(a2, a, a, n);
  multiply(a4, a2, a2, n);
  multiply(a6, a4, a2, n);
  constexpr double square = kMostNormSingle * kMostNormSingle, fourth = square * square, sixth = fourth * square;
  double norm = norm_of(a, n), norm4 = norm_of(a4, n), norm6 = norm_of(a6, n);
  int squarings = 0;
  while (norm > kMostGrowth || norm4 > fourth || norm6 > sixth) {
    norm /= 2, norm4 /= 16, norm6 /= 64;
    squarings++;
  }
  double* const powers[] = {a, a2, a4, a6};
  for (int p = 0; squarings > 0 && p < 4; p++) scale_by(powers[p], size, p == 0 ? -squarings : -2 * p * squarings);
  constexpr double b[] = {17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1};
  const auto polynomial = [&](double* y, int first) {
    for (int64_t i = 0; i < size; i++) y[i] = b[first + 2] * a2[i] + b[first + 4] * a4[i] + b[first + 6] * a6[i];
    for (int64_t i = 0; i < n; i++) y[i * n + i] += b[first];
  };
  polynomial(sum, 1);
  multiply(to.odd, a, sum, n);
  polynomial(to.even, 0);
  return squarings;
}

// y = e^a, both [n, n], to the digits of T; `memory` has room for 6 n² and is not one of gemm's.
template <typename T>
void exponential(double* y, double* a, int64_t n, double* memory, int32_t* order) {
  const int64_t size = n * n;
  double *const odd = memory, *const even = odd + size, *const rest = even + size;
  int squarings = (sizeof(T) == 4 ? terms_of_7 : terms_of_13)({odd, even}, a, n, rest);
  // (even − odd) y = even + odd
  for (int64_t i = 0; i < size; i++) {
    const double difference = even[i] - odd[i];
    odd[i] += even[i];
    even[i] = difference;
  }
  double sign;
  factor_lu(even, n, n, order, sign);
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < n; j++) y[i * n + j] = odd[order[i] * n + j];
  }
  solve_triangular<double>({even, n, 1}, n, y, n, false, true);
  solve_triangular<double>({even, n, 1}, n, y, n, true, false);
  for (; squarings > 0; squarings--) {
    for (int64_t i = 0; i < size; i++) a[i] = y[i];
    multiply(y, a, a, n);
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
        double* const memory = workspace<double>(Workspace::Factors, 8 * n * n);
        int32_t* const order = workspace<int32_t>(Workspace::Steps, n);
        const Scale scale = load_scaled(memory, constant(matrix_of<T>(a, b)), n, n);
        if (!scale.finite) {
          fill<T>({y, n, 1}, n, n, kNotANumber<T>);
          continue;
        }
        const Power<double> back(scale.exponent);
        for (int64_t i = 0; i < n * n; i++) memory[i] = back * memory[i];
        exponential<T>(memory + n * n, memory, n, memory + 2 * n * n, order);
        for (int64_t i = 0; i < n * n; i++) y[i] = static_cast<T>(memory[n * n + i]);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
