// Reductions over any set of axes: y has x's rank, with size 1 on the reduced axes. What is combined with what, and in
// which order, depends on the shapes alone: the result is the same on any number of threads.
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

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

// The rules: the type that accumulates, its start, how it takes an element, and vectors of elements. float32 is summed in
// double, vectors of it pairwise in blocks before.
template <typename T>
struct Sum {
  using Total = double;
  using Running = adjoint::ADJOINT_ISA::Total<T>;
  static constexpr T start() { return 0; }
  template <typename V>
  ADJOINT_INLINE static V take(V total, V value) { return total + value; }
};

// The extremum of vectors, lane by lane.
template <typename Rule, typename T>
struct Best {
  Vec<T> best = broadcast(Rule::start());

  ADJOINT_INLINE void take(Vec<T> v) { best = Rule::take(best, v); }
  ADJOINT_INLINE Vec<T> narrowed() const { return best; }
  ADJOINT_INLINE void to(T* lanes) const { store(lanes, best); }
  ADJOINT_INLINE static Best from(const T* lanes) { return {load(lanes)}; }
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
struct Max {
  using Total = T;
  using Running = Best<Max, T>;
  static constexpr T start() { return lowest(T(0)); }
  ADJOINT_INLINE static T take(T best, T value) { return (value > best) | (value != value) ? value : best; }
  ADJOINT_INLINE static Vec<T> take(Vec<T> best, Vec<T> value) { return larger(best, value); }
  static constexpr uint8_t lowest(uint8_t) { return 0; }
  static constexpr int32_t lowest(int32_t) { return INT32_MIN; }
  static constexpr float lowest(float) { return -__builtin_inff(); }
  static constexpr double lowest(double) { return -__builtin_inf(); }
};
template <typename T>
struct Min {
  using Total = T;
  using Running = Best<Min, T>;
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
// Results computed side by side: their accumulators stay in the first-level cache.
constexpr int64_t kColumns = 512;

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
                      [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(x + k); });
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
      for (int j = 0; j < kBlock; j++) v[j] = load(run + k + j * kLanes<T>);
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
      lanes[lane] = Rule::take(lanes[lane], static_cast<Total>(x[(i + lane) * step]));
    }
  }
  for (int lane = 0; i < n; i++, lane++) lanes[lane] = Rule::take(lanes[lane], static_cast<Total>(x[i * step]));
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
    for (int64_t at = begin; at < end; at++) total = Rule::take(total, static_cast<Total>(x[at * stride]));
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

// The rows from x on, up to a block of them, as one.
template <typename Rule, typename T, typename Lanes>
ADJOINT_INLINE Vec<T> rows_as_one(const T* x, int64_t stride, int64_t count, const Lanes& lanes) {
  if (count == kBlock) {
    Vec<T> v[kBlock];
#pragma GCC unroll 8
    for (int j = 0; j < kBlock; j++) v[j] = lanes.load(x + j * stride);
    return pairwise(v, Take<Rule>{});
  }
  Vec<T> all = lanes.load(x);
  for (int64_t j = 1; j < count; j++) all = Rule::take(all, lanes.load(x + j * stride));
  return all;
}

// `columns` neighbouring results from the reduced positions [begin, end), several rows at a time: the accumulators' stores
// are what limits it. `totals` has room for a whole number of vectors.
template <typename Rule, typename T>
void reduce_columns(const T* x, const Axes& reduced, int64_t begin, int64_t end, typename Rule::Total* __restrict totals,
                    int64_t columns) {
  if constexpr (kByVectors<T>) {
    using Running = typename Rule::Running;
    constexpr int lanes = kLanes<T>;
    // take(x, stride, rows) for blocks of rows.
    const auto blocks = [&](const auto& take) ADJOINT_LAMBDA {
      const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
      for (int64_t at = begin; at < end;) {
        const int64_t rest = inner - at % inner, n = rest < end - at ? rest : end - at;
        const T* row = x + reduced.in_x(at);
        for (int64_t k = 0; k < n; k += kBlock) take(row + k * stride, stride, n - k < kBlock ? n - k : kBlock);
        at += n;
      }
    };
    if (columns <= lanes) {
      Running running;
      blocks([&](const T* row, int64_t stride, int64_t count) ADJOINT_LAMBDA {
        running.take(rows_as_one<Rule>(row, stride, count, Part{columns}));
      });
      return running.to(totals);
    }
    for (int64_t c = 0; c < columns; c += lanes) Running{}.to(totals + c);
    blocks([&](const T* row, int64_t stride, int64_t count) ADJOINT_LAMBDA {
      const auto take = [&](int64_t c, auto part) ADJOINT_LAMBDA {
        Running running = Running::from(totals + c);
        running.take(rows_as_one<Rule>(row + c, stride, count, part));
        running.to(totals + c);
      };
      int64_t c = 0;
      for (; c + lanes <= columns; c += lanes) take(c, Whole{});
      if (c < columns) take(c, Part{columns - c});
    });
    return;
  }
  using Total = typename Rule::Total;
  for (int64_t c = 0; c < columns; c++) totals[c] = Rule::start();
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  for (int64_t at = begin; at < end;) {
    const int64_t rest = inner - at % inner, stop = rest < end - at ? at + rest : end;
    const T* __restrict row = x + reduced.in_x(at);
    const auto value = [&](int64_t r, int64_t c) ADJOINT_LAMBDA { return static_cast<Total>(row[r * stride + c]); };
    for (; at + 4 <= stop; at += 4, row += 4 * stride) {
      for (int64_t c = 0; c < columns; c++) {
        const Total first = Rule::take(Rule::take(totals[c], value(0, c)), value(1, c));
        totals[c] = Rule::take(Rule::take(first, value(2, c)), value(3, c));
      }
    }
    for (; at < stop; at++, row += stride) {
      for (int64_t c = 0; c < columns; c++) totals[c] = Rule::take(totals[c], value(0, c));
    }
  }
}

