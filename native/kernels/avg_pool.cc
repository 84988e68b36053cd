// 2-D pooling by the mean, forward and backward.
#include "kernels/pool.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// How many elements a window's mean is of, along one axis.
int64_t cells(const WindowAxis& axis, int64_t i, bool count_padding) {
  return count_padding ? axis.padded_taps(i) : axis.last(i) - axis.first(i);
}

Window average_window(const View& y, const View& x, const double* numbers) {
  Window window(y, x, numbers);
  window.h.end_pad = static_cast<int64_t>(numbers[7]);
  window.w.end_pad = static_cast<int64_t>(numbers[8]);
  return window;
}

// Sums along the rows, then down the columns.
template <typename T>
void average_planes(const Call& call, const Window& window, int64_t begin_plane, int64_t end_plane) {
  const auto& [h, w] = window;
  const bool count_padding = call.numbers[6] != 0;
  const Rows<T> rows(window, 0);
  const Scratch<T> sums(w.output), counts(w.output);
  for (int64_t j = 0; j < w.output; j++) counts.data[j] = static_cast<T>(cells(w, j, count_padding));
  for (int64_t plane = begin_plane; plane < end_plane; plane++) {
    const Plane<T> y = plane_of<T>(call[0], plane);
    rows.for_strips(plane_of<const T>(call[1], plane), [&](int64_t begin, int64_t end, int64_t top) {
      const int64_t count = (rows.last(end) - top) * rows.windows;
      rows.for_taps([&](int64_t q, const T* __restrict from, auto step) ADJOINT_LAMBDA {
        T* __restrict to = rows.results.data;
        if (q == 0) for (int64_t i = 0; i < count; i++) to[i] = from[i * step];
        else for (int64_t i = 0; i < count; i++) to[i] += from[i * step];
      });
      for (int64_t i = begin; i < end; i++) {
        T* __restrict sum = sums.data;
        for (int64_t j = 0; j < w.output; j++) sum[j] = 0;
        for (int64_t p = h.first(i); p < h.last(i); p++) {
          const T* __restrict line = rows.results.data + (i * h.stride - h.pad + p * h.dilation - top) * rows.windows;
          for (int64_t j = 0; j < w.output; j++) sum[j] += line[j];
        }
        const T height = static_cast<T>(cells(h, i, count_padding));
        for (int64_t j = 0; j < w.output; j++) sum[j] /= height * counts.data[j];
        for (int64_t j = 0; j < w.output; j++) y.at(i, j) = sum[j];
      }
    });
  }
}

template <typename T>
void avg_pool_of(const Call& call) {
  const View &y = call[0], &x = call[1];
  const Window window = average_window(y, x, call.numbers);
  if (!(window.in_pairs() && y.strides[3] == 1 && x.strides[3] == 1)) {
    return for_plane_ranges(x, [&](int64_t begin, int64_t end) { average_planes<T>(call, window, begin, end); });
  }
  for_planes(x, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(y, plane);
    const Plane<const T> from = plane_of<const T>(x, plane);
    for (int64_t i = 0; i < window.h.output; i++) {
      T* __restrict out = &to.at(i, 0);
      const T *upper = &from.at(2 * i, 0), *lower = &from.at(2 * i + 1, 0);
      for (int64_t j = 0; j < window.w.output; j++) {
        out[j] = (upper[2 * j] + upper[2 * j + 1] + lower[2 * j] + lower[2 * j + 1]) / 4;
      }
    }
  });
}

// What every element of a row gets from a row of windows: their shares lie `stride` apart between zeros, of which an
// element adds up as many as a window is wide. Then down the columns.
template <typename T>
void average_gradient_planes(const Call& call, const Window& window, int64_t begin_plane, int64_t end_plane) {
  const auto& [h, w] = window;
  const bool count_padding = call.numbers[6] != 0;
  const int64_t before = w.taps - 1;
  const int64_t spread = before + (w.output - 1) * w.stride + 1, needed = w.pad + w.input + before;
  const int64_t room = spread > needed ? spread : needed;
  const Scratch<T> shares(room), sums(w.input), counts(w.output);
  for (int64_t k = 0; k < room; k++) shares.data[k] = 0;
  for (int64_t j = 0; j < w.output; j++) counts.data[j] = static_cast<T>(cells(w, j, count_padding));
  for (int64_t plane = begin_plane; plane < end_plane; plane++) {
    const Plane<T> dx = plane_of<T>(call[0], plane);
    const Plane<const T> dy = plane_of<const T>(call[1], plane);
    fill_zero(dx, h.input, w.input);
    for (int64_t i = 0; i < h.output; i++) {
      const T height = static_cast<T>(cells(h, i, count_padding));
      for (int64_t j = 0; j < w.output; j++) shares.data[before + j * w.stride] = dy.at(i, j) / (height * counts.data[j]);
      T* __restrict sum = sums.data;
      for (int64_t q = 0; q < w.taps; q++) {
        const T* __restrict from = shares.data + w.pad + q;
        if (q == 0) for (int64_t k = 0; k < w.input; k++) sum[k] = from[k];
        else for (int64_t k = 0; k < w.input; k++) sum[k] += from[k];
      }
      for (int64_t p = h.first(i); p < h.last(i); p++) {
        T* __restrict to = &dx.at(i * h.stride - h.pad + p, 0);
        if (dx.column == 1) for (int64_t k = 0; k < w.input; k++) to[k] += sum[k];
        else for (int64_t k = 0; k < w.input; k++) to[k * dx.column] += sum[k];
      }
    }
  }
}

template <typename T>
void avg_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const Window window = average_window(dy, dx, call.numbers);
  if (!(window.in_pairs() && dx.strides[3] == 1 && dy.strides[3] == 1)) {
    return for_plane_ranges(dx, [&](int64_t begin, int64_t end) { average_gradient_planes<T>(call, window, begin, end); });
  }
  for_planes(dx, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(dx, plane);
    const Plane<const T> from = plane_of<const T>(dy, plane);
    if (2 * window.h.output < dx.shape[2] || 2 * window.w.output < dx.shape[3]) fill_zero(to, dx.shape[2], dx.shape[3]);
    for (int64_t i = 0; i < window.h.output; i++) {
      const T* shares = &from.at(i, 0);
      T* __restrict upper = &to.at(2 * i, 0);
      T* __restrict lower = &to.at(2 * i + 1, 0);
      for (int64_t j = 0; j < window.w.output; j++) {
        const T share = shares[j] / 4;
        upper[2 * j] = share;
        upper[2 * j + 1] = share;
        lower[2 * j] = share;
        lower[2 * j + 1] = share;
      }
    }
  });
}

}  // namespace

void avgPool2d(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { avg_pool_of<decltype(zero)>(call); });
}

void avgPool2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { avg_pool_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
