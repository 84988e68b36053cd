// What recurrent layers share: at every step of a sequence the product of a state with one matrix, added to the inputs'
// part of the sums and finished by the layer's own function while it is in the cache.
#pragma once
#include "gemm/gemm.h"
#include "kernels/elementwise.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

// Elements of a state that a panel of the packed matrix gives.
template <typename U>
constexpr int64_t kStateBlock = kTileColumns<U>;

// Rows that a product with a packed matrix should have: several tiles, for which each panel is read once.
constexpr int64_t kProductRows = 4 * kTileRows;

// [steps, batch, n] with rows without gaps; where only the step at hand is wanted, all have the same memory.
template <typename T>
struct Steps {
  T* data;
  int64_t step, n;

  explicit Steps(const View& view) : data(view.as<T>()), step(view.strides[0]), n(view.shape[2]) {}
  Matrix<T> of(int64_t t) const { return {data + t * step, n, 1}; }
};

// One direction of a layer over [steps, batch, …]: a reversed one goes from the last step to the first.
struct Sequence {
  int64_t steps, batch, n;
  bool reverse;

  // The place in time of the i-th step to be computed.
  int64_t time(int64_t i) const { return reverse ? steps - 1 - i : i; }
};

// The sequence that gates [steps, batch, count · n] belong to; the kernels' first number says whether it is reversed.
inline Sequence sequence_of(const Call& call, const View& gates, int64_t count) {
  return {gates.shape[0], gates.shape[1], gates.shape[2] / count, call.numbers[0] != 0};
}

// What the i-th step to be computed finds of the one before: its rows; at the beginning what the sequence starts with,
// if there is such a view, or nothing.
template <typename T>
struct Before {
  const Sequence& sequence;
  const Steps<T> values;
  const View* first;

  Matrix<const T> operator()(int64_t i) const {
    const int64_t n = values.n;
    if (i > 0) return {values.of(sequence.time(i - 1)).data, n, 1};
    return {first ? first->as<const T>() : nullptr, n, 1};
  }
  const T* row(int64_t i, int64_t row, int64_t unit) const {
    const Matrix<const T> rows = (*this)(i);
    return rows.data ? rows.at(row, unit) : nullptr;
  }
};

// Rows of a view without gaps.
template <typename T>
INLINE Matrix<T> rows_of(const View& view) {
  return {view.as<T>(), view.shape[view.rank - 1], 1};
}
template <typename U>
INLINE Operand<U> operand_of(const View& view, Reading reading) {
  return {view.data, view.shape[view.rank - 1], 1, reading};
}

// Calls f with a value of the units that products are made of, and how they are read: with the call's last number 1 the
// operands of products are rounded to bfloat16, and everything else stays as it is.
template <typename F>
void with_units(const Call& call, const F& f) {
  if (call[0].dtype == DType::Float64) return f(double{}, Reading::Plain);
  if (call.numbers[call.number_count - 1] == 0) return f(float{}, Reading::Plain);
  f(HalfUnit{}, Reading::RoundedFloat);
}

// The inputs' part of the sums: x · weightᵀ + bias, with the weight packed once for all steps.
template <typename U>
class Inputs {
 public:
  using T = Accumulator<U>;

  // given: x [steps, batch, in], weightIh [rows, in], weightHh, bias [rows]; the sums [steps, batch, rows].
  Inputs(const Sequence& sequence, const View* given, const View& sums, Reading reading)
      : sequence_(sequence), in_(given[0].shape[2]), rows_(given[1].shape[0]), x_(operand_of<U>(given[0], reading)),
        sums_(sums), bias_{given[3].as<const T>(), 0, 1} {
    const Operand<U> columns = operand_of<U>(given[1], reading).transposed();
    U* const room = workspace<U>(Workspace::Filter, packed_columns_size<U>(rows_, in_) + kLanes<U>);
    weight_ = pack_columns<U>(room, columns, rows_, in_);
  }

