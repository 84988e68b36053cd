// One direction of a plain recurrent layer, forward and backward: h = f(h + W · h′), f = tanh or the rectifier.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename U>
void forward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[0], 1);
  const int64_t n = s.n;
  const bool starts = call.view_count > 5, rectifies = call.numbers[1] != 0;
  const Steps<T> states(call[0]);
  const Inputs<U> inputs(s, call[1], call[2], call[4], call[0], reading);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(call[3], reading).transposed(), n, n, 1);
  const auto state = [&](int64_t i) {
    if (i > 0) return Matrix<const T>{states.of(s.time(i - 1)).data, n, 1};
    return starts ? rows_of<const T>(call[5]) : Matrix<const T>{nullptr, 0, 0};
  };
  const auto prepare = [&](int64_t i, int64_t row, int64_t rows) { inputs.sum(i, row, rows); };
  for_steps(s.steps, s.batch, weight, state, prepare, [&](const Place& p, const Left<U>& left) {
    const Matrix<T> to = states.of(s.time(p.i)).block(p.row, p.unit);
    left.multiply(p, 0, to, {to.data, to.row, 1});
    for (int64_t r = 0; r < p.rows; r++) {
      T* __restrict h = to.at(r, 0);
      if (rectifies) {
        // A NaN stays one.
        for (int64_t j = 0; j < p.columns; j++) h[j] = h[j] < 0 ? T{0} : h[j];
      } else {
#pragma omp simd
        for (int64_t j = 0; j < p.columns; j++) h[j] = math::tanh(h[j]);
      }
    }
  });
}

template <typename U>
void backward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[0], 1);
  const int64_t n = s.n;
  const bool starts = call.view_count > 4, rectifies = call.numbers[1] != 0;
  const View* const given = call.views + (starts ? 2 : 1);
  const Matrix<T> dsums = rows_of<T>(call[0]);
  const Matrix<const T> dy = rows_of<const T>(given[0]), states = rows_of<const T>(given[1]);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(given[2], reading), n, n, 1);
  const Matrix<const T> none = {nullptr, 0, 0};
  const auto state = [&](int64_t k) {
    return k == 0 ? none : Matrix<const T>{dsums.at(s.time(s.steps - k) * s.batch, 0), n, 1};
  };
  // One step more gives the gradient of the first state.
  for_steps(s.steps + starts, s.batch, weight, state, nothing, [&](const Place& p, const Left<U>& left) {
    if (p.i == s.steps) return left.multiply(p, 0, rows_of<T>(call[1]).block(p.row, p.unit), none);
    const int64_t top = s.time(s.steps - 1 - p.i) * s.batch + p.row;
    const Matrix<T> to = dsums.block(top, p.unit);
    left.multiply(p, 0, to, dy.block(top, p.unit));
    for (int64_t r = 0; r < p.rows; r++) {
      T* __restrict d = to.at(r, 0);
      const T* __restrict h = states.at(top + r, p.unit);
      if (rectifies) {
        for (int64_t j = 0; j < p.columns; j++) d[j] = h[j] > 0 ? d[j] : T{0};
      } else {
        for (int64_t j = 0; j < p.columns; j++) d[j] *= 1 - h[j] * h[j];
      }
    }
  });
}

}  // namespace

void rnn(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { forward<decltype(unit)>(call, reading); });
}

void rnnGradient(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { backward<decltype(unit)>(call, reading); });
}

}  // namespace adjoint::ADJOINT_ISA
