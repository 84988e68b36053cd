// Block sizes of the matrix product, after the scheme of BLIS (Van Zee and van de Geijn 2015, ACM TOMS 41(3)).
#pragma once
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The tile that stays in registers: kTileRows × kTileVectors accumulators, beside a row of B and an element of A.
#if defined(__AVX512F__)
constexpr int kTileRows = 14, kTileVectors = 2;  // 28 of 32 registers
#elif defined(__AVX2__)
constexpr int kTileRows = 6, kTileVectors = 2;  // 12 of 16
#else
constexpr int kTileRows = 4, kTileVectors = 2;  // 8 of 16, because a product needs one before it is added
#endif

template <typename T>
constexpr int kTileColumns = kTileVectors * kLanes<T>;

// Length of a panel: a panel of B (32 KiB with AVX-512) stays in the first-level cache while all panels of A pass by.
template <typename T>
constexpr int64_t kPanelDepth = 256;

// Rows of A that are packed at once: 0.5 MiB, which stays in the second-level cache while the panels of B pass by.
template <typename T>
constexpr int64_t kBlockRows = 160 / sizeof(T) * kTileRows;

}  // namespace adjoint::ADJOINT_ISA
