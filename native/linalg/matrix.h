// Matrices of a batch, brought to row-major memory and scaled by a power of two: no square overflows, no bit is lost.
#pragma once
#include "gemm/gemm.h"
#include "kernels/transpose.h"
#include "kernels/walk.h"

namespace adjoint::ADJOINT_ISA {

// Rows, or columns, that are eliminated one by one before a product brings the others up to date.
constexpr int64_t kPanel = 32;

template <typename T>
Matrix<T> matrix_of(const View& view, int64_t batch) {
  return {view.as<T>() + batch * view.strides[0], view.strides[1], view.strides[2]};
}

template <typename T>
Matrix<const T> constant(const Matrix<T>& matrix) {
  return {matrix.data, matrix.row, matrix.column};
}

// The sign and the exponent of a power of two between which scaling neither overflows nor loses a denormal.
template <typename T>
constexpr int kMostExponent = sizeof(T) == 4 ? 100 : 1000;

// 2 to a power of −1022 … 1023, and the power of two in x, −1023 for what is smaller. Calls of the library cost as much as a
// small matrix.
INLINE double two_to(int exponent) {
  const uint64_t bits = static_cast<uint64_t>(exponent + 1023) << 52;
  double x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE int exponent_of(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return static_cast<int>(bits >> 52 & 2047) - 1023;
}

// 2 to a power, in two factors where it is out of range.
template <typename T>
struct Power {
  T first, second;

  explicit Power(int exponent)
      : first(static_cast<T>(two_to(exponent / 2))), second(static_cast<T>(two_to(exponent - exponent / 2))) {}
  template <typename S>
  S operator*(S x) const { return x * static_cast<S>(first) * static_cast<S>(second); }
};

// What a matrix is divided by: 2^exponent of its largest element. Not finite where one is not.
struct Scale {
  bool finite;
  int exponent;
};

// Which elements of a matrix count; the others are taken for 0.
enum class Triangle { All, Lower, Upper, BelowUnit, AboveUnit };

// Brings a matrix to rows of `n` elements, divided by the power of two that brings its largest to 1 … 2.
template <typename From, typename T>
Scale load_scaled(T* to, const Matrix<const From>& from, int64_t m, int64_t n, Triangle part = Triangle::All) {
  T largest = 0;
  int odd = 0;
  // An infinity and NaN alone give something other than 0 when they are subtracted from themselves.
  const auto copy_row = [&](T* __restrict row, const From* __restrict source, int64_t step, int64_t count) ADJOINT_LAMBDA {
    T most = 0;
    int any = 0;
#pragma omp simd reduction(max : most) reduction(| : any)
    for (int64_t j = 0; j < count; j++) {
      const T x = static_cast<T>(source[j * step]), size = x < 0 ? -x : x;
      any |= !(x - x == 0);
      most = size > most ? size : most;
      row[j] = x;
    }
    largest = most > largest ? most : largest, odd |= any;
  };
  // In vectors, the last of a part: rows of small matrices are shorter than one, and what is left of a loop is slow.
  Vec<T> most = {}, none = {};
  const auto copy_vectors = [&](T* row, const T* source, int64_t count) ADJOINT_LAMBDA {
    for (int64_t j = 0; j < count; j += kLanes<T>) {
      const int64_t lanes = smaller(kLanes<T>, count - j);
      const Vec<T> x = load_first(source + j, lanes), size = x < 0 ? -x : x;
      none += x - x;
      most = size > most ? size : most;
      store_first(row + j, x, lanes);
    }
  };
  for (int64_t i = 0; i < m; i++) {
    const int64_t first = part == Triangle::Upper ? i : part == Triangle::AboveUnit ? i + 1 : 0;
    const int64_t last = part == Triangle::Lower ? i + 1 : part == Triangle::BelowUnit ? i : n;
    T* const row = to + i * n;
    for (int64_t j = 0; j < first; j++) row[j] = 0;
    for (int64_t j = last; j < n; j++) row[j] = 0;
    const From* const source = from.at(i, first);
    if (from.column != 1) copy_row(row + first, source, from.column, last - first);
    else if constexpr (kSame<From, T>) copy_vectors(row + first, source, last - first);
    else copy_row(row + first, source, 1, last - first);
  }
  for (int i = 0; i < kLanes<T>; i++) largest = most[i] > largest ? most[i] : largest, odd |= !(none[i] == 0);
  if (odd) return {false, 0};
  int exponent = largest == 0 ? 0 : exponent_of(static_cast<double>(largest));
  constexpr int limit = kMostExponent<T>;
  exponent = exponent < -limit ? -limit : exponent > limit ? limit : exponent;
  const T inverse = static_cast<T>(two_to(-exponent));
  for (int64_t i = 0; i < m * n; i++) to[i] *= inverse;
  return {true, exponent};
}

template <typename T>
void fill(const Matrix<T>& matrix, int64_t m, int64_t n, T value) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) *matrix.at(i, j) = value;
  }
}

// to [n, m] = from [m, n], rows of `pitch` elements, turned over, a block after the other.
template <typename T>
void turn_over(T* to, const T* from, int64_t pitch, int64_t m, int64_t n) {
  constexpr int64_t side = 64;
  for (int64_t i = 0; i < m; i += side) {
    for (int64_t j = 0; j < n; j += side) {
      transpose_block(to + j * m + i, m, 1, from + i * pitch + j, pitch, smaller(side, n - j), smaller(side, m - i));
    }
  }
}

template <typename T>
constexpr T kNotANumber = static_cast<T>(__builtin_nanf(""));

// Σ xᵢ yᵢ
template <typename T>
INLINE T dot(const T* __restrict x, const T* __restrict y, int64_t n) {
  T sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

// y += factor · x
template <typename T>
INLINE void add_multiple(T* __restrict y, const T* __restrict x, T factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += factor * x[i];
}

// c −= a · b: `negative` is room for a, of rows of k elements.
template <typename T>
void subtract_product(T* negative, int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b,
                      const Matrix<T>& c) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t p = 0; p < k; p++) negative[i * k + p] = -*a.at(i, p);
  }
  gemm<T>(m, n, k, {negative, k, 1}, b, c, constant(c));
}

}  // namespace adjoint::ADJOINT_ISA
