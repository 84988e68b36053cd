// What reductions and the search for an extremum share: axes, the rules of combination, and one result's pass over a row.
// What is combined with what, and in which order, depends on the shapes alone: the same on any number of threads.
#pragma once
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {

// Axes of one kind, merged where x (and y) allow it.
struct Axes {
  int rank = 0;
  int64_t count = 1;
  int64_t shape[kMaxRank] = {};
  int64_t x_strides[kMaxRank] = {};
  int64_t y_strides[kMaxRank] = {};

  void append(int64_t size, int64_t x_stride, int64_t y_stride) {
    count *= size;
    if (size == 1) return;
    const int last = rank - 1;
    if (rank > 0 && x_strides[last] == x_stride * size && y_strides[last] == y_stride * size) {
      shape[last] *= size;
      x_strides[last] = x_stride;
      y_strides[last] = y_stride;
      return;
    }
    shape[rank] = size;
    x_strides[rank] = x_stride;
    y_strides[rank++] = y_stride;
  }

  int64_t inner() const { return rank ? shape[rank - 1] : 1; }
  int64_t inner_stride() const { return rank ? x_strides[rank - 1] : 0; }

  // Where an element lies in x and in y, for a position in row-major order.
  int64_t in_x(int64_t position) const { return offset(position, x_strides); }
  int64_t in_y(int64_t position) const { return offset(position, y_strides); }

 private:
  int64_t offset(int64_t position, const int64_t (&strides)[kMaxRank]) const {
    int64_t at = 0;
    for (int i = rank - 1; i > 0; i--) {
      at += position % shape[i] * strides[i];
      position /= shape[i];
    }
    return rank ? at + position * strides[0] : 0;
  }
};

struct Plan {
  Axes kept, reduced;

  Plan(const View& y, const View& x) {
    for (int i = 0; i < x.rank; i++) {
      if (y.shape[i] == 1) reduced.append(x.shape[i], x.strides[i], 0);
      else kept.append(x.shape[i], x.strides[i], y.strides[i]);
    }
  }

  // Whether neighbours in memory belong to different results, which are then computed side by side.
  bool side_by_side() const { return kept.rank > 0 && kept.inner_stride() == 1 && reduced.inner_stride() != 1; }
};

// The rules: the type that accumulates, its start, what an element counts as, and how it is taken, and vectors of elements.
// float32 is summed in double, vectors of it pairwise in blocks before.
struct AsItIs {
  template <typename V>
  ADJOINT_INLINE static V seen(V value) { return value; }
};
template <typename T>
struct Sum : AsItIs {
  using Total = double;
  using Running = adjoint::ADJOINT_ISA::Total<T>;
  static constexpr T start() { return 0; }
  template <typename V>
  ADJOINT_INLINE static V take(V total, V value) { return total + value; }
};
// NaN counts as 0.
template <typename T>
struct NanSum : Sum<T> {
  template <typename V>
  ADJOINT_INLINE static V seen(V value) { return value == value ? value : V{}; }
};
template <typename T>
struct SumOfSquares : Sum<T> {
  template <typename V>
  ADJOINT_INLINE static V seen(V value) { return value * value; }
};

// What a rule makes of vectors in their own type, lane by lane.
template <typename Rule, typename T>
struct Lanewise {
  Vec<T> best = broadcast(Rule::start());

  ADJOINT_INLINE void take(Vec<T> v) { best = Rule::take(best, v); }
  ADJOINT_INLINE Vec<T> narrowed() const { return best; }
  ADJOINT_INLINE void to(T* lanes) const { store(lanes, best); }
  ADJOINT_INLINE static Lanewise from(const T* lanes) { return {load(lanes)}; }
};

template <typename T>
struct ProductOfAll : AsItIs {
  using Total = T;
  using Running = Lanewise<ProductOfAll, T>;
  static constexpr T start() { return 1; }
  template <typename V>
  ADJOINT_INLINE static V take(V total, V value) { return total * value; }
};

// The larger or the smaller, lane by lane; NaN wins. x86's instructions give the second operand where one is NaN.
#if defined(__AVX512F__)
ADJOINT_INLINE Vec<float> or_nan(Vec<float> a, Vec<float> other) {
  return _mm512_mask_mov_ps(other, _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q), a);
}
ADJOINT_INLINE Vec<double> or_nan(Vec<double> a, Vec<double> other) {
  return _mm512_mask_mov_pd(other, _mm512_cmp_pd_mask(a, a, _CMP_UNORD_Q), a);
}
ADJOINT_INLINE Vec<float> larger(Vec<float> a, Vec<float> b) { return or_nan(a, _mm512_max_ps(a, b)); }
ADJOINT_INLINE Vec<double> larger(Vec<double> a, Vec<double> b) { return or_nan(a, _mm512_max_pd(a, b)); }
ADJOINT_INLINE Vec<float> smaller(Vec<float> a, Vec<float> b) { return or_nan(a, _mm512_min_ps(a, b)); }
ADJOINT_INLINE Vec<double> smaller(Vec<double> a, Vec<double> b) { return or_nan(a, _mm512_min_pd(a, b)); }
#elif defined(__AVX2__)
ADJOINT_INLINE Vec<float> or_nan(Vec<float> a, Vec<float> other) {
  return _mm256_blendv_ps(other, a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}
ADJOINT_INLINE Vec<double> or_nan(Vec<double> a, Vec<double> other) {
  return _mm256_blendv_pd(other, a, _mm256_cmp_pd(a, a, _CMP_UNORD_Q));
}
ADJOINT_INLINE Vec<float> larger(Vec<float> a, Vec<float> b) { return or_nan(a, _mm256_max_ps(a, b)); }
ADJOINT_INLINE Vec<double> larger(Vec<double> a, Vec<double> b) { return or_nan(a, _mm256_max_pd(a, b)); }
ADJOINT_INLINE Vec<float> smaller(Vec<float> a, Vec<float> b) { return or_nan(a, _mm256_min_ps(a, b)); }
ADJOINT_INLINE Vec<double> smaller(Vec<double> a, Vec<double> b) { return or_nan(a, _mm256_min_pd(a, b)); }
#else
template <typename V>
ADJOINT_INLINE V larger(V a, V b) { return (b > a) | (b != b) ? b : a; }
template <typename V>
ADJOINT_INLINE V smaller(V a, V b) { return (b < a) | (b != b) ? b : a; }
#endif

// NaN wins.
template <typename T>
struct Max : AsItIs {
  using Total = T;
  using Running = Lanewise<Max, T>;
  static constexpr T start() { return lowest(T(0)); }
  ADJOINT_INLINE static T take(T best, T value) { return (value > best) | (value != value) ? value : best; }
  ADJOINT_INLINE static Vec<T> take(Vec<T> best, Vec<T> value) { return larger(best, value); }
  static constexpr uint8_t lowest(uint8_t) { return 0; }
  static constexpr int32_t lowest(int32_t) { return INT32_MIN; }
  static constexpr float lowest(float) { return -__builtin_inff(); }
  static constexpr double lowest(double) { return -__builtin_inf(); }
};
template <typename T>
struct Min : AsItIs {
  using Total = T;
  using Running = Lanewise<Min, T>;
  static constexpr T start() { return highest(T(0)); }
  ADJOINT_INLINE static T take(T best, T value) { return (value < best) | (value != value) ? value : best; }
  ADJOINT_INLINE static Vec<T> take(Vec<T> best, Vec<T> value) { return smaller(best, value); }
  static constexpr uint8_t highest(uint8_t) { return 255; }
  static constexpr int32_t highest(int32_t) { return INT32_MAX; }
  static constexpr float highest(float) { return __builtin_inff(); }
  static constexpr double highest(double) { return __builtin_inf(); }
};

// Element types that are reduced by explicit vectors; loops over the others are the compiler's.
template <typename T>
constexpr bool kByVectors = __is_same(T, float) || __is_same(T, double);

// Independent accumulators of one row, enough to hide the latency of an addition in any instruction set.
constexpr int kSpread = 64;
// The elements that a row's block of vectors takes: a shorter row is combined in its own type, and is not spread out.
template <typename T>
constexpr int64_t kShortRow = kBlock * kLanes<T> - 1;

template <typename Rule>
struct Take {
  template <typename V>
  ADJOINT_INLINE V operator()(V a, V b) const { return Rule::take(a, b); }
};

// A short row, lane by lane.
template <typename Rule, typename T>
ADJOINT_INLINE Vec<T> short_row(const T* x, int64_t n) {
  return fold_rest<T>(n, Rule::start(), Take<Rule>{},
                      [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return Rule::seen(lanes.load(x + k)); });
}

// One result from the reduced positions [begin, end) of runs that have no gaps, lane by lane.
template <typename Rule, typename T>
ADJOINT_INLINE Vec<typename Rule::Total> reduce_runs(const T* x, const Axes& reduced, int64_t begin, int64_t end) {
  typename Rule::Running running;
  const auto take = [&](const T* run, int64_t n) ADJOINT_LAMBDA {
    int64_t k = 0;
    for (; n - k > kShortRow<T>; k += kBlock * kLanes<T>) {
      Vec<T> v[kBlock];

#pragma GCC unroll 8
      for (int j = 0; j < kBlock; j++) v[j] = Rule::seen(load(run + k + j * kLanes<T>));
      running.take(pairwise(v, Take<Rule>{}));
    }
    if (k < n) running.take(short_row<Rule>(run + k, n - k));
  };
  if (reduced.rank == 1) {
    if (begin < end) take(x + begin, end - begin);
    return running.narrowed();
  }
  const int64_t inner = reduced.inner();
  for (int64_t at = begin; at < end;) {
    const int64_t rest = inner - at % inner, n = rest < end - at ? rest : end - at;
    take(x + reduced.in_x(at), n);
    at += n;
  }
  return running.narrowed();
}

// A run of n elements into the lanes; what is left of a whole number of lanes goes to the first ones.
template <typename Rule, typename T, typename Step>
void take_strided(typename Rule::Total (&lanes)[kSpread], const T* x, int64_t n, Step step) {
  using Total = typename Rule::Total;
  int64_t i = 0;
  for (; i + kSpread <= n; i += kSpread) {
    for (int lane = 0; lane < kSpread; lane++) {
      lanes[lane] = Rule::take(lanes[lane], Rule::seen(static_cast<Total>(x[(i + lane) * step])));
    }
  }
  for (int lane = 0; i < n; i++, lane++) lanes[lane] = Rule::take(lanes[lane], Rule::seen(static_cast<Total>(x[i * step])));
}

// One result from the reduced positions [begin, end).
template <typename Rule, typename T>
typename Rule::Total reduce_row(const T* x, const Axes& reduced, int64_t begin, int64_t end) {
  using Total = typename Rule::Total;
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  if constexpr (kByVectors<T>) {
    if (stride == 1) return fold<Total>(reduce_runs<Rule>(x, reduced, begin, end), Take<Rule>{})[0];
  }
  if (reduced.rank <= 1 && reduced.count < kSpread) {  // too short to be spread over lanes
    Total total = Rule::start();
    for (int64_t at = begin; at < end; at++) total = Rule::take(total, Rule::seen(static_cast<Total>(x[at * stride])));
    return total;
  }
  Total lanes[kSpread];
  for (Total& lane : lanes) lane = Rule::start();
  for (int64_t at = begin; at < end;) {
    const int64_t rest = inner - at % inner, n = rest < end - at ? rest : end - at;
    const T* run = x + reduced.in_x(at);
    if (stride == 1) take_strided<Rule>(lanes, run, n, Unit{});
    else take_strided<Rule>(lanes, run, n, stride);
    at += n;
  }
  for (int width = kSpread / 2; width > 0; width /= 2) {
    for (int lane = 0; lane < width; lane++) lanes[lane] = Rule::take(lanes[lane], lanes[lane + width]);
  }
  return lanes[0];
}

}  // namespace adjoint::ADJOINT_ISA
