// Singular values and vectors of bidiagonal matrices. Small ones by QR with implicit shifts, larger ones by divide and conquer:
// what is above a row and what is below it are solved without it, and the row, in terms of their vectors, is joined to them.
// All but the products of vectors is in double.
// Source: Golub, Reinsch 1970, "Singular value decomposition and least squares solutions"; the cases of a step as in LINPACK's
// dsvdc: Dongarra, Bunch, Moler, Stewart 1979, "LINPACK users' guide", chapter 11; Gu, Eisenstat 1995, "A divide-and-conquer
// algorithm for the bidiagonal SVD".
#pragma once
#include "linalg/divide.h"

namespace adjoint::ADJOINT_ISA {

// U and V of order n, rows of which are the columns of the matrices; null where they are not wanted.
template <typename T>
struct SingularVectors {
  T *u, *v;
  int64_t u_pitch, v_pitch;
};

template <typename T>
class Bidiagonal {
 public:
  const int64_t n;
  double* const d;       // diagonal; then singular values
  double* const e;       // right of the diagonal, e[i] beside d[i]
  int64_t* const order;  // singular value i, ascending, is d[order[i]]
  const SingularVectors<T> vectors;

  static int64_t doubles(int64_t n) { return kArrays * (n + 1) + kSmall + Division<T>::doubles(n); }
  static int64_t elements(int64_t n) { return n > kLeaf ? Division<T>::elements(n, 2) : 0; }

  // `memory` has room for `doubles`, `products` for `elements`.
  Bidiagonal(int64_t n, const SingularVectors<T>& vectors, double* memory, T* products)
      : n(n),
        d(memory),
        e(d + n + 1),
        order(reinterpret_cast<int64_t*>(e + n + 1)),
        vectors(vectors),
        first(e + 2 * (n + 1)),
        last(first + n + 1),
        joined(last + n + 1),
        leaf(joined + 3 * (n + 1)),
        division(n, leaf + kSmall, products, 2) {}

  // False if a value does not converge.
  bool solve();

 private:
  static constexpr int64_t kArrays = 8;
  static constexpr int64_t kSmall = 2 * (kLeaf + 1) * (kLeaf + 2);

  double *const first, *const last;  // elements of V's rows: those that a join needs
  double* const joined;              // values, first and last elements on their way
  double* const leaf;                // what a small matrix takes
  Division<T> division;
  double nothing = 0, least = 0;

  // Rows begin … end, of as many columns, or of one more.
  bool solve(int64_t begin, int64_t end, bool wide);
  bool solve_small(int64_t begin, int64_t end, bool wide);
  void join(int64_t begin, int64_t middle, int64_t end, bool wide, double alpha, double beta);
};

}  // namespace adjoint::ADJOINT_ISA
