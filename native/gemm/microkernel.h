// The tile of C that stays in registers while k runs: C[rows × columns] = A · B or before + A · B. Every element is a chain of
// fused multiply-adds in the order of k, whichever tile it falls into, so a result does not depend on how C was cut.
#pragma once
#include "gemm/blocks.h"
#include "gemm/units.h"

namespace adjoint::ADJOINT_ISA {

// Where a tile finds its operands, in units. A's element (i, p): a[i · a_row + p · a_depth]; one of the two distances is 1.
// B's row p: at b + p · b_depth.
template <typename U>
struct Panels {
  const U* a;
  int64_t a_row, a_depth;
  const U* b;
  int64_t b_depth;
  int64_t depth;
  U* copy;  // where the rows of B are packed on the way, or null: stores that the arithmetic hides
  // Rows that the second-level cache is asked for on the way, one every `steps` of the depth; none where null.
  const U* next = nullptr;
  int64_t next_row = 0, steps = int64_t{1} << 32;
};

// What is added to the tile's sums: rows of a bias or of C itself; nothing where data is null.
template <typename T>
struct Addend {
  const T* data;
  int64_t row;
};

// Keeps the compiler from deriving a value from others again: it would hold a register for every row.
template <typename V>
INLINE V opaque(V value) {
  asm("" : "+r"(value));
  return value;
}

template <typename U>
INLINE const U* bytes_on(const U* from, int64_t bytes) {
  return reinterpret_cast<const U*>(reinterpret_cast<const char*>(from) + bytes);
}

// Multiply-adds of vectors that rows of B are asked for ahead of their use where they are copied: a third-level cache's latency.
constexpr int kProductsAhead = 448;

// A tile of less depth is done before C would be there.
constexpr int64_t kDepthToPrefetch = 96;

template <typename U, int ROWS, int VECTORS, bool ADJACENT, bool COPIES>
void tile(const Panels<U>& panels, Accumulator<U>* c, int64_t c_row, const Addend<Accumulator<U>>& before) {
  using T = Accumulator<U>;
  constexpr int lanes = kLanes<U>, quads = (ROWS + 3) / 4;
  // Four rows of A share a pointer: one, two and three rows on are what an address can add.
  const int64_t row = ADJACENT ? sizeof(U) : opaque(panels.a_row * static_cast<int64_t>(sizeof(U)));
  const int64_t three = ADJACENT ? 3 * sizeof(U) : opaque(3 * row);
  const int64_t a_depth = ADJACENT ? panels.a_depth : 1;
  const U* a[quads];
#pragma GCC unroll 4
  for (int q = 0; q < quads; q++) {
    a[q] = q == 0 ? panels.a : bytes_on(a[q - 1], 4 * row);
    if constexpr (!ADJACENT) a[q] = opaque(a[q]);
  }
  const U* __restrict b = panels.b;
  U* __restrict copy = panels.copy;
  // C into the second-level cache: in the first its rows, a power of two apart, would push each other out.
  if (panels.depth > kDepthToPrefetch) {
    T* line = c;
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
      __builtin_prefetch(line, 1, 2);
      __builtin_prefetch(line + VECTORS * lanes - 1, 1, 2);
      line = opaque(line + c_row);
    }
  }
  Vec<T> sum[ROWS][VECTORS] = {};
  const U* next = panels.next ? panels.next : b;
  for (int64_t p = 0; p < panels.depth;) {
    const int64_t stop = smaller(p + panels.steps, panels.depth);
    __builtin_prefetch(next, 0, 2);
    __builtin_prefetch(next + VECTORS * lanes - 1, 0, 2);
    next += panels.next_row;
    for (; p < stop; p++) {
      Vec<U> values[VECTORS];
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) {
        values[v] = load(b + v * lanes);
        if constexpr (COPIES) store(copy + v * lanes, values[v]);
      }
      if constexpr (COPIES) {
        copy += VECTORS * lanes;
        __builtin_prefetch(b + kProductsAhead / (ROWS * VECTORS) * panels.b_depth);
        __builtin_prefetch(b + kProductsAhead / (ROWS * VECTORS) * panels.b_depth + VECTORS * lanes - 1);
      }
      b += panels.b_depth;
#pragma GCC unroll 16
      for (int i = 0; i < ROWS; i++) {
        const Vec<U> element = broadcast(*bytes_on(a[i / 4], i % 4 == 3 ? three : i % 4 * row));
#pragma GCC unroll 4
        for (int v = 0; v < VECTORS; v++) sum[i][v] = fma(element, values[v], sum[i][v]);
      }
#pragma GCC unroll 4
      for (int q = 0; q < quads; q++) a[q] += a_depth;
    }
  }
  if (const T* start = before.data) {
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++, start = opaque(start + before.row)) {
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) sum[i][v] = load(start + v * lanes) + sum[i][v];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++, c = opaque(c + c_row)) {
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) store(c + v * lanes, sum[i][v]);
  }
}

template <typename U>
using Tile = void (*)(const Panels<U>&, Accumulator<U>*, int64_t, const Addend<Accumulator<U>>&);

// The tile of 1 … kTileRows rows.
template <typename U, int VECTORS, bool ADJACENT, bool COPIES, int ROWS = kTileRows>
INLINE Tile<U> tile_of_rows(int64_t rows) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return tile_of_rows<U, VECTORS, ADJACENT, COPIES, ROWS - 1>(rows);
  }
  return tile<U, ROWS, VECTORS, ADJACENT, COPIES>;
}

// The tile of as many vectors as `columns` need; what lies beyond is written too.
template <typename U>
Tile<U> tile_of(int64_t rows, int64_t columns, bool adjacent, bool copies) {
  static_assert(kTileVectors == 2);
  const bool wide = columns > kLanes<U>;
  // Pairs are made by packing: there is nothing to copy as it lies.
  if constexpr (!kSame<U, Pair>) {
    if (copies && adjacent) return wide ? tile_of_rows<U, 2, true, true>(rows) : tile_of_rows<U, 1, true, true>(rows);
    if (copies) return wide ? tile_of_rows<U, 2, false, true>(rows) : tile_of_rows<U, 1, false, true>(rows);
  }
  if (adjacent) return wide ? tile_of_rows<U, 2, true, false>(rows) : tile_of_rows<U, 1, true, false>(rows);
  return wide ? tile_of_rows<U, 2, false, false>(rows) : tile_of_rows<U, 1, false, false>(rows);
}

}  // namespace adjoint::ADJOINT_ISA
