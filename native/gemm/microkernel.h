// The tile of C that stays in registers while k runs: C[rows × columns] = A · B or before + A · B. Every element is a chain of k fused
// multiply-adds in the order of k, whichever tile it falls into, so a result does not depend on how C was cut.
#pragma once
#include "gemm/blocks.h"

namespace adjoint::ADJOINT_ISA {

// How a tile finds its operands. A's element (i, p): at a[i · a_row + p · a_depth]; where its rows are adjacent, as in a packed
// panel, a_row is 1, which makes addresses constants. B's row p: at b + p · b_depth; gathered, at b + b_offsets[p], beside
// adjacent rows of A.
enum class Reads { Adjacent, Strided, Gathered };

template <typename T>
struct Panels {
  const T* a;
  int64_t a_row, a_depth;
  const T* b;
  int64_t b_depth;
  const int64_t* b_offsets;
  int64_t depth;
};

// What is added to the tile's sums: rows of a bias or of C itself; nothing where data is null.
template <typename T>
struct Before {
  const T* data;
  int64_t row;
};

template <typename T, int ROWS, int VECTORS, Reads READS>
void tile(const Panels<T>& panels, T* c, int64_t c_row, const Before<T>& before) {
  constexpr int lanes = kLanes<T>;
  const int64_t a_row = READS != Reads::Strided ? 1 : panels.a_row, a_depth = panels.a_depth;
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
      store(c + i * c_row + v * lanes,
            before.data ? load(before.data + i * before.row + v * lanes) + sum[i][v] : sum[i][v]);
    }
  }
}

// to[0 … count − 1] = before + sums, or start + sums where there is no row before; sums are read to whole vectors.
template <typename T>
INLINE void put_row(T* to, const T* sums, int64_t count, const T* before, T start) {
  for (int64_t j = 0; j < count; j += kLanes<T>) {
    const int64_t lanes = smaller(count - j, kLanes<T>);
    store_first(to + j, (before ? load_first(before + j, lanes) : broadcast(start)) + load(sums + j), lanes);
  }
}

// Calls the tile with `rows` rows, 1 … kTileRows.
template <typename T, int VECTORS, Reads READS, int ROWS = kTileRows>
INLINE void tile_of_rows(int64_t rows, const Panels<T>& panels, T* c, int64_t c_row, const Before<T>& before) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return tile_of_rows<T, VECTORS, READS, ROWS - 1>(rows, panels, c, c_row, before);
  }
  tile<T, ROWS, VECTORS, READS>(panels, c, c_row, before);
}

// Calls the tile with `rows` rows and as many vectors as `columns` need; what lies beyond is written too.
template <typename T, Reads READS>
INLINE void tile_of_shape(int64_t rows, int64_t columns, const Panels<T>& panels, T* c, int64_t c_row,
                          const Before<T>& before) {
  static_assert(kTileVectors == 2);
  if (columns > kLanes<T>) return tile_of_rows<T, 2, READS>(rows, panels, c, c_row, before);
  tile_of_rows<T, 1, READS>(rows, panels, c, c_row, before);
}

}  // namespace adjoint::ADJOINT_ISA
