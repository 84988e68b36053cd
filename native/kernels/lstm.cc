// One direction of an LSTM layer, forward and backward. Gates lie in the order input, forget, cell, output, each of n units.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// c = f · c′ + i · g,  h = o · tanh c; the gates' activations take the place of their arguments. No c′ counts as zeros;
// c may be where it lies.
template <typename T>
void activate(T* __restrict i, int64_t n, const T* before, T* c, T* __restrict h, int64_t columns) {
  T *__restrict f = i + n, *__restrict g = f + n, *__restrict o = g + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    i[j] = math::sigmoid(i[j]);
    f[j] = math::sigmoid(f[j]);
    g[j] = math::tanh(g[j]);
    o[j] = math::sigmoid(o[j]);
    const T fresh = i[j] * g[j], cell = before ? f[j] * before[j] + fresh : fresh;
    c[j] = cell;
    h[j] = o[j] * math::tanh(cell);
  }
}

// From dh and dc, the gradients of the gates' arguments; dc becomes that of c′, which counts as zeros where there is none.
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
    df[j] = before ? d * before[j] * f[j] * (1 - f[j]) : T{0};
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
  const bool starts = call.view_count > 7;
  const Matrix<T> states = rows_of<T>(call[0]);
  const Steps<T> gates(call[1]), cells(call[2]);
  const Inputs<U> inputs(s, call[3], call[4], call[6], call[1], reading);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(call[5], reading).transposed(), n, n, 4);
  const Matrix<const T> none = {nullptr, 0, 0};
  const auto state = [&](int64_t i) {
    if (i > 0) return Matrix<const T>{states.at(s.time(i - 1) * s.batch, 0), n, 1};
    return starts ? rows_of<const T>(call[7]) : none;
  };
  const auto prepare = [&](int64_t i, int64_t row, int64_t rows) { inputs.sum(i, row, rows); };
  for_steps(s.steps, s.batch, weight, state, prepare, [&](const Place& p, const Left<U>& left) {
    const int64_t t = s.time(p.i);
    const Matrix<T> sums = gates.of(t).block(p.row, p.unit), c = cells.of(t).block(p.row, p.unit);
    const Matrix<T> h = states.block(t * s.batch + p.row, p.unit);
    for (int64_t gate = 0; gate < 4; gate++) {
      const Matrix<T> sum = sums.block(0, gate * n);
      left.multiply(p, gate, sum, {sum.data, sum.row, 1});
    }
    const Matrix<const T> before = p.i > 0  ? Matrix<const T>{cells.of(s.time(p.i - 1)).at(p.row, p.unit), n, 1}
                                   : starts ? rows_of<const T>(call[8]).block(p.row, p.unit)
                                            : none;
    for (int64_t r = 0; r < p.rows; r++) {
      activate(sums.at(r, 0), n, before.data ? before.at(r, 0) : nullptr, c.at(r, 0), h.at(r, 0), p.columns);
    }
  });
  std::memcpy(states.at(s.steps * s.batch, 0), cells.of(s.time(s.steps - 1)).data, s.batch * n * sizeof(T));
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
  const Matrix<const T> cells = rows_of<const T>(given[2]), none = {nullptr, 0, 0};
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(given[3], reading), 4 * n, n, 1);
  T* const dc = starts ? call[2].as<T>() : scratch<T>(Scratch::Plane, s.batch * n);
  std::memcpy(dc, dy.at(s.steps * s.batch, 0), s.batch * n * sizeof(T));
  const auto top = [&](int64_t i) { return s.time(i) * s.batch; };
  const auto state = [&](int64_t k) {
    return k == 0 ? none : Matrix<const T>{dgates.at(top(s.steps - k), 0), 4 * n, 1};
  };
  // One step more gives the gradient of the first state.
  for_steps(s.steps + starts, s.batch, weight, state, nothing, [&](const Place& p, const Left<U>& left) {
    if (p.i == s.steps) return left.multiply(p, 0, rows_of<T>(call[1]).block(p.row, p.unit), none);
    const int64_t i = s.steps - 1 - p.i, first = top(i) + p.row;
    T* dh = scratch<T>(Scratch::Partial, p.rows * p.columns);
    left.multiply(p, 0, {dh, p.columns, 1}, dy.block(first, p.unit));
    const Matrix<const T> before = i > 0    ? cells.block(top(i - 1) + p.row, p.unit)
                                   : starts ? rows_of<const T>(given[4]).block(p.row, p.unit)
                                            : none;
    for (int64_t r = 0; r < p.rows; r++) {
      differentiate(gates.at(first + r, p.unit), n, before.data ? before.at(r, 0) : nullptr, cells.at(first + r, p.unit),
                    dh + r * p.columns, dc + (p.row + r) * n + p.unit, dgates.at(first + r, p.unit), p.columns);
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
