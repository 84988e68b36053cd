// What attention's forward and backward share: a call's operands, tiles of scores from them, what is hidden of these,
// and what dropout keeps.
//
// L queries of width E and S keys with values of width V, in matrices of any strides behind the same batch axes; the
// rows of results are adjacent elements.
#pragma once
#include "gemm/gemm.h"
#include "gemm/microkernel.h"
#include "simd/math.h"
#include "simd/philox.h"

namespace adjoint::ADJOINT_ISA {

// Queries and keys of a tile: its scores, 64 KiB in float32, stay in the second-level cache beside the operands.
constexpr int64_t kQueries = 128, kKeys = 128;

// The number that says whether products are taken in bfloat16.
constexpr int kRoundsAttention = 6;

template <typename T>
constexpr T kHidden = -static_cast<T>(__builtin_inff());

// The last two axes of a view at an index of the axes before them.
template <typename T>
Matrix<T> matrix(const View& view, int64_t batch) {
  int64_t offset = 0;
  for (int axis = view.rank - 3; axis >= 0; axis--) {
    offset += batch % view.shape[axis] * view.strides[axis];
    batch /= view.shape[axis];
  }
  return {view.as<T>() + offset, view.strides[view.rank - 2], view.strides[view.rank - 1]};
}

// Elements from row to row of a copy: whole vectors.
template <typename T>
int64_t pitch_of(int64_t width) {
  return ceil_div(width, kLanes<T>) * kLanes<T>;
}

// C[m × n] = A · B or C += A · B in tiles; C and the rows of B are whole vectors.
template <typename U>
void multiply_tiles(int64_t m, int64_t n, const Panels<U>& all, Accumulator<U>* c, int64_t c_row, bool add) {
  const int64_t step = panel_rows(m);
  for (int64_t j = 0; j < n; j += kTileColumns<U>) {
    for (int64_t i = 0; i < m; i += step) {
      const U *const a = all.a + i * all.a_row, *const b = all.b + j;
      const Panels<U> panels = {a, all.a_row, all.a_depth, b, all.b_depth, all.depth, nullptr};
      Accumulator<U>* const to = c + i * c_row + j;
      const auto tile = tile_of<U>(smaller(step, m - i), n - j, all.a_row == 1, false);
      tile(panels, to, c_row, {add ? to : nullptr, c_row});
    }
  }
}

// Working memory of a thread, handed out in turn: sums, and as large units.
template <typename T>
class Parts {
  T* next;

 public:
  explicit Parts(int64_t count) : next(workspace<T>(Workspace::Attention, count)) {}
  template <typename U = T>
  U* take(int64_t count) {
    static_assert(sizeof(U) == sizeof(T));
    T* const part = next;
    next += count;
    return reinterpret_cast<U*>(part);
  }
};

// q, k, v, and a mask where there is one, at views[first] and behind; scale, causal, p, seed, counter; 0, and 1 where
// products are taken in bfloat16. Products are of units U.
template <typename U>
struct Attention {
  using T = Accumulator<U>;

  const View &q, &k, &v;
  const View* mask;
  int64_t matrices, queries, keys, width, values;
  T scale;
  bool causal;
  double p;
  uint64_t seed, counter;
  Reading reading;

  Attention(const Call& call, int first)
      : q(call[first]), k(call[first + 1]), v(call[first + 2]),
        mask(call.view_count > first + 3 ? &call[first + 3] : nullptr),
        matrices(1), queries(q.shape[q.rank - 2]), keys(k.shape[k.rank - 2]),
        width(q.shape[q.rank - 1]), values(v.shape[v.rank - 1]),
        scale(static_cast<T>(call.numbers[0])), causal(call.numbers[1] != 0), p(call.numbers[2]),
        seed(static_cast<uint64_t>(call.numbers[3])), counter(static_cast<uint64_t>(call.numbers[4])),
        reading(call.says(kRoundsAttention) ? Reading::RoundedFloat : Reading::Plain) {
    for (int axis = 0; axis < q.rank - 2; axis++) matrices *= q.shape[axis];
  }

