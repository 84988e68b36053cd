// One direction of a GRU layer, forward and backward. Gates lie in the order reset, update, new, each of n units;
// `inner` is the state's part of the new gate's argument, before the reset gate scales it.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// h = (1 − z) · v + z · h′ with v = tanh(v + r · inner). The gates' activations take the place of their arguments.
template <typename T>
void activate(T* __restrict r, int64_t n, const T* __restrict bias, const T* __restrict inner,
              const T* __restrict before, T* __restrict h, int64_t columns) {
  T *__restrict z = r + n, *__restrict v = z + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    r[j] = math::sigmoid(r[j] + bias[j]);
    z[j] = math::sigmoid(z[j] + bias[n + j]);
    const T y = math::tanh(v[j] + r[j] * inner[j]);
    v[j] = y;
    h[j] = (1 - z[j]) * y + (before ? z[j] * before[j] : T{0});
  }
}

// From dh, the gradients of the gates' arguments; `dbefore` becomes the part of that of h′ which passes no gate.
template <typename T>
void differentiate(const T* __restrict r, int64_t n, const T* __restrict inner, const T* __restrict before,
                   const T* __restrict dh, T* __restrict dbefore, T* __restrict dx, T* __restrict dstate,
                   int64_t columns) {
  const T *__restrict z = r + n, *__restrict v = z + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    const T d = dh[j] + dbefore[j];
    const T dv = d * (1 - z[j]) * (1 - v[j] * v[j]);
    const T dr = dv * inner[j] * r[j] * (1 - r[j]);
    const T dz = d * ((before ? before[j] : T{0}) - v[j]) * z[j] * (1 - z[j]);
    dx[j] = dr;
    dx[n + j] = dz;
    dx[2 * n + j] = dv;
    dstate[j] = dr;
    dstate[n + j] = dz;
    dstate[2 * n + j] = dv * r[j];
    dbefore[j] = d * z[j];
  }
}

template <typename U>
void forward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[1], 3);
  const int64_t n = s.n;
  const bool starts = call.view_count > 8;
  const Matrix<T> states = rows_of<T>(call[0]);
  const Steps<T> gates(call[1]), inner(call[2]);
  const Inputs<U> inputs(s, call[3], call[4], call[6], call[1], reading);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(call[5], reading).transposed(), n, n, 3);
  const T* const bias = call[7].as<const T>();
  const auto state = [&](int64_t i) {
    if (i > 0) return Matrix<const T>{states.at(s.time(i - 1) * s.batch, 0), n, 1};
    return starts ? rows_of<const T>(call[8]) : Matrix<const T>{nullptr, 0, 0};
  };
  const auto prepare = [&](int64_t i, int64_t row, int64_t rows) { inputs.sum(i, row, rows); };
  for_steps(s.steps, s.batch, weight, state, prepare, [&](const Place& p, const Left<U>& left) {
    const int64_t t = s.time(p.i);
    const Matrix<T> sums = gates.of(t).block(p.row, p.unit), b = inner.of(t).block(p.row, p.unit);
    for (int64_t gate = 0; gate < 2; gate++) {
      const Matrix<T> sum = sums.block(0, gate * n);
      left.multiply(p, gate, sum, {sum.data, sum.row, 1});
    }
    left.multiply(p, 2, b, {bias + 2 * n + p.unit, 0, 1});
    const Matrix<const T> before = state(p.i);
    for (int64_t r = 0; r < p.rows; r++) {
      activate(sums.at(r, 0), n, bias + p.unit, b.at(r, 0), before.data ? before.at(p.row + r, p.unit) : nullptr,
               states.at(t * s.batch + p.row + r, p.unit), p.columns);
    }
  });
}

template <typename U>
void backward(const Call& call, Reading reading) {
  using T = Sum<U>;
  const Sequence s = sequence_of(call, call[0], 3);
  const int64_t n = s.n;
  const bool starts = call.view_count > 7;
  const View* const given = call.views + (starts ? 3 : 2);
  const Matrix<T> dx = rows_of<T>(call[0]), dstates = rows_of<T>(call[1]);
  const Matrix<const T> dy = rows_of<const T>(given[0]), gates = rows_of<const T>(given[1]);
  const Matrix<const T> inner = rows_of<const T>(given[2]), states = rows_of<const T>(given[3]);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(given[4], reading), 3 * n, n, 1);
  T* const dbefore = starts ? call[2].as<T>() : scratch<T>(Scratch::Plane, s.batch * n);
  std::memset(dbefore, 0, s.batch * n * sizeof(T));
  const Matrix<const T> none = {nullptr, 0, 0};
  const auto top = [&](int64_t i) { return s.time(i) * s.batch; };
  const auto state = [&](int64_t k) {
    return k == 0 ? none : Matrix<const T>{dstates.at(top(s.steps - k), 0), 3 * n, 1};
  };
  // One step more gives the gradient of the first state.
  for_steps(s.steps + starts, s.batch, weight, state, nothing, [&](const Place& p, const Left<U>& left) {
    if (p.i == s.steps) {
      T* to = dbefore + p.row * n + p.unit;
      return left.multiply(p, 0, {to, n, 1}, {to, n, 1});
    }
    const int64_t i = s.steps - 1 - p.i, first = top(i) + p.row;
    T* dh = scratch<T>(Scratch::Partial, p.rows * p.columns);
    left.multiply(p, 0, {dh, p.columns, 1}, dy.block(first, p.unit));
    const Matrix<const T> before = i > 0    ? states.block(top(i - 1) + p.row, p.unit)
                                   : starts ? rows_of<const T>(given[5]).block(p.row, p.unit)
                                            : none;
    for (int64_t r = 0; r < p.rows; r++) {
      differentiate(gates.at(first + r, p.unit), n, inner.at(first + r, p.unit), before.data ? before.at(r, 0) : nullptr,
                    dh + r * p.columns, dbefore + (p.row + r) * n + p.unit, dx.at(first + r, p.unit),
                    dstates.at(first + r, p.unit), p.columns);
    }
  });
}

}  // namespace

void gru(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { forward<decltype(unit)>(call, reading); });
}

void gruGradient(const Call& call) {
  with_units(call, [&](auto unit, Reading reading) { backward<decltype(unit)>(call, reading); });
}

}  // namespace adjoint::ADJOINT_ISA
