// Block sizes of the matrix product, after the scheme of BLIS (Van Zee and van de Geijn 2015, ACM TOMS 41(3)).
#pragma once
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// Cuts `size` into equal parts of at most `limit`, each a multiple of `step`, and returns their length.
inline int64_t even_part(int64_t size, int64_t limit, int64_t step) {
  const int64_t parts = size > limit ? ceil_div(size, limit) : 1;
  return ceil_div(ceil_div(size, parts), step) * step;
}

// The tile that stays in registers: kTileRows × kTileVectors accumulators, beside a row of B and an element of A.
#if defined(__AVX512F__)
constexpr int kTileRows = 14, kTileVectors = 2;  // 28 of 32 registers
#elif defined(__AVX2__)
constexpr int kTileRows = 6, kTileVectors = 2;  // 12 of 16
#else
constexpr int kTileRows = 4, kTileVectors = 2;  // 8 of 16, because a product needs one before it is added
#endif

template <typename U>
constexpr int kTileColumns = kTileVectors * kLanes<U>;

// Units of the depth that one pass multiplies: C is read and written once a pass. A panel of A (28 KiB with AVX-512) stays in
// the first-level cache or streams from the second, as a panel of B does.
template <typename U>
constexpr int64_t kPassDepth = 2048 / sizeof(U);

// What of A passes over one panel of B, in bytes: it stays in the second-level cache.
constexpr int64_t kBlockBytes = 288 << 10;

}  // namespace adjoint::ADJOINT_ISA
