// Rows and columns of memory a vector at a time, and what is folded out of them. The order depends on lengths alone, and
// what lies beside an element never matters to it.
#pragma once
#if defined(__AVX2__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 finds it in this header (its bug 105593)
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

#include "simd/inline.h"
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

template <typename T>
using LaneNumbers = decltype(Vec<T>{} < Vec<T>{});

template <typename T>
ADJOINT_INLINE LaneNumbers<T> lane_numbers() {
  LaneNumbers<T> numbers{};
  for (int i = 0; i < kLanes<T>; i++) numbers[i] = i;
  return numbers;
}

// A whole vector of elements.
struct Whole {
  template <typename T>
  ADJOINT_INLINE Vec<T> load(const T* from) const { return adjoint::ADJOINT_ISA::load(from); }
  template <typename T>
  ADJOINT_INLINE void store(T* to, Vec<T> v) const { adjoint::ADJOINT_ISA::store(to, v); }
  template <typename T>
  ADJOINT_INLINE Vec<T> keep(Vec<T> v, T) const { return v; }
};

// Its first `count` lanes: the end of a row, or of neighbouring columns.
struct Part {
  int64_t count;

  template <typename T>
  ADJOINT_INLINE Vec<T> load(const T* from) const { return load_first(from, count); }
  template <typename T>
  ADJOINT_INLINE void store(T* to, Vec<T> v) const { store_first(to, v, count); }
  // `other` in the lanes beyond.
  template <typename T>
  ADJOINT_INLINE Vec<T> keep(Vec<T> v, T other) const {
    return lane_numbers<T>() < static_cast<int>(count) ? v : broadcast(other);
  }
};

// op over all lanes, in every lane: the halves with each other, then the quarters, …
template <typename T, typename F>
ADJOINT_INLINE Vec<T> fold(Vec<T> v, const F& op) {
#pragma GCC unroll 4
  for (int distance = kLanes<T> / 2; distance > 0; distance /= 2) {
    v = op(v, __builtin_shuffle(v, lane_numbers<T>() ^ distance));
  }
  return v;
}

// Lane i is op over the lanes of rows[i], in the same order.
template <typename T, typename F>
ADJOINT_INLINE Vec<T> fold_each(Vec<T> (&rows)[kLanes<T>], const F& op) {
#pragma GCC unroll 4
  for (int count = kLanes<T> / 2; count > 0; count /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < count; i++) {
      rows[i] = op(zip_low(rows[i], rows[i + count]), zip_high(rows[i], rows[i + count]));
    }
  }
  return rows[0];
}

// Vectors that are combined pairwise before anything else is done with them.
constexpr int kBlock = 8;

template <typename V, typename F>
ADJOINT_INLINE V pairwise(V (&v)[kBlock], const F& op) {
  // One behind another, as they lie in memory.
  const V a = op(v[0], v[1]), b = op(v[2], v[3]), ab = op(a, b);
  const V c = op(v[4], v[5]), d = op(v[6], v[7]), cd = op(c, d);
  return op(ab, cd);
}

// op over fewer vectors than a block has, the last of which may lack lanes: at(k, lanes) for k = 0, a vector's length, … < n.
template <typename T, typename F, typename At>
ADJOINT_INLINE Vec<T> fold_rest(int64_t n, T neutral, const F& op, const At& at) {
  constexpr int lanes = kLanes<T>;
  static_assert(kBlock == 8);
  const auto vector = [&](int64_t k) ADJOINT_LAMBDA { return at(k, Whole{}); };
  if (n < lanes) {
    const Part part{n};
    return part.keep(at(0, part), neutral);
  }
  Vec<T> rest = broadcast(neutral);
  int64_t k = 0;
  if (n >= 4 * lanes) {
    rest = op(op(vector(0), vector(lanes)), op(vector(2 * lanes), vector(3 * lanes)));
    k = 4 * lanes;
  }
  if (n - k >= 2 * lanes) {
    rest = op(rest, op(vector(k), vector(k + lanes)));
    k += 2 * lanes;
  }
  if (n - k >= lanes) {
    rest = op(rest, vector(k));
    k += lanes;
  }
  if (n > k) {
    const Part part{n - k};
    rest = op(rest, part.keep(at(k, part), neutral));
  }
  return rest;
}

