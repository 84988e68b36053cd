// Elimination: what solves linear equations. Panels are eliminated row by row, and products bring the rest up to date.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, sections 3.1, 3.4 and 4.2.
#pragma once
#include "linalg/matrix.h"

namespace adjoint::ADJOINT_ISA {

// a [m, n], rows of n elements, becomes L below its diagonal, which has ones there, and U: row i of L · U is row order[i] of
// what it was. The sign of the order is in `sign`. Returns the first pivot that is 0, counted from 1, or 0.
template <typename T>
int32_t factor_lu(T* a, int64_t m, int64_t n, int32_t* order, T& sign);

// x [n, k], rows of k elements, becomes A⁻¹ x for the triangle of a that `upper` says, with ones on its diagonal if `unit`.
template <typename T>
void solve_triangular(const Matrix<const T>& a, int64_t n, T* x, int64_t k, bool upper, bool unit);

}  // namespace adjoint::ADJOINT_ISA
