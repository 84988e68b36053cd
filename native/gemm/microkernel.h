// The tile of C that stays in registers while k runs: C[rows × columns] = or += A · B. Every element is a chain of k fused
// multiply-adds in the order of k, whichever tile it falls into, so a result does not depend on how C was cut.
#pragma once
#include "gemm/blocks.h"

namespace adjoint::ADJOINT_ISA {

// How a tile finds its operands. A's element (i, p): in a packed panel of r rows at a[p · r + i], which makes the addresses
// constants; else at a[i · a_row + p · a_depth]. B's row p: at b + p · b_depth; gathered, at b + b_offsets[p].
enum class Reads { Packed, Strided, Gathered };

template <typename T>
struct Panels {
  const T* a;
  int64_t a_row, a_depth;
  const T* b;
  int64_t b_depth;
  const int64_t* b_offsets;
  int64_t depth;
};

template <typename T, int ROWS, int VECTORS, Reads READS>
void tile(const Panels<T>& panels, T* c, int64_t c_row, bool accumulate) {
  constexpr int lanes = kLanes<T>;
  const int64_t a_row = READS != Reads::Strided ? 1 : panels.a_row, a_depth = READS != Reads::Strided ? ROWS : panels.a_depth;
  const T* __restrict a = panels.a;
  Vec<T> sum[ROWS][VECTORS] = {};
  for (int64_t p = 0; p < panels.depth; p++, a += a_depth) {
    const T* __restrict b = panels.b + (READS == Reads::Gathered ? panels.b_offsets[p] : p * panels.b_depth);
    Vec<T> row[VECTORS];
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) row[v] = load(b + v * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
      const Vec<T> element = broadcast(a[i * a_row]);
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) sum[i][v] = fma(element, row[v], sum[i][v]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) {
      T* to = c + i * c_row + v * lanes;
      store(to, accumulate ? load(to) + sum[i][v] : sum[i][v]);
    }
  }
}

// to[0 … count − 1] += sums, or = start + sums; sums are read to whole vectors.
template <typename T>
INLINE void put_row(T* to, const T* sums, int64_t count, bool accumulate, T start) {
  for (int64_t j = 0; j < count; j += kLanes<T>) {
    const int64_t lanes = smaller(count - j, kLanes<T>);
    const Vec<T> before = accumulate ? load_first(to + j, lanes) : broadcast(start);
    store_first(to + j, before + load(sums + j), lanes);
  }
}

// Calls the tile with `rows` rows, 1 … kTileRows.
template <typename T, int VECTORS, Reads READS, int ROWS = kTileRows>
INLINE void tile_of_rows(int64_t rows, const Panels<T>& panels, T* c, int64_t c_row, bool accumulate) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return tile_of_rows<T, VECTORS, READS, ROWS - 1>(rows, panels, c, c_row, accumulate);
  }
  tile<T, ROWS, VECTORS, READS>(panels, c, c_row, accumulate);
}

// Calls the tile with `rows` rows and as many vectors as `columns` need; what lies beyond is written too.
template <typename T, Reads READS>
INLINE void tile_of_shape(int64_t rows, int64_t columns, const Panels<T>& panels, T* c, int64_t c_row, bool accumulate) {
  static_assert(kTileVectors == 2);
  if (columns > kLanes<T>) return tile_of_rows<T, 2, READS>(rows, panels, c, c_row, accumulate);
  tile_of_rows<T, 1, READS>(rows, panels, c, c_row, accumulate);
}

}  // namespace adjoint::ADJOINT_ISA
