// 2-D pooling of N · C planes [H, W] to [OH, OW], each plane on one thread.
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// One spatial axis: output i looks at inputs i · stride − pad + tap · dilation.
struct Axis {
  int64_t input, output, taps, stride, pad, dilation, end_pad;

  // Taps first(i) … last(i) − 1 of output i lie in the plane.
  int64_t first(int64_t i) const {
    const int64_t start = i * stride - pad;
    return start < 0 ? (-start + dilation - 1) / dilation : 0;
  }
  int64_t last(int64_t i) const {
    const int64_t fit = (input - (i * stride - pad) + dilation - 1) / dilation;
    return fit < taps ? fit : taps;
  }
  // Windows of two, side by side, none of which reaches beyond the plane.
  bool in_pairs() const { return taps == 2 && stride == 2 && dilation == 1 && pad == 0 && 2 * output <= input; }

  // Taps that lie in the padded plane: a window may begin within it and end beyond.
  int64_t padded_taps(int64_t i) const {
    const int64_t fit = input + end_pad - (i * stride - pad);
    return fit < taps ? fit : taps;
  }
};

// A plane of a view: element (i, j) at data[i · row + j · column].
template <typename T>
struct Plane {
  T* data;
  int64_t row, column;

  T& at(int64_t i, int64_t j) const { return data[i * row + j * column]; }
};

template <typename T>
Plane<T> plane_of(const View& view, int64_t index) {
  const int64_t n = index / view.shape[1], c = index % view.shape[1];
  return {view.as<T>() + n * view.strides[0] + c * view.strides[1], view.strides[2], view.strides[3]};
}

// Calls body(plane) for every plane, in parallel.
template <typename Body>
void for_planes(const View& x, const Body& body) {
  const int64_t planes = x.shape[0] * x.shape[1], size = x.shape[2] * x.shape[3];
  parallel_for(planes, kGrain / (size + 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; plane++) body(plane);
  });
}

// numbers: kh, kw, strideH, strideW, padTop, padLeft; then each kernel's own
struct Window {
  Axis h, w;

  Window(const View& y, const View& x, const double* numbers) {
    const auto number = [&](int i) { return static_cast<int64_t>(numbers[i]); };
    h = {x.shape[2], y.shape[2], number(0), number(2), number(4), 1, 0};
    w = {x.shape[3], y.shape[3], number(1), number(3), number(5), 1, 0};
  }

  bool in_pairs() const { return h.in_pairs() && w.in_pairs(); }
};

// The first maximum of a window, or its last NaN, as PyTorch has it.
template <typename T>
void take_larger(T candidate, int32_t index, T& best, int32_t& best_index) {
  const bool take = (candidate > best) | (candidate != candidate);
  best = take ? candidate : best;
  best_index = take ? index : best_index;
}

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

// One tap of a row of windows: y[j] and indices[j] take x[j] where it is larger. Strides count elements; `step` is the
// distance of two windows in x's plane.
template <typename T>
__attribute__((always_inline)) inline void take_tap(T* __restrict y, int64_t y_stride, int32_t* __restrict indices,
                                                    int64_t index_stride, const T* __restrict x, int64_t x_stride,
                                                    int64_t count, int32_t index, int32_t step) {
  for (int64_t j = 0; j < count; j++) {
    take_larger(x[j * x_stride], index + static_cast<int32_t>(j) * step, y[j * y_stride], indices[j * index_stride]);
  }
}

template <typename T>
void max_plane(const Window& window, const Plane<T>& y, const Plane<int32_t>& indices, const Plane<const T>& x) {
  const auto& [h, w] = window;
  const int64_t distance = w.stride * x.column;
  const bool unit = y.column == 1 && indices.column == 1;
  for (int64_t i = 0; i < h.output; i++) {
    const int64_t top = i * h.stride - h.pad, first_row = top + h.first(i) * h.dilation;
    for (int64_t j = 0; j < w.output; j++) {
      y.at(i, j) = -static_cast<T>(__builtin_inf());
      indices.at(i, j) = static_cast<int32_t>(first_row * w.input + j * w.stride - w.pad + w.first(j) * w.dilation);
    }
    for (int64_t p = h.first(i); p < h.last(i); p++) {
      const int64_t row = top + p * h.dilation;
      for (int64_t q = 0; q < w.taps; q++) {
        // Windows begin … end − 1 have this tap's column within the plane.
        const int64_t shift = q * w.dilation - w.pad;
        const int64_t begin = shift < 0 ? (-shift + w.stride - 1) / w.stride : 0;
        const int64_t fit = w.input > shift ? (w.input - shift + w.stride - 1) / w.stride : 0;
        const int64_t count = (fit < w.output ? fit : w.output) - begin, column = begin * w.stride + shift;
        if (count <= 0) continue;
        T* best = &y.at(i, begin);
        int32_t* best_index = &indices.at(i, begin);
        const T* from = &x.at(row, column);
        const int32_t index = static_cast<int32_t>(row * w.input + column), step = static_cast<int32_t>(w.stride);
        if (unit && distance == 1) take_tap<T>(best, 1, best_index, 1, from, 1, count, index, step);
        else if (unit && distance == 2) take_tap<T>(best, 1, best_index, 1, from, 2, count, index, step);
        else take_tap<T>(best, y.column, best_index, indices.column, from, distance, count, index, step);
      }
    }
  }
}

