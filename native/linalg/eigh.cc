// Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to a tridiagonal one, then QL with implicit
// shifts; in double.
// Source: Golub, Van Loan 2013, "Matrix Computations", 4th edition, algorithms 8.3.1 to 8.3.3, QL in place of QR.
#include "linalg/reflect.h"
#include "linalg/rotate.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Sweeps for one eigenvalue; two are usual.
constexpr int kSweeps = 50;
constexpr double kEpsilon = 0x1p-52;

// The order of an eigenvector's components among which the largest gets the sign: as good as equal counts as equal.
constexpr double kEqual = 1 - 0x1p-20;

struct Symmetric {
  const int64_t n;
  double* const a;       // [n, n]; then the reflectors' vectors, in the rows right of the diagonal
  double* const z;       // [n, n]; eigenvectors, a row each
  double* const d;       // diagonal; then eigenvalues
  double* const e;       // off the diagonal, e[i] between d[i] and d[i + 1]
  double* const tau;     // of each reflector
  double* const p;       // a vector for passing use
  double* const cosine;  // rotations of a sweep
  double* const sine;

  explicit Symmetric(int64_t n)
      : n(n),
        a(workspace<double>(Workspace::Factors, 2 * n * n + 6 * n)),
        z(a + n * n),
        d(z + n * n),
        e(d + n),
        tau(e + n),
        p(tau + n),
        cosine(p + n),
        sine(cosine + n) {}

  // A = Q T Qᵀ with Q = H₀ H₁ …, of which the first leaves element 0 alone.
  void tridiagonalise() {
    for (int64_t k = 0; k < n; k++) {
      double* const v = a + k * n + k + 1;
      const int64_t rest = n - k - 1;
      d[k] = a[k * n + k];
      if (rest == 0) break;
      tau[k] = make_reflector(v, rest);
      e[k] = v[0];
      if (tau[k] == 0) continue;
      v[0] = 1;
      // A −= v wᵀ + w vᵀ with w = p − ½ τ (p · v) v, p = τ A v
      double* const corner = a + (k + 1) * n + k + 1;
      for (int64_t i = 0; i < rest; i++) p[i] = tau[k] * dot(corner + i * n, v, rest);
      add_multiple(p, v, -0.5 * tau[k] * dot(p, v, rest), rest);
      for (int64_t j = 0; j < rest; j++) {
        double* __restrict row = corner + j * n;
        const double vj = v[j], pj = p[j];
        for (int64_t i = 0; i < rest; i++) row[i] -= vj * p[i] + pj * v[i];
      }
    }
  }

  // z = Qᵀ
  void accumulate() {
    set_unit(z, n, n);
    double* const memory = workspace<double>(Workspace::Reflectors, Reflectors<double>::room(n, n));
    reflect_rows(z, n, n, a, n, tau, n - 1, 1, true, memory);
  }

  // Diagonalises the tridiagonal matrix; false if an eigenvalue does not converge.
  bool diagonalise(bool vectors) {
    for (int64_t l = 0; l < n; l++) {
      for (int sweep = 0;; sweep++) {
        int64_t m = l;
        while (m + 1 < n && !(__builtin_fabs(e[m]) <= kEpsilon * (__builtin_fabs(d[m]) + __builtin_fabs(d[m + 1])))) m++;
        if (m == l) break;
        if (sweep == kSweeps) return false;
        const int64_t low = sweep_up(l, m);
        if (vectors) rotate_rows(z, n, cosine, sine, low, m, true);
      }
    }
    return true;
  }

  // One sweep of rotations from m up to l, shifted by Wilkinson's shift. Returns where it ended: above l if a rotation
  // split the matrix.
  int64_t sweep_up(int64_t l, int64_t m) {
    const double half = (d[l + 1] - d[l]) / (2 * e[l]);
    const double root = math::sqrt(half * half + 1);
    double g = d[m] - d[l] + e[l] / (half + (half < 0 ? -root : root));
    double s = 1, c = 1, shift = 0;
    for (int64_t i = m - 1; i >= l; i--) {
      const double f = s * e[i], b = c * e[i];
      const double r = math::sqrt(f * f + g * g);
      e[i + 1] = r;
      if (r == 0) {
        d[i + 1] -= shift;
        e[m] = 0;
        return i + 1;
      }
      s = f / r;
      c = g / r;
      cosine[i] = c;
      sine[i] = -s;
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

  // 1 or −1: the first of an eigenvector's largest components becomes positive.
  double sign_of(const double* v) const {
    double largest = 0;
    for (int64_t i = 0; i < n; i++) largest = __builtin_fabs(v[i]) > largest ? __builtin_fabs(v[i]) : largest;
    for (int64_t i = 0; i < n; i++) {
      if (__builtin_fabs(v[i]) >= kEqual * largest) return v[i] < 0 ? -1 : 1;
    }
    return 1;
  }
};

template <typename T>
void solve(Symmetric& problem, const Matrix<const T>& a, T* values, T* vectors) {
  const int64_t n = problem.n;
  const Scale scale = load_scaled(problem.z, a, n, n);
  if (scale.finite) {
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < n; j++) problem.a[i * n + j] = 0.5 * (problem.z[i * n + j] + problem.z[j * n + i]);
    }
    problem.tridiagonalise();
    if (vectors) problem.accumulate();
    if (problem.diagonalise(vectors != nullptr)) {
      const Power<double> back(scale.exponent);
      int64_t* const order = workspace<int64_t>(Workspace::Steps, n);
      for (int64_t i = 0; i < n; i++) {
        int64_t at = i;
        for (; at > 0 && problem.d[order[at - 1]] > problem.d[i]; at--) order[at] = order[at - 1];
        order[at] = i;
      }
      for (int64_t i = 0; i < n; i++) {
        const int64_t from = order[i];
        values[i] = static_cast<T>(back * problem.d[from]);
        if (!vectors) continue;
        const double* v = problem.z + from * n;
        const double sign = problem.sign_of(v);
        for (int64_t k = 0; k < n; k++) vectors[k * n + i] = static_cast<T>(sign * v[k]);
      }
      return;
    }
  }
  for (int64_t i = 0; i < n; i++) values[i] = kNotANumber<T>;
  if (vectors) fill<T>({vectors, n, 1}, n, n, kNotANumber<T>);
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
      Symmetric problem(n);
      for (int64_t i = begin; i < end; i++) {
        T* v = vectors ? call[1].as<T>() + i * n * n : nullptr;
        solve(problem, constant(matrix_of<T>(a, i)), call[0].as<T>() + i * n, v);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
