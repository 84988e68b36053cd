// Products whose B is read row by row as it lies in memory, for sums as wide as the registers: where it is near, or rows are
// few, B does not repay its packing; with little depth the stores of C go to whole cache lines side by side.
#include "gemm/gemm.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Sums in registers.
#if defined(__AVX512F__)
constexpr int kSums = 24;
#else
constexpr int kSums = 12;
#endif

// So many groups of rows keep every thread busy.
constexpr int64_t kManyGroups = 16;

// Rows of B that are asked for ahead of their use.
constexpr int kRowsAhead = 2;

// Columns [j, j + VECTORS vectors) of C, or the first `lanes` of one vector: chains in the order of the depth.
template <typename T, int ROWS, int VECTORS>
void wide_tile(const Product<T>& product, int64_t j, int64_t lanes) {
  const auto& [m, n, k, a, b, packed_b, c, bias, f] = product;
  const T* left = static_cast<const T*>(a.data);
  const T* right = static_cast<const T*>(b.data) + j;
  Vec<T> sum[ROWS][VECTORS] = {};
  for (int64_t p = 0; p < k; p++, left += a.column, right += b.row) {
    Vec<T> element[ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) element[r] = broadcast(left[r * a.row]);
#pragma GCC unroll 24
    for (int v = 0; v < VECTORS; v++) {
      const Vec<T> values = VECTORS > 1 ? load(right + v * kLanes<T>) : load_first(right, lanes);
      __builtin_prefetch(right + kRowsAhead * b.row + v * kLanes<T>);
#pragma GCC unroll 8
      for (int r = 0; r < ROWS; r++) sum[r][v] = fma(element[r], values, sum[r][v]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 24
    for (int v = 0; v < VECTORS; v++) {
      const int64_t at = j + v * kLanes<T>;
      if (bias.data && bias.column == 1) {
        sum[r][v] = sum[r][v] + load_first(bias.at(r, at), lanes);
      } else if (bias.data) {
        for (int64_t i = 0; i < lanes; i++) sum[r][v][i] += *bias.at(r, at + i);
      }
      if constexpr (VECTORS > 1) store(c.at(r, at), sum[r][v]);
      else store_first(c.at(r, at), sum[r][v], lanes);
    }
  }
}

// The largest power of two below.
constexpr int narrower(int vectors) {
  int width = 1;
  while (2 * width < vectors) width *= 2;
  return width;
}

// Columns [begin, end): as many as fit in VECTORS vectors at a time, then in fewer.
template <typename T, int ROWS, int VECTORS = kSums / ROWS>
void multiply_rows(const Product<T>& product, int64_t begin, int64_t end) {
  constexpr int64_t columns = VECTORS * kLanes<T>;
  for (; begin + columns <= end; begin += columns) wide_tile<T, ROWS, VECTORS>(product, begin, kLanes<T>);
  if constexpr (VECTORS > 1) multiply_rows<T, ROWS, narrower(VECTORS)>(product, begin, end);
  else if (begin < end) wide_tile<T, ROWS, 1>(product, begin, end - begin);
}

// C's first `rows` rows, columns [begin, end).
template <typename T, int ROWS = kRowsAlong>
void multiply_part(const Product<T>& product, int64_t rows, int64_t begin, int64_t end) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return multiply_part<T, ROWS - 1>(product, rows, begin, end);
  }
  multiply_rows<T, ROWS>(product, begin, end);
  apply(product.f.block(0, begin), product.c.block(0, begin), rows, end - begin);
}

}  // namespace

template <typename T>
void multiply_along_rows(const Product<T>& product) {
  const int64_t m = product.m, n = product.n, step = ceil_div(m, ceil_div(m, kRowsAlong)), groups = ceil_div(m, step);
  // Shared out in whole registers of sums, the rows of a group side by side; whole groups where there are enough of them.
  const int64_t columns = kSums / step * kLanes<T>, parts = ceil_div(n, columns);
  const int64_t grain = grain_of(step * product.k * columns);
  parallel_for(groups * parts, groups < kManyGroups ? grain : ceil_div(grain, parts) * parts, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end;) {
      const int64_t i = at / parts * step, first = at % parts, count = smaller(parts - first, end - at);
      Product<T> group = product;
      group.a = product.a.block(i, 0), group.c = product.c.block(i, 0), group.f = product.f.block(i, 0);
      if (group.bias.data) group.bias = product.bias.block(i, 0);
      multiply_part(group, smaller(step, m - i), first * columns, smaller((first + count) * columns, n));
      at += count;
    }
  });
}

template void multiply_along_rows<float>(const Product<float>&);
template void multiply_along_rows<double>(const Product<double>&);

}  // namespace adjoint::ADJOINT_ISA