template <typename T>
void max_pool_of(const Call& call) {
  const View &y = call[0], &x = call[2];
  Window window(y, x, call.numbers);
  window.h.dilation = static_cast<int64_t>(call.numbers[6]);
  window.w.dilation = static_cast<int64_t>(call.numbers[7]);
  const bool fast = window.in_pairs() && y.strides[3] == 1 && call[1].strides[3] == 1 && x.strides[3] == 1;
  for_planes(x, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(y, plane);
    const Plane<int32_t> indices = plane_of<int32_t>(call[1], plane);
    const Plane<const T> from = plane_of<const T>(x, plane);
    fast ? max_plane_in_pairs(window, to, indices, from) : max_plane(window, to, indices, from);
  });
}

template <typename T>
void fill_zero(const Plane<T>& plane, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) plane.at(i, j) = 0;
  }
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
    const bool whole_rows = to.column == 1 && to.row == width;
    for (int64_t i = 0; i < dy.shape[2]; i++) {
      for (int64_t j = 0; j < dy.shape[3]; j++) {
        const int64_t index = indices.at(i, j);
        T& target = whole_rows ? to.data[index] : to.at(index / width, index % width);
        target += from.at(i, j);
      }
    }
  });
}

// Calls visit(i, j, first row, last row, first column, last column, divisor) for every window, clipped to the plane.
template <typename Visit>
void for_windows(const Window& window, bool count_padding, const Visit& visit) {
  const auto& [h, w] = window;
  for (int64_t i = 0; i < h.output; i++) {
    const int64_t top = i * h.stride - h.pad, h_first = h.first(i), h_last = h.last(i);
    for (int64_t j = 0; j < w.output; j++) {
      const int64_t left = j * w.stride - w.pad, w_first = w.first(j), w_last = w.last(j);
      const int64_t cells = count_padding ? h.padded_taps(i) * w.padded_taps(j) : (h_last - h_first) * (w_last - w_first);
      visit(i, j, top + h_first, top + h_last, left + w_first, left + w_last, cells);
    }
  }
}

Window average_window(const View& y, const View& x, const double* numbers) {
  Window window(y, x, numbers);
  window.h.end_pad = static_cast<int64_t>(numbers[7]);
  window.w.end_pad = static_cast<int64_t>(numbers[8]);
  return window;
}

template <typename T>
void avg_pool_of(const Call& call) {
  const View &y = call[0], &x = call[1];
  const Window window = average_window(y, x, call.numbers);
  const bool fast = window.in_pairs() && y.strides[3] == 1 && x.strides[3] == 1;
  for_planes(x, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(y, plane);
    const Plane<const T> from = plane_of<const T>(x, plane);
    if (fast) {
      for (int64_t i = 0; i < window.h.output; i++) {
        T* __restrict out = &to.at(i, 0);
        const T *upper = &from.at(2 * i, 0), *lower = &from.at(2 * i + 1, 0);
        for (int64_t j = 0; j < window.w.output; j++) {
          out[j] = (upper[2 * j] + upper[2 * j + 1] + lower[2 * j] + lower[2 * j + 1]) / 4;
        }
      }
      return;
    }
    for_windows(window, call.numbers[6] != 0, [&](int64_t i, int64_t j, int64_t top, int64_t bottom, int64_t left,
                                                  int64_t right, int64_t cells) {
      T sum = 0;
      for (int64_t row = top; row < bottom; row++) {
        for (int64_t column = left; column < right; column++) sum += from.at(row, column);
      }
      to.at(i, j) = sum / static_cast<T>(cells);
    });
  });
}

template <typename T>
void avg_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const Window window = average_window(dy, dx, call.numbers);
  const bool fast = window.in_pairs() && dx.strides[3] == 1 && dy.strides[3] == 1;
  for_planes(dx, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(dx, plane);
    const Plane<const T> from = plane_of<const T>(dy, plane);
    fill_zero(to, dx.shape[2], dx.shape[3]);
    if (fast) {
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
      return;
    }
    for_windows(window, call.numbers[6] != 0, [&](int64_t i, int64_t j, int64_t top, int64_t bottom, int64_t left,
                                                  int64_t right, int64_t cells) {
      const T share = from.at(i, j) / static_cast<T>(cells);
      for (int64_t row = top; row < bottom; row++) {
        for (int64_t column = left; column < right; column++) to.at(row, column) += share;
      }
    });
  });
}

}  // namespace

#define FLOATS(name, kernel)                                         \
  void name(const Call& call) {                                      \
    if (call[0].dtype == DType::Float32) return kernel<float>(call); \
    kernel<double>(call);                                            \
  }

FLOATS(maxPool2d, max_pool_of)
FLOATS(maxPool2dInput, max_pool_input_of)
FLOATS(avgPool2d, avg_pool_of)
FLOATS(avgPool2dInput, avg_pool_input_of)

}  // namespace adjoint::ADJOINT_ISA
