// Products of few rows or few columns: every element of C is a dot product, whose vectors run along the depth.
#include "gemm/gemm.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Sums in registers: kRows rows of A against kColumns columns of B.
#if defined(__AVX512F__)
constexpr int kRows = 4, kColumns = 5;
#else
constexpr int kRows = 2, kColumns = 4;
#endif

// The sum of each of the vectors: a tree, the same for all. Lane i of the result is that of rows[i].
template <typename T>
INLINE Vec<T> sum_lanes(Vec<T> (&rows)[kLanes<T>]) {
#pragma GCC unroll 4
  for (int half = kLanes<T> / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; i++) rows[i] = zip_low(rows[i], rows[i + half]) + zip_high(rows[i], rows[i + half]);
  }
  return rows[0];
}

// sum[r][s] += a[r · a_row …] · b[s · b_column …], a vector of each; of the last ones `lanes` elements.
template <typename T, int ROWS, int COLUMNS>
INLINE void add_vectors(Vec<T> (&sum)[ROWS][COLUMNS], const T* a, int64_t a_row, const T* b, int64_t b_column, int64_t lanes) {
  Vec<T> column[COLUMNS];
#pragma GCC unroll 8
  for (int s = 0; s < COLUMNS; s++) column[s] = load_first(b + s * b_column, lanes);
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
    const Vec<T> row = load_first(a + r * a_row, lanes);
#pragma GCC unroll 8
    for (int s = 0; s < COLUMNS; s++) sum[r][s] = fma(row, column[s], sum[r][s]);
  }
}

// to[r · COLUMNS + s] = row r of a · column s of b, both contiguous.
template <typename T, int ROWS, int COLUMNS>
void dot_tile(const T* a, int64_t a_row, const T* b, int64_t b_column, int64_t k, T* to) {
  constexpr int lanes = kLanes<T>, count = ROWS * COLUMNS;
  Vec<T> sum[ROWS][COLUMNS] = {};
  int64_t p = 0;
  for (; p + lanes <= k; p += lanes) add_vectors<T>(sum, a + p, a_row, b + p, b_column, lanes);
  if (p < k) add_vectors<T>(sum, a + p, a_row, b + p, b_column, k - p);
  T totals[lanes];
#pragma GCC unroll 4
  for (int first = 0; first < count; first += lanes) {
    Vec<T> group[lanes];
#pragma GCC unroll 16
    for (int i = 0; i < lanes; i++) group[i] = first + i < count ? sum[(first + i) / COLUMNS][(first + i) % COLUMNS] : Vec<T>{};
    store(totals, sum_lanes<T>(group));
    for (int i = 0; i < lanes && first + i < count; i++) to[first + i] = totals[i];
  }
}

template <typename T>
using Dots = void (*)(const T*, int64_t, const T*, int64_t, int64_t, T*);

template <typename T, int ROWS = kRows, int COLUMNS = kColumns>
Dots<T> dots_of(int64_t rows, int64_t columns) {
  if constexpr (COLUMNS > 1) {
    if (columns < COLUMNS) return dots_of<T, ROWS, COLUMNS - 1>(rows, columns);
  }
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return dots_of<T, ROWS - 1, COLUMNS>(rows, columns);
  }
  return dot_tile<T, ROWS, COLUMNS>;
}

}  // namespace

template <typename T>
void multiply_along_depth(const Product<T>& product) {
  const auto [m, n, k, a, b, packed_b, c, bias, f] = product;
  const T* left = static_cast<const T*>(a.data);
  const T* right = static_cast<const T*>(b.data);
  int64_t b_column = b.column;
  if (b.row != 1) {
    T* to = workspace<T>(Workspace::PackedB, n * (k + kLanes<T>));
    pack_along(to, k + kLanes<T>, b.transposed(), n, k);
    right = to, b_column = k + kLanes<T>;
  }
  // Tiles of the longer axis are shared out; the shorter one's operand stays in the cache.
  const int64_t down = ceil_div(m, kRows), across = ceil_div(n, ceil_div(n, ceil_div(n, kColumns)));
  const int64_t wide = ceil_div(n, across);
  const bool by_rows = m >= n;
  const int64_t outer = by_rows ? down : across, inner = by_rows ? across : down;
  parallel_for(outer, chunk(1 << 16, inner * kRows * wide * k), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; o++) {
      for (int64_t q = 0; q < inner; q++) {
        const int64_t i = (by_rows ? o : q) * kRows, j = (by_rows ? q : o) * wide;
        const int64_t rows = smaller(kRows, m - i), columns = smaller(wide, n - j);
        if (columns <= 0) continue;
        T sums[kRows * kColumns];
        dots_of<T>(rows, columns)(left + i * a.row, a.row, right + j * b_column, b_column, k, sums);
        for (int64_t r = 0; r < rows; r++) {
          for (int64_t s = 0; s < columns; s++) {
            const T start = bias.data ? *bias.at(i + r, j + s) : 0;
            *c.at(i + r, j + s) = start + sums[r * columns + s];
          }
        }
      }
      const int64_t rows = by_rows ? smaller(kRows, m - o * kRows) : m, columns = by_rows ? n : smaller(wide, n - o * wide);
      const int64_t i = by_rows ? o * kRows : 0, j = by_rows ? 0 : o * wide;
      if (columns > 0) apply(f.block(i, j), c.block(i, j), rows, columns);
    }
  });
}

template void multiply_along_depth<float>(const Product<float>&);
template void multiply_along_depth<double>(const Product<double>&);

}  // namespace adjoint::ADJOINT_ISA
