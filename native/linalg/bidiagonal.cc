#include "linalg/bidiagonal.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Steps for one singular value; two are usual.
constexpr int kSteps = 60;
// Vectors of a chunk.
constexpr int64_t kVectors = 16;

double size_of(double x) { return __builtin_fabs(x); }
double root_of(double x, double y) { return math::sqrt(x * x + y * y); }

// The rotation that takes (x, y) to (length, 0).
struct Rotation {
  double length, c, s;
  Rotation(double x, double y) : length(root_of(x, y)), c(length == 0 ? 1 : x / length), s(length == 0 ? 0 : y / length) {}
};

// A small matrix [n, n], and rows of U and V, [n, n] each, null where they are not wanted.
struct Small {
  int64_t n;
  double *d, *e, *u, *v;
  double least;  // what counts as nothing beside the largest element

  void turn(double* z, int64_t i, int64_t j, const Rotation& by) const {
    if (z) rotate(z + i * n, z + j * n, by.c, by.s, n);
  }

  // The last value of the block is 0: what is above it moves out.
  void drop_last(int64_t k, int64_t p) {
    double f = e[p - 2];
    e[p - 2] = 0;
    for (int64_t j = p - 2; j >= k; j--) {
      const Rotation by(d[j], f);
      d[j] = by.length;
      if (j != k) f = -by.s * e[j - 1], e[j - 1] *= by.c;
      turn(v, j, p - 1, by);
    }
  }

  // The value before k is 0: what is right of it moves out.
  void split(int64_t k, int64_t p) {
    double f = e[k - 1];
    e[k - 1] = 0;
    for (int64_t j = k; j < p; j++) {
      const Rotation by(d[j], f);
      d[j] = by.length;
      f = -by.s * e[j];
      e[j] *= by.c;
      turn(u, j, k - 1, by);
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
      const double root = math::sqrt(b * b + q);
      shift = q / (b + (b < 0 ? -root : root));
    }
    double f = (first + last) * (first - last) + shift, g = first * next;
    for (int64_t j = k; j < p - 1; j++) {
      const Rotation right(f, g);
      if (j != k) e[j - 1] = right.length;
      f = right.c * d[j] + right.s * e[j];
      e[j] = right.c * e[j] - right.s * d[j];
      g = right.s * d[j + 1];
      d[j + 1] *= right.c;
      turn(v, j, j + 1, right);
      const Rotation left(f, g);
      d[j] = left.length;
      f = left.c * e[j] + left.s * d[j + 1];
      d[j + 1] = left.c * d[j + 1] - left.s * e[j];
      g = left.s * e[j + 1];
      e[j + 1] *= left.c;
      turn(u, j, j + 1, left);
    }
    e[p - 2] = f;
  }

