// Sums of weighed elements along the middle axis of [outer, n, inner]: the product with a sparse matrix.
#include "kernels/elementwise.h"
#include "kernels/transpose.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// A line of results, each of elements of one line.
template <typename T>
void sum_line(T* __restrict y, const T* __restrict x, const int32_t* __restrict places, const T* __restrict weights,
              int64_t m, int64_t taps) {
  for (int64_t i = 0; i < m; i++) {
    T sum = 0;
    for (int64_t k = i * taps; k < (i + 1) * taps && places[k] >= 0; k++) sum += weights[k] * x[places[k]];
    y[i] = sum;
  }
}

// Bytes of lines that are turned over at a time: they stay in the second-level cache.
constexpr int64_t kTurned = 512 << 10;

// The same of as many lines as a vector has lanes, which are turned over on the way: an element of each makes a vector. Slower
// would be to gather. `turned` has room for n and m vectors.
template <typename T>
void sum_lines(T* y, const T* x, const int32_t* places, const T* weights, int64_t m, int64_t n, int64_t taps, T* turned) {
  constexpr int64_t lanes = kLanes<T>;
  T* const sums = turned + n * lanes;
  transpose_block(turned, lanes, 1, x, n, n, lanes);
  for (int64_t i = 0; i < m; i++) {
    Vec<T> sum{};
    for (int64_t k = i * taps; k < (i + 1) * taps && places[k] >= 0; k++) {
      sum += broadcast(weights[k]) * load(turned + places[k] * lanes);
    }
    store(sums + i * lanes, sum);
  }
  transpose_block(y, m, 1, sums, lanes, lanes, m);
}

// The same, where there are many runs: of four vectors at a time the sums stay in registers. Runs lie anywhere: each is fetched
// while others are added.
template <typename T>
void sum_many_runs(T* __restrict y, const T* x, int64_t n, const int32_t* places, const T* weights, int64_t taps) {
  constexpr int kVectors = 4;
  constexpr int64_t width = kVectors * kLanes<T>, kAhead = 4, kLine = 64 / sizeof(T);
  int64_t c = 0;
  for (; c + width <= n; c += width) {
    Vec<T> sums[kVectors] = {};
    for (int64_t k = 0; k < taps; k++) {
      if (k + kAhead < taps) {
        const T* const next = x + places[k + kAhead] * n + c;
        for (int64_t i = 0; i < width; i += kLine) __builtin_prefetch(next + i);
      }
      const T* const run = x + places[k] * n + c;
      const Vec<T> weight = broadcast(weights[k]);
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; v++) sums[v] += weight * load(run + v * kLanes<T>);
    }
    for (int v = 0; v < kVectors; v++) store(y + c + v * kLanes<T>, sums[v]);
  }
  for (; c < n; c++) {
    T sum = 0;
    for (int64_t k = 0; k < taps; k++) sum += weights[k] * x[places[k] * n + c];
    y[c] = sum;
  }
}

// Runs that are as quickly added in pairs.
constexpr int64_t kFewRuns = 8;

// A run of results that lie beside each other, of runs of as many elements.
template <typename T>
void sum_runs(T* __restrict y, const T* x, int64_t n, const int32_t* places, const T* weights, int64_t taps) {
  const auto run = [=](int64_t k) ADJOINT_LAMBDA { return x + places[k] * n; };
  int64_t k = 0;
  if (taps >= 2) {
    const T *const a = run(0), *const b = run(1), v = weights[0], w = weights[1];
    for (int64_t c = 0; c < n; c++) y[c] = v * a[c] + w * b[c];
    k = 2;
  } else {
    for (int64_t c = 0; c < n; c++) y[c] = 0;
  }
  for (; k + 2 <= taps; k += 2) {
    const T *const a = run(k), *const b = run(k + 1), v = weights[k], w = weights[k + 1];
    for (int64_t c = 0; c < n; c++) y[c] = y[c] + v * a[c] + w * b[c];
  }
  if (k < taps) {
    const T *const a = run(k), v = weights[k];
    for (int64_t c = 0; c < n; c++) y[c] += v * a[c];
  }
}

}  // namespace

// y, x, places, weights
void weightedSum(const Call& call) {
  const int64_t outer = call[0].shape[0], m = call[0].shape[1], inner = call[0].shape[2], n = call[1].shape[1];
  const int64_t taps = call[2].shape[1];
  const int32_t* const places = call[2].as<int32_t>();
  bool full = true;
  for (int64_t k = 0; k < m * taps; k++) full &= places[k] >= 0;
  const auto taps_of = [=](int64_t i) {
    int64_t count = full ? taps : 0;
    while (count < taps && places[i * taps + count] >= 0) count++;
    return count;
  };
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const y = call[0].as<T>();
    const T *const x = call[1].as<T>(), *const weights = call[3].as<T>();
    if (inner == 1) {
      // Of whole vectors of lines, where there are some.
      const int64_t grain = chunk(kGrain, m * (taps + 1));
      parallel_for(outer, (grain + kLanes<T> - 1) / kLanes<T> * kLanes<T>, [&](int64_t begin, int64_t end) {
        constexpr int64_t lanes = kLanes<T>, room = (kTurned / static_cast<int64_t>(sizeof(T))) / lanes;
        int64_t o = begin;
        if (n + m <= room && end - begin >= lanes) {
          const Scratch<T> turned((n + m) * lanes);
          for (; o + lanes <= end; o += lanes) {
            sum_lines<T>(y + o * m, x + o * n, places, weights, m, n, taps, turned.data);
          }
        }
        for (; o < end; o++) sum_line<T>(y + o * m, x + o * n, places, weights, m, taps);
      });
      return;
    }
    parallel_for(outer * m, chunk(kGrain, inner * (taps + 1)), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const int64_t i = row % m;
        const T* const from = x + row / m * n * inner;
        const int64_t count = taps_of(i);
        const auto& add = count > kFewRuns ? sum_many_runs<T> : sum_runs<T>;
        add(y + row * inner, from, inner, places + i * taps, weights + i * taps, count);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
