// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405): lib/core/random.ts, several blocks at once.
#pragma once
#include <cstdint>

#include "simd/inline.h"

namespace adjoint::ADJOINT_ISA {

// Blocks that are computed side by side.
constexpr int kBlocks = 32;
constexpr int kWords = 4 * kBlocks;

// The words of blocks counter … counter + N − 1 of the stream `seed`, in order. An element that needs more than its block
// goes on at the block's further branches, which no other block's meet.
template <int N>
ADJOINT_INLINE void philox(uint64_t seed, uint64_t counter, uint32_t (&words)[4 * N], uint32_t branch = 0) {
  uint32_t c0[N], c1[N], c2[N], c3[N] = {};
  for (int i = 0; i < N; i++) {
    const uint64_t c = counter + static_cast<uint64_t>(i);
    c0[i] = static_cast<uint32_t>(c);
    c1[i] = static_cast<uint32_t>(c >> 32);
    c2[i] = branch;
  }
  uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; round++) {
#pragma omp simd
    for (int i = 0; i < N; i++) {
      const uint64_t p0 = uint64_t{0xd2511f53} * c0[i], p1 = uint64_t{0xcd9e8d57} * c2[i];
      c0[i] = static_cast<uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
      c1[i] = static_cast<uint32_t>(p1);
      c2[i] = static_cast<uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
      c3[i] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  for (int i = 0; i < N; i++) {
    words[4 * i] = c0[i];
    words[4 * i + 1] = c1[i];
    words[4 * i + 2] = c2[i];
    words[4 * i + 3] = c3[i];
  }
}

}  // namespace adjoint::ADJOINT_ISA