// Rows without gaps, a vector of results at a time.
template <typename Rule, typename T>
void reduce_rows(const T* x, T* y, const Axes& kept, const Axes& reduced, int64_t begin, int64_t end) {
  const auto each = [&](auto zero, const auto& row_of) ADJOINT_LAMBDA {
    using Total = decltype(zero);
    constexpr int lanes = kLanes<Total>;
    const bool even = kept.rank <= 1;
    const int64_t step = kept.inner_stride(), y_step = kept.rank ? kept.y_strides[0] : 0;
    int64_t row = begin;
    for (; even && row + lanes <= end; row += lanes) {
      Vec<Total> rows[lanes];
#pragma GCC unroll 16
      for (int i = 0; i < lanes; i++) rows[i] = row_of(x + (row + i) * step);
      const Vec<Total> results = fold_each<Total>(rows, Take<Rule>{});
      if constexpr (__is_same(T, Total)) {
        if (y_step == 1) {
          store(y + row, results);
          continue;
        }
      }
      for (int i = 0; i < lanes; i++) y[(row + i) * y_step] = static_cast<T>(results[i]);
    }
    for (; row < end; row++) {
      y[kept.in_y(row)] = static_cast<T>(fold<Total>(row_of(x + kept.in_x(row)), Take<Rule>{})[0]);
    }
  };
  const Part part{reduced.count};
  if (reduced.rank <= 1 && reduced.count <= kLanes<T>) {
    each(T{}, [&](const T* row) ADJOINT_LAMBDA { return part.keep(part.load(row), Rule::start()); });
  } else if (reduced.rank <= 1 && reduced.count <= kShortRow<T>) {
    each(T{}, [&](const T* row) ADJOINT_LAMBDA { return short_row<Rule>(row, reduced.count); });
  } else {
    each(typename Rule::Total{}, [&](const T* row) ADJOINT_LAMBDA {
      return reduce_runs<Rule>(row, reduced, 0, reduced.count);
    });
  }
}

// How many parts the reduced positions are cut into, so that few results of many elements keep several threads busy.
int64_t parts_of(int64_t reduced, int64_t width, int64_t groups) {
  const int64_t most = groups < 16 ? 16 / (groups > 0 ? groups : 1) : 1, wanted = reduced * width / kGrain;
  return wanted < 1 ? 1 : wanted < most ? wanted : most;
}

