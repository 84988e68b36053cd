// Numbers as unsigned integers in the same order: NaN above all, −0 equal to 0.
#pragma once
#include "call.h"
#include "simd/floats.h"

namespace adjoint::ADJOINT_ISA {

ADJOINT_INLINE uint8_t key_of(uint8_t x) { return x; }
ADJOINT_INLINE uint32_t key_of(int32_t x) { return static_cast<uint32_t>(x) ^ 0x80000000u; }
ADJOINT_INLINE uint32_t key_of(float x) {
  const int32_t b = math::bits(x + 0.0f);
  const uint32_t ordered = static_cast<uint32_t>(b) ^ (static_cast<uint32_t>(b >> 31) | 0x80000000u);
  return x == x ? ordered : ~0u;
}
ADJOINT_INLINE uint64_t key_of(double x) {
  const int64_t b = math::bits(x + 0.0);
  const uint64_t ordered = static_cast<uint64_t>(b) ^ (static_cast<uint64_t>(b >> 63) | (uint64_t{1} << 63));
  return x == x ? ordered : ~uint64_t{0};
}

// What a key was made of. Zeros and NaN share theirs: of those it is one.
template <typename T, typename K>
ADJOINT_INLINE T from_key(K key) {
  if constexpr (sizeof(T) == 1) return static_cast<T>(key);
  constexpr K kSign = K{1} << (8 * sizeof(K) - 1);
  if constexpr (static_cast<T>(0.5) == 0) return static_cast<T>(key ^ kSign);
  const K bits = key & kSign ? key ^ kSign : ~key;
  T x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
template <typename T>
constexpr bool kSharesKeys = static_cast<T>(0.5) != 0;

}  // namespace adjoint::ADJOINT_ISA
