// 2-D pooling by the largest element.
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

template <typename T>
void max_pool_of(const Call& call) {
  const View &y = call[0], &x = call[2];
  const Window window = max_window(y, x, call.numbers);
  if (!(window.pairs_across() && y.strides[3] == 1 && call[1].strides[3] == 1 && x.strides[3] == 1)) {
    return for_plane_ranges(x, [&](int64_t begin, int64_t end) { max_planes<T>(call, window, begin, end); });
  }
  for_planes(x, [&](int64_t plane) {
    max_plane_in_pairs(window, plane_of<T>(y, plane), plane_of<int32_t>(call[1], plane), plane_of<const T>(x, plane));
  });
}

}  // namespace

void maxPool2d(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
