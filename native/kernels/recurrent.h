// What recurrent layers share: at every step of a sequence the product of a state with one matrix, a block of units after
// the other, each finished by the layer's own function while it is in the cache.
#pragma once
#include "gemm/gemm.h"
#include "kernels/elementwise.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

// Units that are computed together.
template <typename T>
constexpr int64_t kUnits = kTileColumns<T>;

// Calls for the rows of a block that is wanted after the next product. A block of a row is too short for the machine to see a
// pattern, and more blocks than one at a time hold up what the product itself reads.
template <typename T>
INLINE void call_for(const Matrix<T>& block, int64_t rows, int64_t columns) {
  constexpr int64_t line = 64 / sizeof(T);
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t j = 0; j < columns; j += line) __builtin_prefetch(block.at(r, j), 0, 2);
  }
}

// One direction of a layer over [steps, batch, …]: a reversed one goes from the last step to the first.
struct Sequence {
  int64_t steps, batch, units;
  bool reverse;

  // The first row, of all steps' rows, of the i-th step to be computed.
  int64_t top(int64_t i) const { return (reverse ? steps - 1 - i : i) * batch; }
};

// The sequence that gates [steps, batch, count · units] belong to; the kernels' first number says whether it is reversed.
inline Sequence sequence_of(const Call& call, const View& gates, int64_t count) {
  return {gates.shape[0], gates.shape[1], gates.shape[2] / count, call.numbers[0] != 0};
}

// Rows [rows, columns] without gaps.
template <typename T>
INLINE Matrix<T> rows_of(const View& view) {
  return {view.as<T>(), view.shape[view.rank - 1], 1};
}

// B[depth × (groups · units)] packed once for all steps: of each block of units a panel for every group.
template <typename T>
struct Recurrent {
  const T* data;
  int64_t depth, units, groups;

  int64_t blocks() const { return ceil_div(units, kUnits<T>); }
  int64_t columns(int64_t block) const { return smaller(kUnits<T>, units - block * kUnits<T>); }
  const T* panel(int64_t block, int64_t group) const { return data + (block * groups + group) * depth * kUnits<T>; }
};

template <typename T>
Recurrent<T> pack_recurrent(const Matrix<const T>& b, int64_t depth, int64_t units, int64_t groups) {
  T* data = scratch<T>(Scratch::Weights, ceil_div(units, kUnits<T>) * groups * depth * kUnits<T>);
  const Recurrent<T> packed = {data, depth, units, groups};
  parallel_for(packed.blocks() * groups, grain_of(16 * depth * kUnits<T>), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t block = i / groups, group = i % groups;
      const Matrix<const T> columns = b.block(0, group * units + block * kUnits<T>).transposed();
      pack<T>(data + i * depth * kUnits<T>, kUnits<T>, columns, packed.columns(block), depth);
    }
  });
  return packed;
}

// The left operand of one step's products: rows of a state, or nothing, which counts as zeros.
template <typename T>
class Left {
 public:
  Left(const Matrix<const T>& a, int64_t rows, const Recurrent<T>& right) : rows_(rows), right_(right) {
    if (!a.data) return;
    const int64_t size = packed_rows_size<T>(rows, kPanelDepth<T>), parts = ceil_div(right.depth, kPanelDepth<T>);
    data_ = scratch<T>(Scratch::PackedA, parts * size);
    for (int64_t i = 0; i < parts; i++) pack_rows(data_ + i * size, a.block(0, i * kPanelDepth<T>), rows, depth(i));
  }

  // C[rows × columns of the block] = bias + A · B; bias may be C, or null.
  void multiply(int64_t block, int64_t group, const Matrix<T>& c, const Matrix<const T>& bias) const {
    const int64_t columns = right_.columns(block);
    if (!data_) {
      for (int64_t r = 0; r < rows_ && bias.data != c.data; r++) {
        for (int64_t j = 0; j < columns; j++) *c.at(r, j) = bias.data ? *bias.at(r, j) : T{0};
      }
      return;
    }
    const T* panel = right_.panel(block, group);
    const int64_t size = packed_rows_size<T>(rows_, kPanelDepth<T>);
    for (int64_t i = 0; i * kPanelDepth<T> < right_.depth; i++, panel += kPanelDepth<T> * kUnits<T>) {
      const Rows<T> a = {data_ + i * size, packed_size<T>(depth(i)), true, 1, 0};
      multiply_panel<T>(rows_, columns, depth(i), a, panel, kUnits<T>, c, bias, i == 0);
    }
  }

 private:
  int64_t depth(int64_t part) const { return smaller(kPanelDepth<T>, right_.depth - part * kPanelDepth<T>); }

  const int64_t rows_;
  const Recurrent<T>& right_;
  T* data_ = nullptr;
};

// A block of units of some rows of the batch at the i-th step.
struct Place {
  int64_t i, row, rows, unit, columns, block;
};

// Calls finish(place, left) for every block of every step, steps in order, where left holds these rows of state(i). A thread
// takes its rows through all steps and waits for no other; where there are fewer rows than the threads' tiles have, the
// blocks of each step are shared instead. Rows do not depend on each other, so neither changes a bit.
template <typename T, typename State, typename Finish>
void for_steps(int64_t steps, int64_t batch, const Recurrent<T>& right, const State& state, const Finish& finish) {
  const int64_t share = ceil_div(batch, thread_count());
  parallel_for(batch, share < kTileRows ? batch : share, [&](int64_t begin, int64_t end) {
    const int64_t rows = end - begin;
    for (int64_t i = 0; i < steps; i++) {
      const Matrix<const T> a = state(i);
      const Left<T> left(a.data ? a.block(begin, 0) : a, rows, right);
      const int64_t products = rows * right.groups * kUnits<T> * right.depth;
      parallel_for(right.blocks(), grain_of(products), [&](int64_t first, int64_t last) {
        for (int64_t block = first; block < last; block++) {
          finish(Place{i, begin, rows, block * kUnits<T>, right.columns(block), block}, left);
        }
      });
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