struct Plus {
  template <typename V>
  ADJOINT_INLINE V operator()(V a, V b) const { return a + b; }
};

// A sum in double of vectors of T: of each lane, and narrowed to a vector whose lanes have the same sum.
template <typename T>
struct Total {
  Vec<double> sum{};

  ADJOINT_INLINE void take(Vec<double> v) { sum += v; }
  ADJOINT_INLINE Vec<double> narrowed() const { return sum; }
  ADJOINT_INLINE void to(double* lanes) const { store(lanes, sum); }
  ADJOINT_INLINE static Total from(const double* lanes) { return {load(lanes)}; }
};
template <>
struct Total<float> {
  Vec<double> low{}, high{};

  ADJOINT_INLINE void take(Vec<float> v) {
#if defined(__AVX512F__)
    low += _mm512_maskz_cvtps_pd(0xff, __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7));
    high += _mm512_maskz_cvtps_pd(0xff, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
#elif defined(__AVX2__)
    low += _mm256_cvtps_pd(_mm256_castps256_ps128(v));
    high += _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1));
#else
    low += Vec<double>{v[0], v[1]};
    high += Vec<double>{v[2], v[3]};
#endif
  }
  ADJOINT_INLINE Vec<double> narrowed() const { return low + high; }
  ADJOINT_INLINE void to(double* lanes) const {
    store(lanes, low);
    store(lanes + kLanes<double>, high);
  }
  ADJOINT_INLINE static Total from(const double* lanes) { return {load(lanes), load(lanes + kLanes<double>)}; }
};

// Takes a run of n elements, at(k, lanes), into a total: eight vectors are added in T, and their sum in double. Of float32
// that is three roundings an element beside the last one, at the speed of memory.
template <typename T, typename At>
ADJOINT_INLINE void take_run(Total<T>& total, int64_t n, const At& at) {
  constexpr int lanes = kLanes<T>;
  int64_t k = 0;
  for (; k + kBlock * lanes <= n; k += kBlock * lanes) {
    Vec<T> v[kBlock];
#pragma GCC unroll 8
    for (int j = 0; j < kBlock; j++) v[j] = at(k + j * lanes, Whole{});
    total.take(pairwise(v, Plus{}));
  }
  if (k < n) total.take(fold_rest<T>(n - k, 0, Plus{}, [&](int64_t i, auto part) ADJOINT_LAMBDA { return at(k + i, part); }));
}

// The same for two sums over one run: at(k, lanes) gives both summands.
template <typename T>
struct TwoVectors {
  Vec<T> a, b;
};
template <typename T, typename At>
ADJOINT_INLINE void take_runs(Total<T>& a, Total<T>& b, int64_t n, const At& at) {
  constexpr int lanes = kLanes<T>;
  int64_t k = 0;
  for (; k + kBlock * lanes <= n; k += kBlock * lanes) {
    Vec<T> v[kBlock], w[kBlock];
#pragma GCC unroll 8
    for (int j = 0; j < kBlock; j++) {
      const TwoVectors<T> pair = at(k + j * lanes, Whole{});
      v[j] = pair.a;
      w[j] = pair.b;
    }
    a.take(pairwise(v, Plus{}));
    b.take(pairwise(w, Plus{}));
  }
  Vec<T> v{}, w{};
  for (; k + lanes <= n; k += lanes) {
    const TwoVectors<T> pair = at(k, Whole{});
    v += pair.a;
    w += pair.b;
  }
  if (k < n) {
    const Part part{n - k};
    const TwoVectors<T> pair = at(k, part);
    v += part.keep(pair.a, T(0));
    w += part.keep(pair.b, T(0));
  }
  a.take(v);
  b.take(w);
}

}  // namespace adjoint::ADJOINT_ISA
