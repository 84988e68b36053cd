#include "linalg/tridiagonal.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Sweeps for one eigenvalue; two are usual.
constexpr int kSweeps = 50;
constexpr double kEpsilon = 0x1p-52;
// Vectors of a chunk.
constexpr int64_t kVectors = 16;

double size_of(double x) { return __builtin_fabs(x); }

}  // namespace

template <typename T>
bool Tridiagonal<T>::solve() {
  double largest = 0;
  for (int64_t i = 0; i < n; i++) {
    largest = size_of(d[i]) > largest ? size_of(d[i]) : largest;
    if (i + 1 < n) largest = size_of(e[i]) > largest ? size_of(e[i]) : largest;
  }
  nothing = kNothing<T> * largest;
  if (vectors) fill<T>({vectors, n, 1}, n, n, 0);
  return solve(0, n);
}

template <typename T>
bool Tridiagonal<T>::solve(int64_t begin, int64_t end) {
  if (end - begin <= kLeaf) return solve_small(begin, end);
  const int64_t middle = (begin + end) / 2;
  const double beside = e[middle - 1];
  d[middle - 1] -= size_of(beside), d[middle] -= size_of(beside);
  if (!solve(begin, middle) || !solve(middle, end)) return false;
  join(begin, middle, end, beside);
  return true;
}

// The halves' eigenvalues are d, and with z the last elements of the one's vectors and the first of the other's, times √|e|:
// diag(d) + z zᵀ.
template <typename T>
void Tridiagonal<T>::join(int64_t begin, int64_t middle, int64_t end, double beside) {
  const int64_t count = end - begin;
  const double factor = math::sqrt(size_of(beside));
  for (int64_t j = begin; j < end; j++) {
    const bool lower = j < middle;
    division.z[j] = lower ? factor * last[j] : (beside < 0 ? -factor : factor) * first[j];
    division.half[j] = lower ? Half::Lower : Half::Upper;
    (lower ? last : first)[j] = 0;
  }
  division.sort(order + begin, middle - begin, order + middle, end - middle, d);
  division.kept_count = 0;
  // ‖z‖ = √(2 |e|)
  const double length = math::sqrt(2 * size_of(beside));
  division.deflate(count, length > 0 ? nothing / length : 0, [&](int64_t i, int64_t j) {
    double* const z = division.z;
    const double size = math::sqrt(z[i] * z[i] + z[j] * z[j]), c = z[j] / size, s = -z[i] / size;
    if (size_of((d[j] - d[i]) * c * s) > nothing) return false;
    z[j] = size, z[i] = 0;
    const double di = d[i], dj = d[j];
    d[i] = di * c * c + dj * s * s, d[j] = di * s * s + dj * c * c;
    rotate(first + i, first + j, c, s, 1), rotate(last + i, last + j, c, s, 1);
    if (division.half[i] != division.half[j]) division.half[i] = division.half[j] = Half::Both;
    if (vectors) {
      rotate(vectors + i * n + begin, vectors + j * n + begin, static_cast<T>(c), static_cast<T>(s), count);
    }
    return true;
  });

  const Secular secular = division.solve(d, false);
  const int64_t kept = division.kept_count;
  double *const value = joined, *const new_first = value + n, *const new_last = new_first + n;
  // Vector i is z / (d − λᵢ), of length 1.
  parallel_for(kept, kVectors, [&](int64_t from, int64_t to) {
    double* const row = workspace<double>(Workspace::Line, 3 * kept);
    double *const firsts = row + kept, *const lasts = firsts + kept;
    for (int64_t j = 0; j < kept; j++) firsts[j] = first[division.grouped[j]], lasts[j] = last[division.grouped[j]];
    for (int64_t i = from; i < to; i++) {
      const double origin = secular.origin[i], shift = secular.shift[i];
      for (int64_t j = 0; j < kept; j++) row[j] = division.group_weight[j] / (division.group_pole[j] - origin - shift);
      const double inverse = 1 / math::sqrt(dot(row, row, kept));
      value[i] = secular.value(i);
      new_first[i] = inverse * dot(row, firsts, kept), new_last[i] = inverse * dot(row, lasts, kept);
      if (!vectors) continue;
      T* const to_row = division.left + i * kept;
      for (int64_t j = 0; j < kept; j++) to_row[j] = static_cast<T>(inverse * row[j]);
    }
  });
  for (int64_t i = 0; i < division.gone_count; i++) {
    const int64_t from = division.gone[i];
    value[kept + i] = d[from], new_first[kept + i] = first[from], new_last[kept + i] = last[from];
  }
  if (vectors) division.join(vectors, n, begin, middle, end, division.left);
  for (int64_t i = 0; i < count; i++) {
    d[begin + i] = value[i], first[begin + i] = new_first[i], last[begin + i] = new_last[i];
  }
  division.order_rows(order + begin, begin, d);
}

template <typename T>
bool Tridiagonal<T>::solve_small(int64_t begin, int64_t end) {
  const int64_t count = end - begin;
  const bool whole = count == n;
  double *const cosine = leaf + kLeaf * kLeaf - begin, *const sine = cosine + kLeaf;
  // Of a whole matrix no elements are needed for a join.
  const bool turn = vectors || !whole;
  for (int64_t i = 0; turn && i < count; i++) {
    for (int64_t j = 0; j < count; j++) leaf[i * count + j] = i == j;
  }
  for (int64_t l = begin; l < end; l++) {
    for (int sweep = 0;; sweep++) {
      int64_t m = l;
      while (m + 1 < end && !(size_of(e[m]) <= kEpsilon * (size_of(d[m]) + size_of(d[m + 1])))) m++;
      if (m == l) break;
      if (sweep == kSweeps) return false;
      const int64_t low = sweep_up(l, m, cosine, sine);
      for (int64_t i = m - 1; turn && i >= low; i--) {
        double* const row = leaf + (i - begin) * count;
        rotate(row, row + count, cosine[i], sine[i], count);
      }
    }
  }
  for (int64_t i = 0; i < count; i++) {
    int64_t at = i;
    for (; at > 0 && d[order[begin + at - 1]] > d[begin + i]; at--) order[begin + at] = order[begin + at - 1];
    order[begin + at] = begin + i;
    if (!turn) continue;
    const double* const row = leaf + i * count;
    first[begin + i] = row[0], last[begin + i] = row[count - 1];
    if (!vectors) continue;
    T* const to = vectors + (begin + i) * n + begin;
    for (int64_t j = 0; j < count; j++) to[j] = static_cast<T>(row[j]);
  }
  return true;
}

// One sweep of rotations from m up to l, shifted by Wilkinson's shift. Returns where it ended: above l if a rotation split the
// matrix.
template <typename T>
int64_t Tridiagonal<T>::sweep_up(int64_t l, int64_t m, double* cosine, double* sine) {
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

template class Tridiagonal<float>;
template class Tridiagonal<double>;

}  // namespace adjoint::ADJOINT_ISA