  // Before step i of rows `row` and on is computed: its sums; of a small batch, those of the steps that follow too.
  void sum(int64_t i, int64_t row, int64_t rows) const {
    const Sequence& s = sequence_;
    const int64_t together = rows == s.batch && sums_.step != 0 ? ceil_div(kProductRows, larger(rows, 1)) : 1;
    if (i % together != 0) return;
    const int64_t count = smaller(together, s.steps - i), first = s.time(s.reverse ? i + count - 1 : i);
    multiply<U>({count * rows, rows_, in_, x_.block(first * s.batch + row, 0), {}, weight_,
                 sums_.of(first).block(row, 0), bias_, nullptr});
  }

 private:
  const Sequence sequence_;
  const int64_t in_, rows_;
  const Operand<U> x_;
  const Steps<T> sums_;
  const Matrix<const T> bias_;
  PackedColumns<U> weight_;
};

// B[depth × (groups · n)] packed once for all steps, in units of a product: of each block a panel for every group.
template <typename U>
struct Recurrent {
  const U* data;
  int64_t depth, n, groups;
  Reading reading;  // of the state's elements

  int64_t blocks() const { return ceil_div(n, kStateBlock<U>); }
  int64_t columns(int64_t block) const { return smaller(kStateBlock<U>, n - block * kStateBlock<U>); }
  const U* panel(int64_t block, int64_t group) const {
    return data + (block * groups + group) * packed_columns_size<U>(kStateBlock<U>, depth);
  }
};

template <typename U>
Recurrent<U> pack_recurrent(const Operand<U>& b, int64_t depth, int64_t n, int64_t groups) {
  const int64_t panels = ceil_div(n, kStateBlock<U>) * groups, size = packed_columns_size<U>(kStateBlock<U>, depth);
  U* data = workspace<U>(Workspace::Weights, panels * size);
  const Recurrent<U> packed = {data, depth, n, groups, b.reading};
  parallel_for(panels, grain_of(16 * size), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t block = i / groups, group = i % groups;
      pack_columns<U>(data + i * size, b.block(0, group * n + block * kStateBlock<U>), packed.columns(block), depth);
    }
  });
  return packed;
}

// Some rows of the batch at the i-th step, columns of the state from `unit` on: whole blocks.
struct Place {
  int64_t i, row, rows, unit, columns;
};

// The left operand of one step's products: rows of a state in units, or nothing, which counts as zeros.
template <typename U>
class Left {
 public:
  using T = Accumulator<U>;

  Left(const Matrix<const T>& a, int64_t rows, const Recurrent<U>& right) : rows_(rows), right_(right) {
    if (!a.data) return;
    // Beyond the depth, so that rows do not push each other out of the cache.
    pitch_ = ceil_div(right.depth, kUnitElements<U>) + kLanes<U>;
    data_ = workspace<U>(Workspace::PackedA, rows * pitch_);
    pack_along<U>(data_, pitch_, {a.data, a.row, a.column, right.reading}, rows, right.depth);
  }

  // C[rows × columns of the place] = bias + A · B; bias may be C, or null.
  void multiply(const Place& place, int64_t group, const Matrix<T>& c, const Matrix<const T>& bias) const {
    for (int64_t j = 0; j < place.columns; j += kStateBlock<U>) {
      multiply_block((place.unit + j) / kStateBlock<U>, group, c.block(0, j), bias.data ? bias.block(0, j) : bias);
    }
  }

 private:
  const int64_t rows_;
  const Recurrent<U>& right_;
  int64_t pitch_ = 0;
  U* data_ = nullptr;

  void multiply_block(int64_t block, int64_t group, const Matrix<T>& c, const Matrix<const T>& bias) const {
    const int64_t columns = right_.columns(block);
    if (!data_) {
      for (int64_t r = 0; r < rows_ && bias.data != c.data; r++) {
        for (int64_t j = 0; j < columns; j++) *c.at(r, j) = bias.data ? *bias.at(r, j) : T{0};
      }
      return;
    }
    const U* panel = right_.panel(block, group);
    const int64_t pass = pass_depth<U>(right_.depth);
    Matrix<const T> before = bias;
    for (int64_t p = 0; p < right_.depth; p += pass, before = {c.data, c.row, c.column}) {
      const Operand<U> a = {data_ + p / kUnitElements<U>, pitch_, 1, Reading::Plain};
      const int64_t units = ceil_div(right_.depth, kUnitElements<U>), done = p / kUnitElements<U>;
      const PackedColumns<U> b = {panel + done * kStateBlock<U>, kStateBlock<U>, units};
      const int64_t depth = smaller(pass, right_.depth - p);
      adjoint::ADJOINT_ISA::multiply<U>({rows_, columns, depth, a, {}, b, c, before, nullptr});
    }
  }
};

