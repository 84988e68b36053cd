// Singular value decomposition A = U diag(σ) Vᵀ: reflectors to a bidiagonal matrix, whose values and vectors in double are
// brought back by them. Tall matrices are made square by a QR decomposition first, wide ones are taken as their transpose.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, section 8.6; in panels as `Updates`.
#include "linalg/bidiagonal.h"
#include "linalg/reflect.h"
#include "linalg/updates.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// As good as equal: among a vector's components of the largest size the first has the sign.
constexpr double kEqual = 1 - 0x1p-14;

// Brings a [n, n] to bidiagonal form; the reflectors' vectors come to the rows of `columns`, and stay right of it. `memory` has
// room for Updates and a row.
template <typename T>
void bidiagonalise(T* a, int64_t n, double* d, double* e, T* columns, T* left, T* right, T* memory) {
  Updates<T> updates = {n, 0, memory, memory + 2 * kPanel * n};
  T* const p = memory + Updates<T>::room(n);
  int64_t panel = n > kRest ? kPanel : 0;
  for (int64_t k = 0; k < n; k++) {
    const int64_t rest = n - k - 1;
    T* const column = columns + k * n + k;
    for (int64_t i = k; i < n; i++) column[i - k] = a[i * n + k];
    updates.turned().add_row(column, k, k);
    left[k] = make_reflector(column, n - k);
    d[k] = static_cast<double>(column[0]);
    if (rest == 0) break;
    T* const row = a + k * n + k + 1;
    if (left[k] != 0) {
      // A −= τ v (vᵀ A)
      column[0] = 1;
      gemm<T>(1, rest, rest + 1, {column, n, 1}, {row, n, 1}, {p, n, 1}, {});
      updates.turned().add_product(p, column, k + 1, k);
      if (panel > 0) {
        updates.push(column, k, p, k + 1, -left[k]);
      } else {
        for (int64_t i = 0; i <= rest; i++) add_multiple(row + i * n, p, -left[k] * column[i], rest);
      }
    }
    updates.add_row(row, k, k + 1);
    right[k] = make_reflector(row, rest);
    e[k] = static_cast<double>(row[0]);
    if (right[k] != 0) {
      // A −= τ (A u) uᵀ
      row[0] = 1;
      gemm<T>(rest, 1, rest, {row + n, n, 1}, {row, 1, 1}, {p, 1, 1}, {});
      updates.add_product(p, row, k + 1, k + 1);
      if (panel > 0) {
        updates.push(p, k + 1, row, k + 1, -right[k]);
      } else {
        for (int64_t i = 1; i <= rest; i++) add_multiple(row + i * n, row, -right[k] * p[i - 1], rest);
      }
    }
    if (panel > 0 && --panel == 0) {
      updates.add_to(a, k + 1);
      panel = rest > kRest ? kPanel : 0;
    }
  }
}

template <typename T>
struct Results {
  T* values;
  Matrix<T> u, vh;  // [m, n] and [n, n]; null where they are not wanted
};

// to, a matrix of n columns of that length, = rows in `order`, from the last, with the sign of each.
template <typename T>
void write(const Matrix<T>& to, const T* rows, int64_t length, int64_t n, const int64_t* order, const T* signs, T* memory) {
  const bool lines = to.row == 1;
  for (int64_t i = 0; i < n; i++) {
    const T *const from = rows + order[n - 1 - i] * length, sign = signs[i];
    T* const line = lines ? to.at(0, i) : memory + i * length;
    for (int64_t j = 0; j < length; j++) line[j] = sign * from[j];
  }
  if (!lines) turn_over(to.data, memory, length, n, length);
}

// a [m, n], m ≥ n > 0; false where an element is not finite, or a value does not converge.
template <typename T>
bool decompose(const Matrix<const T>& a, int64_t m, int64_t n, const Results<T>& results) {
  const bool vectors = results.u.data != nullptr, tall = m > n;
  // The square matrix and what its columns' reflectors are, the columns of a tall A, U and V by rows.
  const int64_t room = (tall ? m * n : 0) + 2 * n * n + (vectors ? n * (m + n) : 0) + 4 * n + Bidiagonal<T>::elements(n);
  T* next = workspace<T>(Workspace::Factors, room);
  const auto take = [&](int64_t count) ADJOINT_LAMBDA {
    T* const taken = next;
    next += count;
    return taken;
  };
  T *const tau = take(n), *const left = take(n), *const right = take(n), *const signs = take(n);
  T *const square = take(n * n), *const columns = take(n * n), *const lines = tall ? take(m * n) : nullptr;
  T *const u = vectors ? take(n * m) : nullptr, *const v = vectors ? take(n * n) : nullptr;
  const int64_t reflectors = Reflectors<T>::room(m, n), updates = Updates<T>::room(n) + n, turned = n * m;
  T* const memory = workspace<T>(Workspace::Reflectors, larger(larger(reflectors, updates), turned));

  Scale scale;
  if (tall) {
    scale = load_scaled(lines, a.transposed(), n, m);
    if (!scale.finite) return false;
    triangularise(lines, n, m, tau, memory);
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < n; j++) square[i * n + j] = j < i ? 0 : lines[j * m + i];
    }
  } else {
    scale = load_scaled(square, a, n, n);
    if (!scale.finite) return false;
  }
  Bidiagonal<T> problem(n, {u, v, m, n}, workspace<double>(Workspace::Steps, Bidiagonal<T>::doubles(n)), next);
  bidiagonalise(square, n, problem.d, problem.e, columns, left, right, memory);
  if (!problem.solve()) return false;
  const Power<double> back(scale.exponent);
  for (int64_t i = 0; i < n; i++) results.values[i] = static_cast<T>(back * problem.d[problem.order[n - 1 - i]]);
  if (!vectors) return true;
  reflect_rows(v, n, n, square, n, right, n - 1, 1, false, memory);
  reflect_rows(u, m, n, columns, n, left, n, 0, false, memory);
  // Where A is tall, U's rows have zeros behind them, and become those of Q U.
  if (tall) reflect_rows(u, m, n, lines, m, tau, n, 0, false, memory);
  for (int64_t i = 0; i < n; i++) {
    const T* const from = u + problem.order[n - 1 - i] * m;
    T largest = 0;
    for (int64_t j = 0; j < m; j++) largest = math::absolute(from[j]) > largest ? math::absolute(from[j]) : largest;
    for (int64_t j = m - 1; j >= 0; j--) {
      if (math::absolute(from[j]) >= static_cast<T>(kEqual) * largest) signs[i] = from[j] < 0 ? -1 : 1;
    }
  }
  write(results.u, u, m, n, problem.order, signs, memory);
  write(results.vh.transposed(), v, n, n, problem.order, signs, memory);
  return true;
}

}  // namespace

// values [batch, k], [u [batch, m, k], vh [batch, k, n]], a [batch, m, n]
void svd(const Call& call) {
  const bool vectors = call.view_count == 4;
  const View& a = call[vectors ? 3 : 1];
  const int64_t m = a.shape[1], n = a.shape[2], k = smaller(m, n);
  if (k == 0) return;
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(4 * m * n * k), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        const Matrix<const T> from = constant(matrix_of<T>(a, b));
        Results<T> results = {call[0].as<T>() + b * k, {}, {}};
        if (vectors) {
          results.u = {call[1].as<T>() + b * m * k, k, 1};
          results.vh = {call[2].as<T>() + b * k * n, n, 1};
        }
        const bool done = m >= n ? decompose(from, m, n, results)
                                 : decompose<T>(from.transposed(), n, m,
                                                {results.values, results.vh.transposed(), results.u.transposed()});
        if (done) continue;
        for (int64_t i = 0; i < k; i++) results.values[i] = kNotANumber<T>;
        if (vectors) fill(results.u, m, k, kNotANumber<T>), fill(results.vh, k, n, kNotANumber<T>);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
