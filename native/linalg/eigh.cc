// Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to a tridiagonal one, whose values and vectors
// in double are brought back by the reflectors.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, algorithm 8.3.1; in panels as `Updates`.
#include "linalg/reflect.h"
#include "linalg/tridiagonal.h"
#include "linalg/updates.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// The order of an eigenvector's components among which the largest gets the sign: as good as equal counts as equal.
template <typename T>
constexpr T kEqual = 1 - (sizeof(T) == 4 ? 0x1p-14f : 0x1p-20);

// A = Q T Qᵀ with Q = H₀ H₁ …, of which the first leaves element 0 alone; the reflectors' vectors stay in the rows of a right of
// the diagonal. `memory` has room for Updates and a row.
template <typename T>
void tridiagonalise(T* a, int64_t n, double* d, double* e, T* tau, T* memory) {
  Updates<T> updates = {n, 0, memory, memory + 2 * kPanel * n};
  T* const p = memory + Updates<T>::room(n);
  int64_t panel = n > kRest ? kPanel : 0;
  for (int64_t k = 0; k < n; k++) {
    const int64_t rest = n - k - 1;
    T* const v = a + k * n + k + 1;
    updates.add_row(v - 1, k, k);
    d[k] = static_cast<double>(v[-1]);
    if (rest == 0) break;
    tau[k] = make_reflector(v, rest);
    e[k] = static_cast<double>(v[0]);
    if (tau[k] != 0) {
      v[0] = 1;
      // A −= v wᵀ + w vᵀ with w = p − ½ τ (p · v) v, p = τ A v
      T* const corner = a + (k + 1) * n + k + 1;
      gemm<T>(rest, 1, rest, {corner, n, 1}, {v, 1, 1}, {p, 1, 1}, {});
      updates.add_product(p, v, k + 1, k + 1);
      for (int64_t i = 0; i < rest; i++) p[i] *= tau[k];
      add_multiple(p, v, static_cast<T>(-0.5) * tau[k] * dot(p, v, rest), rest);
      if (panel > 0) {
        updates.push(v, k + 1, p, k + 1, -1);
        updates.push(p, k + 1, v, k + 1, -1);
      } else {
        for (int64_t j = 0; j < rest; j++) {
          T* __restrict row = corner + j * n;
          const T vj = v[j], pj = p[j];
          for (int64_t i = 0; i < rest; i++) row[i] -= vj * p[i] + pj * v[i];
        }
      }
    }
    if (panel > 0 && --panel == 0) {
      updates.add_to(a, k + 1);
      panel = rest > kRest ? kPanel : 0;
    }
  }
}

// 1 or −1: the first of an eigenvector's largest components becomes positive.
template <typename T>
T sign_of(const T* v, int64_t n) {
  T largest = 0;
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < n; i++) largest = math::absolute(v[i]) > largest ? math::absolute(v[i]) : largest;
  for (int64_t i = 0; i < n; i++) {
    if (math::absolute(v[i]) >= kEqual<T> * largest) return v[i] < 0 ? -1 : 1;
  }
  return 1;
}

// a [n, n]; vectors may be null.
template <typename T>
bool decompose(const Matrix<const T>& a, int64_t n, T* values, T* vectors) {
  // The matrix, and rows of vectors, which first are where the matrix comes to.
  T* const matrix = workspace<T>(Workspace::Factors, 2 * n * n + n + Tridiagonal<T>::elements(n));
  T *const rows = matrix + n * n, *const tau = rows + n * n;
  T* const memory = workspace<T>(Workspace::Reflectors, larger(Updates<T>::room(n) + n, Reflectors<T>::room(n, n)));
  double* const numbers = workspace<double>(Workspace::Steps, Tridiagonal<T>::doubles(n));
  const Scale scale = load_scaled(rows, a, n, n);
  if (!scale.finite) return false;
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j < n; j++) matrix[i * n + j] = static_cast<T>(0.5) * (rows[i * n + j] + rows[j * n + i]);
  }
  Tridiagonal<T> problem(n, vectors ? rows : nullptr, numbers, tau + n);
  tridiagonalise(matrix, n, problem.d, problem.e, tau, memory);
  if (!problem.solve()) return false;
  const Power<double> back(scale.exponent);
  for (int64_t i = 0; i < n; i++) values[i] = static_cast<T>(back * problem.d[problem.order[i]]);
  if (!vectors) return true;
  reflect_rows(rows, n, n, matrix, n, tau, n - 1, 1, false, memory);
  for (int64_t i = 0; i < n; i++) {
    const T* const from = rows + problem.order[i] * n;
    const T sign = sign_of(from, n);
    T* const to = matrix + i * n;
    for (int64_t j = 0; j < n; j++) to[j] = sign * from[j];
  }
  turn_over(vectors, matrix, n, n, n);
  return true;
}

}  // namespace

// values [batch, n], [vectors [batch, n, n]], a [batch, n, n]
void eigh(const Call& call) {
  const bool vectors = call.view_count == 3;
  const View& a = call[vectors ? 2 : 1];
  const int64_t batch = a.shape[0], n = a.shape[1];
  if (n == 0) return;
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(batch, grain_of(9 * n * n * n), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        T *const w = call[0].as<T>() + i * n, *const v = vectors ? call[1].as<T>() + i * n * n : nullptr;
        if (decompose(constant(matrix_of<T>(a, i)), n, w, v)) continue;
        for (int64_t j = 0; j < n; j++) w[j] = kNotANumber<T>;
        if (vectors) fill<T>({v, n, 1}, n, n, kNotANumber<T>);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
