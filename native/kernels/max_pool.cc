// 2-D pooling by the largest element, forward and backward.
#include "kernels/pool.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// The larger of each pair of neighbours in a row: best[j] of x[2j] and x[2j + 1], which is element index + 2j (+ 1).
template <typename T>
void max_of_pairs(T* __restrict best, int32_t* __restrict at, const T* __restrict x, int64_t count, int32_t index) {
  for (int64_t j = 0; j < count; j++) {
    const int32_t left = index + 2 * static_cast<int32_t>(j);
    const T a = x[2 * j], b = x[2 * j + 1];
    const bool take = (b > a) | (b != b);
    best[j] = take ? b : a;
    at[j] = take ? left + 1 : left;
  }
}

// Windows of 2 × 2 side by side. First along the rows, all rows of a strip at once where they lie together, because rows
// are often shorter than a vector; then down the columns. In this order the first of equals wins, as in PyTorch.
template <typename T>
void max_plane_in_pairs(const Window& window, const Plane<T>& y, const Plane<int32_t>& indices, const Plane<const T>& x) {
  constexpr int64_t kStrip = 2048;
  T best[kStrip];
  int32_t at[kStrip];
  const int64_t width = window.w.output < kStrip / 2 ? window.w.output : kStrip / 2;
  const int64_t rows = kStrip / (2 * width);
  for (int64_t left = 0; left < window.w.output; left += width) {
    const int64_t columns = window.w.output - left < width ? window.w.output - left : width;
    const bool together = x.row == window.w.input && window.w.input == 2 * columns;
    for (int64_t top = 0; top < window.h.output; top += rows) {
      const int64_t count = window.h.output - top < rows ? window.h.output - top : rows;
      const auto index = [&](int64_t row) { return static_cast<int32_t>((2 * top + row) * window.w.input + 2 * left); };
      if (together) {
        max_of_pairs(best, at, &x.at(2 * top, 0), 2 * count * columns, index(0));
      } else {
        for (int64_t row = 0; row < 2 * count; row++) {
          max_of_pairs(best + row * columns, at + row * columns, &x.at(2 * top + row, 2 * left), columns, index(row));
        }
      }
      for (int64_t i = 0; i < count; i++) {
        T* __restrict to = &y.at(top + i, left);
        int32_t* __restrict to_index = &indices.at(top + i, left);
        const int64_t upper = 2 * i * columns, lower = upper + columns;
        for (int64_t j = 0; j < columns; j++) {
          const T a = best[upper + j], b = best[lower + j];
          const bool take = (b > a) | (b != b);
          to[j] = take ? b : a;
          to_index[j] = take ? at[lower + j] : at[upper + j];
        }
      }
    }
  }
}

// best and index take a candidate that is larger, or NaN. In the order of memory, the first maximum of a window wins, or its
// last NaN, as in PyTorch.
template <typename T, typename Step>
ADJOINT_INLINE void take_larger(T* __restrict best, int32_t* __restrict index, const T* __restrict candidates, Step step,
                                const int32_t* __restrict places, int32_t shift, int64_t count) {
  for (int64_t j = 0; j < count; j++) {
    const T candidate = candidates[j * step];
    const bool take = (candidate > best[j]) | (candidate != candidate);
    best[j] = take ? candidate : best[j];
    index[j] = take ? places[j] + shift : index[j];
  }
}

