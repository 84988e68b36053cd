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

// A row of V vectors, the last of which may lack lanes: every loop unrolled, and what was loaded once stays in registers.
template <typename T, int V>
struct ShortRow {
  int64_t first, n, line;

  ADJOINT_INLINE Vec<T> own(const T* numbers) const { return broadcast(numbers[line]); }
  ADJOINT_INLINE void keep(T* numbers, Vec<T> v) const { numbers[line] = v[0]; }

  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
#pragma GCC unroll 4
    for (int v = 0; v < V - 1; v++) f(first + v * kLanes<T>, Whole{});
    f(first + (V - 1) * kLanes<T>, Part{n - (V - 1) * kLanes<T>});
  }

  template <typename Op, typename F>
  ADJOINT_INLINE Vec<T> reduce(T neutral, const Op& op, const F& f) const {
    const Part part{n - (V - 1) * kLanes<T>};
    Vec<T> all = broadcast(neutral);
#pragma GCC unroll 4
    for (int v = 0; v < V - 1; v++) all = v ? op(all, f(first + v * kLanes<T>, Whole{})) : f(first, Whole{});
    const Vec<T> last = part.keep(f(first + (V - 1) * kLanes<T>, part), neutral);
    return fold<T>(V > 1 ? op(all, last) : last, op);
  }
};

// A vector of neighbouring columns that reads ahead, where the next ones lie: no hardware foresees a walk across rows.
struct Strip : Whole {
  template <typename T>
  ADJOINT_INLINE Vec<T> load(const T* from) const {
    __builtin_prefetch(from + 2 * kLanes<T>);
    return adjoint::ADJOINT_ISA::load(from);
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

// Calls body(row type) for rows of n elements.
template <typename T, typename Body>
ADJOINT_INLINE void with_row_of(int64_t n, const Body& body) {
  const int64_t vectors = (n + kLanes<T> - 1) / kLanes<T>;
  if (vectors == 1) body(ShortRow<T, 1>{});
  else if (vectors == 2) body(ShortRow<T, 2>{});
  else if (vectors == 3) body(ShortRow<T, 3>{});
  else if (vectors == 4) body(ShortRow<T, 4>{});
  else body(Row<T>{});
}

// Calls body(row) for every row of [rows, n], in parallel.
template <typename T, typename Body>
void for_rows(int64_t rows, int64_t n, const Body& body) {
  parallel_for(rows, chunk(kLineGrain, n), [&](int64_t begin, int64_t end) {
    with_row_of<T>(n, [&](auto kind) ADJOINT_LAMBDA {
      for (int64_t row = begin; row < end; row++) body(decltype(kind){row * n, n, row});
    });
  });
}

// Calls body(columns) for every vector of columns of [outer, n, inner], in parallel.
template <typename T, typename Body>
void for_columns(int64_t outer, int64_t n, int64_t inner, const Body& body) {
  const int64_t vectors = (inner + kLanes<T> - 1) / kLanes<T>, elements = n * kLanes<T>;
  parallel_for(outer * vectors, chunk(kLineGrain, elements), [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; v++) {
      const int64_t o = v / vectors, c = v % vectors * kLanes<T>, left = inner - c;
      const int64_t first = o * n * inner + c, line = o * inner + c;
      if (left >= kLanes<T>) body(Columns<T, Strip>{first, n, inner, line, {}});
      else body(Columns<T, Part>{first, n, inner, line, {left}});
    }
  });
}

// Calls body(line) for all lines of [outer, n, inner], in parallel.
template <typename T, typename Body>
void for_lines(int64_t outer, int64_t n, int64_t inner, const Body& body) {
  if (inner == 1) return for_rows<T>(outer, n, body);
  for_columns<T>(outer, n, inner, body);
}

// Σ f(k, lanes) over a run of n elements, added up in double.
template <typename T, typename F>
ADJOINT_INLINE double sum_of_run(int64_t n, const F& f) {
  Total<T> total;
  take_run(total, n, f);
  return fold<double>(total.narrowed(), Plus{})[0];
}

// The largest element of a line.
template <typename T, typename Line>
ADJOINT_INLINE Vec<T> peak_of(const Line& line, const T* x) {
  return line.reduce(-static_cast<T>(__builtin_inf()), Larger{},
                     [&](int64_t at, auto lanes) ADJOINT_LAMBDA { return lanes.load(x + at); });
}

// Calls body(line, peak, log Σ exp(x − peak)) for all lines of x [outer, n, inner], in parallel. Rows take their logarithms
// together, a vector of them at a time.
template <typename T, typename Body>
void for_log_totals(const View& view, const Body& body) {
  const int64_t outer = view.shape[0], n = view.shape[1], inner = view.shape[2];
  const T* x = view.as<T>();
  const auto total_of = [=](const auto& line, Vec<T> peak) ADJOINT_LAMBDA {
    return line.reduce(T(0), Plus{}, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      return lanes.keep(exp<T>(lanes.load(x + at) - peak), T(0));
    });
  };
  if (inner != 1) {
    return for_columns<T>(outer, n, inner, [&](const auto& line) ADJOINT_LAMBDA {
      const Vec<T> peak = peak_of(line, x);
      body(line, peak, log<T>(total_of(line, peak)));
    });
  }
  parallel_for(outer, chunk(kLineGrain, n), [&](int64_t begin, int64_t end) {
    with_row_of<T>(n, [&](auto kind) ADJOINT_LAMBDA {
      for (int64_t first = begin; first < end; first += kLanes<T>) {
        const int64_t count = end - first < kLanes<T> ? end - first : kLanes<T>;
        const auto row = [&](int64_t i) ADJOINT_LAMBDA { return decltype(kind){(first + i) * n, n, first + i}; };
        T peaks[kLanes<T>], totals[kLanes<T>] = {};
        for (int64_t i = 0; i < count; i++) {
          const Vec<T> peak = peak_of(row(i), x);
          peaks[i] = peak[0];
          totals[i] = total_of(row(i), peak)[0];
        }
        store(totals, log<T>(load(totals)));
        for (int64_t i = 0; i < count; i++) body(row(i), broadcast(peaks[i]), broadcast(totals[i]));
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
