// Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to a tridiagonal one, then QL with implicit
// shifts; in double, without sums whose order depends on the instruction set. lib/backend/reference/eigh.ts does the same
// operations in the same order, so that both give the same bits.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, algorithms 8.3.1 to 8.3.3, QL in place of QR.
#include <cmath>

#include "kernels/elementwise.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Sweeps for one eigenvalue; two are usual.
constexpr int kSweeps = 50;
// Columns that a chunk of a sweep's rotations covers.
constexpr int64_t kSegment = 64;
constexpr double kEpsilon = 0x1p-52;

// The order of an eigenvector's components among which the largest gets the sign: as good as equal counts as equal.
constexpr double kEqual = 1 - 0x1p-20;

ADJOINT_INLINE void add_multiple(double* __restrict y, const double* __restrict x, double factor, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += factor * x[i];
}

struct Symmetric {
  const int64_t n;
  Scratch<double> memory;
  double* const a;       // [n, n]; then the reflectors' vectors u, in the rows right of the diagonal
  double* const z;       // [n, n]; eigenvectors, a row each
  double* const d;       // diagonal; then eigenvalues
  double* const e;       // off the diagonal, e[i] between d[i] and d[i + 1]
  double* const h;       // u · u / 2 of each reflector
  double* const p;       // a vector for passing use
  double* const cosine;  // rotations of a sweep
  double* const sine;

  explicit Symmetric(int64_t n)
      : n(n),
        memory(2 * n * n + 6 * n),
        a(memory.data),
        z(a + n * n),
        d(z + n * n),
        e(d + n),
        h(e + n),
        p(h + n),
        cosine(p + n),
        sine(cosine + n) {}

  // A = Q T Qᵀ with Q = H₀ H₁ …, H = 1 − u uᵀ / h.
  void tridiagonalise() {
    for (int64_t k = 0; k < n; k++) {
      double* u = a + k * n;
      d[k] = u[k];
      if (k + 1 == n) break;
      const int64_t from = k + 1, count = n - from;
      const double first = u[from];
      double rest = 0;
      for (int64_t i = from + 1; i < n; i++) rest += u[i] * u[i];
      h[k] = 0;
      e[k] = first;
      if (rest == 0) continue;
      const double length = std::sqrt(first * first + rest);
      e[k] = first > 0 ? -length : length;
      h[k] = e[k] * (e[k] - first);
      u[from] = first - e[k];

      for (int64_t i = from; i < n; i++) p[i] = 0;
      for (int64_t j = from; j < n; j++) add_multiple(p + from, a + j * n + from, u[j], count);
      double projection = 0;
      for (int64_t i = from; i < n; i++) {
        p[i] /= h[k];
        projection += u[i] * p[i];
      }
      add_multiple(p + from, u + from, -projection / (2 * h[k]), count);
      for (int64_t j = from; j < n; j++) {
        double* __restrict row = a + j * n;
        const double uj = u[j], pj = p[j];
        for (int64_t i = from; i < n; i++) row[i] -= uj * p[i] + pj * u[i];
      }
    }
  }

