// The matrix product C = f(A · B + bias) + residual on any strides.
#pragma once
#include "gemm/pack.h"
#include "gemm/workspace.h"
#include "kernels/block.h"

namespace adjoint::ADJOINT_ISA {

// Multiply-adds that one chunk of a parallel loop should have: some 5 µs.
constexpr int64_t kGrainProducts = 1 << 18;

// Indices per chunk when one index costs `products`.
inline int64_t grain_of(int64_t products) { return chunk(kGrainProducts, products); }

// Element (i, j) at data[i · row + j · column].
template <typename T>
struct Matrix {
  T* data;
  int64_t row, column;

  T* at(int64_t i, int64_t j) const { return data + i * row + j * column; }
  Matrix block(int64_t i, int64_t j) const { return {at(i, j), row, column}; }
  Matrix transposed() const { return {data, column, row}; }
};

// What becomes of finished sums: a function of them, to which a residual is added. Both may be null.
template <typename T>
struct Epilogue {
  Block f;
  Matrix<const T> residual = {};

  Epilogue block(int64_t i, int64_t j) const { return {f, residual.data ? residual.block(i, j) : residual}; }
  Epilogue transposed() const { return {f, residual.transposed()}; }
};

// Finishes a part of a result.
template <typename T>
INLINE void apply(const Epilogue<T>& epilogue, const Matrix<T>& c, int64_t rows, int64_t columns) {
  const auto& [f, residual] = epilogue;
  const bool turned = c.column != 1 && c.row == 1;
  const Matrix<T> lines = turned ? c.transposed() : c;
  const int64_t count = turned ? columns : rows, length = turned ? rows : columns;
  if (f && lines.column == 1 && lines.row == length) {
    f(lines.data, lines.data, nullptr, nullptr, count * length);
  } else if (f) {
    const int64_t run = lines.column == 1 ? length : 1;
    for (int64_t i = 0; i < count; i++) {
      for (int64_t j = 0; j < length; j += run) f(lines.at(i, j), lines.at(i, j), nullptr, nullptr, run);
    }
  }
  if (!residual.data) return;
  const Matrix<const T> added = turned ? residual.transposed() : residual;
  for (int64_t i = 0; i < count; i++) {
    T* __restrict to = lines.at(i, 0);
    const T* __restrict from = added.at(i, 0);
    if (lines.column == 1 && added.column == 1) {
      for (int64_t j = 0; j < length; j++) to[j] += from[j];
    } else {
      for (int64_t j = 0; j < length; j++) to[j * lines.column] += from[j * added.column];
    }
  }
}

// Rows of A's panels when there are m: as few panels as possible, of nearly equal size, because a tile of few rows waits for
// its own sums.
inline int64_t panel_rows(int64_t m) { return m > 0 ? ceil_div(m, ceil_div(m, kTileRows)) : 1; }

// Elements of the depth that one pass multiplies.
template <typename U>
int64_t pass_depth(int64_t k) {
  return even_part(k, kPassDepth<U> * kUnitElements<U>, kUnitElements<U>);
}

// Rows of A that pass over one panel of B, where a pass is so deep.
template <typename U>
int64_t rows_of_block(int64_t m, int64_t depth) {
  const int64_t row = larger(ceil_div(depth, kUnitElements<U>), 1) * static_cast<int64_t>(sizeof(U));
  return even_part(m, larger(kBlockBytes / row / kTileRows, 1) * kTileRows, kTileRows);
}

// B [k × n], packed once for many products in panels of `width` columns, one after the other: unit q of column j at
// data[(j / width · units + q) · width + j % width].
template <typename U>
struct PackedColumns {
  const U* data;
  int64_t width, units;

  const U* at(int64_t q, int64_t j) const { return data + (j / width * units + q) * width + j % width; }
};

template <typename U>
constexpr int64_t packed_columns_size(int64_t n, int64_t k) {
  return ceil_div(n, kTileColumns<U>) * kTileColumns<U> * ceil_div(k, kUnitElements<U>);
}

template <typename U>
PackedColumns<U> pack_columns(U* to, const Operand<U>& b, int64_t n, int64_t k);

// C[m × n] = f(A[m × k] · B[k × n] + bias[m × n]) + residual[m × n]; all but A and B may be null. B is packed, or where b lies.
template <typename U>
struct Product {
  int64_t m, n, k;
  Operand<U> a, b;
  PackedColumns<U> packed_b;
  Matrix<Accumulator<U>> c;
  Matrix<const Accumulator<U>> bias;
  Epilogue<Accumulator<U>> f;
};

template <typename U>
void multiply(const Product<U>& product);

template <typename T>
Operand<T> operand(const Matrix<const T>& matrix) {
  return {matrix.data, matrix.row, matrix.column, Reading::Plain};
}

template <typename T>
void gemm(int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c,
          const Matrix<const T>& bias, Block f = nullptr) {
  multiply<T>({m, n, k, operand(a), operand(b), {}, c, bias, f});
}

// C = A · B for rows of A and columns of B that are contiguous along the depth, few of either: vectors run along the depth.
template <typename T>
void multiply_along_depth(const Product<T>& product);

// C = A · B for rows of B and C that are contiguous, up to kRowsAlong of them in C or little depth: vectors run along the rows.
#if defined(__AVX512F__)
constexpr int64_t kRowsAlong = 8;
#else
constexpr int64_t kRowsAlong = 4;
#endif
template <typename T>
void multiply_along_rows(const Product<T>& product);

}  // namespace adjoint::ADJOINT_ISA
