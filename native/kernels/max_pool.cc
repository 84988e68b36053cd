// 2-D pooling by the largest element, forward and backward.
#include "kernels/pool.h"
#include "simd/fold.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// The elements of neighbouring pairs from a row's on, each kind together; `count` pairs, at most as many as lanes.
template <typename T>
ADJOINT_INLINE void load_pairs(const T* x, int64_t count, Vec<T>& left, Vec<T>& right) {
  constexpr int64_t lanes = kLanes<T>;
  const Vec<T> first = count >= lanes / 2 ? load(x) : load_first(x, 2 * count);
  const Vec<T> second = count == lanes ? load(x + lanes) : count > lanes / 2 ? load_first(x + lanes, 2 * count - lanes) : Vec<T>{};
  left = evens(first, second);
  right = odds(first, second);
}

// The same back to memory.
template <typename T>
ADJOINT_INLINE void store_pairs(T* x, Vec<T> left, Vec<T> right, int64_t count) {
  constexpr int64_t lanes = kLanes<T>;
  store_first(x, zip_low(left, right), 2 * count < lanes ? 2 * count : lanes);
  if (2 * count > lanes) store_first(x + lanes, zip_high(left, right), 2 * count - lanes);
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

template <typename T>
ADJOINT_INLINE LaneNumbers<T> load_places(const int32_t* from, int64_t count) {
  LaneNumbers<T> places{};
  if constexpr (sizeof(T) == sizeof(int32_t)) {
    const Vec<T> bits = load_first(reinterpret_cast<const T*>(from), count);
    std::memcpy(&places, &bits, sizeof bits);
  } else {
    for (int64_t j = 0; j < count; j++) places[j] = from[j];
  }
  return places;
}

// Windows of 2 × 2 or 1 × 2 side by side, a vector of them at a time, in the order of memory: the first of equals wins, as in
// PyTorch.
template <typename T>
void max_plane_in_pairs(const Window& window, const Plane<T>& y, const Plane<int32_t>& indices, const Plane<const T>& x) {
  constexpr int64_t lanes = kLanes<T>;
  using Place = decltype(LaneNumbers<T>{}[0] + 0);
  const Place width = static_cast<Place>(window.w.input);
  const int64_t taps = window.h.taps;
  for (int64_t i = 0; i < window.h.output; i++) {
    for (int64_t j = 0; j < window.w.output; j += lanes) {
      const int64_t count = window.w.output - j < lanes ? window.w.output - j : lanes;
      Vec<T> best, right;
      load_pairs(&x.at(taps * i, 2 * j), count, best, right);
      const LaneNumbers<T> first = 2 * lane_numbers<T>() + static_cast<Place>(taps * i * window.w.input + 2 * j);
      LaneNumbers<T> at = first;
      take_larger<T>(best, at, right, first + 1);
      if (taps == 2) {
        Vec<T> lower_left, lower_right;
        load_pairs(&x.at(2 * i + 1, 2 * j), count, lower_left, lower_right);
        take_larger<T>(best, at, lower_left, first + width);
        take_larger<T>(best, at, lower_right, first + width + 1);
      }
      store_first(&y.at(i, j), best, count);
      store_places<T>(&indices.at(i, j), at, count);
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

Window window_of(const Call& call, const View& y, const View& x) {
  Window window(y, x, call.numbers);
  window.h.dilation = static_cast<int64_t>(call.numbers[6]);
  window.w.dilation = static_cast<int64_t>(call.numbers[7]);
  return window;
}

// Whether windows of 2 × 2 or 1 × 2 lie side by side.
bool in_pairs(const Window& window) { return window.w.in_pairs() && (window.h.in_pairs() || window.h.still()); }

template <typename T>
void max_pool_of(const Call& call) {
  const View &y = call[0], &x = call[2];
  const Window window = window_of(call, y, x);
  if (!(in_pairs(window) && y.strides[3] == 1 && call[1].strides[3] == 1 && x.strides[3] == 1)) {
    return for_plane_ranges(x, [&](int64_t begin, int64_t end) { max_planes<T>(call, window, begin, end); });
  }
  for_planes(x, [&](int64_t plane) {
    max_plane_in_pairs(window, plane_of<T>(y, plane), plane_of<int32_t>(call[1], plane), plane_of<const T>(x, plane));
  });
}

// A gradient that relu's gradient lets through where the pooled value, of a fourth view, is above 0.
template <typename T>
ADJOINT_INLINE T masked(T dy, T pooled) { return pooled > 0 ? dy : T(0); }

// The gradients of windows in pairs, rows without gaps: the largest element has the pooled one's, the others 0. What no
// window covers is 0 too.
template <typename T>
void spread_in_pairs(const Window& window, const Plane<T>& dx, const Plane<const T>& dy, const Plane<const int32_t>& indices,
                     const Plane<const T>& pooled, bool masks) {
  constexpr int64_t lanes = kLanes<T>;
  using Place = decltype(LaneNumbers<T>{}[0] + 0);
  const int64_t taps = window.h.taps, width = window.w.input, across = window.w.output;
  const Vec<T> zero{};
  for (int64_t i = 0; i < window.h.output; i++) {
    for (int64_t j = 0; j < across; j += lanes) {
      const int64_t count = across - j < lanes ? across - j : lanes;
      const Vec<T> above = load_first(&pooled.at(i, j), count), given = load_first(&dy.at(i, j), count);
      const Vec<T> value = masks ? (above > zero ? given : zero) : given;
      LaneNumbers<T> place = load_places<T>(&indices.at(i, j), count) - 2 * lane_numbers<T>();
      place -= static_cast<Place>(taps * i * width + 2 * j);
      for (int64_t tap = 0; tap < taps; tap++, place -= static_cast<Place>(width)) {
        store_pairs<T>(&dx.at(taps * i + tap, 2 * j), place == 0 ? value : zero, place == 1 ? value : zero, count);
      }
    }
    for (int64_t tap = 0; tap < taps; tap++) {
      for (int64_t j = 2 * across; j < width; j++) dx.at(taps * i + tap, j) = 0;
    }
  }
  for (int64_t row = taps * window.h.output; row < window.h.input; row++) {
    for (int64_t j = 0; j < width; j++) dx.at(row, j) = 0;
  }
}

template <typename T>
void max_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const int64_t width = dx.shape[3];
  const bool masks = call.view_count > 3;
  if (call.number_count > 0 && dx.strides[3] == 1 && dy.strides[3] == 1 && call[2].strides[3] == 1 &&
      call[masks ? 3 : 1].strides[3] == 1) {
    const Window window = window_of(call, dy, dx);
    if (in_pairs(window)) {
      return for_planes(dx, [&](int64_t plane) {
        spread_in_pairs(window, plane_of<T>(dx, plane), plane_of<const T>(dy, plane), plane_of<const int32_t>(call[2], plane),
                        plane_of<const T>(call[masks ? 3 : 1], plane), masks);
      });
    }
  }
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

}  // namespace

void maxPool2d(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_of<decltype(zero)>(call); });
}

void maxPool2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
