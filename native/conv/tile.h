// Tiles of ROWS × VECTORS sums that stay in registers while k runs. Every sum is one chain of fused multiply-adds in
// the order of k, whichever tile it falls into, so a result does not depend on how the work was cut. With AVX-512 each
// of these shapes but the lowest runs at the peak from the second-level cache, with loads across cache lines.
#pragma once
#include "gemm/blocks.h"

namespace adjoint::ADJOINT_ISA::conv {

// Registers for sums, the wide operand and an element of the narrow one; without fused multiply-adds also for a
// product.
#if defined(__AVX512F__)
constexpr int kMostRows = 14, kRegisters = 31;
#elif defined(__AVX2__)
constexpr int kMostRows = 6, kRegisters = 15;
#else
constexpr int kMostRows = 4, kRegisters = 14;
#endif
constexpr int kMostVectors = 8;

constexpr int vectors_beside(int64_t rows) {
  return kRegisters / (rows + 1) < kMostVectors ? static_cast<int>(kRegisters / (rows + 1)) : kMostVectors;
}

// Reads 0 … runs · pitch of which the first `length` of every `pitch` count.
struct Reads {
  int64_t runs, length, pitch;
};

// Row i of the sums gets Σ narrow(p)[i] · wide(p)[…] over the reads p.
template <typename T>
struct Operands {
  const T* narrow;
  const T* wide;
  const int64_t* offsets;    // of the p-th read of an image: of `wide` in tiles along pixels, else of `narrow`
  const int64_t* positions;  // where each vector of `wide` begins, along pixels, or each row of `narrow`
  Reads reads;
  bool adds;  // to the sums that are there
  // Where the tile writes its results itself: row i of the sums of vector v to y + i · pitch + places[v], behind bias[i].
  T* y = nullptr;
  int64_t pitch = 0;
  const int64_t* places = nullptr;
  const T* bias = nullptr;
};

// a · b + sum, or with PAIRS a₀ · b₀ + a₁ · b₁ + sum, each element being a pair of bfloat16.
template <bool PAIRS, typename T>
INLINE Vec<T> multiply_add(Vec<T> a, Vec<T> b, Vec<T> sum) {
#if defined(__AVX512BF16__)
  if constexpr (PAIRS) return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
#endif
  return fma(a, b, sum);
}

// What the vectors lie along. Pixels: `narrow` is packed [depth][ROWS], rows are filters. Filters: `wide` is packed
// [depth][VECTORS · lanes], rows are pixels.
enum class Along { Pixels, Filters };

template <typename T, Along ALONG, bool PAIRS, int ROWS, int VECTORS>
void tile(const Operands<T>& operands, T* sums) {
  constexpr int lanes = kLanes<T>;
  constexpr bool pixels = ALONG == Along::Pixels;
  const T *narrow = operands.narrow, *wide = operands.wide;
  int64_t vectors[VECTORS];
  for (int v = 0; v < VECTORS; v++) vectors[v] = pixels ? operands.positions[v] : v * lanes;
  const T* rows[ROWS];
  for (int i = 0; i < ROWS; i++) rows[i] = pixels ? nullptr : narrow + operands.positions[i];
  Vec<T> sum[ROWS][VECTORS];
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) {
      sum[i][v] = operands.adds ? load(sums + (i * VECTORS + v) * lanes) : Vec<T>{};
    }
  }
  const auto [runs, length, pitch] = operands.reads;
  for (int64_t run = 0; run < runs; run++) {
    for (int64_t p = run * pitch, end = p + length; p < end; p++) {
      const int64_t offset = operands.offsets[p];
      const T* b = pixels ? wide + offset : wide + p * (VECTORS * lanes);
      Vec<T> row[VECTORS];
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) row[v] = load(b + vectors[v]);
#pragma GCC unroll 16
      for (int i = 0; i < ROWS; i++) {
        const Vec<T> element = broadcast(pixels ? narrow[p * ROWS + i] : rows[i][offset]);
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) sum[i][v] = multiply_add<PAIRS, T>(element, row[v], sum[i][v]);
      }
    }
  }
  if (pixels && operands.y) {
    int64_t places[VECTORS];
    for (int v = 0; v < VECTORS; v++) places[v] = operands.places[v];
    T* to = operands.y;
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++, to += operands.pitch) {
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) {
        store(to + places[v], operands.bias ? broadcast(operands.bias[i]) + sum[i][v] : sum[i][v]);
      }
    }
    return;
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) store(sums + (i * VECTORS + v) * lanes, sum[i][v]);
  }
}

template <typename T>
using Tile = void (*)(const Operands<T>&, T* sums);

// The tile of this shape: rows 1 … kMostRows; vectors 1, 2, 3 or vectors_beside(rows), where they fit.
template <typename T, Along ALONG, bool PAIRS, int ROWS = kMostRows, int VECTORS = kMostVectors>
Tile<T> tile_of(int64_t rows, int64_t vectors) {
  constexpr int most = vectors_beside(ROWS);
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return tile_of<T, ALONG, PAIRS, ROWS - 1>(rows, vectors);
  }
  if constexpr (VECTORS > 1) {
    if (vectors < VECTORS) return tile_of<T, ALONG, PAIRS, ROWS, VECTORS - 1>(rows, vectors);
  }
  if constexpr (VECTORS == most || (VECTORS < most && VECTORS <= 3)) return tile<T, ALONG, PAIRS, ROWS, VECTORS>;
  return nullptr;
}

}  // namespace adjoint::ADJOINT_ISA::conv
