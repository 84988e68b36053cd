// Packing, blocking and threads. Blocks of A (kBlockRows × kPanelDepth) are packed once and shared; every panel of B
// (kPanelDepth × kTileColumns) is packed by the thread that multiplies it, and is still in its cache when it does.
#include "gemm/gemm.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Rows that a thread takes where there are too few columns to share: packing B anew for each costs a few per cent.
constexpr int64_t kChunkRows = 8 * kTileRows;

// Elements that need no packing to be near: a quarter of the first-level cache.
template <typename T>
constexpr int64_t kNear = 8192 / sizeof(T);

// Cuts `size` into equal parts of at most `limit`, each a multiple of `step`, and returns their length.
int64_t even_part(int64_t size, int64_t limit, int64_t step) {
  const int64_t parts = size > limit ? ceil_div(size, limit) : 1;
  return ceil_div(ceil_div(size, parts), step) * step;
}

// Packs rows that are contiguous along k, a square of vectors at a time. The pitch is `lanes`, or that of whole vectors.
template <typename T>
void pack_transposed(T* to, int64_t pitch, const T* from, int64_t row, int64_t lanes, int64_t depth) {
  constexpr int width = kLanes<T>;
  int64_t p = 0;
  for (; p + width <= depth; p += width) {
    // From the last group to the first: what a group's stores write beyond the pitch, the next group's stores correct.
    for (int64_t group = (lanes - 1) / width * width; group >= 0; group -= width) {
      Vec<T> square[width];
      const T* source = from + group * row + p;
#pragma GCC unroll 16
      for (int i = 0; i < width; i++) square[i] = group + i < lanes ? load(source + i * row) : Vec<T>{};
      transpose<T>(square);
      T* target = to + p * pitch + group;
#pragma GCC unroll 16
      for (int i = 0; i < width; i++) store(target + i * pitch, square[i]);
    }
  }
  for (; p < depth; p++) {
    for (int64_t lane = 0; lane < pitch; lane++) to[p * pitch + lane] = lane < lanes ? from[lane * row + p] : 0;
  }
}

template <typename T>
void multiply_rows(int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b,
                   const Matrix<T>& c, const Matrix<const T>& bias, Block f) {
  // An operand whose panels are used once, or which is in the first-level cache as it lies, is read where it lies.
  const bool direct_a = n <= kTileColumns<T> || m * k <= kNear<T>;
  const bool direct_b = (m <= kTileRows || k * n <= kNear<T>) && b.column == 1;
  const int64_t block_rows = even_part(m, kBlockRows<T>, kTileRows), block_depth = even_part(k, kPanelDepth<T>, 1);
  const int64_t panels = ceil_div(n, kTileColumns<T>);
  for (int64_t i = 0; i < m; i += block_rows) {
    const int64_t rows = smaller(block_rows, m - i);
    // At least one pass, which writes the bias where k = 0.
    int64_t p = 0;
    do {
      const int64_t depth = smaller(block_depth, k - p);
      const Block last = p + depth == k ? f : nullptr;
      const Matrix<const T> left = a.block(i, p);
      const Rows<T> packed =
          direct_a ? Rows<T>{left.data, panel_rows(rows) * left.row, false, left.row, left.column}
                   : pack_rows(scratch<T>(Scratch::PackedA, packed_rows_size<T>(rows, depth)), left, rows, depth);
      parallel_for(panels, grain_of(rows * depth * kTileColumns<T>), [&](int64_t begin, int64_t end) {
        for (int64_t panel = begin; panel < end; panel++) {
          const int64_t j = panel * kTileColumns<T>, columns = smaller(kTileColumns<T>, n - j);
          const Matrix<const T> right = b.block(p, j);
          const Matrix<const T> start = bias.data ? bias.block(i, j) : bias;
          if (direct_b && columns % kLanes<T> == 0) {
            multiply_panel(rows, columns, depth, packed, right.data, right.row, c.block(i, j), start, p == 0, last);
            continue;
          }
          const int64_t pitch = ceil_div(columns, kLanes<T>) * kLanes<T>;
          T* to = scratch<T>(Scratch::PackedB, depth * kTileColumns<T>);
          pack<T>(to, pitch, right.transposed(), columns, depth);
          multiply_panel<T>(rows, columns, depth, packed, to, pitch, c.block(i, j), start, p == 0, last);
        }
      });
      p += block_depth;
    } while (p < k);
  }
}

}  // namespace

template <typename T>
void pack(T* __restrict to, int64_t pitch, const Matrix<const T>& from, int64_t lanes, int64_t depth) {
  if (from.column == 1 && from.row != 1 && lanes > 1) {
    return pack_transposed(to, pitch, from.data, from.row, lanes, depth);
  }
  if (from.row == 1 && lanes == kTileColumns<T>) {
    for (int64_t p = 0; p < depth; p++) std::memcpy(to + p * pitch, from.at(0, p), kTileVectors * kVectorBytes);
  } else if (from.row == 1) {
    for (int64_t p = 0; p < depth; p++) {
      const T* source = from.at(0, p);
      for (int64_t lane = 0; lane < lanes; lane++) to[p * pitch + lane] = source[lane];
    }
  } else {
    for (int64_t p = 0; p < depth; p++) {
      for (int64_t lane = 0; lane < lanes; lane++) to[p * pitch + lane] = *from.at(lane, p);
    }
  }
  for (int64_t p = 0; p < depth && lanes < pitch; p++) {
    for (int64_t lane = lanes; lane < pitch; lane++) to[p * pitch + lane] = 0;
  }
}

