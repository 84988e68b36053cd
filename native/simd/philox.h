// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw 2011, doi:10.1145/2063384.2063405): lib/core/random.ts, several blocks at once.
#pragma once
#include <cstdint>

namespace adjoint::ADJOINT_ISA {

// Blocks that are computed side by side.
constexpr int kBlocks = 16;
constexpr int kWords = 4 * kBlocks;

// The words of blocks counter … counter + kBlocks − 1 of the stream `seed`, in order.
inline void philox(uint64_t seed, uint64_t counter, uint32_t (&words)[kWords]) {
  uint32_t c0[kBlocks], c1[kBlocks], c2[kBlocks] = {}, c3[kBlocks] = {};
  for (int i = 0; i < kBlocks; i++) {
    const uint64_t c = counter + static_cast<uint64_t>(i);
    c0[i] = static_cast<uint32_t>(c);
    c1[i] = static_cast<uint32_t>(c >> 32);
  }
  uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < kBlocks; i++) {
      const uint64_t p0 = uint64_t{0xd2511f53} * c0[i], p1 = uint64_t{0xcd9e8d57} * c2[i];
      c0[i] = static_cast<uint32_t>(p1 >> 32) ^ c1[i] ^ k0;
      c1[i] = static_cast<uint32_t>(p1);
      c2[i] = static_cast<uint32_t>(p0 >> 32) ^ c3[i] ^ k1;
      c3[i] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  for (int i = 0; i < kBlocks; i++) {
    words[4 * i] = c0[i];
    words[4 * i + 1] = c1[i];
    words[4 * i + 2] = c2[i];
    words[4 * i + 3] = c3[i];
  }
}

}  // namespace adjoint::ADJOINT_ISA
