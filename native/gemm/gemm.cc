// Packing, blocking and threads. kBlockBytes of A pass over panels of B (kPassDepth × kTileColumns), each packed by the
// thread that multiplies it while its first tile reads it.
#include "gemm/gemm.h"

#include "gemm/microkernel.h"
#include "simd/fold.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Elements that need no packing to be near: most of the first-level cache.
template <typename U>
constexpr int64_t kNear = 24576 / sizeof(U);

// Elements that stay in the second-level cache beside others, and in the last one.
template <typename U>
constexpr int64_t kNearby = (1 << 19) / sizeof(U);
template <typename U>
constexpr int64_t kFar = (1 << 22) / sizeof(U);

// Parts into which a product is cut at least, where they are worth a thread's while.
constexpr int64_t kParts = 8;
constexpr int64_t kPartProducts = 1 << 16;

// Products with fewer columns than this, or rows, waste most of a vector along them; up to some more a part of one, and tiles
// of few rows for those that collide.
constexpr int64_t kFewColumns = 12, kSomeColumns = 24, kFewRows = 16, kSomeRows = 64;

// Sums over fewer elements than this take less time than the stores of a tile's rows; from this on, dot products repay
// adding up their vectors.
constexpr int64_t kShortDepth = 48;

// Sums over more elements than this are cut when there is little else to share out.
constexpr int64_t kLongDepth = 1 << 13;

// Whether A's rows lie so far apart that all fall into one set of the first-level cache.
template <typename U>
bool rows_collide(const Operand<U>& a) {
  return a.reading == Reading::Plain && a.column == 1 && a.row * static_cast<int64_t>(sizeof(U)) % 4096 == 0;
}

// Rows of A's panels; as many as the set has ways, less one for B, where they collide.
template <typename U>
int64_t rows_of_panel(const Operand<U>& a, int64_t m) {
  return rows_collide(a) ? smaller(ceil_div(m, ceil_div(m, 7)), panel_rows(m)) : panel_rows(m);
}

// A's rows as the tile wants them, where they lie or packed: element (i, p) of panel t at data[t · panel + i · row + p · depth].
template <typename U>
struct Left {
  const U* data;
  int64_t panel, row, depth;
  bool strips;  // packed side by side: the last panel's depth is its number of rows
};

template <typename U>
Left<U> left_operand(const Operand<U>& a, int64_t m, int64_t step, int64_t depth, int64_t panels) {
  const int64_t units = ceil_div(depth, kUnitElements<U>);
  const U* data = static_cast<const U*>(a.data);
  if (a.reading == Reading::Plain) {
    if (a.column == 1) return {data, step * a.row, a.row, 1, false};
    if (a.row == 1 && (panels == 1 || m * depth <= kNear<U>)) return {data, step, 1, a.column, false};
  }
  const bool strips = a.row == 1 && a.column != 1;
  // Beyond the depth, so that rows do not collide.
  const int64_t pitch = strips ? kTileRows : units + kLanes<U>, panel = strips ? units * kTileRows + kLanes<U> : step * pitch;
  const int64_t count = ceil_div(m, step);
  U* to = workspace<U>(Workspace::PackedA, count * panel);
  // A packed element costs about as much as 8 multiply-adds.
  parallel_for(count, grain_of(8 * step * depth), [&](int64_t begin, int64_t end) {
    const int64_t row = begin * step, rows = smaller(end * step, m) - row;
    if (strips) pack_strips(to + begin * panel, panel, step, a.block(row, 0), rows, depth);
    else pack_along(to + begin * panel, pitch, a.block(row, 0), rows, depth);
  });
  if (strips) return {to, panel, 1, step, true};
  return {to, panel, pitch, 1, false};
}

// to[0 … count − 1] = before + sums; sums are read to whole vectors.
template <typename T>
INLINE void put_row(T* to, const T* sums, int64_t count, const T* before) {
  for (int64_t j = 0; j < count; j += kLanes<T>) {
    const int64_t lanes = smaller(count - j, kLanes<T>);
    const Vec<T> sum = load(sums + j);
    store_first(to + j, before ? load_first(before + j, lanes) + sum : sum, lanes);
  }
}

