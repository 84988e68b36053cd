#include "conv/correlation.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

bool is_row_major(const View& view) {
  int64_t stride = 1;
  for (int i = view.rank - 1; i >= 0; i--) {
    if (view.shape[i] != 1 && view.strides[i] != stride) return false;
    stride *= view.shape[i];
  }
  return true;
}

// These write whole vectors: a row's end is overwritten by the next row, and behind the last one there is room.
template <typename T>
INLINE void clear(T* to, int64_t count) {
  for (int64_t j = 0; j < count; j += kLanes<T>) store(to + j, Vec<T>{});
}

template <typename T>
INLINE void copy_row(T* to, const T* from, int64_t count) {
  int64_t j = 0;
  for (; j + kLanes<T> <= count; j += kLanes<T>) store(to + j, load(from + j));
  if (j < count) store(to + j, load_first(from + j, count - j));
}

template <typename T>
INLINE void copy_every(T* to, const T* from, int64_t step, int64_t count) {
  int64_t j = 0;
  if (step == 2) {
    // The last elements of the second vector may lie behind the row.
    for (; j + kLanes<T> < count; j += kLanes<T>) {
      store(to + j, evens(load(from + 2 * j), load(from + 2 * j + kLanes<T>)));
    }
    const int64_t left = 2 * (count - j) - 1, low = smaller(left, kLanes<T>);
    if (left > 0) store(to + j, evens(load_first(from + 2 * j, low), load_first(from + 2 * j + low, left - low)));
    return;
  }
  for (; j < count; j++) to[j] = from[j * step];
}

// `copy` and `copy_every` take the position in the plane.
template <typename T, typename Copy, typename CopyEvery>
INLINE void pad(T* to, const Planes& planes, int64_t height, int64_t width, int64_t top, int64_t left, const Copy& copy,
                const CopyEvery& copy_every) {
  const int64_t sh = planes.stride_h, sw = planes.stride_w;
  for (int64_t r = 0; r < planes.phases_h; r++) {
    for (int64_t s = 0; s < planes.phases_w; s++) {
      // Columns begin … end − 1 of this phase have an element of the plane.
      const int64_t begin = smaller(larger(ceil_div(left - s, sw), 0), planes.columns);
      const int64_t last = width - 1 + left - s;
      const int64_t end = last < 0 ? begin : larger(smaller(last / sw + 1, planes.columns), begin);
      const bool adjoining = sh == 1 && sw == 1 && left == 0 && planes.columns == width;
      for (int64_t i = 0; i < planes.rows; i++, to += planes.columns) {
        const int64_t row = i * sh + r - top;
        if (adjoining && row >= 0 && row < height) {
          const int64_t rows = smaller(height - row, planes.rows - i);
          copy(to, row * width, rows * width);
          i += rows - 1, to += (rows - 1) * width;
          continue;
        }
        if (row < 0 || row >= height) {
          clear(to, planes.columns);
          continue;
        }
        clear(to, begin);
        const int64_t first = begin * sw + s - left;
        if (sw == 1) {
          copy(to + begin, row * width + first, end - begin);
        } else {
          copy_every(to + begin, row * width + first, sw, end - begin);
        }
        clear(to + end, planes.columns - end);
      }
    }
  }
  clear(to, planes.tail + kLanes<T>);
}

}  // namespace

template <typename T>
void pad_plane(T* to, const Planes& planes, const T* from, int64_t height, int64_t width, int64_t top, int64_t left) {
  pad(
      to, planes, height, width, top, left,
      [=](T* row, int64_t at, int64_t count) ADJOINT_LAMBDA { copy_row(row, from + at, count); },
      [=](T* row, int64_t at, int64_t step, int64_t count) ADJOINT_LAMBDA { copy_every(row, from + at, step, count); });
}

