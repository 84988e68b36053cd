// sum, nansum, sumOfSquares, prod, max, min over any set of axes: y has x's rank, with size 1 on the reduced axes.
#include "kernels/reduction.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Results computed side by side: of float32 their accumulators stay in registers, of others in the first-level cache.
constexpr int64_t kColumns = 128;

// The rows from x on, up to a block of them, as one.
template <typename Rule, typename T, typename Lanes>
ADJOINT_INLINE Vec<T> rows_as_one(const T* x, int64_t stride, int64_t count, const Lanes& lanes) {
  if (count == kBlock) {
    Vec<T> v[kBlock];
#pragma GCC unroll 8
    for (int j = 0; j < kBlock; j++) v[j] = Rule::seen(lanes.load(x + j * stride));
    return pairwise(v, Take<Rule>{});
  }
  Vec<T> all = Rule::seen(lanes.load(x));
  for (int64_t j = 1; j < count; j++) all = Rule::take(all, Rule::seen(lanes.load(x + j * stride)));
  return all;
}

// `columns` neighbouring results from the reduced positions [begin, end), several rows at a time: stores of accumulators
// would limit it. `totals` has room for a whole number of vectors.
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
    if (columns == kColumns && kColumns / lanes <= kBlock) {
      Running running[kColumns / lanes];
      blocks([&](const T* row, int64_t stride, int64_t count) ADJOINT_LAMBDA {
#pragma GCC unroll 8
        for (int v = 0; v < kColumns / lanes; v++) {
          running[v].take(rows_as_one<Rule>(row + v * lanes, stride, count, Whole{}));
        }
      });
      for (int v = 0; v < kColumns / lanes; v++) running[v].to(totals + v * lanes);
      return;
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
    const auto value = [&](int64_t r, int64_t c) ADJOINT_LAMBDA { return Rule::seen(static_cast<Total>(row[r * stride + c])); };
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
    each(T{}, [&](const T* row) ADJOINT_LAMBDA { return part.keep(Rule::seen(part.load(row)), Rule::start()); });
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
    // Of short rows as many as make whole vectors of results.
    const int64_t grain = chunk(kGrain, width * reduced.count);
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

// Of float32 and float64.
template <template <typename> class Rule>
void total(const Call& call) {
  with_float(call[1].dtype, [&](auto zero) { reduce<Rule<decltype(zero)>, decltype(zero)>(call[0], call[1]); });
}

template <template <typename> class Rule>
void extremum(const Call& call) {
  with_ordered(call[1].dtype, [&](auto zero) { reduce<Rule<decltype(zero)>, decltype(zero)>(call[0], call[1]); });
}

}  // namespace

void sum(const Call& call) { total<Sum>(call); }
void nansum(const Call& call) { total<NanSum>(call); }
void sumOfSquares(const Call& call) { total<SumOfSquares>(call); }
void prod(const Call& call) { total<ProductOfAll>(call); }

void max(const Call& call) { extremum<Max>(call); }
void min(const Call& call) { extremum<Min>(call); }

}  // namespace adjoint::ADJOINT_ISA
