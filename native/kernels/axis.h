// Loops along one axis of row-major memory, seen as [outer, n, inner] with the axis in the middle.
#pragma once
#include "kernels/elementwise.h"
#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// Up to this many neighbouring columns are walked together; their running values stay in the first-level cache.
constexpr int kStrip = 64;

// Shorter rows than this are walked side by side like columns: alone, they would not fill vectors.
constexpr int64_t kShort = 64;

// Neighbouring columns, or one row of memory, whose `across` is 0. How a column is added up does not depend on the others.
struct Strip {
  // Length of the axis, and the steps in memory along it and to the next column.
  int64_t n, along, across;
  // Offset of its first element, and of its first column in [outer, inner].
  int64_t first, column;
  int width;

  int64_t at(int64_t k, int c) const { return first + k * along + c * across; }

  // f(offset, column within the strip) for every element, along memory.
  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    if (across == 0) {
#pragma omp simd
      for (int64_t k = 0; k < n; k++) f(first + k, 0);
      return;
    }
    for (int64_t k = 0; k < n; k++) for_columns(k, f);
  }

  // totals[c] = Σ f(offset, c) along the axis. The order of additions depends on the shape alone.
  template <typename T, typename F>
  ADJOINT_INLINE void sum(T* totals, const F& f) const {
    if (across == 0) {
      T total = 0;
#pragma omp simd reduction(+ : total)
      for (int64_t k = 0; k < n; k++) total += f(first + k, 0);
      totals[0] = total;
      return;
    }
    for (int c = 0; c < width; c++) totals[c] = 0;
    for (int64_t k = 0; k < n; k++) for_columns(k, [&](int64_t at, int c) ADJOINT_LAMBDA { totals[c] += f(at, c); });
  }

  // peaks[c] = max x along the axis; NaN is passed over.
  template <typename T>
  ADJOINT_INLINE void max(T* peaks, const T* x) const {
    if (across == 0) {
      T peak = x[first];
#pragma omp simd reduction(max : peak)
      for (int64_t k = 1; k < n; k++) peak = x[first + k] > peak ? x[first + k] : peak;
      peaks[0] = peak;
      return;
    }
    for_columns(0, [&](int64_t at, int c) ADJOINT_LAMBDA { peaks[c] = x[at]; });
    for (int64_t k = 1; k < n; k++) {
      for_columns(k, [&](int64_t at, int c) ADJOINT_LAMBDA { peaks[c] = x[at] > peaks[c] ? x[at] : peaks[c]; });
    }
  }

 private:
  // f(offset, column) for element k of every column.
  template <typename F>
  ADJOINT_INLINE void for_columns(int64_t k, const F& f) const {
    const int64_t row = first + k * along;
    if (across == 1) {
#pragma omp simd
      for (int c = 0; c < width; c++) f(row + c, c);
    } else {
#pragma omp simd
      for (int c = 0; c < width; c++) f(row + c * across, c);
    }
  }
};

// Calls body(strip) for all strips of [outer, n, inner], in parallel.
template <typename Body>
void for_strips(int64_t outer, int64_t n, int64_t inner, const Body& body) {
  const bool rows = inner == 1, side_by_side = !rows || n < kShort;
  // Short rows are the columns of a single outer index.
  const int64_t groups = rows ? 1 : outer, columns = rows ? outer : inner;
  const int64_t most = side_by_side ? kStrip : 1, strips = (columns + most - 1) / most;
  const int64_t elements = n * (columns < most ? columns : most);
  const int64_t along = rows ? 1 : inner, across = !side_by_side ? 0 : rows ? n : 1;
  // An element costs an exponential or several passes: smaller chunks than for additions.
  const int64_t grain = elements == 0 ? groups * strips : kGrain / 4 / elements;
  parallel_for(groups * strips, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; s++) {
      const int64_t o = s / strips, c = s % strips * most, left = columns - c;
      const int64_t first = rows ? c * n : o * n * inner + c;
      body(Strip{n, along, across, first, o * columns + c, static_cast<int>(left < most ? left : most)});
    }
  });
}

// Calls body(strip) for every row of [rows, n], whatever its length, in parallel.
template <typename Body>
void for_rows(int64_t rows, int64_t n, const Body& body) {
  const int64_t grain = n == 0 ? rows : kGrain / 4 / n;
  parallel_for(rows, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) body(Strip{n, 1, 0, row * n, row, 1});
  });
}

}  // namespace adjoint::ADJOINT_ISA
