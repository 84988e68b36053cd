// Loops along one axis of row-major memory, seen as [outer, n, inner] with the axis in the middle.
#pragma once
#include "kernels/elementwise.h"
#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// Up to this many neighbouring columns are walked together; their running values stay in the first-level cache.
constexpr int kStrip = 64;

// Neighbouring columns of one outer index. With inner 1 it is a single row, which lies along memory.
struct Strip {
  int64_t n, inner;
  // Offset of its first element, and of its first column in [outer, inner].
  int64_t first, column;
  int width;

  // f(offset, column within the strip) for every element, along memory.
  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    if (inner == 1) {
#pragma omp simd
      for (int64_t k = 0; k < n; k++) f(first + k, 0);
      return;
    }
    for (int64_t k = 0; k < n; k++) {
      const int64_t row = first + k * inner;
#pragma omp simd
      for (int c = 0; c < width; c++) f(row + c, c);
    }
  }

  // totals[c] = Σ f(offset, c) along the axis. The order of additions depends on the shape alone.
  template <typename T, typename F>
  ADJOINT_INLINE void sum(T* totals, const F& f) const {
    if (inner == 1) {
      T total = 0;
#pragma omp simd reduction(+ : total)
      for (int64_t k = 0; k < n; k++) total += f(first + k, 0);
      totals[0] = total;
      return;
    }
    for (int c = 0; c < width; c++) totals[c] = 0;
    for (int64_t k = 0; k < n; k++) {
      const int64_t row = first + k * inner;
#pragma omp simd
      for (int c = 0; c < width; c++) totals[c] += f(row + c, c);
    }
  }

  // peaks[c] = max x along the axis; NaN is passed over.
  template <typename T>
  ADJOINT_INLINE void max(T* peaks, const T* x) const {
    if (inner == 1) {
      T peak = x[first];
#pragma omp simd reduction(max : peak)
      for (int64_t k = 1; k < n; k++) peak = x[first + k] > peak ? x[first + k] : peak;
      peaks[0] = peak;
      return;
    }
    for (int c = 0; c < width; c++) peaks[c] = x[first + c];
    for (int64_t k = 1; k < n; k++) {
      const int64_t row = first + k * inner;
#pragma omp simd
      for (int c = 0; c < width; c++) peaks[c] = x[row + c] > peaks[c] ? x[row + c] : peaks[c];
    }
  }
};

// Calls body(strip) for all strips of [outer, n, inner], in parallel.
template <typename Body>
void for_strips(int64_t outer, int64_t n, int64_t inner, const Body& body) {
  const int64_t across = (inner + kStrip - 1) / kStrip;
  const int64_t elements = n * (inner < kStrip ? inner : kStrip);
  // An element costs an exponential or several passes: smaller chunks than for additions.
  const int64_t grain = elements == 0 ? outer : kGrain / 4 / elements;
  parallel_for(outer * across, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; s++) {
      const int64_t o = s / across, c = s % across * kStrip;
      const int64_t left = inner - c;
      body(Strip{n, inner, o * n * inner + c, o * inner + c, static_cast<int>(left < kStrip ? left : kStrip)});
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