template <typename T>
Rows<T> pack_rows(T* to, const Matrix<const T>& a, int64_t m, int64_t depth) {
  const int64_t panel = packed_size<T>(depth), step = panel_rows(m);
  // A packed element costs about as much as 16 multiply-adds.
  parallel_for(ceil_div(m, step), grain_of(16 * panel), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t rows = smaller(step, m - i * step);
      pack<T>(to + i * panel, rows, a.block(i * step, 0), rows, depth);
    }
  });
  return {to, panel, true, 1, 0};
}

template <typename T>
void multiply_panel(int64_t m, int64_t columns, int64_t depth, const Rows<T>& a, const T* b, int64_t b_depth,
                    const Matrix<T>& c, const Matrix<const T>& bias, bool first, Block last) {
  const bool dense = c.column == 1, whole = dense && columns % kLanes<T> == 0;
  // A bias that lies as C does is added as C's earlier passes are; any other is written to C first.
  const bool adds_bias = first && bias.data && dense && bias.column == 1, fills = first && bias.data && !adds_bias;
  const int64_t step = panel_rows(m);
  for (int64_t i = 0; i < m; i += step) {
    const int64_t rows = smaller(step, m - i);
    const T* const from = a.data + i / step * a.panel;
    const Panels<T> panels = {from, a.row, a.packed ? rows : a.depth, b, b_depth, nullptr, depth};
    const auto run = [&](T* to, int64_t to_row, const Before<T>& before) {
      if (a.row == 1) tile_of_shape<T, Reads::Adjacent>(rows, columns, panels, to, to_row, before);
      else tile_of_shape<T, Reads::Strided>(rows, columns, panels, to, to_row, before);
    };
    if (fills) {
      for (int64_t r = 0; r < rows; r++) {
        const T* from = bias.at(i + r, 0);
        T* to = c.at(i + r, 0);
        if (bias.column == 0 && c.column == 1) {
          const T value = *from;
          for (int64_t j = 0; j < columns; j++) to[j] = value;
        } else {
          for (int64_t j = 0; j < columns; j++) to[j * c.column] = from[j * bias.column];
        }
      }
    }
    const Before<T> before = adds_bias              ? Before<T>{bias.at(i, 0), bias.row}
                             : !first || fills ? Before<T>{c.at(i, 0), c.row}
                                               : Before<T>{nullptr, 0};
    if (whole) {
      run(c.at(i, 0), c.row, before);
      continue;
    }
    T sums[kTileRows * kTileColumns<T>];
    run(sums, kTileColumns<T>, {nullptr, 0});
    for (int64_t r = 0; r < rows; r++) {
      const T* sum = sums + r * kTileColumns<T>;
      T* to = c.at(i + r, 0);
      if (dense) {
        put_row<T>(to, sum, columns, before.data ? before.data + r * before.row : nullptr, 0);
      } else if (before.data) {
        for (int64_t j = 0; j < columns; j++) to[j * c.column] += sum[j];
      } else {
        for (int64_t j = 0; j < columns; j++) to[j * c.column] = sum[j];
      }
    }
  }
  // Not row by row: what was just stored in part cannot be loaded at once.
  apply(last, c, m, columns);
}

template <typename T>
void gemm(int64_t m, int64_t n, int64_t k, const Matrix<const T>& a, const Matrix<const T>& b, const Matrix<T>& c,
          const Matrix<const T>& bias, Block f) {
  if (m == 0 || n == 0) return;
  // The vectors lie along the columns of C; where its rows are the contiguous ones, Cᵀ = Bᵀ · Aᵀ is computed.
  if (c.column != 1 && c.row == 1) {
    return gemm<T>(n, m, k, b.transposed(), a.transposed(), c.transposed(), bias.transposed(), f);
  }
  const bool few_columns = n < 4 * kTileColumns<T>;
  if (few_columns && m > kChunkRows) {
    const int64_t chunks = ceil_div(m, kChunkRows);
    parallel_for(chunks, grain_of(kChunkRows * n * k), [&](int64_t begin, int64_t end) {
      const int64_t i = begin * kChunkRows, rows = smaller(end * kChunkRows, m) - i;
      multiply_rows<T>(rows, n, k, a.block(i, 0), b, c.block(i, 0), bias.data ? bias.block(i, 0) : bias, f);
    });
    return;
  }
  multiply_rows(m, n, k, a, b, c, bias, f);
}

#define INSTANTIATE(T)                                                                                            \
  template void pack<T>(T*, int64_t, const Matrix<const T>&, int64_t, int64_t);                                   \
  template Rows<T> pack_rows<T>(T*, const Matrix<const T>&, int64_t, int64_t);                                    \
  template void multiply_panel<T>(int64_t, int64_t, int64_t, const Rows<T>&, const T*, int64_t, const Matrix<T>&, \
                                  const Matrix<const T>&, bool, Block);                                                \
  template void gemm<T>(int64_t, int64_t, int64_t, const Matrix<const T>&, const Matrix<const T>&,                \
                        const Matrix<T>&, const Matrix<const T>&, Block);
INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA
