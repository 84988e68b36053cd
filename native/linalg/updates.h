// What a panel's reflectors add to a matrix A, A + Σ lᵣ rᵣᵀ, before one product does it: rows and columns, and products with
// vectors, are brought up to date as they are asked for.
// Source: Dongarra, Sorensen, Hammarling 1989, "Block reduction of matrices to condensed forms for eigenvalue computations".
#pragma once
#include "linalg/matrix.h"

namespace adjoint::ADJOINT_ISA {

// Rows that are left for elimination one by one: a panel's products would cost more.
constexpr int64_t kRest = 64;

template <typename T>
struct Updates {
  int64_t n, count;
  T *left, *right;  // [2 kPanel, n] each

  static int64_t room(int64_t n) { return 4 * kPanel * n; }

  Updates turned() const { return {n, count, right, left}; }

  // The element i … of row `at` of A get what was added to them.
  void add_row(T* row, int64_t at, int64_t i) const {
    if (count == 0) return;
    const Matrix<T> to = {row, n, 1};
    gemm<T>(1, n - i, count, {left + at, 1, n}, {right + i, n, 1}, to, constant(to));
  }

  // y += Σ lᵣ (rᵣ · x), from row i of A and its column j on.
  void add_product(T* y, const T* x, int64_t i, int64_t j) const {
    if (count == 0) return;
    T along[2 * kPanel];
    const Matrix<T> to = {y, n, 1};
    gemm<T>(count, 1, n - j, {right + j, n, 1}, {x, 1, 1}, {along, 1, 1}, {});
    gemm<T>(1, n - i, count, {along, count, 1}, {left + i, n, 1}, to, constant(to));
  }

  // One more: `sign` times l, from row i on, and r, from column j on.
  void push(const T* l, int64_t i, const T* r, int64_t j, T sign) {
    T *const to_left = left + count * n + i, *const to_right = right + count * n + j;
    for (int64_t p = 0; p < n - i; p++) to_left[p] = sign * l[p];
    for (int64_t p = 0; p < n - j; p++) to_right[p] = r[p];
    count++;
  }

  // Adds all of them to A from row and column i on.
  void add_to(T* a, int64_t i) {
    const Matrix<T> corner = {a + i * n + i, n, 1};
    if (count > 0) gemm<T>(n - i, n - i, count, {left + i, 1, n}, {right + i, n, 1}, corner, constant(corner));
    count = 0;
  }
};

}  // namespace adjoint::ADJOINT_ISA
