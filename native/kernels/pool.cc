// 2-D pooling of N · C planes [H, W] to [OH, OW], each plane on one thread.
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/scratch.h"

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

// Calls body(begin, end) for ranges of planes, in parallel.
template <typename Body>
void for_plane_ranges(const View& x, const Body& body) {
  const int64_t planes = x.shape[0] * x.shape[1], size = x.shape[2] * x.shape[3];
  parallel_for(planes, kGrain / (size + 1) + 1, body);
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
  Axis h, w;

  Window(const View& y, const View& x, const double* numbers) {
    const auto number = [&](int i) { return static_cast<int64_t>(numbers[i]); };
    h = {x.shape[2], y.shape[2], number(0), number(2), number(4), 1, 0};
    w = {x.shape[3], y.shape[3], number(1), number(3), number(5), 1, 0};
  }

  bool in_pairs() const { return h.in_pairs() && w.in_pairs(); }
};

// The elements of neighbouring pairs from a row's on, each kind together; `count` pairs, at most as many as lanes.
template <typename T>
ADJOINT_INLINE void load_pairs(const T* x, int64_t count, Vec<T>& left, Vec<T>& right) {
  constexpr int64_t lanes = kLanes<T>;
  const Vec<T> first = count >= lanes / 2 ? load(x) : load_first(x, 2 * count);
  const Vec<T> second = count == lanes ? load(x + lanes) : count > lanes / 2 ? load_first(x + lanes, 2 * count - lanes) : Vec<T>{};
  left = evens(first, second);
  right = odds(first, second);
}

// `best` and its place where the candidate is not larger, nor NaN.
template <typename T>
ADJOINT_INLINE void take_larger(Vec<T>& best, LaneNumbers<T>& at, Vec<T> candidate, LaneNumbers<T> place) {
  const auto take = (candidate > best) | (candidate != candidate);
  best = take ? candidate : best;
  at = take ? place : at;
}

template <typename T>
ADJOINT_INLINE void store_places(int32_t* to, LaneNumbers<T> at, int64_t count) {
  if constexpr (sizeof(T) == sizeof(int32_t)) {
    Vec<T> bits;
    std::memcpy(&bits, &at, sizeof bits);
    store_first(reinterpret_cast<T*>(to), bits, count);
  } else {
    for (int64_t j = 0; j < count; j++) to[j] = static_cast<int32_t>(at[j]);
  }
}

// Windows of 2 × 2 side by side, a vector of them at a time, in the order of memory: the first of equals wins, as in PyTorch.
template <typename T>
void max_plane_in_pairs(const Window& window, const Plane<T>& y, const Plane<int32_t>& indices, const Plane<const T>& x) {
  constexpr int64_t lanes = kLanes<T>;
  using Place = decltype(LaneNumbers<T>{}[0] + 0);
  const Place width = static_cast<Place>(window.w.input);
  for (int64_t i = 0; i < window.h.output; i++) {
    for (int64_t j = 0; j < window.w.output; j += lanes) {
      const int64_t count = window.w.output - j < lanes ? window.w.output - j : lanes;
      Vec<T> best, right, lower_left, lower_right;
      load_pairs(&x.at(2 * i, 2 * j), count, best, right);
      load_pairs(&x.at(2 * i + 1, 2 * j), count, lower_left, lower_right);
      const LaneNumbers<T> first = 2 * lane_numbers<T>() + static_cast<Place>(2 * i * window.w.input + 2 * j);
      LaneNumbers<T> at = first;
      take_larger<T>(best, at, right, first + 1);
      take_larger<T>(best, at, lower_left, first + width);
      take_larger<T>(best, at, lower_right, first + width + 1);
      store_first(&y.at(i, j), best, count);
      store_places<T>(&indices.at(i, j), at, count);
    }
  }
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
  static int64_t reach(const Axis& axis) { return (axis.taps - 1) * axis.dilation + 1; }
};

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
void fill_zero(const Plane<T>& plane, int64_t rows, int64_t columns) {
  if (plane.column == 1 && plane.row == columns) {
    for (int64_t i = 0; i < rows * columns; i++) plane.data[i] = 0;
    return;
  }
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) plane.at(i, j) = 0;
  }
}

// A gradient that relu's gradient lets through where the pooled value, of a fourth view, is above 0.
template <typename T>
ADJOINT_INLINE T masked(T dy, T pooled) { return pooled > 0 ? dy : T(0); }

template <typename T>
void max_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const int64_t width = dx.shape[3];
  const bool masks = call.view_count > 3;
  for_planes(dx, [&](int64_t plane) {
    const Plane<T> to = plane_of<T>(dx, plane);
    const Plane<const T> from = plane_of<const T>(dy, plane), pooled = plane_of<const T>(call[masks ? 3 : 1], plane);
    const Plane<const int32_t> indices = plane_of<const int32_t>(call[2], plane);
    fill_zero(to, dx.shape[2], width);
    const int64_t height = dy.shape[2], across = dy.shape[3];
    const auto dense = [](const auto& plane, int64_t columns) { return plane.column == 1 && plane.row == columns; };
    if (dense(to, width) && dense(from, across) && dense(indices, across) && dense(pooled, across)) {
      for (int64_t i = 0; i < height * across; i++) {
        to.data[indices.data[i]] += masks ? masked(from.data[i], pooled.data[i]) : from.data[i];
      }
      return;
    }
    for (int64_t i = 0; i < height; i++) {
      for (int64_t j = 0; j < across; j++) {
        const int64_t index = indices.at(i, j);
        to.at(index / width, index % width) += masks ? masked(from.at(i, j), pooled.at(i, j)) : from.at(i, j);
      }
    }
  });
}

// How many elements a window's mean is of, along one axis.
int64_t cells(const Axis& axis, int64_t i, bool count_padding) {
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
