// One direction of a GRU layer, forward and backward. Gates lie in the order reset, update, new, each of n units;
// `inner` is the state's part of the new gate's argument, before the reset gate scales it.
#include "kernels/recurrent.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// h = (1 − z) · v + z · h′ with v = tanh(x + r · inner). The activations of r and z take the place of their arguments;
// x may be where v goes.
template <typename T>
void activate(T* __restrict r, const T* x, int64_t n, const T* __restrict bias, const T* __restrict inner,
              const T* __restrict before, T* __restrict h, int64_t columns) {
  T *__restrict z = r + n, *v = z + n;
#pragma omp simd
  for (int64_t j = 0; j < columns; j++) {
    r[j] = math::sigmoid(r[j] + bias[j]);
    z[j] = math::sigmoid(z[j] + bias[n + j]);
    const T y = math::tanh(x[j] + r[j] * inner[j]);
    v[j] = y;
    h[j] = (1 - z[j]) * y + z[j] * before[j];
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
    const T dz = d * (before[j] - v[j]) * z[j] * (1 - z[j]);
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
  const bool starts = call.view_count > 6;
  const Matrix<T> states = rows_of<T>(call[0]), gates = rows_of<T>(call[1]), inner = rows_of<T>(call[2]);
  const Matrix<const T> inputs = rows_of<const T>(call[3]);
  const Recurrent<U> weight = pack_recurrent(operand_of<U>(call[4], reading).transposed(), n, n, 3);
  const T *bias = call[5].as<const T>(), zeros[kBlock<U>] = {};
  const auto state = [&](int64_t i) {
    if (i > 0) return Matrix<const T>{states.at(s.top(i - 1), 0), n, 1};
    return starts ? rows_of<const T>(call[6]) : Matrix<const T>{nullptr, 0, 0};
  };
  for_steps(s.steps, s.batch, weight, state, [&](const Place& p, const Left<U>& left) {
    const int64_t top = s.top(p.i) + p.row;
    for (int64_t gate = 0; gate < 2; gate++) {
      const int64_t column = gate * n + p.unit;
      left.multiply(p.block, gate, gates.block(top, column), inputs.block(top, column));
    }
    left.multiply(p.block, 2, inner.block(top, p.unit), {bias + 2 * n + p.unit, 0, 1});
    const Matrix<const T> before = state(p.i);
    for (int64_t r = 0; r < p.rows; r++) {
      activate(gates.at(top + r, p.unit), inputs.at(top + r, 2 * n + p.unit), n, bias + p.unit,
               inner.at(top + r, p.unit), before.data ? before.at(p.row + r, p.unit) : zeros,
               states.at(top + r, p.unit), p.columns);
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
  const T zeros[kBlock<U>] = {};
  const auto state = [&](int64_t k) {
    return k == 0 ? Matrix<const T>{nullptr, 0, 0} : Matrix<const T>{dstates.at(s.top(s.steps - k), 0), 3 * n, 1};
  };
  // One step more gives the gradient of the first state.
  for_steps(s.steps + starts, s.batch, weight, state, [&](const Place& p, const Left<U>& left) {
    if (p.i == s.steps) {
      T* to = dbefore + p.row * n + p.unit;
      return left.multiply(p.block, 0, {to, n, 1}, {to, n, 1});
    }
    const int64_t i = s.steps - 1 - p.i, top = s.top(i) + p.row;
    T* dh = scratch<T>(Scratch::Partial, p.rows * kBlock<U>);
    left.multiply(p.block, 0, {dh, kBlock<U>, 1}, dy.block(top, p.unit));
    for (int64_t r = 0; r < p.rows; r++) {
      const T* before = i > 0    ? states.at(s.top(i - 1) + p.row + r, p.unit)
                        : starts ? given[5].as<T>() + (p.row + r) * n + p.unit
                                 : zeros;
      differentiate(gates.at(top + r, p.unit), n, inner.at(top + r, p.unit), before, dh + r * kBlock<U>,
                    dbefore + (p.row + r) * n + p.unit, dx.at(top + r, p.unit), dstates.at(top + r, p.unit), p.columns);
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