// The same for columns that are contiguous, of sums kTileColumns apart.
template <typename T>
INLINE void put_columns(const Matrix<T>& c, const T* sums, int64_t rows, int64_t columns, const Matrix<const T>& before) {
  constexpr int lanes = kLanes<T>;
  for (int64_t i = 0; i < rows; i += lanes) {
    for (int64_t j = 0; j < columns; j += lanes) {
      Vec<T> square[lanes];
#pragma GCC unroll 16
      for (int r = 0; r < lanes; r++) square[r] = load(sums + (i + r) * kTileColumns<T> + j);
      transpose<T>(square);
      for (int64_t r = 0; r < smaller(lanes, columns - j); r++) {
        const int64_t count = smaller(rows - i, lanes);
        const Vec<T> sum = before.data ? load_first(before.at(i, j + r), count) + square[r] : square[r];
        store_first(c.at(i, j + r), sum, count);
      }
    }
  }
}

// Whether the rows or the columns of a result are contiguous, and its bias lies in the same way.
template <typename T>
bool lies_along(const Matrix<const T>& bias, const Matrix<T>& c) {
  return c.column == 1 ? bias.column == 1 : c.row == 1 && bias.row == 1;
}

// One tile of C, wherever it lies; `before` lies as C does.
template <typename U>
void multiply_tile(Tile<U> run, int64_t rows, int64_t columns, const Panels<U>& panels, const Matrix<Accumulator<U>>& c,
                   const Matrix<const Accumulator<U>>& before) {
  using T = Accumulator<U>;
  if (c.column == 1 && columns % kLanes<T> == 0) return run(panels, c.data, c.row, {before.data, before.row});
  // Whole vectors of rows, of which those beyond the tile are read and left.
  constexpr int64_t tall = (kTileRows + kLanes<T> - 1) / kLanes<T> * kLanes<T>;
  T sums[tall * kTileColumns<T>];
  run(panels, sums, kTileColumns<T>, {nullptr, 0});
  if (c.column != 1 && c.row == 1) return put_columns(c, sums, rows, columns, before);
  for (int64_t i = 0; i < rows; i++) {
    const T* sum = sums + i * kTileColumns<T>;
    T* to = c.at(i, 0);
    if (c.column == 1) {
      put_row(to, sum, columns, before.data ? before.at(i, 0) : nullptr);
    } else {
      for (int64_t j = 0; j < columns; j++) to[j * c.column] = before.data ? to[j * c.column] + sum[j] : sum[j];
    }
  }
}

// Writes a bias that does not lie as C does, for the tile to add to.
template <typename T>
void fill(const Matrix<T>& c, const Matrix<const T>& bias, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) *c.at(i, j) = *bias.at(i, j);
  }
}

// Where a pass keeps its panels of B, for all blocks of rows; the first block packs them.
template <typename U>
struct Kept {
  U* data;
  bool packs;
};

// Rows [row, row + rows) of a pass over one panel of B, columns [j, j + columns).
template <typename U>
void multiply_panel(const Product<U>& product, const Left<U>& left, int64_t i, int64_t row, int64_t rows, int64_t step,
                    int64_t j, int64_t p, int64_t depth, bool copies, const Kept<U>& kept) {
  using T = Accumulator<U>;
  const int64_t columns = smaller(kTileColumns<U>, product.n - j), units = ceil_div(depth, kUnitElements<U>);
  const int64_t pitch = ceil_div(columns, kLanes<U>) * kLanes<U>;
  const Operand<U> right = product.b.block(p, j);
  Panels<U> panels = {nullptr, left.row, left.depth, static_cast<const U*>(right.data), right.row, units, nullptr};
  U* to = kept.data ? kept.data + j * units : workspace<U>(Workspace::PackedB, units * kTileColumns<U>);
  const PackedColumns<U>& packed = product.packed_b;
  if (packed.data) {
    panels.b = packed.at(p / kUnitElements<U>, j), panels.b_depth = packed.width;
  } else if (kept.data && !kept.packs) {
    panels.b = to, panels.b_depth = pitch;
  } else if (right.reading != Reading::Plain || right.column != 1 || columns != pitch) {
    pack_across(to, pitch, right.transposed(), columns, depth);
    panels.b = to, panels.b_depth = pitch;
  } else if (copies) {
    panels.copy = to;
  }
  // The rows of the panel after this one are asked for while the tiles of this one run.
  const bool lies = panels.b == right.data;
  const int64_t after = j + kTileColumns<U>;
  if (after < product.n && (lies || packed.data || kept.data)) {
    panels.next = packed.data ? packed.at(p / kUnitElements<U>, after) : panels.b + (lies ? 1 : units) * kTileColumns<U>;
    panels.next_row = panels.b_depth, panels.steps = ceil_div(rows, step);
  }
  const Matrix<const T>& bias = product.bias;
  const auto tile_for = [&](int64_t tall) { return tile_of<U>(tall, columns, panels.a_row == 1, panels.copy != nullptr); };
  Tile<U> run = tile_for(smaller(step, rows));
  for (int64_t at = row; at < row + rows; at += step) {
    const int64_t tall = smaller(step, row + rows - at);
    panels.a = left.data + at / step * left.panel;
    if (left.strips) panels.a_depth = tall;
    const Matrix<T> c = product.c.block(i + at, j);
    Matrix<const T> before = {};
    if (p > 0) {
      before = {c.data, c.row, c.column};
    } else if (bias.data && lies_along(bias, c)) {
      before = bias.block(i + at, j);
    } else if (bias.data) {
      fill(c, bias.block(i + at, j), tall, columns);
      before = {c.data, c.row, c.column};
    }
    if (tall < step) run = tile_for(tall);
    multiply_tile(run, tall, columns, panels, c, before);
    if (panels.next) panels.next += ceil_div(units, panels.steps) * panels.next_row;
    if (panels.copy) {
      panels.b = panels.copy, panels.b_depth = pitch, panels.copy = nullptr;
      run = tile_for(step);
    }
  }
  // Not row by row: what was just stored in part cannot be loaded at once.
  if (p + depth == product.k) apply(product.f.block(i + row, j), product.c.block(i + row, j), rows, columns);
}

