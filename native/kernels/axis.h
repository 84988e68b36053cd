// Loops along one axis of row-major memory, seen as [outer, n, inner] with the axis in the middle, a vector at a time:
// along a row where inner is 1, across neighbouring columns else. A kernel is written once, for both: what is found out
// about a line (its sum, its maximum) is a vector, in whose lanes a row has one number and columns have each their own.
#pragma once
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

struct Larger {
  // NaN in b is passed over.
  template <typename V>
  ADJOINT_INLINE V operator()(V a, V b) const { return b > a ? b : a; }
};
#if defined(__AVX512F__)
template <>
ADJOINT_INLINE Vec<float> Larger::operator()(Vec<float> a, Vec<float> b) const { return _mm512_max_ps(b, a); }
#elif defined(__AVX2__)
template <>
ADJOINT_INLINE Vec<float> Larger::operator()(Vec<float> a, Vec<float> b) const { return _mm256_max_ps(b, a); }
#endif

// f of every lane.
template <typename T, typename F>
ADJOINT_INLINE Vec<T> lanewise(Vec<T> v, const F& f) {
  T lanes[kLanes<T>];
  store(lanes, v);
#pragma omp simd
  for (int i = 0; i < kLanes<T>; i++) lanes[i] = f(lanes[i]);
  return load(lanes);
}
template <typename T>
ADJOINT_INLINE Vec<T> exp(Vec<T> v) {
  return lanewise<T>(v, [](T x) ADJOINT_LAMBDA { return math::exp(x); });
}
template <typename T>
ADJOINT_INLINE Vec<T> log(Vec<T> v) {
  return lanewise<T>(v, [](T x) ADJOINT_LAMBDA { return math::log(x); });
}

// n elements that lie one behind another; `line` is its number among all, at which results are kept.
template <typename T>
struct Row {
  int64_t first, n, line;

  // Where a line's own numbers lie: the same for all lanes.
  ADJOINT_INLINE Vec<T> own(const T* numbers) const { return broadcast(numbers[line]); }
  ADJOINT_INLINE void keep(T* numbers, Vec<T> v) const { numbers[line] = v[0]; }

  // f(offset, lanes) for every vector, upwards in memory.
  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    int64_t k = 0;
    for (; k + kLanes<T> <= n; k += kLanes<T>) f(first + k, Whole{});
    if (k < n) f(first + k, Part{n - k});
  }

  // op over f(offset, lanes), a vector.
  template <typename Op, typename F>
  ADJOINT_INLINE Vec<T> reduce(T neutral, const Op& op, const F& f) const {
    constexpr int lanes = kLanes<T>;
    const auto at = [&](int64_t k, auto part) ADJOINT_LAMBDA { return f(first + k, part); };
    if (n < kBlock * lanes) return fold<T>(fold_rest<T>(n, neutral, op, at), op);
    Vec<T> all = broadcast(neutral);
    int64_t k = 0;
    for (; k + kBlock * lanes <= n; k += kBlock * lanes) {
      Vec<T> v[kBlock];
#pragma GCC unroll 8
      for (int j = 0; j < kBlock; j++) v[j] = at(k + j * lanes, Whole{});
      all = op(all, pairwise(v, op));
    }
    if (k < n) {
      all = op(all, fold_rest<T>(n - k, neutral, op, [&](int64_t i, auto part) ADJOINT_LAMBDA { return at(k + i, part); }));
    }
    return fold<T>(all, op);
  }
};

// A vector of neighbouring columns, or fewer: n elements each, `step` apart.
template <typename T, typename Lanes>
struct Columns {
  int64_t first, n, step, line;
  Lanes lanes;

  ADJOINT_INLINE Vec<T> own(const T* numbers) const { return lanes.load(numbers + line); }
  ADJOINT_INLINE void keep(T* numbers, Vec<T> v) const { lanes.store(numbers + line, v); }

  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    for (int64_t k = 0; k < n; k++) f(first + k * step, lanes);
  }

  template <typename Op, typename F>
  ADJOINT_INLINE Vec<T> reduce(T neutral, const Op& op, const F& f) const {
    Vec<T> all = broadcast(neutral);
    int64_t k = 0;
    for (; k + 4 <= n; k += 4) {
      const int64_t at = first + k * step;
      const Vec<T> a = op(f(at, lanes), f(at + step, lanes)), b = op(f(at + 2 * step, lanes), f(at + 3 * step, lanes));
      all = op(all, op(a, b));
    }
    for (; k < n; k++) all = op(all, f(first + k * step, lanes));
    return all;
  }
};

// Elements that a chunk of lines covers: they cost an exponential or several passes, more than an addition.
constexpr int64_t kLineGrain = kGrain / 4;

// Calls body(row) for every row of [rows, n], in parallel.
template <typename T, typename Body>
void for_rows(int64_t rows, int64_t n, const Body& body) {
  const int64_t grain = n == 0 ? rows : kLineGrain / n;
  parallel_for(rows, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) body(Row<T>{row * n, n, row});
  });
}

// Calls body(line) for all lines of [outer, n, inner], in parallel.
template <typename T, typename Body>
void for_lines(int64_t outer, int64_t n, int64_t inner, const Body& body) {
  if (inner == 1) return for_rows<T>(outer, n, body);
  const int64_t vectors = (inner + kLanes<T> - 1) / kLanes<T>, elements = n * kLanes<T>;
  const int64_t grain = elements == 0 ? outer * vectors : kLineGrain / elements;
  parallel_for(outer * vectors, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; v++) {
      const int64_t o = v / vectors, c = v % vectors * kLanes<T>, left = inner - c;
      const int64_t first = o * n * inner + c, line = o * inner + c;
      if (left >= kLanes<T>) body(Columns<T, Whole>{first, n, inner, line, {}});
      else body(Columns<T, Part>{first, n, inner, line, {left}});
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
