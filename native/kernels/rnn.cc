// One direction of a plain recurrent layer, forward and backward: h = f(h + W · h′), f = tanh or the rectifier.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename U>
void forward(const Call& call, Reading reading) {
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[0], 1);
  const bool rectifies = call.numbers[1] != 0;
  const Steps<T> states(call[0]);
  go_forward<U>(call, s, 1, call[0], 1, reading, [&](const Place& p, const Left<U>& left) {
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
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[0], 1);
  const bool starts = call.view_count > 4, rectifies = call.numbers[1] != 0;
  const View* const given = call.views + (starts ? 2 : 1);
  const Steps<T> dsums(call[0]), states(given[1]);
  const View* const dh0 = starts ? &call[1] : nullptr;
  go_back<U>(s, 1, call[0], given[0], given[2], dh0, false, reading, [&](const Place& p, int64_t row, const T* from) {
    const T* __restrict dh = from;
    const int64_t t = s.time(p.i);
    T* __restrict d = dsums.of(t).at(row, p.unit);
    const T* __restrict h = states.of(t).at(row, p.unit);
    if (rectifies) {
      for (int64_t j = 0; j < p.columns; j++) d[j] = h[j] > 0 ? dh[j] : T{0};
    } else {
      for (int64_t j = 0; j < p.columns; j++) d[j] = dh[j] * (1 - h[j] * h[j]);
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
