// Householder's reflectors H = 1 − τ v vᵀ, v₀ = 1, and many of them at once: H₀ H₁ … = 1 − V T Vᵀ, so that products apply
// them. Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 5.1; Schreiber, Van Loan 1989, "A
// storage-efficient WY representation for products of Householder transformations".
#pragma once
#include "linalg/matrix.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

// Squares that sum to less have lost digits, or all.
template <typename T>
constexpr T kLeastSquares = sizeof(T) == 4 ? 0x1p-90f : static_cast<T>(0x1p-900);

// Makes x the vector of the reflector that takes it to (beta, 0, …), with the 1 before it left out; beta stands at x[0].
// Returns τ.
template <typename T>
T make_reflector(T* x, int64_t n) {
  const T first = x[0], rest = dot(x + 1, x + 1, n - 1);
  if (rest < kLeastSquares<T>) {
    T largest = math::absolute(first), behind = 0;
    for (int64_t i = 1; i < n; i++) behind = math::absolute(x[i]) > behind ? math::absolute(x[i]) : behind;
    largest = behind > largest ? behind : largest;
    // The first is as good as all of the vector.
    if (behind <= largest * static_cast<T>(sizeof(T) == 4 ? 0x1p-40 : 0x1p-100)) {
      for (int64_t i = 1; i < n; i++) x[i] = 0;
      return 0;
    }
    if (largest < 1) {
      const int exponent = -exponent_of(static_cast<double>(largest));
      const Power<T> up(exponent), down(-exponent);
      for (int64_t i = 0; i < n; i++) x[i] = up * x[i];
      const T tau = make_reflector(x, n);
      x[0] = down * x[0];
      return tau;
    }
  }
  const T length = math::sqrt(first * first + rest), beta = first > 0 ? -length : length;
  const T divisor = first - beta;
  for (int64_t i = 1; i < n; i++) x[i] /= divisor;
  x[0] = beta;
  return -divisor / beta;
}

// row −= τ (row · v) v, with the 1 that v begins with left out.
template <typename T>
INLINE void reflect(T* row, const T* v, T tau, int64_t n) {
  const T factor = -tau * (row[0] + dot(row + 1, v + 1, n - 1));
  row[0] += factor;
  add_multiple(row + 1, v + 1, factor, n - 1);
}

// Elements of a vector up to which reflectors are applied one by one.
constexpr int64_t kFew = 8;

// Reflectors of vectors of n elements, the i-th of which begins after i zeros.
template <typename T>
struct Reflectors {
  int64_t count, n;
  T* v;  // [count, n]
  T* t;  // [count, count], −T: an upper triangle
  T* products;  // [rows, 2 · count] on their way

  static int64_t room(int64_t n, int64_t rows) { return kPanel * (n + kPanel + 2 * larger(rows, kPanel)); }

  // From rows whose element i and those behind it are v with the 1 left out.
  Reflectors(T* memory, const T* vectors, int64_t pitch, const T* tau, int64_t count, int64_t n)
      : count(count), n(n), v(memory), t(v + kPanel * n), products(t + kPanel * kPanel) {
    for (int64_t i = 0; i < count; i++) {
      T* const row = v + i * n;
      for (int64_t j = 0; j < i; j++) row[j] = 0;
      row[i] = 1;
      for (int64_t j = i + 1; j < n; j++) row[j] = vectors[i * pitch + j];
    }
    gemm<T>(count, count, n, {v, n, 1}, {v, 1, n}, {products, count, 1}, {});
    for (int64_t i = 0; i < count; i++) {
      // T₀₋ᵢ,ᵢ = −τ T (V vᵢ)
      for (int64_t j = 0; j < i; j++) {
        T sum = 0;
        for (int64_t p = j; p < i; p++) sum += t[j * count + p] * products[i * count + p];
        t[j * count + i] = -tau[i] * sum;
      }
      t[i * count + i] = -tau[i];
      for (int64_t j = i + 1; j < count; j++) t[j * count + i] = 0;
    }
  }

  // Takes every row x of c to H₀ H₁ … x; with `turned` to … H₁ H₀ x.
  void apply(T* c, int64_t pitch, int64_t rows, bool turned) const {
    T* const left = products + rows * count;
    gemm<T>(rows, count, n, {c, pitch, 1}, {v, 1, n}, {products, count, 1}, {});
    gemm<T>(rows, count, count, {products, count, 1}, {t, turned ? count : 1, turned ? 1 : count}, {left, count, 1}, {});
    gemm<T>(rows, n, count, {left, count, 1}, {v, n, 1}, {c, pitch, 1}, {c, pitch, 1});
  }
};

// Reflects the rows of a [rows, n], which are columns of a matrix, so that row i ends at element i: the reflectors' vectors
// stand behind it, their τ in tau [min(rows, n)]. `memory` has room for Reflectors.
template <typename T>
void triangularise(T* a, int64_t rows, int64_t n, T* tau, T* memory) {
  const int64_t reflectors = smaller(rows, n);
  for (int64_t begin = 0; begin < reflectors; begin += kPanel) {
    const int64_t end = smaller(begin + kPanel, reflectors);
    for (int64_t i = begin; i < end; i++) {
      tau[i] = make_reflector(a + i * n + i, n - i);
      if (tau[i] == 0) continue;
      for (int64_t j = i + 1; j < end; j++) reflect(a + j * n + i, a + i * n + i, tau[i], n - i);
    }
    if (end == rows) continue;
    const Reflectors<T> block(memory, a + begin * n + begin, n, tau + begin, end - begin, n - begin);
    block.apply(a + end * n + begin, n, rows - end, true);
  }
}

// Takes every row x of q [rows, …], rows of `pitch` elements, to H₀ H₁ … x, for reflectors as `triangularise` leaves them in
// rows of n elements, the first after `shift` of them. Of a unit matrix only what is not yet 0 is touched: x are its rows.
template <typename T>
void reflect_rows(T* q, int64_t pitch, int64_t rows, const T* a, int64_t n, const T* tau, int64_t count, int64_t shift,
                  bool unit, T* memory) {
  if (n <= kFew) {
    for (int64_t i = count - 1; i >= 0; i--) {
      const int64_t first = i + shift;
      for (int64_t j = unit ? smaller(first, rows) : 0; j < rows; j++) {
        reflect(q + j * pitch + first, a + i * n + first, tau[i], n - first);
      }
    }
    return;
  }
  for (int64_t panel = ceil_div(count, kPanel); panel > 0; panel--) {
    const int64_t begin = (panel - 1) * kPanel, end = smaller(begin + kPanel, count), first = begin + shift;
    const int64_t from = unit ? smaller(first, rows) : 0;
    const Reflectors<T> block(memory, a + begin * n + first, n, tau + begin, end - begin, n - first);
    block.apply(q + from * pitch + first, pitch, rows - from, false);
  }
}

// Sets q [rows, pitch] to the unit matrix, as far as it goes.
template <typename T>
void set_unit(T* q, int64_t pitch, int64_t rows) {
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < pitch; j++) q[i * pitch + j] = i == j ? 1 : 0;
  }
}

}  // namespace adjoint::ADJOINT_ISA
