// Reductions over any set of axes: y has x's rank, with size 1 on the reduced axes. What is combined with what, and in
// which order, depends on the shapes alone: the result is the same on any number of threads.
#include "kernels/elementwise.h"
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
    for (int i = rank - 1; i >= 0; i--) {
      at += position % shape[i] * strides[i];
      position /= shape[i];
    }
    return at;
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

// The rules: the type that accumulates, its start, and how it takes an element. float32 is summed in double: the error is
// one rounding, at the speed of memory.
struct Sum {
  using Total = double;
  static constexpr double start() { return 0; }
  static double take(double total, double value) { return total + value; }
};
template <typename T>
struct Max {
  using Total = T;
  static constexpr T start() { return lowest(T(0)); }
  static T take(T best, T value) { return (value > best) | (value != value) ? value : best; }
  static constexpr uint8_t lowest(uint8_t) { return 0; }
  static constexpr int32_t lowest(int32_t) { return INT32_MIN; }
  static constexpr float lowest(float) { return -__builtin_inff(); }
  static constexpr double lowest(double) { return -__builtin_inf(); }
};
template <typename T>
struct Min {
  using Total = T;
  static constexpr T start() { return highest(T(0)); }
  static T take(T best, T value) { return (value < best) | (value != value) ? value : best; }
  static constexpr uint8_t highest(uint8_t) { return 255; }
  static constexpr int32_t highest(int32_t) { return INT32_MAX; }
  static constexpr float highest(float) { return __builtin_inff(); }
  static constexpr double highest(double) { return __builtin_inf(); }
};

// Independent accumulators of one row, enough to hide the latency of an addition in any instruction set.
constexpr int kLanes = 32;
// Results computed side by side: their accumulators stay in the first-level cache.
constexpr int64_t kColumns = 512;

// A run of n elements into the lanes; what is left of a whole number of lanes goes to the first ones.
template <typename Rule, typename T, typename Step>
void take_run(typename Rule::Total (&lanes)[kLanes], const T* x, int64_t n, Step step) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int lane = 0; lane < kLanes; lane++) lanes[lane] = Rule::take(lanes[lane], x[(i + lane) * step]);
  }
  for (int lane = 0; i < n; i++, lane++) lanes[lane] = Rule::take(lanes[lane], x[i * step]);
}

// One result from the reduced positions [begin, end).
template <typename Rule, typename T>
typename Rule::Total reduce_row(const T* x, const Axes& reduced, int64_t begin, int64_t end) {
  using Total = typename Rule::Total;
  if (reduced.count < kLanes) {
    Total total = Rule::start();
    for (int64_t at = begin; at < end; at++) total = Rule::take(total, x[reduced.in_x(at)]);
    return total;
  }
  Total lanes[kLanes];
  for (Total& lane : lanes) lane = Rule::start();
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  for (int64_t at = begin; at < end;) {
    const int64_t rest = inner - at % inner, n = rest < end - at ? rest : end - at;
    const T* run = x + reduced.in_x(at);
    if (stride == 1) take_run<Rule>(lanes, run, n, Unit{});
    else take_run<Rule>(lanes, run, n, stride);
    at += n;
  }
  for (int width = kLanes / 2; width > 0; width /= 2) {
    for (int lane = 0; lane < width; lane++) lanes[lane] = Rule::take(lanes[lane], lanes[lane + width]);
  }
  return lanes[0];
}

// `columns` neighbouring results from the reduced positions [begin, end).
template <typename Rule, typename T>
void reduce_columns(const T* x, const Axes& reduced, int64_t begin, int64_t end, typename Rule::Total* __restrict totals,
                    int64_t columns) {
  for (int64_t c = 0; c < columns; c++) totals[c] = Rule::start();
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  for (int64_t at = begin; at < end;) {
    const int64_t rest = inner - at % inner, stop = rest < end - at ? at + rest : end;
    const T* __restrict row = x + reduced.in_x(at);
    for (; at < stop; at++, row += stride) {
      for (int64_t c = 0; c < columns; c++) totals[c] = Rule::take(totals[c], row[c]);
    }
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
  const int64_t length = (reduced.count + parts - 1) / parts;

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
    const int64_t begin = part * length, end = begin + length < reduced.count ? begin + length : reduced.count;
    const T* at = from + kept.in_x(group.first);
    if (columns) reduce_columns<Rule>(at, reduced, begin, end, totals, group.count);
    else totals[0] = reduce_row<Rule>(at, reduced, begin, end);
  };

  if (parts == 1) {
    const int64_t cost = width * (reduced.count > 0 ? reduced.count : 1);
    parallel_for(groups, cost < kGrain ? kGrain / cost : 1, [&](int64_t begin, int64_t end) {
      Total totals[kColumns];
      for (int64_t g = begin; g < end; g++) {
        const Group group = group_at(g);
        part_of(group, 0, totals);
        for (int64_t c = 0; c < group.count; c++) to[kept.in_y(group.first + c)] = static_cast<T>(totals[c]);
      }
    });
    return;
  }
  const Scratch<Total> totals(groups * parts * width);
  parallel_for(groups * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) part_of(group_at(i / parts), i % parts, totals.data + i * width);
  });
  for (int64_t g = 0; g < groups; g++) {
    const Group group = group_at(g);
    for (int64_t c = 0; c < group.count; c++) {
      Total total = totals.data[g * parts * width + c];
      for (int64_t p = 1; p < parts; p++) total = Rule::take(total, totals.data[(g * parts + p) * width + c]);
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

// The first position along the reduced axes whose element is the extremum, or NaN: the extremum by a fast pass, then a
// search that ends at the first match.
template <typename Rule, typename T>
int32_t find_in_row(const T* x, const Axes& reduced) {
  const T best = reduce_row<Rule>(x, reduced, 0, reduced.count);
  const int64_t inner = reduced.inner(), stride = reduced.inner_stride();
  for (int64_t at = 0; at < reduced.count; at += inner) {
    const T* run = x + reduced.in_x(at);
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
      for (int64_t c = 0; c < count; c++) y.as<int32_t>()[kept.in_y(first + c)] = positions[c];
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
  if (x.dtype == DType::Float32) return reduce<Sum, float>(y, x);
  reduce<Sum, double>(y, x);
}

void max(const Call& call) { extremum<Max>(call); }
void min(const Call& call) { extremum<Min>(call); }
void argmax(const Call& call) { position<Max>(call); }
void argmin(const Call& call) { position<Min>(call); }

}  // namespace adjoint::ADJOINT_ISA