#if defined(__AVX512BF16__)
template <>
void pad_planes<float>(float* to, const Planes& planes, const float* first, const float* second, int64_t height,
                       int64_t width, int64_t top, int64_t left) {
  const auto at_end = [=](int64_t at, int64_t count) ADJOINT_LAMBDA {
    return pair(load_first(first + at, count), second ? load_first(second + at, count) : Vec<float>{});
  };
  pad(
      to, planes, height, width, top, left,
      [=](float* row, int64_t at, int64_t count) ADJOINT_LAMBDA {
        int64_t j = 0;
        for (; second && j + kLanes<float> <= count; j += kLanes<float>) {
          store(row + j, pair(load(first + at + j), load(second + at + j)));
        }
        for (; j < count; j += kLanes<float>) store(row + j, at_end(at + j, smaller(kLanes<float>, count - j)));
      },
      [=](float* row, int64_t at, int64_t step, int64_t count) ADJOINT_LAMBDA {
        for (int64_t j = 0; j < count; j++) store_first(row + j, at_end(at + j * step, 1), 1);
      });
}

void pad_rounded(uint16_t* to, const Planes& planes, const float* from, int64_t height, int64_t width, int64_t top,
                 int64_t left) {
  pad(
      to, planes, height, width, top, left,
      [=](uint16_t* row, int64_t at, int64_t count) ADJOINT_LAMBDA {
        constexpr int64_t lanes = kLanes<float>;
        int64_t j = 0;
        for (; j + 2 * lanes <= count; j += 2 * lanes) {
          const Vec<float> halves = neighbours(load(from + at + j), load(from + at + j + lanes));
          std::memcpy(row + j, &halves, sizeof halves);
        }
        for (; j < count; j += lanes) {
          const Halves halves = to_halves(load_first(from + at + j, smaller(lanes, count - j)));
          std::memcpy(row + j, &halves, sizeof halves);
        }
      },
      [=](uint16_t* row, int64_t at, int64_t step, int64_t count) ADJOINT_LAMBDA {
        for (int64_t j = 0; j < count; j++) row[j] = to_bfloat16(from[at + j * step]).bits;
      });
}

const float* pair_weights(const float* from, int64_t blocks, int64_t lines, int64_t length) {
  const int64_t pairs = ceil_div(lines, 2);
  float* to = workspace<float>(Workspace::Pairs, blocks * pairs * length);
  parallel_for(blocks * pairs, chunk(kGrain, length), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const float* first = from + (i / pairs * lines + i % pairs * 2) * length;
      const bool single = i % pairs * 2 + 1 == lines;
      for (int64_t j = 0; j < length; j += kLanes<float>) {
        const int64_t count = smaller(kLanes<float>, length - j);
        const Vec<float> second = single ? Vec<float>{} : load_first(first + length + j, count);
        store_first(to + i * length + j, pair(load_first(first + j, count), second), count);
      }
    }
  });
  return to;
}
#endif

template <typename T>
Stack<const T> with_zeros(Stack<const T> stack) {
  const auto outside = [&](int64_t at) { return at < 0 || at >= stack.depth; };
  const int64_t last = stack.start + (stack.images - 1) * stack.step, reach = (stack.taps - 1) * stack.between;
  if (outside(stack.start) || outside(last) || outside(stack.start + reach) || outside(last + reach)) {
    T* zeros = workspace<T>(Workspace::Zeros, stack.area);
    std::memset(zeros, 0, stack.area * sizeof(T));
    stack.zeros = zeros;
  }
  return stack;
}

template <typename T>
void window_offsets(int64_t* to, const Geometry& g, const Planes& planes) {
  for (int64_t channel = 0; channel < g.channels; channel++) {
    for (int64_t kh = 0; kh < g.h.taps; kh++) {
      for (int64_t kw = 0; kw < g.w.taps; kw++) {
        *to++ = channel * planes.size<T>() + planes.at(kh * g.h.dilation, kw * g.w.dilation);
      }
    }
  }
}

