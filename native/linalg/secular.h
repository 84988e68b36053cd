// Eigenvalues and eigenvectors of a diagonal matrix plus z zᵀ, which divide and conquer puts two solved halves together by:
// roots of the secular equation 1 + Σ zⱼ² / (pⱼ − λ) = 0, one right of each pole pⱼ.
// Source: Gu, Eisenstat 1995, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem"; iteration: Li 1993,
// "Solving secular equations stably and efficiently".
#pragma once
#include "linalg/matrix.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

struct Secular {
  int64_t n;
  const double* d;  // ascending, different by far more than their rounding
  double* z;        // none of them 0; then those for which the roots are exact, so that vectors are orthogonal
  bool squared;     // poles are dⱼ², roots those of singular values
  double* origin;   // root i is the pole of origin[i] plus shift[i]: exact also where both are large
  double* shift;

  // The pole of x minus that of y.
  INLINE double gap(double x, double y) const {
    const double wide = squared;
    return (x - y) * (wide * (x + y) + (1 - wide));
  }

  // Finds the roots, and z for them; `products` has room for 2 n.
  void solve(double* products);

  // The eigenvalue, or the singular value, of root i.
  double value(int64_t i) const {
    if (!squared) return origin[i] + shift[i];
    return origin[i] + shift[i] / (origin[i] + math::sqrt(origin[i] * origin[i] + shift[i]));
  }

 private:
  void find(int64_t i, const double* weights, double* gaps);
};

}  // namespace adjoint::ADJOINT_ISA