template <typename Rule, typename T>
void reduce(const View& y, const View& x) {
  using Total = typename Rule::Total;
  const Plan plan(y, x);
  const Axes &kept = plan.kept, &reduced = plan.reduced;
  if (kept.count == 0) return;
  const T* from = x.as<T>();
  T* to = y.as<T>();

  const bool columns = plan.side_by_side();
  const int64_t width = columns ? (kept.inner() < kColumns ? kept.inner() : kColumns) : 1;
  const int64_t per_row = columns ? (kept.inner() + width - 1) / width : 1;
  const int64_t groups = columns ? kept.count / kept.inner() * per_row : kept.count;
  const int64_t parts = parts_of(reduced.count, width, groups);
  // Whole blocks of vectors, so that every part begins at a cache line if the first does.
  constexpr int64_t whole = 8 * kSpread;
  const int64_t length = parts == 1 ? reduced.count : ((reduced.count + parts - 1) / parts + whole - 1) / whole * whole;

  // The results of group g from part p: to `totals`; returns the position of the first result and how many.
  struct Group {
    int64_t first, count;
  };
  const auto group_at = [&](int64_t g) -> Group {
    if (!columns) return {g, 1};
    const int64_t left = g % per_row * width, rest = kept.inner() - left;
    return {g / per_row * kept.inner() + left, rest < width ? rest : width};
  };
  const auto part_of = [&](Group group, int64_t part, Total* totals) {
    const int64_t start = part * length, begin = start < reduced.count ? start : reduced.count;
    const int64_t end = begin + length < reduced.count ? begin + length : reduced.count;
    const T* at = from + kept.in_x(group.first);
    if (columns) reduce_columns<Rule>(at, reduced, begin, end, totals, group.count);
    else totals[0] = reduce_row<Rule>(at, reduced, begin, end);
  };

  if (parts == 1) {
    const int64_t cost = width * (reduced.count > 0 ? reduced.count : 1);
    // Of short rows as many as make whole vectors of results.
    const int64_t grain = cost < kGrain ? kGrain / cost : 1;
    if constexpr (kByVectors<T>) {
      if (!columns && reduced.rank > 0 && reduced.inner_stride() == 1) {
        return parallel_for(groups, (grain + kSpread - 1) / kSpread * kSpread, [&](int64_t begin, int64_t end) {
          reduce_rows<Rule>(from, to, kept, reduced, begin, end);
        });
      }
    }
    parallel_for(groups, grain, [&](int64_t begin, int64_t end) {
      Total totals[kColumns];
      for (int64_t g = begin; g < end; g++) {
        const Group group = group_at(g);
        part_of(group, 0, totals);
        T* results = to + kept.in_y(group.first);
        const int64_t step = kept.rank ? kept.y_strides[kept.rank - 1] : 0;
        if (step == 1) for (int64_t c = 0; c < group.count; c++) results[c] = static_cast<T>(totals[c]);
        else for (int64_t c = 0; c < group.count; c++) results[c * step] = static_cast<T>(totals[c]);
      }
    });
    return;
  }
  // Room for whole vectors at the end of each part's.
  const int64_t room = (width + kSpread - 1) / kSpread * kSpread;
  const Scratch<Total> totals(groups * parts * room);
  parallel_for(groups * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) part_of(group_at(i / parts), i % parts, totals.data + i * room);
  });
  for (int64_t g = 0; g < groups; g++) {
    const Group group = group_at(g);
    for (int64_t c = 0; c < group.count; c++) {
      Total total = totals.data[g * parts * room + c];
      for (int64_t p = 1; p < parts; p++) total = Rule::take(total, totals.data[(g * parts + p) * room + c]);
      to[kept.in_y(group.first + c)] = static_cast<T>(total);
    }
  }
}

template <template <typename> class Rule>
void extremum(const Call& call) {
  const View &y = call[0], &x = call[1];
  switch (x.dtype) {
    case DType::Int32:
      return reduce<Rule<int32_t>, int32_t>(y, x);
    case DType::Float32:
      return reduce<Rule<float>, float>(y, x);
    case DType::Float64:
      return reduce<Rule<double>, double>(y, x);
    default:
      return reduce<Rule<uint8_t>, uint8_t>(y, x);
  }
}