// Squares of rows `row` apart, to lines `pitch` apart. Several vectors in a row are asked for by the machine itself.
template <typename T>
INLINE void interleave_square(T* to, int64_t pitch, const T* from, int64_t row) {
  constexpr int lanes = kLanes<T>;
  Vec<T> square[lanes];
#pragma GCC unroll 16
  for (int i = 0; i < lanes; i++) square[i] = load(from + i * row);
  transpose<T>(square);
#pragma GCC unroll 16
  for (int i = 0; i < lanes; i++) store(to + i * pitch, square[i]);
}

template <typename T>
void interleave(T* to, int64_t pitch, const T* from, int64_t row, int64_t rows, const int64_t* places, int64_t count) {
  constexpr int lanes = kLanes<T>;
  const auto place_of = [=](int64_t p) ADJOINT_LAMBDA { return places ? places[p] : p; };
  for (int64_t first = 0; first < pitch; first += lanes) {
    const int64_t width = smaller(lanes, pitch - first), some = smaller(lanes, larger(rows - first, 0));
    if (row == 1) {
      for (int64_t p = 0; p < count; p++) {
        if (place_of(p) >= 0) store_first(to + place_of(p) * pitch + first, load_first(from + first + p, some), width);
      }
      continue;
    }
    int64_t p = 0;
    for (; !places && some == lanes && p + lanes <= count; p += lanes) {
      interleave_square(to + p * pitch + first, pitch, from + first * row + p, row);
    }
    for (; p < count; p += lanes) {
      const int64_t length = smaller(lanes, count - p);
      const T* source = from + first * row + p;
      Vec<T> square[lanes];
#pragma GCC unroll 16
      for (int i = 0; i < lanes; i++) {
        if (i < some) __builtin_prefetch(source + i * row + kAhead<T>);
        square[i] = i < some ? load_first(source + i * row, length) : Vec<T>{};
      }
      transpose<T>(square);
      // A whole vector that is stored without a mask can be loaded again at once.
#pragma GCC unroll 16
      for (int q = 0; q < lanes; q++) {
        if (q >= length || place_of(p + q) < 0) continue;
        T* const target = to + place_of(p + q) * pitch + first;
        if (width == lanes) store(target, square[q]);
        else store_first(target, square[q], width);
      }
    }
  }
}

View row_major(const View& view, void* data) {
  View result = view;
  result.data = data;
  int64_t stride = 1;
  for (int i = view.rank - 1; i >= 0; i--) {
    result.strides[i] = stride;
    stride *= view.shape[i];
  }
  return result;
}

template <typename T>
View operand(const View& view, Workspace purpose, bool round) {
  if (!round && is_row_major(view)) return view;
  const View copy = row_major(view, workspace<T>(purpose, view.size()));
  if (round) {
    const auto rounded = [](T x) ADJOINT_LAMBDA { return T(to_float(to_bfloat16(static_cast<float>(x)))); };
    map<T, T>(copy, view, rounded);
  } else {
    deliver<T>(view, copy);
  }
  return copy;
}

template <typename T>
View writable(const View& view, Workspace purpose) {
  return is_row_major(view) ? view : row_major(view, workspace<T>(purpose, view.size()));
}

template <typename T>
void deliver(const View& from, const View& to) {
  if (from.data != to.data) map<T, T>(to, from, [](T value) { return value; });
}

#define INSTANTIATE(T)                                                                                         \
  template Stack<const T> with_zeros<T>(Stack<const T>);                                                       \
  template void pad_plane<T>(T*, const Planes&, const T*, int64_t, int64_t, int64_t, int64_t);                 \
  template void window_offsets<T>(int64_t*, const Geometry&, const Planes&);                                   \
  template void interleave<T>(T*, int64_t, const T*, int64_t, int64_t, const int64_t*, int64_t);                \
  template View operand<T>(const View&, Workspace, bool);                                                         \
  template View writable<T>(const View&, Workspace);                                                             \
  template void deliver<T>(const View&, const View&);
INSTANTIATE(float)
template void window_offsets<uint16_t>(int64_t*, const Geometry&, const Planes&);
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA::conv
