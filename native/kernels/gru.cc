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
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[1], 3);
  const int64_t n = s.n;
  const Steps<T> states(call[0]), gates(call[1]), inner(call[2]);
  const T* const bias = call[3].as<const T>();
  const Before<T> before = {s, states, call.view_count > 8 ? &call[8] : nullptr};
  go_forward<U>(call, s, 3, call[1], 4, reading, [&](const Place& p, const Left<U>& left) {
    const int64_t t = s.time(p.i);
    const Matrix<T> sums = gates.of(t).block(p.row, p.unit), b = inner.of(t).block(p.row, p.unit);
    const Matrix<T> h = states.of(t).block(p.row, p.unit);
    for (int64_t gate = 0; gate < 2; gate++) {
      const Matrix<T> sum = sums.block(0, gate * n);
      left.multiply(p, gate, sum, {sum.data, sum.row, 1});
    }
    left.multiply(p, 2, b, {bias + 2 * n + p.unit, 0, 1});
    for (int64_t r = 0; r < p.rows; r++) {
      activate(sums.at(r, 0), n, bias + p.unit, b.at(r, 0), before.row(p.i, p.row + r, p.unit), h.at(r, 0), p.columns);
    }
  });
}

template <typename U>
void backward(const Call& call, Reading reading) {
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[0], 3);
  const int64_t n = s.n;
  const bool starts = call.view_count > 7;
  const View* const given = call.views + (starts ? 3 : 2);
  const Steps<T> dx(call[0]), dstates(call[1]), gates(given[1]), inner(given[2]);
  const Before<T> before = {s, Steps<T>(given[3]), starts ? given + 5 : nullptr};
  T* const dbefore = starts ? call[2].as<T>() : workspace<T>(Workspace::Plane, s.batch * n);
  std::memset(dbefore, 0, s.batch * n * sizeof(T));
  const View* const dh0 = starts ? &call[2] : nullptr;
  go_back<U>(s, 3, call[1], given[0], given[4], dh0, true, reading, [&](const Place& p, int64_t row, const T* dh) {
    const int64_t t = s.time(p.i);
    differentiate(gates.of(t).at(row, p.unit), n, inner.of(t).at(row, p.unit), before.row(p.i, row, p.unit), dh,
                  dbefore + row * n + p.unit, dx.of(t).at(row, p.unit), dstates.of(t).at(row, p.unit), p.columns);
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