  // Units of a sum over n elements.
  static int64_t depth_of(int64_t n) { return ceil_div(n, kUnitElements<U>); }

  // Whether units are the elements as they are.
  bool plain() const { return kSame<U, T> && reading == Reading::Plain; }

  // The rows of the matrix `view` at `batch` from `first` on.
  Operand<U> rows_of(const View& view, int64_t batch, int64_t first) const {
    const Matrix<const T> rows = matrix<const T>(view, batch).block(first, 0);
    return {rows.data, rows.row, rows.column, reading};
  }

  // Copies rows for sums along them, and for sums down them; where units are plain, that is the same.
  struct Both {
    const U *along, *down;
  };
  Both copy_both(U* along, U* down, const Operand<U>& from, int64_t rows, int64_t width) const {
    const int64_t pitch = pitch_of<T>(width);
    pack_across<U>(down, pitch, from.transposed(), width, rows);
    if (plain()) return {down, down};
    pack_along<U>(along, pitch, from, rows, width);
    return {along, down};
  }

  // Units of a tile along its rows, and down its columns.
  const U* along(const T* tile, U* room, int64_t rows, int64_t n) const {
    if (plain()) return reinterpret_cast<const U*>(tile);
    pack_along<U>(room, kKeys, {tile, kKeys, 1, reading}, rows, n);
    return room;
  }
  const U* down(const T* tile, U* room, int64_t rows, int64_t n) const {
    if (plain()) return reinterpret_cast<const U*>(tile);
    pack_across<U>(room, kKeys, {tile, 1, kKeys, reading}, n, rows);
    return room;
  }

  // How many keys, from 0, the queries before `end` see.
  int64_t seen(int64_t end) const { return causal ? smaller(keys, end) : keys; }

  // From q · k of query i and the keys from j on to their scores, of which some are hidden: −∞.
  void score(T* __restrict row, int64_t batch, int64_t i, int64_t j, int64_t n) const {
    const int64_t visible = causal ? smaller(larger(i + 1 - j, 0), n) : n;
    for (int64_t c = 0; c < visible; c++) row[c] *= scale;
    for (int64_t c = visible; c < n; c++) row[c] = kHidden<T>;
    if (!mask) return;
    if (mask->dtype == DType::Bool) {
      const Matrix<const uint8_t> m = matrix<const uint8_t>(*mask, batch).block(i, j);
      if (m.column == 1) {
        for (int64_t c = 0; c < visible; c++) row[c] = m.data[c] ? row[c] : kHidden<T>;
      } else {
        for (int64_t c = 0; c < visible; c++) row[c] = *m.at(0, c) ? row[c] : kHidden<T>;
      }
    } else {
      const Matrix<const T> m = matrix<const T>(*mask, batch).block(i, j);
      for (int64_t c = 0; c < visible; c++) row[c] += *m.at(0, c);
    }
  }

  // What dropout multiplies the weights of query i for keys from j on by: element (batch, i, j) of the stream that
  // `bernoulli` would draw for all weights.
  void dropout(T* factors, int64_t batch, int64_t i, int64_t j, int64_t n) const {
    const uint64_t bound = static_cast<uint64_t>(__builtin_ceil((1 - p) * 0x1p32));
    const T kept = static_cast<T>(1 / (1 - p));
    uint64_t position = static_cast<uint64_t>((batch * queries + i) * keys + j);
    uint32_t words[kWords];
    for (int64_t c = 0; c < n;) {
      philox<kBlocks>(seed, counter + position / 4, words);
      const int64_t skipped = static_cast<int64_t>(position % 4), count = smaller(kWords - skipped, n - c);
      for (int64_t w = 0; w < count; w++) factors[c + w] = words[skipped + w] < bound ? kept : 0;
      c += count;
      position += static_cast<uint64_t>(count);
    }
  }
};

}  // namespace adjoint::ADJOINT_ISA