// Of steps before which there is nothing to do.
inline constexpr auto nothing = [](int64_t, int64_t, int64_t) {};

// Calls finish(place, left) for every step, in order, where left holds the place's rows of state(i); before that,
// prepare(i, row, rows). A thread takes its rows, a tile's or more, through all steps and waits for no other; where
// there are not two such shares, the blocks of each step are shared instead. Rows do not depend on each other, so
// neither changes a bit.
template <typename U, typename State, typename Prepare, typename Finish>
void for_steps(int64_t steps, int64_t batch, const Recurrent<U>& right, const State& state, const Prepare& prepare,
               const Finish& finish) {
  const bool few = batch < 2 * kTileRows;
  const int64_t share = larger(ceil_div(batch, thread_count()), kTileRows);
  parallel_for(batch, few ? batch : share, [&](int64_t begin, int64_t end) {
    const int64_t rows = end - begin;
    for (int64_t i = 0; i < steps; i++) {
      prepare(i, begin, rows);
      const Matrix<const Accumulator<U>> a = state(i);
      const Left<U> left(a.data ? a.block(begin, 0) : a, rows, right);
      const int64_t products = rows * right.groups * kStateBlock<U> * right.depth;
      parallel_for(right.blocks(), few ? grain_of(products) : right.blocks(), [&](int64_t first, int64_t last) {
        const int64_t unit = first * kStateBlock<U>;
        finish(Place{i, begin, rows, unit, smaller(last * kStateBlock<U>, right.n) - unit}, left);
      });
    }
  });
}

// The way forward: finish(place, left) for every step, when the inputs' part of its sums is in the view `sums`. From
// view `first` on the call has the inputs, and h0 if the sequence starts with one.
template <typename U, typename Finish>
void go_forward(const Call& call, const Sequence& s, int64_t gates, const View& sums, int first, Reading reading,
                const Finish& finish) {
  const View* const given = call.views + first;
  const Inputs<U> inputs(s, given, sums, reading);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(given[2], reading).transposed(), s.n, s.n, gates);
  const Before<Accumulator<U>> state = {s, Steps<Accumulator<U>>(call[0]), call.view_count > first + 4 ? given + 4 : nullptr};
  const auto prepare = [&](int64_t i, int64_t row, int64_t rows) { inputs.sum(i, row, rows); };
  for_steps(s.steps, s.batch, weight, state, prepare, finish);
}

// The way back: finish(place, row, dh) for every row of a place, from the last step to the first, makes the gradients
// of the state's sums [steps, batch, gates · n] of dh [the place's columns]. One step more gives dh0, if it is wanted,
// which is added to what is there if `adds`.
template <typename U, typename Finish>
void go_back(const Sequence& s, int64_t gates, const View& dsums, const View& dy, const View& weight_hh,
             const View* dh0, bool adds, Reading reading, const Finish& finish) {
  using T = Accumulator<U>;
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(weight_hh, reading), gates * s.n, s.n, 1);
  const Steps<T> sums(dsums);
  const Steps<const T> slopes(dy);
  const auto state = [&](int64_t k) {
    return Matrix<const T>{k == 0 ? nullptr : sums.of(s.time(s.steps - k)).data, gates * s.n, 1};
  };
  for_steps(s.steps + (dh0 != nullptr), s.batch, weight, state, nothing, [&](Place p, const Left<U>& left) {
    if (p.i == s.steps) {
      const Matrix<T> to = rows_of<T>(*dh0).block(p.row, p.unit);
      return left.multiply(p, 0, to, {adds ? to.data : nullptr, to.row, 1});
    }
    p.i = s.steps - 1 - p.i;
    T* const dh = workspace<T>(Workspace::Partial, p.rows * p.columns);
    left.multiply(p, 0, {dh, p.columns, 1}, slopes.of(s.time(p.i)).block(p.row, p.unit));
    for (int64_t r = 0; r < p.rows; r++) finish(p, p.row + r, dh + r * p.columns);
  });
}

}  // namespace adjoint::ADJOINT_ISA
