// Singular value decomposition A = U diag(σ) Vᵀ: reflectors to a bidiagonal matrix, then QR with implicit shifts. Tall
// matrices are made square by a QR decomposition first, wide ones are taken as their transpose.
// Source: Golub, Reinsch 1970, "Singular value decomposition and least squares solutions"; the cases of a step as in LINPACK's
// dsvdc: Dongarra, Bunch, Moler, Stewart 1979, "LINPACK users' guide", chapter 11.
#include "linalg/reflect.h"
#include "linalg/rotate.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Steps for one singular value; two are usual.
constexpr int kSteps = 60;
// As good as equal: among a vector's components of the largest size the first has the sign.
constexpr double kEqual = 1 - 0x1p-14;

double root_of(double x, double y) { return __builtin_hypot(x, y); }
double size_of(double x) { return __builtin_fabs(x); }

template <typename T>
struct Bidiagonal {
  const int64_t n;
  double *const d, *const e;  // the diagonal, and what is right of it
  double *const c, *const s, *const c2, *const s2;  // rotations of a step
  T *const u, *const v;  // singular vectors, a row each, of u_length and n elements; null where they are not wanted
  const int64_t u_length;

  void turn(T* z, int64_t length, int64_t i, int64_t j, double c, double s) const {
    if (z) rotate(z + i * length, z + j * length, static_cast<T>(c), static_cast<T>(s), length);
  }

  // The last value of the block is 0: what is above it moves out.
  void drop_last(int64_t k, int64_t p) {
    double f = e[p - 2];
    e[p - 2] = 0;
    for (int64_t j = p - 2; j >= k; j--) {
      const double t = root_of(d[j], f), cosine = t == 0 ? 1 : d[j] / t, sine = t == 0 ? 0 : f / t;
      d[j] = t;
      if (j != k) f = -sine * e[j - 1], e[j - 1] *= cosine;
      turn(v, n, j, p - 1, cosine, sine);
    }
  }

  // The value before k is 0: what is right of it moves out.
  void split(int64_t k, int64_t p) {
    double f = e[k - 1];
    e[k - 1] = 0;
    for (int64_t j = k; j < p; j++) {
      const double t = root_of(d[j], f), cosine = t == 0 ? 1 : d[j] / t, sine = t == 0 ? 0 : f / t;
      d[j] = t;
      f = -sine * e[j];
      e[j] *= cosine;
      turn(u, u_length, j, k - 1, cosine, sine);
    }
  }

  void step(int64_t k, int64_t p) {
    double scale = size_of(d[p - 1]);
    const double others[] = {d[p - 2], e[p - 2], d[k], e[k]};
    for (const double x : others) scale = size_of(x) > scale ? size_of(x) : scale;
    const double last = d[p - 1] / scale, before = d[p - 2] / scale, beside = e[p - 2] / scale;
    const double first = d[k] / scale, next = e[k] / scale;
    const double b = ((before + last) * (before - last) + beside * beside) / 2, q = last * beside * (last * beside);
    double shift = 0;
    if (b != 0 || q != 0) {
      const double root = __builtin_sqrt(b * b + q);
      shift = q / (b + (b < 0 ? -root : root));
    }
    double f = (first + last) * (first - last) + shift, g = first * next;
    for (int64_t j = k; j < p - 1; j++) {
      double t = root_of(f, g), cosine = t == 0 ? 1 : f / t, sine = t == 0 ? 0 : g / t;
      if (j != k) e[j - 1] = t;
      f = cosine * d[j] + sine * e[j];
      e[j] = cosine * e[j] - sine * d[j];
      g = sine * d[j + 1];
      d[j + 1] *= cosine;
      c[j] = cosine, s[j] = sine;
      t = root_of(f, g), cosine = t == 0 ? 1 : f / t, sine = t == 0 ? 0 : g / t;
      d[j] = t;
      f = cosine * e[j] + sine * d[j + 1];
      d[j + 1] = cosine * d[j + 1] - sine * e[j];
      g = sine * e[j + 1];
      e[j + 1] *= cosine;
      c2[j] = cosine, s2[j] = sine;
    }
    e[p - 2] = f;
    if (v) rotate_rows(v, n, c, s, k, p - 1, false);
    if (u) rotate_rows(u, u_length, c2, s2, k, p - 1, false);
  }

  // Makes it diagonal and positive; false if a value does not converge.
  bool diagonalise() {
    constexpr double epsilon = sizeof(T) == 4 ? 0x1p-30 : 0x1p-52, tiny = 0x1p-966;
    int steps = 0;
    for (int64_t p = n; p > 0;) {
      int64_t k = p - 2;
      for (; k >= 0; k--) {
        if (size_of(e[k]) <= tiny + epsilon * (size_of(d[k]) + size_of(d[k + 1]))) {
          e[k] = 0;
          break;
        }
      }
      if (k == p - 2) {
        if (d[p - 1] < 0) {
          d[p - 1] = -d[p - 1];
          for (int64_t i = 0; v && i < n; i++) v[(p - 1) * n + i] = -v[(p - 1) * n + i];
        }
        p--, steps = 0;
        continue;
      }
      if (steps++ == kSteps) return false;
      int64_t zero = p - 1;
      for (; zero > k; zero--) {
        const double beside = (zero != p - 1 ? size_of(e[zero]) : 0) + (zero != k + 1 ? size_of(e[zero - 1]) : 0);
        if (size_of(d[zero]) <= tiny + epsilon * beside) {
          d[zero] = 0;
          break;
        }
      }
      if (zero == k) step(k + 1, p);
      else if (zero == p - 1) drop_last(k + 1, p);
      else split(zero + 1, p);
    }
    return true;
  }
};

// Brings a [n, n] to bidiagonal form; the reflectors' vectors stay below and right of it. `p` has n elements.
template <typename T>
void bidiagonalise(T* a, int64_t n, double* d, double* e, T* columns, T* left, T* right, T* p) {
  for (int64_t k = 0; k < n; k++) {
    const int64_t rest = n - k - 1;
    T* const column = columns + k * n + k;
    for (int64_t i = k; i < n; i++) column[i - k] = a[i * n + k];
    left[k] = make_reflector(column, n - k);
    d[k] = static_cast<double>(column[0]);
    if (rest == 0) break;
    T* const row = a + k * n + k + 1;
    if (left[k] != 0) {
      for (int64_t j = 0; j < rest; j++) p[j] = row[j];
      for (int64_t i = 1; i <= rest; i++) add_multiple(p, row + i * n, column[i], rest);
      for (int64_t j = 0; j < rest; j++) row[j] -= left[k] * p[j];
      for (int64_t i = 1; i <= rest; i++) add_multiple(row + i * n, p, -left[k] * column[i], rest);
    }
    right[k] = make_reflector(row, rest);
    e[k] = static_cast<double>(row[0]);
    if (right[k] == 0) continue;
    for (int64_t i = 1; i <= rest; i++) reflect(row + i * n, row, right[k], rest);
  }
  e[n - 1] = 0;
}

template <typename T>
struct Results {
  T* values;
  Matrix<T> u, vh;  // [m, n] and [n, n]; null where they are not wanted
};

// a [m, n], m ≥ n > 0
template <typename T>
void decompose(const Matrix<const T>& a, int64_t m, int64_t n, const Results<T>& results) {
  const bool vectors = results.u.data != nullptr, tall = m > n;
  // The square matrix and what its columns' reflectors are, the columns of a tall A, U and V by rows.
  const int64_t room = (tall ? m * n : 0) + 2 * n * n + (vectors ? n * (m + n) : 0) + 5 * n;
  T* next = workspace<T>(Workspace::Factors, room);
  const auto take = [&](int64_t count) ADJOINT_LAMBDA {
    T* const taken = next;
    next += count;
    return taken;
  };
  T *const tau = take(n), *const left = take(n), *const right = take(n), *const p = take(n);
  int64_t* const order = reinterpret_cast<int64_t*>(workspace<double>(Workspace::Steps, 8 * n));
  double* const steps = reinterpret_cast<double*>(order) + n;
  T *const square = take(n * n), *const columns = take(n * n), *const lines = tall ? take(m * n) : nullptr;
  T *const u = vectors ? take(n * m) : nullptr, *const v = vectors ? take(n * n) : nullptr;
  T* const memory = workspace<T>(Workspace::Reflectors, Reflectors<T>::room(m, n));

  bool done = true;
  Scale scale;
  if (tall) {
    scale = load_scaled(lines, a.transposed(), n, m);
    if (scale.finite) {
      triangularise(lines, n, m, tau, memory);
      for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) square[i * n + j] = j < i ? 0 : lines[j * m + i];
      }
    }
  } else {
    scale = load_scaled(square, a, n, n);
  }
  Bidiagonal<T> problem = {n, steps, steps + n, steps + 2 * n, steps + 3 * n, steps + 4 * n, steps + 5 * n, u, v, m};
  if (scale.finite) {
    bidiagonalise(square, n, problem.d, problem.e, columns, left, right, p);
    if (vectors) {
      set_unit(v, n, n);
      reflect_rows(v, n, n, square, n, right, n - 1, 1, true, memory);
      // Where A is tall, U's rows have zeros behind them, and become those of Q U.
      set_unit(u, m, n);
      reflect_rows(u, m, n, columns, n, left, n, 0, true, memory);
      if (tall) reflect_rows(u, m, n, lines, m, tau, n, 0, false, memory);
    }
    done = problem.diagonalise();
  }
  if (!scale.finite || !done) {
    for (int64_t i = 0; i < n; i++) results.values[i] = kNotANumber<T>;
    if (vectors) fill(results.u, m, n, kNotANumber<T>), fill(results.vh, n, n, kNotANumber<T>);
    return;
  }
  for (int64_t i = 0; i < n; i++) {
    int64_t at = i;
    for (; at > 0 && problem.d[order[at - 1]] < problem.d[i]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
  const Power<double> back(scale.exponent);
  for (int64_t i = 0; i < n; i++) {
    results.values[i] = static_cast<T>(back * problem.d[order[i]]);
    if (!vectors) continue;
    const T *const from_u = u + order[i] * m, *const from_v = v + order[i] * n;
    T largest = 0, sign = 1;
    for (int64_t j = 0; j < m; j++) largest = math::absolute(from_u[j]) > largest ? math::absolute(from_u[j]) : largest;
    for (int64_t j = m - 1; j >= 0; j--) {
      if (math::absolute(from_u[j]) >= static_cast<T>(kEqual) * largest) sign = from_u[j] < 0 ? -1 : 1;
    }
    for (int64_t j = 0; j < m; j++) *results.u.at(j, i) = sign * from_u[j];
    for (int64_t j = 0; j < n; j++) *results.vh.at(i, j) = sign * from_v[j];
  }
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
        if (m >= n) decompose(from, m, n, results);
        else decompose<T>(from.transposed(), n, m, {results.values, results.vh.transposed(), results.u.transposed()});
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
