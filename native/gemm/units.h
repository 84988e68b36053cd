// What a product multiplies: elements of its operands, or two elements of bfloat16 that follow each other in the depth.
#pragma once
#include "simd/bfloat16.h"
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

// Two bfloat16, the first in the lower half.
using Pair = uint32_t;

template <typename U>
struct AccumulatorOf {
  using Type = U;
};
template <>
struct AccumulatorOf<Pair> {
  using Type = float;
};
// What products of units are summed in.
template <typename U>
using Accumulator = typename AccumulatorOf<U>::Type;

template <typename A, typename B>
constexpr bool kSame = false;
template <typename A>
constexpr bool kSame<A, A> = true;

// Elements of the depth that one unit holds.
template <typename U>
constexpr int kUnitElements = kSame<U, Pair> ? 2 : 1;

// Products in bfloat16: of pairs where there is an instruction for them, else of floats that hold rounded values.
#if defined(__AVX512BF16__)
using HalfUnit = Pair;
INLINE Vec<float> fma(Vec<Pair> a, Vec<Pair> b, Vec<float> c) { return _mm512_dpbf16_ps(c, (__m512bh)a, (__m512bh)b); }
#else
using HalfUnit = float;
#endif

// How units are read from elements in memory.
enum class Reading { Plain, RoundedFloat, BFloat16 };

template <typename U>
struct Plain {
  using Element = U;
  static constexpr int kElements = 1;
  INLINE static Vec<U> along(const U* from) { return load(from); }
  INLINE static Vec<U> across(const U* from, int64_t, int64_t lanes, bool) { return load_first(from, lanes); }
  INLINE static U one(const U* from, int64_t, bool) { return *from; }
};

// Sixteen or fewer lanes that hold the bits of a rounded element in their upper halves.
INLINE Vec<uint32_t> upper_half(Vec<float> x) {
  Vec<uint32_t> bits;
  std::memcpy(&bits, &x, sizeof bits);
  const Vec<uint32_t> rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u;
  return (bits & 0x7fffffffu) > 0x7f800000u ? (bits & 0xffff0000u) | 0x400000u : rounded;
}

INLINE Vec<uint32_t> upper_half(const float* from, int64_t lanes) { return upper_half(load_first(from, lanes)); }
INLINE Vec<uint32_t> upper_half(const BFloat16* from, int64_t lanes) {
  Vec<uint32_t> bits = {};
  if (lanes == kLanes<float>) {
    typedef uint16_t Halves __attribute__((vector_size(kVectorBytes / 2)));
    Halves halves;
    std::memcpy(&halves, from, sizeof halves);
    bits = __builtin_convertvector(halves, Vec<uint32_t>);
  } else {
    for (int64_t i = 0; i < lanes; i++) bits[i] = from[i].bits;
  }
  return bits << 16;
}

INLINE uint32_t half_bits(float x) { return to_bfloat16(x).bits; }
INLINE uint32_t half_bits(BFloat16 x) { return x.bits; }

#if defined(__AVX512BF16__)
// Pairs of the rounded lanes of a, in the lower halves, and of b.
INLINE Vec<Pair> interleaved(Vec<float> a, Vec<float> b) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20,
                                         4, 19, 3, 18, 2, 17, 1, 16, 0);
  return (Vec<Pair>)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(b, a));
}
#endif

// Elements of float or bfloat16, as HalfUnit wants them.
template <typename E>
struct Rounded {
  using Element = E;
#if defined(__AVX512BF16__)
  static constexpr int kElements = 2;
  INLINE static Vec<Pair> along(const float* from) {
    return (Vec<Pair>)_mm512_cvtne2ps_pbh(load(from + kLanes<float>), load(from));
  }
  INLINE static Vec<Pair> along(const BFloat16* from) { return load(reinterpret_cast<const Pair*>(from)); }
  INLINE static Vec<Pair> across(const E* from, int64_t depth, int64_t lanes, bool both) {
    if constexpr (kSame<E, float>) {
      return interleaved(load_first(from, lanes), both ? load_first(from + depth, lanes) : Vec<float>{});
    }
    const Vec<uint32_t> first = upper_half(from, lanes) >> 16;
    return both ? first | upper_half(from + depth, lanes) : first;
  }
  INLINE static Pair one(const E* from, int64_t depth, bool both) {
    return half_bits(*from) | (both ? half_bits(from[depth]) << 16 : 0u);
  }
#else
  static constexpr int kElements = 1;
  INLINE static Vec<float> as_float(Vec<uint32_t> bits) {
    Vec<float> x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }
  INLINE static Vec<float> along(const E* from) { return as_float(upper_half(from, kLanes<float>)); }
  INLINE static Vec<float> across(const E* from, int64_t, int64_t lanes, bool) { return as_float(upper_half(from, lanes)); }
  INLINE static float one(const E* from, int64_t, bool) {
    return to_float(BFloat16{static_cast<uint16_t>(half_bits(*from))});
  }
#endif
};

}  // namespace adjoint::ADJOINT_ISA