  // Makes it diagonal and positive; false if a value does not converge.
  bool diagonalise() {
    constexpr double epsilon = 0x1p-52;
    int steps = 0;
    for (int64_t p = n; p > 0;) {
      int64_t k = p - 2;
      for (; k >= 0; k--) {
        if (size_of(e[k]) <= least + epsilon * (size_of(d[k]) + size_of(d[k + 1]))) {
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
        if (size_of(d[zero]) <= least + epsilon * beside) {
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

}  // namespace

template <typename T>
bool Bidiagonal<T>::solve() {
  double largest = 0;
  for (int64_t i = 0; i < n; i++) {
    largest = size_of(d[i]) > largest ? size_of(d[i]) : largest;
    if (i + 1 < n) largest = size_of(e[i]) > largest ? size_of(e[i]) : largest;
  }
  e[n - 1] = 0;
  nothing = kNothing<T> * largest, least = 0x1p-80 * largest;
  if (vectors.v) {
    fill<T>({vectors.u, vectors.u_pitch, 1}, n, vectors.u_pitch, 0);
    fill<T>({vectors.v, vectors.v_pitch, 1}, n, vectors.v_pitch, 0);
  }
  return solve(0, n, false);
}

template <typename T>
bool Bidiagonal<T>::solve(int64_t begin, int64_t end, bool wide) {
  if (end - begin <= kLeaf) return solve_small(begin, end, wide);
  const int64_t middle = (begin + end) / 2;
  const double alpha = d[middle], beta = e[middle];
  if (!solve(begin, middle, true) || !solve(middle + 1, end, wide)) return false;
  join(begin, middle, end, wide, alpha, beta);
  return true;
}

// With the middle row first the matrix is z in that row, and below it the values on the diagonal, behind a 0: z are alpha
// times the last elements of the upper rows of V, and beta times the first ones of the lower.
template <typename T>
void Bidiagonal<T>::join(int64_t begin, int64_t middle, int64_t end, bool wide, double alpha, double beta) {
  const int64_t count = end - begin, columns = count + wide, split = middle + 1;
  const auto& [u, v, u_pitch, v_pitch] = vectors;
  double* const z = division.z;
  for (int64_t j = begin; j < end + wide; j++) {
    const bool upper = j <= middle;
    if (j < end) {
      z[j] = upper ? alpha * last[j] : beta * first[j];
      division.half[j] = j == middle ? Half::Both : upper ? Half::Lower : Half::Upper;
    }
  }
  const double beside = wide ? beta * first[end] : 0;
  for (int64_t j = begin; j < end + wide; j++) (j <= middle ? last : first)[j] = 0;
  // Rows of V that belong to no value, of which one is left.
  const Rotation both(z[middle], beside);
  const auto turn = [&](int64_t i, int64_t j, double c, double s, bool u_too) {
    rotate(first + i, first + j, c, s, 1), rotate(last + i, last + j, c, s, 1);
    if (!v) return;
    const T cosine = static_cast<T>(c), sine = static_cast<T>(s);
    rotate(v + i * v_pitch + begin, v + j * v_pitch + begin, cosine, sine, columns);
    if (u_too) rotate(u + i * u_pitch + begin, u + j * u_pitch + begin, cosine, sine, count);
  };
  if (wide) turn(middle, end, both.c, both.s, false);
  z[middle] = wide ? both.length : z[middle];
  d[middle] = 0;
  if (u) u[middle * u_pitch + middle] = 1;

  division.sort(order + begin, middle - begin, order + split, end - split, d);
  division.kept[0] = middle, division.kept_count = 1;
  division.deflate(count - 1, nothing, [&](int64_t i, int64_t j) {
    if (size_of(d[j] - d[i]) > nothing) return false;
    const double size = root_of(z[i], z[j]);
    turn(i, j, z[j] / size, -z[i] / size, true);
    z[j] = size, z[i] = 0;
    if (division.half[i] != division.half[j]) division.half[i] = division.half[j] = Half::Both;
    return true;
  });

  const int64_t kept = division.kept_count;
  double *const value = joined, *const new_first = value + n + 1, *const new_last = new_first + n + 1;
  if (kept > 1) {
    // Poles that differ, and weights that are not 0.
    if (size_of(z[middle]) <= nothing) z[middle] = z[middle] < 0 ? -nothing : nothing;
    double& second = d[division.kept[1]];
    second = second > nothing / 2 ? second : nothing / 2;
  }
  const double only = z[middle];
  const Secular secular = division.solve(d, true);
  // Row i of V's matrix is z / (d² − σᵢ²), of U's d z / (d² − σᵢ²) with −1 for the row that is joined, of length 1.
  parallel_for(kept, kVectors, [&](int64_t from, int64_t to) {
    double* const row = workspace<double>(Workspace::Line, 4 * kept);
    double *const other = row + kept, *const firsts = other + kept, *const lasts = firsts + kept;
    int64_t joint = 0;
    for (int64_t j = 0; j < kept; j++) {
      firsts[j] = first[division.grouped[j]], lasts[j] = last[division.grouped[j]];
      if (division.grouped[j] == middle) joint = j;
    }
    const double *const pole = division.group_pole, *const weight = division.group_weight;
    for (int64_t i = from; i < to; i++) {
      const double origin = secular.origin[i], shift = secular.shift[i];
      if (kept > 1) {
        for (int64_t j = 0; j < kept; j++) {
          row[j] = weight[j] / ((pole[j] - origin) * (pole[j] + origin) - shift);
          other[j] = pole[j] * row[j];
        }
        value[i] = secular.value(i);
        other[joint] = -1;
      } else {
        value[i] = size_of(only), row[0] = only < 0 ? 1 : -1, other[0] = -1;
      }
      const double inverse = 1 / math::sqrt(dot(row, row, kept));
      new_first[i] = inverse * dot(row, firsts, kept), new_last[i] = inverse * dot(row, lasts, kept);
      if (!v) continue;
      const double u_inverse = 1 / math::sqrt(dot(other, other, kept));
      T *const to_u = division.left + i * kept, *const to_v = division.right + i * kept;
      for (int64_t j = 0; j < kept; j++) {
        to_u[j] = static_cast<T>(u_inverse * other[j]), to_v[j] = static_cast<T>(inverse * row[j]);
      }
    }
  });
  for (int64_t i = 0; i < division.gone_count; i++) {
    const int64_t from = division.gone[i];
    value[kept + i] = d[from], new_first[kept + i] = first[from], new_last[kept + i] = last[from];
  }
  if (v) {
    division.join(u, u_pitch, begin, split, end, division.left);
    division.join(v, v_pitch, begin, split, begin + columns, division.right);
  }
  for (int64_t i = 0; i < count; i++) {
    d[begin + i] = value[i], first[begin + i] = new_first[i], last[begin + i] = new_last[i];
  }
  division.order_rows(order + begin, begin, d);
}

// A column more is a row of zeros more, and its value is 0, the last.
template <typename T>
bool Bidiagonal<T>::solve_small(int64_t begin, int64_t end, bool wide) {
  const int64_t rows = end - begin, count = rows + wide, square = (kLeaf + 1) * (kLeaf + 1);
  const bool turn = vectors.v || rows < n;
  double *const diagonal = leaf + 2 * square, *const beside = diagonal + kLeaf + 1;
  Small small = {count, diagonal, beside, vectors.u ? leaf : nullptr, turn ? leaf + square : nullptr, least};
  for (int64_t i = 0; i < count; i++) diagonal[i] = i < rows ? d[begin + i] : 0, beside[i] = i + 1 < count ? e[begin + i] : 0;
  for (int64_t i = 0; i < count; i++) {
    for (int64_t j = 0; j < count; j++) {
      if (small.u) small.u[i * count + j] = i == j;
      if (small.v) small.v[i * count + j] = i == j;
    }
  }
  if (!small.diagonalise()) return false;
  for (int64_t i = 0; i < count; i++) {
    const int64_t row = begin + i;
    if (i < rows) {
      d[row] = diagonal[i];
      int64_t at = i;
      for (; at > 0 && d[order[begin + at - 1]] > d[row]; at--) order[begin + at] = order[begin + at - 1];
      order[begin + at] = row;
    }
    if (!turn) continue;
    const double* const line = small.v + i * count;
    first[row] = line[0], last[row] = line[count - 1];
    if (!vectors.v) continue;
    for (int64_t j = 0; j < count; j++) vectors.v[row * vectors.v_pitch + begin + j] = static_cast<T>(line[j]);
    if (i == rows) continue;
    for (int64_t j = 0; j < rows; j++) {
      vectors.u[row * vectors.u_pitch + begin + j] = static_cast<T>(small.u[i * count + j]);
    }
  }
  return true;
}

template class Bidiagonal<float>;
template class Bidiagonal<double>;

}  // namespace adjoint::ADJOINT_ISA
