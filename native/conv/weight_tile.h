// The tile of a weight product: sums over outputs that stay in registers, of elements times vectors.
#pragma once
#include "conv/tile.h"

namespace adjoint::ADJOINT_ISA::conv {

// What a tile goes through: columns of rows of images. Row i of the sums takes narrow[offsets[i] + …]. Elements of
// bfloat16 are `step` 2 to a column.
template <typename T, typename Narrow>
struct Lines {
  const Narrow* narrow;
  const int64_t* offsets;
  int64_t narrow_image, narrow_row;
  const T* wide;
  int64_t wide_image, wide_row, wide_column;
  int64_t images, rows, columns;
};

// Where sums are written, row i at first + i · pitch, or added to what is there.
template <typename T>
struct Sums {
  T* first;
  int64_t pitch;
  bool adds;
};

// Σ narrow[i] · wide[…] for ROWS × VECTORS sums.
template <typename T, typename Narrow, int ROWS, int VECTORS>
void add_tile(const Lines<T, Narrow>& lines, const Sums<T>& sums) {
  constexpr int lanes = kLanes<T>, step = sizeof(T) / sizeof(Narrow);
  const Narrow* narrow[ROWS];
  for (int i = 0; i < ROWS; i++) narrow[i] = lines.narrow + lines.offsets[i];
  Vec<T> sum[ROWS][VECTORS] = {};
  for (int64_t image = 0; image < lines.images; image++) {
    for (int64_t row = 0; row < lines.rows; row++) {
      int64_t at = image * lines.narrow_image + row * lines.narrow_row;
      const T* wide = lines.wide + image * lines.wide_image + row * lines.wide_row;
      for (const int64_t end = at + step * lines.columns; at < end; at += step, wide += lines.wide_column) {
        Vec<T> values[VECTORS];
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; v++) values[v] = load(wide + v * lanes);
#pragma GCC unroll 16
        for (int i = 0; i < ROWS; i++) {
          T element;
          std::memcpy(&element, narrow[i] + at, sizeof element);
#pragma GCC unroll 2
          for (int v = 0; v < VECTORS; v++) {
            sum[i][v] = multiply_add<step == 2, T>(broadcast(element), values[v], sum[i][v]);
          }
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; v++) {
      T* to = sums.first + i * sums.pitch + v * lanes;
      store(to, sums.adds ? load(to) + sum[i][v] : sum[i][v]);
    }
  }
}

template <typename T, typename Narrow>
using AddTile = void (*)(const Lines<T, Narrow>&, const Sums<T>&);

template <typename T, typename Narrow, int ROWS = kMostRows>
AddTile<T, Narrow> add_tile_of(int64_t rows, int64_t vectors) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return add_tile_of<T, Narrow, ROWS - 1>(rows, vectors);
  }
  return vectors > 1 ? add_tile<T, Narrow, ROWS, 2> : add_tile<T, Narrow, ROWS, 1>;
}

}  // namespace adjoint::ADJOINT_ISA::conv
