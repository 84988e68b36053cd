// One direction of an LSTM layer, forward and backward. Gates lie in the order input, forget, cell, output, each of n units.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// c = f · c′ + i · g,  h = o · tanh c; the gates' activations take the place of their arguments.
template <typename T>
void activate(T* __restrict i, int64_t n, const T* __restrict before, T* __restrict c, T* __restrict h,
              int64_t columns) {
  T *__restrict f = i + n, *__restrict g = f + n, *__restrict o = g + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    i[j] = math::sigmoid(i[j]);
    f[j] = math::sigmoid(f[j]);
    g[j] = math::tanh(g[j]);
    o[j] = math::sigmoid(o[j]);
    c[j] = f[j] * before[j] + i[j] * g[j];
    h[j] = o[j] * math::tanh(c[j]);
  }
}

// From dh and dc, the gradients of the gates' arguments; dc becomes that of c′.
template <typename T>
void differentiate(const T* __restrict i, int64_t n, const T* __restrict before, const T* __restrict c,
                   const T* __restrict dh, T* __restrict dc, T* __restrict di, int64_t columns) {
  const T *__restrict f = i + n, *__restrict g = f + n, *__restrict o = g + n;
  T *__restrict df = di + n, *__restrict dg = df + n, *__restrict d_o = dg + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    const T y = math::tanh(c[j]);
    const T d = dc[j] + dh[j] * o[j] * (1 - y * y);
    di[j] = d * g[j] * i[j] * (1 - i[j]);
    df[j] = d * before[j] * f[j] * (1 - f[j]);
    dg[j] = d * i[j] * (1 - g[j] * g[j]);
    d_o[j] = dh[j] * y * o[j] * (1 - o[j]);
    dc[j] = d * f[j];
  }
}

template <typename U>
void forward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[1], 4);
  const int64_t n = s.n;
  const bool starts = call.view_count > 5;
  const Matrix<T> states = rows_of<T>(call[0]), gates = rows_of<T>(call[1]), cells = rows_of<T>(call[2]);
  const Matrix<const T> inputs = rows_of<const T>(call[3]);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(call[4], reading).transposed(), n, n, 4);
  const T zeros[kBlock<U>] = {};
  const auto state = [&](int64_t i) {
    if (i > 0) return Matrix<const T>{states.at(s.top(i - 1), 0), n, 1};
    return starts ? rows_of<const T>(call[5]) : Matrix<const T>{nullptr, 0, 0};
  };
  for_steps(s.steps, s.batch, weight, state, [&](const Place& p, const Left<U>& left) {
    const int64_t top = s.top(p.i) + p.row;
    for (int64_t gate = 0; gate < 4; gate++) {
      const int64_t column = gate * n + p.unit;
      left.multiply(p.block, gate, gates.block(top, column), inputs.block(top, column));
    }
    for (int64_t r = 0; r < p.rows; r++) {
      const T* before = p.i > 0  ? cells.at(s.top(p.i - 1) + p.row + r, p.unit)
                        : starts ? call[6].as<T>() + (p.row + r) * n + p.unit
                                 : zeros;
      activate(gates.at(top + r, p.unit), n, before, cells.at(top + r, p.unit), states.at(top + r, p.unit), p.columns);
    }
  });
  std::memcpy(states.at(s.steps * s.batch, 0), cells.at(s.top(s.steps - 1), 0), s.batch * n * sizeof(T));
}

template <typename U>
void backward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[0], 4);
  const int64_t n = s.n;
  const bool starts = call.view_count > 5;
  const View* const given = call.views + (starts ? 3 : 1);
  const Matrix<T> dgates = rows_of<T>(call[0]);
  const Matrix<const T> dy = rows_of<const T>(given[0]), gates = rows_of<const T>(given[1]);
  const Matrix<const T> cells = rows_of<const T>(given[2]);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(given[3], reading), 4 * n, n, 1);
  T* const dc = starts ? call[2].as<T>() : scratch<T>(Scratch::Plane, s.batch * n);
  std::memcpy(dc, dy.at(s.steps * s.batch, 0), s.batch * n * sizeof(T));
  const T zeros[kBlock<U>] = {};
  const auto state = [&](int64_t k) {
    return k == 0 ? Matrix<const T>{nullptr, 0, 0} : Matrix<const T>{dgates.at(s.top(s.steps - k), 0), 4 * n, 1};
  };
  // One step more gives the gradient of the first state.
  for_steps(s.steps + starts, s.batch, weight, state, [&](const Place& p, const Left<U>& left) {
    if (p.i == s.steps) return left.multiply(p.block, 0, rows_of<T>(call[1]).block(p.row, p.unit), {nullptr, 0, 0});
    const int64_t i = s.steps - 1 - p.i, top = s.top(i) + p.row;
    T* dh = scratch<T>(Scratch::Partial, p.rows * kBlock<U>);
    left.multiply(p.block, 0, {dh, kBlock<U>, 1}, dy.block(top, p.unit));
    for (int64_t r = 0; r < p.rows; r++) {
      const T* before = i > 0    ? cells.at(s.top(i - 1) + p.row + r, p.unit)
                        : starts ? given[4].as<T>() + (p.row + r) * n + p.unit
                                 : zeros;
      differentiate(gates.at(top + r, p.unit), n, before, cells.at(top + r, p.unit), dh + r * kBlock<U>,
                    dc + (p.row + r) * n + p.unit, dgates.at(top + r, p.unit), p.columns);
    }
  });
}

}  // namespace

void lstm(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { forward<decltype(unit)>(call, reading); });
}

void lstmGradient(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { backward<decltype(unit)>(call, reading); });
}

}  // namespace adjoint::ADJOINT_ISA