// First along the rows, then down the columns: in this order the first of equals wins.
template <typename T>
void max_planes(const Call& call, const Window& window, int64_t begin_plane, int64_t end_plane) {
  const auto& [h, w] = window;
  const Rows<T> rows(window, -static_cast<T>(__builtin_inf()));
  const int64_t room = rows.count * rows.windows, width = w.input;
  // Where each window's first element would be without the padding, where it is, and where the largest is.
  const Scratch<int32_t> places(room), starts(room), index(room);
  const Scratch<T> row_best(w.output);
  const Scratch<int32_t> row_index(w.output);
  for (int64_t i = 0; i < room; i++) {
    const int64_t row = i / rows.windows, j = i % rows.windows;
    places.data[i] = static_cast<int32_t>(row * width + j * w.stride - w.pad);
    starts.data[i] = static_cast<int32_t>(places.data[i] + w.first(j) * w.dilation);
  }
  for (int64_t plane = begin_plane; plane < end_plane; plane++) {
    const Plane<T> y = plane_of<T>(call[0], plane);
    const Plane<int32_t> indices = plane_of<int32_t>(call[1], plane);
    rows.for_strips(plane_of<const T>(call[2], plane), [&](int64_t begin, int64_t end, int64_t top) {
      const int64_t count = (rows.last(end) - top) * rows.windows;
      for (int64_t i = 0; i < count; i++) {
        rows.results.data[i] = -static_cast<T>(__builtin_inf());
        index.data[i] = starts.data[i];
      }
      rows.for_taps([&](int64_t q, const T* from, auto step) ADJOINT_LAMBDA {
        const int32_t shift = static_cast<int32_t>(q * w.dilation);
        take_larger<T>(rows.results.data, index.data, from, step, places.data, shift, count);
      });
      const int32_t above = static_cast<int32_t>(top * width);
      for (int64_t i = begin; i < end; i++) {
        T* __restrict best = row_best.data;
        int32_t* __restrict at = row_index.data;
        for (int64_t p = h.first(i); p < h.last(i); p++) {
          const int64_t line = (i * h.stride - h.pad + p * h.dilation - top) * rows.windows;
          const T* __restrict line_best = rows.results.data + line;
          const int32_t* __restrict line_at = index.data + line;
          if (p > h.first(i)) {
            take_larger<T>(best, at, line_best, Unit{}, line_at, above, w.output);
          } else {
            for (int64_t j = 0; j < w.output; j++) {
              best[j] = line_best[j];
              at[j] = line_at[j] + above;
            }
          }
        }
        for (int64_t j = 0; j < w.output; j++) y.at(i, j) = best[j];
        for (int64_t j = 0; j < w.output; j++) indices.at(i, j) = at[j];
      }
    });
  }
}

template <typename T>
void max_pool_of(const Call& call) {
  const View &y = call[0], &x = call[2];
  Window window(y, x, call.numbers);
  window.h.dilation = static_cast<int64_t>(call.numbers[6]);
  window.w.dilation = static_cast<int64_t>(call.numbers[7]);
  if (!(window.in_pairs() && y.strides[3] == 1 && call[1].strides[3] == 1 && x.strides[3] == 1)) {
    return for_plane_ranges(x, [&](int64_t begin, int64_t end) { max_planes<T>(call, window, begin, end); });
  }
  for_planes(x, [&](int64_t plane) {
    max_plane_in_pairs(window, plane_of<T>(y, plane), plane_of<int32_t>(call[1], plane), plane_of<const T>(x, plane));
  });
}

template <typename T>
void max_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const int64_t width = dx.shape[3];
  for_planes(dx, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(dx, plane);
    const Plane<const T> from = plane_of<const T>(dy, plane);
    const Plane<const int32_t> indices = plane_of<const int32_t>(call[2], plane);
    fill_zero(to, dx.shape[2], width);
    const int64_t height = dy.shape[2], across = dy.shape[3];
    const bool dense = to.column == 1 && to.row == width && from.column == 1 && from.row == across &&
                       indices.column == 1 && indices.row == across;
    if (dense) {
      for (int64_t i = 0; i < height * across; i++) to.data[indices.data[i]] += from.data[i];
      return;
    }
    for (int64_t i = 0; i < height; i++) {
      for (int64_t j = 0; j < across; j++) {
        const int64_t index = indices.at(i, j);
        to.at(index / width, index % width) += from.at(i, j);
      }
    }
  });
}

}  // namespace

void maxPool2d(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_of<decltype(zero)>(call); });
}

void maxPool2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
