// Eigenvalues and eigenvectors of symmetric tridiagonal matrices. Small ones by QL with implicit shifts, larger ones by
// divide and conquer: the two halves are solved without the element that joins them, which comes back as a matrix of rank 1.
// All but the products of vectors is in double.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, sections 8.3.3 and 8.4.3.
#pragma once
#include "linalg/divide.h"

namespace adjoint::ADJOINT_ISA {

template <typename T>
class Tridiagonal {
 public:
  const int64_t n;
  double* const d;       // diagonal; then eigenvalues
  double* const e;       // off the diagonal, e[i] between d[i] and d[i + 1]
  int64_t* const order;  // eigenvalue i, ascending, is d[order[i]]
  T* const vectors;      // [n, n], a row each; null where they are not wanted

  static int64_t doubles(int64_t n) { return kArrays * n + kLeaf * (kLeaf + 2) + Division<T>::doubles(n); }
  static int64_t elements(int64_t n) { return n > kLeaf ? Division<T>::elements(n, 1) : 0; }

  // `memory` has room for `doubles`, `products` for `elements`.
  Tridiagonal(int64_t n, T* vectors, double* memory, T* products)
      : n(n),
        d(memory),
        e(d + n),
        order(reinterpret_cast<int64_t*>(e + n)),
        vectors(vectors),
        first(e + 2 * n),
        last(first + n),
        joined(last + n),
        leaf(joined + 3 * n),
        division(n, leaf + kLeaf * (kLeaf + 2), products, 1) {}

  // False if an eigenvalue does not converge.
  bool solve();

 private:
  static constexpr int64_t kArrays = 8;

  double *const first, *const last;  // elements of the vectors: those that a join needs
  double* const joined;              // values, first and last elements on their way
  double* const leaf;                // [kLeaf, kLeaf] vectors of a small matrix, and rotations
  Division<T> division;
  double nothing = 0;

  bool solve(int64_t begin, int64_t end);
  bool solve_small(int64_t begin, int64_t end);
  int64_t sweep_up(int64_t l, int64_t m, double* cosine, double* sine);
  void join(int64_t begin, int64_t middle, int64_t end, double beside);
};

}  // namespace adjoint::ADJOINT_ISA