template <typename U>
void multiply_blocks(const Product<U>& product) {
  const int64_t m = product.m, n = product.n, k = product.k, panels = ceil_div(n, kTileColumns<U>);
  const int64_t block_depth = pass_depth<U>(k), block_rows = rows_of_block<U>(m, block_depth);
  // At least one pass, which writes the bias where k = 0.
  int64_t p = 0;
  do {
    const int64_t depth = smaller(block_depth, k - p);
    // Few panels are cut by rows, whose parts would pack the same panel at once.
    U* keep = nullptr;
    if (m > block_rows && panels >= kParts && !product.packed_b.data) {
      keep = workspace<U>(Workspace::Panels, panels * kTileColumns<U> * ceil_div(depth, kUnitElements<U>));
    }
    for (int64_t i = 0; i < m; i += block_rows) {
      const int64_t rows = smaller(block_rows, m - i), step = rows_of_panel(product.a, rows);
      const int64_t tiles = ceil_div(rows, step);
      const Left<U> left = left_operand(product.a.block(i, p), rows, step, depth, panels);
      // Where there are few panels, their rows are shared out too.
      const int64_t worth = smaller(kParts, rows * n * depth / kPartProducts + 1);
      const int64_t cuts = smaller(ceil_div(worth, panels), tiles), cut = ceil_div(tiles, cuts) * step;
      const bool copies = keep || (cut > step && depth * n > kNear<U>);
      const int64_t grain = larger(kPartProducts / (cut * depth * kTileColumns<U> + 1), 1);
      parallel_for(panels * cuts, grain, [&](int64_t begin, int64_t end) {
        for (int64_t part = begin; part < end; part++) {
          const int64_t row = part % cuts * cut, count = smaller(cut, rows - row);
          if (count > 0) multiply_panel(product, left, i, row, count, step, part / cuts * kTileColumns<U>, p, depth, copies,
                                        {keep, i == 0});
        }
      });
    }
    p += block_depth;
  } while (p < k);
}

// Whether A's rows lie along the depth, as B's columns do, and are so few that to pack them, and to turn the result, costs
// less than to pack B.
template <typename U>
bool suits_turning(const Product<U>& product) {
  const auto& [m, n, k, a, b, packed_b, c, bias, f] = product;
  const bool along = a.column == 1 && b.row == 1 && b.column != 1 && c.column == 1;
  return along && !packed_b.data && m >= kTileColumns<U> && m <= 2 * kTileColumns<U> && 2 * m <= n && k > kShortDepth;
}

// Cᵀ = Bᵀ · Aᵀ, with A packed once for all parts.
template <typename U>
void multiply_turned(const Product<U>& product) {
  const auto& [m, n, k, a, b, packed_b, c, bias, f] = product;
  U* to = workspace<U>(Workspace::Panels, packed_columns_size<U>(m, k) + kLanes<U>);
  multiply_blocks<U>({n, m, k, b.transposed(), {}, pack_columns<U>(to, a.transposed(), m, k), c.transposed(),
                      bias.transposed(), f.transposed()});
}

