// What pooling by the largest and by the mean share: windows of N · C planes [H, W] to [OH, OW], each plane on one thread.
#pragma once
#include "kernels/elementwise.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {

// One spatial axis: output i looks at inputs i · stride − pad + tap · dilation.
struct WindowAxis {
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

  // Windows of one element, one for each.
  bool still() const { return taps == 1 && stride == 1 && pad == 0 && output == input; }

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

// Calls body(begin, end) for ranges of planes, in parallel.
template <typename Body>
void for_plane_ranges(const View& x, const Body& body) {
  const int64_t planes = x.shape[0] * x.shape[1], size = x.shape[2] * x.shape[3];
  parallel_for(planes, chunk(kGrain, size), body);
}

// Calls body(plane) for every plane, in parallel.
template <typename Body>
void for_planes(const View& x, const Body& body) {
  for_plane_ranges(x, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; plane++) body(plane);
  });
}

// numbers: kh, kw, strideH, strideW, padTop, padLeft; then each kernel's own
struct Window {
  WindowAxis h{}, w{};

  Window() = default;
  Window(const View& y, const View& x, const double* numbers) {
    const auto number = [&](int i) { return static_cast<int64_t>(numbers[i]); };
    h = {x.shape[2], y.shape[2], number(0), number(2), number(4), 1, 0};
    w = {x.shape[3], y.shape[3], number(1), number(3), number(5), 1, 0};
  }

  bool in_pairs() const { return h.in_pairs() && w.in_pairs(); }

  // Windows of 2 × 2 or 1 × 2 side by side.
  bool pairs_across() const { return w.in_pairs() && (h.in_pairs() || h.still()); }
};

// The window of a pool by the largest, whose own numbers are the dilations.
inline Window max_window(const View& y, const View& x, const double* numbers) {
  Window window(y, x, numbers);
  window.h.dilation = static_cast<int64_t>(numbers[6]);
  window.w.dilation = static_cast<int64_t>(numbers[7]);
  return window;
}

// Rows of a plane with room for the padding beside them, of which the windows of all rows are taken along the rows in one
// loop: rows are often shorter than a vector. Row r of `padded` begins at r · width, and its windows' results at r · windows;
// those past the last window of a row mean nothing.
template <typename T>
struct Rows {
  const Window& window;
  const int64_t windows, width, outputs, count;  // `outputs` rows of results at a time come of `count` rows of the plane
  const Scratch<T> padded, results;

  Rows(const Window& window, T padding)
      : window(window),
        windows((larger((window.w.output - 1) * window.w.stride + reach(window.w), window.w.pad + window.w.input) +
                 window.w.stride - 1) / window.w.stride),
        width(windows * window.w.stride),
        outputs(larger(1, (kRoom / width - reach(window.h)) / window.h.stride + 1)),
        count((outputs - 1) * window.h.stride + reach(window.h)),
        padded(count * width + reach(window.w)),
        results(count * windows) {
    for (int64_t i = 0; i < count * width + reach(window.w); i++) padded.data[i] = padding;
  }

  // Rows of the plane that outputs begin … end − 1 look at.
  int64_t first(int64_t begin) const { return larger(0, begin * window.h.stride - window.h.pad); }
  int64_t last(int64_t end) const {
    const int64_t stop = (end - 1) * window.h.stride - window.h.pad + reach(window.h);
    return stop < window.h.input ? stop : window.h.input;
  }

  // Calls strip(begin, end, first row) for all outputs, with their rows in `padded`.
  template <typename F>
  void for_strips(const Plane<const T>& x, const F& strip) const {
    for (int64_t begin = 0; begin < window.h.output; begin += outputs) {
      const int64_t end = begin + outputs < window.h.output ? begin + outputs : window.h.output;
      const int64_t top = first(begin), bottom = last(end);
      for (int64_t row = top; row < bottom; row++) {
        T* __restrict to = padded.data + (row - top) * width + window.w.pad;
        const T* __restrict from = &x.at(row, 0);
        if (x.column == 1) {
          for (int64_t j = 0; j < window.w.input; j++) to[j] = from[j];
        } else {
          for (int64_t j = 0; j < window.w.input; j++) to[j] = from[j * x.column];
        }
      }
      strip(begin, end, top);
    }
  }

  // tap(number, offset in `padded` of the first window's element) along the rows, each with the step between windows.
  template <typename F>
  ADJOINT_INLINE void for_taps(const F& tap) const {
    for (int64_t q = 0; q < window.w.taps; q++) {
      if (window.w.stride == 1) tap(q, padded.data + q * window.w.dilation, Unit{});
      else if (window.w.stride == 2) tap(q, padded.data + q * window.w.dilation, Two{});
      else tap(q, padded.data + q * window.w.dilation, window.w.stride);
    }
  }

 private:
  static constexpr int64_t kRoom = 4096;  // elements of a strip: it stays in the first-level cache
  struct Two {
    constexpr operator int64_t() const { return 2; }
  };
  static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
  static int64_t reach(const WindowAxis& axis) { return (axis.taps - 1) * axis.dilation + 1; }
};

template <typename T>
void fill_zero(const Plane<T>& plane, int64_t rows, int64_t columns) {
  if (plane.column == 1 && plane.row == columns) {
    for (int64_t i = 0; i < rows * columns; i++) plane.data[i] = 0;
    return;
  }
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) plane.at(i, j) = 0;
  }
}

}  // namespace adjoint::ADJOINT_ISA
