// argmax, argmin: the first position along the reduced axes that holds the extremum, or NaN.
#include "kernels/reduction.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Results computed side by side: what they are so far stays in the first-level cache.
constexpr int64_t kColumns = 512;

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
  parallel_for(kept.count / inner * per_row, chunk(kGrain, width * reduced.count), [&](int64_t begin, int64_t end) {
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
  with_ordered(x.dtype, [&](auto zero) { find<Rule<decltype(zero)>, decltype(zero)>(y, x); });
}

}  // namespace

void argmax(const Call& call) { position<Max>(call); }
void argmin(const Call& call) { position<Min>(call); }

}  // namespace adjoint::ADJOINT_ISA