// Slices of a long depth, summed in their order: for results so small that there is nothing else to share out.
template <typename U>
void multiply_slices(const Product<U>& product) {
  using T = Accumulator<U>;
  const int64_t size = product.m * product.n, slices = ceil_div(product.k, kLongDepth);
  T* partial = workspace<T>(Workspace::Partial, slices * size);
  parallel_for(slices, 1, [&](int64_t begin, int64_t end) {
    for (int64_t s = begin; s < end; s++) {
      Product<U> slice = product;
      slice.k = smaller(kLongDepth, product.k - s * kLongDepth);
      slice.a = product.a.block(0, s * kLongDepth), slice.b = product.b.block(s * kLongDepth, 0);
      slice.c = {partial + s * size, product.n, 1}, slice.bias = {}, slice.f = {};
      multiply_blocks(slice);
    }
  });
  const auto& c = product.c;
  for (int64_t i = 0; i < product.m; i++) {
    for (int64_t j = 0; j < product.n; j++) {
      T sum = product.bias.data ? *product.bias.at(i, j) : 0;
      for (int64_t s = 0; s < slices; s++) sum += partial[s * size + i * product.n + j];
      *c.at(i, j) = sum;
    }
  }
  apply(product.f, c, product.m, product.n);
}

// Whether B is read as it lies, again for every kRowsAlong rows: there are few of them, it is near, or the stores of C are
// what counts.
template <typename T>
bool suits_rows(const Product<T>& product) {
  const auto& [m, n, k, a, b, packed_b, c, bias, f] = product;
  const bool plain = a.reading == Reading::Plain && b.reading == Reading::Plain && !packed_b.data;
  if (!plain || n < kLanes<T> || b.column != 1 || c.column != 1) return false;
  if (m <= kRowsAlong) return k > 1;
  if (k <= kShortDepth) return k * n <= kNear<T>;
  return k <= kLongDepth && (k * n <= kNearby<T> || (m <= kSomeRows && k * n <= kFar<T>));
}

}  // namespace

template <typename U>
PackedColumns<U> pack_columns(U* to, const Operand<U>& b, int64_t n, int64_t k) {
  constexpr int64_t columns = kTileColumns<U>;
  const PackedColumns<U> packed = {to, columns, ceil_div(k, kUnitElements<U>)};
  parallel_for(ceil_div(n, columns), grain_of(8 * columns * k), [&](int64_t begin, int64_t end) {
    for (int64_t j = begin * columns; j < end * columns; j += columns) {
      pack_across(to + j * packed.units, columns, b.block(0, j).transposed(), smaller(columns, n - j), k);
    }
  });
  return packed;
}

template <typename U>
void multiply(const Product<U>& product) {
  const auto [m, n, k, a, b, packed_b, c, bias, f] = product;
  if (m == 0 || n == 0) return;
  // The vectors lie along the columns of C; where its rows are the contiguous ones, Cᵀ = Bᵀ · Aᵀ is computed; also where
  // columns are so few that the rows of A fill vectors better.
  const bool turned = c.column != 1 && c.row == 1, few = n <= kFewColumns && m > n && a.row == 1 && a.column != 1;
  if (!packed_b.data && (turned || few)) {
    const Product<U> other = {n, m, k, b.transposed(), a.transposed(), {}, c.transposed(), bias.transposed(),
                              f.transposed()};
    if constexpr (kSame<U, Accumulator<U>>) {
      if (suits_rows(other)) return multiply_along_rows(other);
    }
    return multiply_blocks(other);
  }
  if constexpr (kSame<U, Accumulator<U>>) {
    const int64_t columns = rows_collide(a) ? kSomeColumns : kFewColumns;
    const bool along = a.column == 1 && (b.row == 1 || (n <= columns && m > kTileRows)) && c.column == 1;
    if (!packed_b.data && along && a.reading == Reading::Plain && b.reading == Reading::Plain && k > kShortDepth &&
        (n <= columns || (m <= kFewRows && b.row == 1))) {
      return multiply_along_depth(product);
    }
    if (suits_rows(product)) return multiply_along_rows(product);
  }
  if (suits_turning(product)) return multiply_turned(product);
  if (!packed_b.data && k > 2 * kLongDepth && ceil_div(m, kTileRows) * ceil_div(n, kTileColumns<U>) < kParts) {
    return multiply_slices(product);
  }
  multiply_blocks(product);
}

#define INSTANTIATE(U)                                                                        \
  template void multiply<U>(const Product<U>&);                                               \
  template PackedColumns<U> pack_columns<U>(U*, const Operand<U>&, int64_t, int64_t);
INSTANTIATE(float)
INSTANTIATE(double)
#if defined(__AVX512BF16__)
INSTANTIATE(Pair)
#endif

}  // namespace adjoint::ADJOINT_ISA
