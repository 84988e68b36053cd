// The matrix product C = A · B (+ bias) on any strides, and its parts, of which convolution makes its own loops.
#pragma once
#include "gemm/microkernel.h"
#include "gemm/scratch.h"
#include "kernels/block.h"

namespace adjoint::ADJOINT_ISA {

// Multiply-adds that one chunk of a parallel loop should have: some 10 µs with AVX2.
constexpr int64_t kGrainProducts = 1 << 18;

// Indices per chunk when one index costs `products`.
inline int64_t grain_of(int64_t products) { return kGrainProducts / (products + 1) + 1; }

// Element (i, j) at data[i · row + j · column].
template <typename T>
struct Matrix {
  T* data;
  int64_t row, column;

  T* at(int64_t i, int64_t j) const { return data + i * row + j * column; }
  Matrix block(int64_t i, int64_t j) const { return {at(i, j), row, column}; }
  Matrix transposed() const { return {data, column, row}; }
};

// Applies the function, if there is one, to a finished part of a result.
template <typename T>
INLINE void apply(Block function, const Matrix<T>& c, int64_t rows, int64_t columns) {
  if (!function) return;
  if (c.column == 1 && c.row == columns) return function(c.data, c.data, nullptr, nullptr, rows * columns);
  const int64_t run = c.column == 1 ? columns : 1;
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j += run) function(c.at(i, j), c.at(i, j), nullptr, nullptr, run);
  }
}

// Rows of A's panels when there are m: as few panels as possible, of nearly equal size, because a tile of few rows waits for
// its own sums.
inline int64_t panel_rows(int64_t m) { return m > 0 ? ceil_div(m, ceil_div(m, kTileRows)) : 1; }

// Elements that one packed panel of A occupies: the transposing stores run past its end by less than a vector.
template <typename T>
constexpr int64_t packed_size(int64_t depth) {
  return depth * kTileRows + kLanes<T>;
}

// Packs `lanes` rows of a matrix side by side: to[p · pitch + lane] = from(lane, p). Lanes up to `pitch` become 0.
template <typename T>
void pack(T* to, int64_t pitch, const Matrix<const T>& from, int64_t lanes, int64_t depth);

// A as multiply_panel wants it: panels of panel_rows(m) rows, `panel` elements apart, the last one with the rows that are left.
// Element (i, p) of a panel lies at i · row + p · depth; packed, row is 1 and depth the panel's number of rows.
template <typename T>
struct Rows {
  const T* data;
  int64_t panel;
  bool packed;
  int64_t row, depth;
};

// Packs m rows of A, in parallel, and returns where to find them; `to` has room for packed_rows_size(m, depth) elements.
template <typename T>
Rows<T> pack_rows(T* to, const Matrix<const T>& a, int64_t m, int64_t depth);

template <typename T>
constexpr int64_t packed_rows_size(int64_t m, int64_t depth) {
  return (m + kTileRows - 1) / kTileRows * packed_size<T>(depth);
}

// C[m × columns] = bias + A · B, or C += A · B after the first pass over k, for one panel of B: row p at b + p · b_depth,
// columns ≤ kTileColumns, read to whole vectors. bias.data may be null. After the last pass, `last` is applied.
template <typename T>
void multiply_panel(int64_t m, int64_t columns, int64_t depth, const Rows<T>& a, const T* b, int64_t b_depth,
                    const Matrix<T>& c, const Matrix<const T>& bias, bool first, Block last = nullptr);

// C[m × n] = f(A[m × k] · B[k × n] + bias[m × n]); bias.data and f may be null.
template <typename T>
void gemm(int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c,
          const Matrix<const T>& bias, Block f = nullptr);

}  // namespace adjoint::ADJOINT_ISA