  // z = Qᵀ, by Q in place and its transpose.
  void accumulate() {
    for (int64_t i = 0; i < n * n; i++) z[i] = 0;
    for (int64_t i = 0; i < n; i++) z[i * n + i] = 1;
    for (int64_t k = n - 3; k >= 0; k--) {
      if (h[k] == 0) continue;
      const double* u = a + k * n;
      const int64_t from = k + 1, count = n - from;
      for (int64_t i = from; i < n; i++) p[i] = 0;
      for (int64_t j = from; j < n; j++) add_multiple(p + from, z + j * n + from, u[j], count);
      for (int64_t j = from; j < n; j++) add_multiple(z + j * n + from, p + from, -u[j] / h[k], count);
    }
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < i; j++) {
        const double upper = z[j * n + i];
        z[j * n + i] = z[i * n + j];
        z[i * n + j] = upper;
      }
    }
  }

  // Diagonalises the tridiagonal matrix; false if an eigenvalue does not converge.
  bool diagonalise(bool vectors) {
    for (int64_t l = 0; l < n; l++) {
      for (int sweep = 0;; sweep++) {
        int64_t m = l;
        while (m + 1 < n && !(std::fabs(e[m]) <= kEpsilon * (std::fabs(d[m]) + std::fabs(d[m + 1])))) m++;
        if (m == l) break;
        if (sweep == kSweeps) return false;
        const int64_t low = sweep_up(l, m);
        if (vectors) rotate(low, m);
      }
    }
    return true;
  }

  // One sweep of rotations from m up to l, shifted by Wilkinson's shift. Returns where it ended: above l if a rotation
  // split the matrix.
  int64_t sweep_up(int64_t l, int64_t m) {
    const double half = (d[l + 1] - d[l]) / (2 * e[l]);
    const double root = std::sqrt(half * half + 1);
    double g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root));
    double s = 1, c = 1, shift = 0;
    for (int64_t i = m - 1; i >= l; i--) {
      const double f = s * e[i], b = c * e[i];
      const double r = std::sqrt(f * f + g * g);
      e[i + 1] = r;
      if (r == 0) {
        d[i + 1] -= shift;
        e[m] = 0;
        return i + 1;
      }
      s = f / r;
      c = g / r;
      cosine[i] = c;
      sine[i] = s;
      g = d[i + 1] - shift;
      const double t = (d[i] - g) * s + 2 * c * b;
      shift = s * t;
      d[i + 1] = g + shift;
      g = c * t - b;
    }
    d[l] -= shift;
    e[l] = g;
    e[m] = 0;
    return l;
  }

  // Applies the rotations of rows m − 1, m up to low, low + 1 to the eigenvectors so far.
  void rotate(int64_t low, int64_t m) {
    parallel_for(n, kSegment, [&](int64_t begin, int64_t end) ADJOINT_LAMBDA {
      for (int64_t i = m - 1; i >= low; i--) {
        double* __restrict x = z + i * n;
        double* __restrict y = x + n;
        const double c = cosine[i], s = sine[i];
        for (int64_t k = begin; k < end; k++) {
          const double f = y[k];
          y[k] = s * x[k] + c * f;
          x[k] = c * x[k] - s * f;
        }
      }
    });
  }

  // 1 or −1: the first of an eigenvector's largest components becomes positive.
  double sign_of(const double* v) const {
    double largest = 0;
    for (int64_t i = 0; i < n; i++) largest = std::fabs(v[i]) > largest ? std::fabs(v[i]) : largest;
    for (int64_t i = 0; i < n; i++) {
      if (std::fabs(v[i]) >= kEqual * largest) return v[i] < 0 ? -1 : 1;
    }
    return 1;
  }
};

template <typename T>
void solve(Symmetric& problem, const T* a, T* values, T* vectors) {
  const int64_t n = problem.n;
  double largest = 0;
  bool finite = true;
  for (int64_t i = 0; i < n * n; i++) {
    const double size = std::fabs(static_cast<double>(a[i]));
    finite = finite && size <= 0x1.fffffffffffffp+1023;
    largest = size > largest ? size : largest;
  }
  if (finite) {
    // A power of two, so that no square overflows and no bit is lost.
    int exponent = largest == 0 ? 0 : __builtin_ilogb(largest);
    if (exponent < -1000) exponent = -1000;
    if (exponent > 1000) exponent = 1000;
    const double scale = __builtin_ldexp(1, exponent), inverse = __builtin_ldexp(1, -exponent);
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < n; j++) {
        const double upper = inverse * static_cast<double>(a[i * n + j]);
        const double lower = inverse * static_cast<double>(a[j * n + i]);
        problem.a[i * n + j] = 0.5 * (upper + lower);
      }
    }
    problem.tridiagonalise();
    if (vectors) problem.accumulate();
    finite = problem.diagonalise(vectors != nullptr);
    if (finite) {
      Scratch<int64_t> order(n);
      for (int64_t i = 0; i < n; i++) {
        int64_t at = i;
        for (; at > 0 && problem.d[order.data[at - 1]] > problem.d[i]; at--) order.data[at] = order.data[at - 1];
        order.data[at] = i;
      }
      for (int64_t i = 0; i < n; i++) {
        const int64_t from = order.data[i];
        values[i] = static_cast<T>(problem.d[from] * scale);
        if (!vectors) continue;
        const double* v = problem.z + from * n;
        const double sign = problem.sign_of(v);
        for (int64_t k = 0; k < n; k++) vectors[k * n + i] = static_cast<T>(sign * v[k]);
      }
      return;
    }
  }
  const T nan = static_cast<T>(__builtin_nan(""));
  for (int64_t i = 0; i < n; i++) values[i] = nan;
  for (int64_t i = 0; vectors && i < n * n; i++) vectors[i] = nan;
}

}  // namespace

// values [batch, n], [vectors [batch, n, n]], a [batch, n, n], all row-major
void eigh(const Call& call) {
  const bool vectors = call.view_count == 3;
  const View& a = call[vectors ? 2 : 1];
  const int64_t batch = a.shape[0], n = a.shape[1];
  if (n == 0) return;
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(batch, 1 + kGrain / (n * n * n), [&](int64_t begin, int64_t end) {
      Symmetric problem(n);
      for (int64_t i = begin; i < end; i++) {
        T* v = vectors ? call[1].as<T>() + i * n * n : nullptr;
        solve(problem, a.as<T>() + i * n * n, call[0].as<T>() + i * n, v);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
