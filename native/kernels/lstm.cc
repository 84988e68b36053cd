// One direction of an LSTM layer, forward and backward. Gates lie in the order input, forget, cell, output, each of n
// units.
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

// From dh and dc, the gradients of the gates' arguments; dc becomes that of c′. No c′ counts as zeros.
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
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[1], 4);
  if (s.batch == 0) return;
  const int64_t n = s.n;
  const Steps<T> states(call[0]), gates(call[1]), cells(call[2]);
  const Before<T> before = {s, cells, call.view_count > 7 ? &call[8] : nullptr};
  go_forward<U>(call, s, 4, call[1], 3, reading, [&](const Place& p, const Left<U>& left) {
    const int64_t t = s.time(p.i);
    const Matrix<T> sums = gates.of(t).block(p.row, p.unit), c = cells.of(t).block(p.row, p.unit);
    const Matrix<T> h = states.of(t).block(p.row, p.unit);
    for (int64_t gate = 0; gate < 4; gate++) {
      const Matrix<T> sum = sums.block(0, gate * n);
      left.multiply(p, gate, sum, {sum.data, sum.row, 1});
    }
    for (int64_t r = 0; r < p.rows; r++) {
      activate(sums.at(r, 0), n, before.row(p.i, p.row + r, p.unit), c.at(r, 0), h.at(r, 0), p.columns);
    }
  });
  std::memcpy(states.of(s.steps).data, cells.of(s.time(s.steps - 1)).data, s.batch * n * sizeof(T));
}

template <typename U>
void backward(const Call& call, Reading reading) {
  using T = Accumulator<U>;
  const Sequence s = sequence_of(call, call[0], 4);
  if (s.batch == 0) return;
  const int64_t n = s.n;
  const bool starts = call.view_count > 5;
  const View* const given = call.views + (starts ? 3 : 1);
  const Steps<T> dgates(call[0]), gates(given[1]), cells(given[2]);
  const Before<T> before = {s, cells, starts ? given + 4 : nullptr};
  T* const dc = starts ? call[2].as<T>() : workspace<T>(Workspace::Plane, s.batch * n);
  std::memcpy(dc, Steps<T>(given[0]).of(s.steps).data, s.batch * n * sizeof(T));
  const View* const dh0 = starts ? &call[1] : nullptr;
  go_back<U>(s, 4, call[0], given[0], given[3], dh0, false, reading, [&](const Place& p, int64_t row, const T* dh) {
    const int64_t t = s.time(p.i);
    differentiate(gates.of(t).at(row, p.unit), n, before.row(p.i, row, p.unit), cells.of(t).at(row, p.unit), dh,
                  dc + row * n + p.unit, dgates.of(t).at(row, p.unit), p.columns);
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
