// The widest vectors of the instruction set, as GCC vector extensions: +, −, · and comparisons are the language's own.
#pragma once
#include <cstdint>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace adjoint::ADJOINT_ISA {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

template <typename T>
struct VectorOf {
  typedef T Type __attribute__((vector_size(kVectorBytes)));
};
template <typename T>
using Vec = typename VectorOf<T>::Type;

// Elements of one vector.
template <typename T>
constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(T));

#define INLINE __attribute__((always_inline)) inline

template <typename T>
INLINE Vec<T> load(const T* from) {
  Vec<T> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

template <typename T>
INLINE void store(T* to, Vec<T> v) {
  std::memcpy(to, &v, sizeof v);
}

#if defined(__AVX2__) && !defined(__AVX512F__)
// Ones in the first `count` lanes.
template <typename T>
INLINE __m256i first_lanes(int64_t count) {
  static const int32_t ones_and_zeros[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(ones_and_zeros + 8 - count * (sizeof(T) / 4)));
}
#endif

// The first `count` lanes, 0 … kLanes; the others are 0.
template <typename T>
INLINE Vec<T> load_first(const T* from, int64_t count) {
#if defined(__AVX512F__)
  const uint32_t mask = (1u << count) - 1;
  if constexpr (sizeof(T) == 4) return _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), from);
  else return _mm512_maskz_loadu_pd(static_cast<__mmask8>(mask), from);
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) return _mm256_maskload_ps(reinterpret_cast<const float*>(from), first_lanes<T>(count));
  else return _mm256_maskload_pd(reinterpret_cast<const double*>(from), first_lanes<T>(count));
#else
  if (count == kLanes<T>) return load(from);
  T lanes[kLanes<T>] = {};
  for (int64_t i = 0; i < count; i++) lanes[i] = from[i];
  return load(lanes);
#endif
}

// Stores the first `count` lanes.
template <typename T>
INLINE void store_first(T* to, Vec<T> v, int64_t count) {
#if defined(__AVX512F__)
  const uint32_t mask = (1u << count) - 1;
  if constexpr (sizeof(T) == 4) _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), v);
  else _mm512_mask_storeu_pd(to, static_cast<__mmask8>(mask), v);
#else
  if (count == kLanes<T>) return store(to, v);
  T lanes[kLanes<T>];
  store(lanes, v);
  for (int64_t i = 0; i < count; i++) to[i] = lanes[i];
#endif
}

// Stores lanes first … first + count − 1, to to[first] ….
template <typename T>
INLINE void store_lanes(T* to, Vec<T> v, int64_t first, int64_t count) {
#if defined(__AVX512F__)
  const uint32_t mask = ((1u << count) - 1) << first;
  if constexpr (sizeof(T) == 4) _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), v);
  else _mm512_mask_storeu_pd(to, static_cast<__mmask8>(mask), v);
#else
  if (count == kLanes<T>) return store(to, v);
  T lanes[kLanes<T>];
  store(lanes, v);
  for (int64_t i = first; i < first + count; i++) to[i] = lanes[i];
#endif
}

template <typename T>
INLINE Vec<T> broadcast(T value) {
  return value - Vec<T>{};
}

// a · b + c, in one rounding where the instruction exists.
#if defined(__AVX512F__)
INLINE Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) { return _mm512_fmadd_ps(a, b, c); }
INLINE Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) { return _mm512_fmadd_pd(a, b, c); }
#elif defined(__AVX2__)
INLINE Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) { return _mm256_fmadd_ps(a, b, c); }
INLINE Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) { return _mm256_fmadd_pd(a, b, c); }
#else
INLINE Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) { return a * b + c; }
INLINE Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) { return a * b + c; }
#endif

// a₀ b₀ a₁ b₁ … from the lower (zip_low) or upper (zip_high) halves of a and b.
template <typename V>
INLINE V zip_low(V a, V b) {
  constexpr int lanes = sizeof(V) / sizeof(a[0]);
  if constexpr (lanes == 2) return __builtin_shufflevector(a, b, 0, 2);
  else if constexpr (lanes == 4) return __builtin_shufflevector(a, b, 0, 4, 1, 5);
  else if constexpr (lanes == 8) return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  else return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

template <typename V>
INLINE V zip_high(V a, V b) {
  constexpr int lanes = sizeof(V) / sizeof(a[0]);
  if constexpr (lanes == 2) return __builtin_shufflevector(a, b, 1, 3);
  else if constexpr (lanes == 4) return __builtin_shufflevector(a, b, 2, 6, 3, 7);
  else if constexpr (lanes == 8) return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  else return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

#if defined(__AVX512BF16__)
// Rounded to bfloat16, to nearest, ties to even.
typedef uint16_t Halves __attribute__((vector_size(kVectorBytes / 2)));
INLINE Halves to_halves(Vec<float> v) { return (Halves)_mm512_cvtneps_pbh(v); }

// The elements of a, then those of b, as they lie in memory: pairs of neighbours in lanes of 32 bits.
INLINE Vec<float> neighbours(Vec<float> a, Vec<float> b) { return (Vec<float>)_mm512_cvtne2ps_pbh(b, a); }

// Pairs of bfloat16 in lanes of 32 bits: a in the lower halves, b in the upper.
INLINE Vec<float> pair(Vec<float> a, Vec<float> b) {
  typedef uint16_t Words __attribute__((vector_size(kVectorBytes)));
  const Words both = (Words)neighbours(a, b);
  return (Vec<float>)__builtin_shufflevector(both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,  //
                                             8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
#endif

// a₀ a₂ … b₀ b₂ …
template <typename V>
INLINE V evens(V a, V b) {
  constexpr int lanes = sizeof(V) / sizeof(a[0]);
  if constexpr (lanes == 2) return __builtin_shufflevector(a, b, 0, 2);
  else if constexpr (lanes == 4) return __builtin_shufflevector(a, b, 0, 2, 4, 6);
  else if constexpr (lanes == 8) return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  else return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

// a₁ a₃ … b₁ b₃ …
template <typename V>
INLINE V odds(V a, V b) {
  constexpr int lanes = sizeof(V) / sizeof(a[0]);
  if constexpr (lanes == 2) return __builtin_shufflevector(a, b, 1, 3);
  else if constexpr (lanes == 4) return __builtin_shufflevector(a, b, 1, 3, 5, 7);
  else if constexpr (lanes == 8) return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  else return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

// Transposes a square of vectors: log₂ lanes rounds that zip row i with row i + lanes / 2.
template <typename T>
INLINE void transpose(Vec<T> (&rows)[kLanes<T>]) {
  constexpr int lanes = kLanes<T>;
#pragma GCC unroll 4
  for (int step = 1; step < lanes; step *= 2) {
    Vec<T> zipped[lanes];
#pragma GCC unroll 8
    for (int i = 0; i < lanes / 2; i++) {
      zipped[2 * i] = zip_low(rows[i], rows[i + lanes / 2]);
      zipped[2 * i + 1] = zip_high(rows[i], rows[i + lanes / 2]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < lanes; i++) rows[i] = zipped[i];
  }
}

}  // namespace adjoint::ADJOINT_ISA
