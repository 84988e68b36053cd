// Divide and conquer: what joins the vectors of two solved halves of a matrix, rows of the one and of the other, to those of
// the whole. Most of a join are products; rows whose weight is nothing, or that are as good as equal, take no part in them.
// Source: Gu, Eisenstat 1995, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem" and "… for the
// bidiagonal SVD".
#pragma once
#include "linalg/rotate.h"
#include "linalg/secular.h"

namespace adjoint::ADJOINT_ISA {

// Up to this order a matrix is diagonalised by rotations.
constexpr int64_t kLeaf = 32;

// What of the largest element counts as nothing: far below what the vectors' rounding makes.
template <typename T>
constexpr double kNothing = sizeof(T) == 4 ? 0x1p-32 : 0x1p-49;

// The columns in which a row has something.
enum class Half : int64_t { Lower, Both, Upper };

template <typename T>
struct Division {
  int64_t n;       // rows of the whole matrix
  double* z;       // weight of each row of the block that is joined
  Half* half;      // and its columns
  int64_t* sorted; // its rows, ascending
  int64_t *kept, *gone, *grouped;  // those that are joined; those that are not; the former by their columns
  int64_t kept_count, gone_count, lower_count, both_count;
  double *pole, *weight, *origin, *shift, *products;  // of those that are kept
  double *group_pole, *group_weight;
  T *left, *right, *gathered;  // [n, n] each, the last [n + 1, n + 1]

  static constexpr int64_t kArrays = 14;
  static int64_t doubles(int64_t n) { return kArrays * (n + 1); }
  static int64_t elements(int64_t n, int matrices) { return matrices * n * n + (n + 1) * (n + 1); }

  // `matrices` of vectors are made from `elements`, or none where it is null.
  Division(int64_t n, double* memory, T* elements, int matrices) : n(n) {
    const auto take = [&](int64_t count) ADJOINT_LAMBDA {
      double* const taken = memory;
      memory += count * (n + 1);
      return taken;
    };
    z = take(1), half = reinterpret_cast<Half*>(take(1)), sorted = reinterpret_cast<int64_t*>(take(1));
    kept = reinterpret_cast<int64_t*>(take(1)), gone = reinterpret_cast<int64_t*>(take(1));
    grouped = reinterpret_cast<int64_t*>(take(1));
    pole = take(1), weight = take(1), origin = take(1), shift = take(1), products = take(2);
    group_pole = take(1), group_weight = take(1);
    left = elements, right = elements + (matrices - 1) * n * n, gathered = elements + matrices * n * n;
  }

  // The rows of two halves, each in the order of `d`, in that order.
  void sort(const int64_t* first, int64_t first_count, const int64_t* second, int64_t second_count, const double* d) {
    int64_t i = 0, j = 0;
    while (i < first_count || j < second_count) {
      const bool take_first = j == second_count || (i < first_count && d[first[i]] <= d[second[j]]);
      sorted[i + j] = take_first ? first[i] : second[j];
      (take_first ? i : j)++;
    }
  }

  // Sorts the rows into kept and gone. turn(i, j) turns two kept neighbours so that i has no weight, if they are near enough.
  template <typename Turn>
  void deflate(int64_t count, double least, const Turn& turn) {
    int64_t before = -1;
    gone_count = 0;
    for (int64_t i = 0; i < count; i++) {
      const int64_t row = sorted[i];
      if (!(__builtin_fabs(z[row]) > least)) {
        gone[gone_count++] = row;
        continue;
      }
      if (before >= 0) {
        if (turn(before, row)) gone[gone_count++] = before;
        else kept[kept_count++] = before;
      }
      before = row;
    }
    if (before >= 0) kept[kept_count++] = before;
  }

  // Finds the roots; then what `group_` says is that of rows in the order of `grouped`.
  Secular solve(const double* d, bool squared) {
    for (int64_t i = 0; i < kept_count; i++) pole[i] = d[kept[i]], weight[i] = z[kept[i]];
    Secular secular = {kept_count, pole, weight, squared, origin, shift};
    secular.solve(products);
    int64_t at = 0;
    constexpr Half halves[] = {Half::Lower, Half::Both, Half::Upper};
    for (const Half each : halves) {
      for (int64_t i = 0; i < kept_count; i++) {
        if (half[kept[i]] != each) continue;
        grouped[at] = kept[i], group_pole[at] = pole[i], group_weight[at++] = weight[i];
      }
      if (each == Half::Lower) lower_count = at;
      if (each == Half::Both) both_count = at - lower_count;
    }
    return secular;
  }

  // Rows begin … of the vectors, of columns begin … end, from those that are kept by matrix [kept, kept], then those gone.
  // Lower halves are the columns before `split`.
  void join(T* vectors, int64_t pitch, int64_t begin, int64_t split, int64_t end, const T* matrix) {
    const int64_t width = end - begin, low = split - begin, count = kept_count;
    const auto gather = [&](const int64_t* rows, int64_t rows_count, T* to) ADJOINT_LAMBDA {
      for (int64_t i = 0; i < rows_count; i++) {
        const T* const from = vectors + rows[i] * pitch + begin;
        for (int64_t j = 0; j < width; j++) to[i * width + j] = from[j];
      }
    };
    gather(grouped, count, gathered);
    gather(gone, gone_count, gathered + count * width);
    T* const to = vectors + begin * pitch + begin;
    for (int64_t i = count; i < count + gone_count; i++) {
      for (int64_t j = 0; j < width; j++) to[i * pitch + j] = gathered[i * width + j];
    }
    const auto multiply = [&](int64_t first, int64_t depth, int64_t from, int64_t columns) {
      if (depth == 0) return fill<T>({to + from, pitch, 1}, count, columns, 0);
      gemm<T>(count, columns, depth, {matrix + first, count, 1}, {gathered + first * width + from, width, 1},
              {to + from, pitch, 1}, {});
    };
    multiply(0, lower_count + both_count, 0, low);
    multiply(lower_count, count - lower_count, low, width - low);
  }

  // The order of the joined rows: roots, which ascend, and then those gone.
  void order_rows(int64_t* order, int64_t begin, const double* d) {
    int64_t* const rest = gone;
    for (int64_t i = 0; i < gone_count; i++) {
      const int64_t row = begin + kept_count + i;
      int64_t at = i;
      for (; at > 0 && d[rest[at - 1]] > d[row]; at--) rest[at] = rest[at - 1];
      rest[at] = row;
    }
    for (int64_t i = 0; i < kept_count; i++) kept[i] = begin + i;
    sort(kept, kept_count, rest, gone_count, d);
    for (int64_t i = 0; i < kept_count + gone_count; i++) order[i] = sorted[i];
  }
};

}  // namespace adjoint::ADJOINT_ISA