// The lanes in which both are equal, or of one vector those that are NaN: a bit each.
#if defined(__AVX512F__)
ADJOINT_INLINE uint32_t equal_lanes(Vec<float> a, Vec<float> b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
ADJOINT_INLINE uint32_t equal_lanes(Vec<double> a, Vec<double> b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
ADJOINT_INLINE uint32_t nan_lanes(Vec<float> a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
ADJOINT_INLINE uint32_t nan_lanes(Vec<double> a) { return _mm512_cmp_pd_mask(a, a, _CMP_UNORD_Q); }
#else
template <typename M>
ADJOINT_INLINE uint32_t bits_of(M mask) {
  uint32_t bits = 0;
  for (size_t i = 0; i < sizeof(M) / sizeof mask[0]; i++) bits |= static_cast<uint32_t>(mask[i] & 1) << i;
  return bits;
}
#if defined(__AVX2__)
ADJOINT_INLINE uint32_t bits_of(__m256i mask, float) { return _mm256_movemask_ps(_mm256_castsi256_ps(mask)); }
ADJOINT_INLINE uint32_t bits_of(__m256i mask, double) { return _mm256_movemask_pd(_mm256_castsi256_pd(mask)); }
template <typename V>
ADJOINT_INLINE uint32_t equal_lanes(V a, V b) { return bits_of(reinterpret_cast<__m256i>(a == b), a[0]); }
template <typename V>
ADJOINT_INLINE uint32_t nan_lanes(V a) { return bits_of(reinterpret_cast<__m256i>(a != a), a[0]); }
#else
template <typename V>
ADJOINT_INLINE uint32_t equal_lanes(V a, V b) { return bits_of(a == b); }
template <typename V>
ADJOINT_INLINE uint32_t nan_lanes(V a) { return bits_of(a != a); }
#endif
#endif

// The first of n elements that is `best`, or NaN where that is NaN; n if there is none.
template <typename T>
int64_t find_in_run(const T* x, int64_t n, T best) {
  constexpr int lanes = kLanes<T>;
  const auto found = [=](Vec<T> v) ADJOINT_LAMBDA {
    return best == best ? equal_lanes(v, broadcast(best)) : nan_lanes(v);
  };
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    if (const uint32_t here = found(load(x + i))) return i + __builtin_ctz(here);
  }
  for (; i < n; i++) {
    if (x[i] == best || (best != best && x[i] != x[i])) return i;
  }
  return n;
}

// The first position along the reduced axes whose element is the extremum, or NaN: the extremum by a fast pass, then a
// search that ends at the first match.
template <typename Rule, typename T>
int32_t find_in_row(const T* x, const Axes& reduced) {
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  if constexpr (kByVectors<T>) {
    if (reduced.rank == 1 && stride == 1 && inner <= kLanes<T>) {  // one vector, which is loaded once
      const Part part{inner};
      const Vec<T> row = part.keep(part.load(x), Rule::start()), best = fold<T>(row, Take<Rule>{});
      const uint32_t found = best[0] == best[0] ? equal_lanes(row, best) : nan_lanes(row);
      return __builtin_ctz(found);
    }
  }
  const T best = reduce_row<Rule>(x, reduced, 0, reduced.count);
  for (int64_t at = 0; at < reduced.count; at += inner) {
    const T* run = x + reduced.in_x(at);
    if constexpr (kByVectors<T>) {
      if (stride == 1) {
        const int64_t i = find_in_run(run, inner, best);
        if (i < inner) return static_cast<int32_t>(at + i);
        continue;
      }
    }
    for (int64_t i = 0; i < inner; i++) {
      const T value = run[i * stride];
      if (value == best || value != value) return static_cast<int32_t>(at + i);
    }
  }
  return 0;
}

template <typename Rule, typename T>
void find_in_columns(const T* x, const Axes& reduced, int32_t* __restrict positions, int64_t columns) {
  T best[kColumns];
  for (int64_t c = 0; c < columns; c++) {
    best[c] = x[c];
    positions[c] = 0;
  }
  for (int64_t at = 1; at < reduced.count; at++) {
    const T* __restrict row = x + reduced.in_x(at);
    for (int64_t c = 0; c < columns; c++) {
      // NaN replaces a number, nothing replaces NaN.
      const bool better = (Rule::take(best[c], row[c]) != best[c]) & (best[c] == best[c]);
      best[c] = better ? row[c] : best[c];
      positions[c] = better ? static_cast<int32_t>(at) : positions[c];
    }
  }
}

template <typename Rule, typename T>
void find(const View& y, const View& x) {
  const Plan plan(y, x);
  const Axes &kept = plan.kept, &reduced = plan.reduced;
  if (kept.count == 0) return;
  const bool columns = plan.side_by_side();
  const int64_t inner = columns ? kept.inner() : 1;
  const int64_t width = inner < kColumns ? inner : kColumns, per_row = (inner + width - 1) / width;
  const int64_t grain = kGrain / (width * reduced.count);
  parallel_for(kept.count / inner * per_row, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    int32_t positions[kColumns];
    for (int64_t g = begin; g < end; g++) {
      const int64_t left = g % per_row * width, first = g / per_row * inner + left;
      const int64_t count = inner - left < width ? inner - left : width;
      const T* from = x.as<T>() + kept.in_x(first);
      if (columns) find_in_columns<Rule>(from, reduced, positions, count);
      else positions[0] = find_in_row<Rule>(from, reduced);
      int32_t* to = y.as<int32_t>() + kept.in_y(first);
      const int64_t step = kept.rank ? kept.y_strides[kept.rank - 1] : 0;
      for (int64_t c = 0; c < count; c++) to[c * step] = positions[c];
    }
  });
}

template <template <typename> class Rule>
void position(const Call& call) {
  const View &y = call[0], &x = call[1];
  switch (x.dtype) {
    case DType::Int32:
      return find<Rule<int32_t>, int32_t>(y, x);
    case DType::Float32:
      return find<Rule<float>, float>(y, x);
    case DType::Float64:
      return find<Rule<double>, double>(y, x);
    default:
      return find<Rule<uint8_t>, uint8_t>(y, x);
  }
}

}  // namespace

void sum(const Call& call) {
  const View &y = call[0], &x = call[1];
  if (x.dtype == DType::Float32) return reduce<Sum<float>, float>(y, x);
  reduce<Sum<double>, double>(y, x);
}

void max(const Call& call) { extremum<Max>(call); }
void min(const Call& call) { extremum<Min>(call); }
void argmax(const Call& call) { position<Max>(call); }
void argmin(const Call& call) { position<Min>(call); }

}  // namespace adjoint::ADJOINT_ISA
