// What the three directions of conv2d share: sizes, padded planes, operands in row-major order.
// N C H W: images, channels, height and width of x; O OH OW: the same of y; KH KW: the window. Volumes have a depth, D OD
// KD, in front of the height: each plane of y is an image, and the KD planes of x that it reads are channels.
#pragma once
#include "gemm/gemm.h"
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA::conv {

// One spatial axis: output i reads inputs i · stride − pad + tap · dilation.
struct Axis {
  int64_t input, output, taps, stride, pad, dilation;

  // Whether output i reads input i alone.
  bool unchanged() const { return taps == 1 && stride == 1 && pad == 0 && input == output; }
};

struct Geometry {
  // Of planes: N · OD images, and in a group C · KD channels.
  int64_t volumes, images, groups, channels, filters;
  Axis d, h, w;

  Geometry(const View& y, const View& x, const View& weight, const double* numbers) {
    const auto number = [&](int i) { return static_cast<int64_t>(numbers[i]); };
    const auto axis = [&](int at, int64_t stride, int64_t pad, int64_t dilation) -> Axis {
      return {x.shape[at], y.shape[at], weight.shape[at], stride, pad, dilation};
    };
    const int rank = y.rank;
    d = rank == 5 ? axis(2, number(9), number(10), number(11)) : Axis{1, 1, 1, 1, 0, 1};
    h = axis(rank - 2, number(0), number(2), number(4));
    w = axis(rank - 1, number(1), number(3), number(5));
    if (d.unchanged() && h.unchanged()) {
      // Planes that nothing connects are one tall plane.
      h.input *= d.input, h.output *= d.output;
      d = {1, 1, 1, 1, 0, 1};
    }
    volumes = y.shape[0];
    images = volumes * d.output;
    groups = number(6);
    channels = weight.shape[1] * d.taps;
    filters = weight.shape[0] / groups;
  }

  int64_t taps() const { return h.taps * w.taps; }
  // One channel and one filter in each group.
  bool depthwise() const { return channels == 1 && filters == 1; }
  int64_t input() const { return h.input * w.input; }
  int64_t output() const { return h.output * w.output; }
};

// The planes of volumes [N, C, D, H, W] as those of images: `images` of each volume, in which the planes of `taps` depths
// are channels beside each other. Tap t of image i lies start + i · step + t · between deep; what lies outside reads zeros.
template <typename T>
struct Stack {
  T* data;
  int64_t area, channels, depth;  // of a plane; of a volume, in all groups; planes of a channel
  int64_t images, taps, start, step, between;
  T* zeros = nullptr;  // a plane of them, where any lies outside

  // Whether the planes follow each other as images and channels do.
  bool flat() const { return depth == 1 && images == 1 && taps == 1 && start == 0; }
  // From a channel of one tap to the next.
  int64_t pitch() const { return depth * area; }
  // From an image's first channel in a group to another, where none lies outside.
  int64_t offset(int64_t channel) const { return channel / taps * pitch() + channel % taps * between * area; }
  T* plane(int64_t image, int64_t channel) const {
    if (flat()) return data + (image * channels + channel) * area;
    const int64_t at = start + image % images * step + channel % taps * between;
    if (at < 0 || at >= depth) return zeros;
    return data + ((image / images * channels + channel / taps) * depth + at) * area;
  }
};

// A stack that is read; makes the zeros that it needs, in the memory of the thread that calls.
template <typename T>
Stack<const T> with_zeros(Stack<const T> stack);

// The planes of x that the outputs read, and the outputs' own.
template <typename T>
Stack<const T> inputs_of(const Geometry& g, const T* x) {
  const auto& [input, output, taps, stride, pad, dilation] = g.d;
  return with_zeros<T>({x, g.input(), g.groups * (g.channels / taps), input, output, taps, -pad, stride, dilation});
}
template <typename T>
Stack<T> outputs_of(const Geometry& g, T* y) {
  return {y, g.output(), g.groups * g.filters, g.d.output, g.d.output, 1, 0, 1, 0};
}

// A plane of an image with zeros around it, cut by the strides into phases: phase (r, s) holds rows r, r + strideH, …
// and columns s, s + strideW, … Neighbouring outputs then read neighbouring elements, whatever the stride. Phases that
// no tap reads are left out. Without strides the zeros at the right of a row are those at the left of the next. Behind
// each plane are zeros, because vectors read beyond its end; where only single elements are read, planes are dense.
struct Planes {
  int64_t stride_h, stride_w, phases_h, phases_w, rows, columns, tail;
  bool dense = false;

  int64_t phase() const { return rows * columns; }
  int64_t phases() const { return phases_h * phases_w; }
  // An odd number of cache lines: planes a power of two apart would compete for the same places in the caches.
  template <typename T>
  int64_t size() const {
    constexpr int64_t line = 64 / sizeof(T);
    if (dense) return phases() * phase() + tail;
    return (ceil_div(phases() * phase() + tail + 2 * kLanes<T>, line) | 1) * line;
  }
  // Where the element at (row, column) of the padded plane lies.
  int64_t at(int64_t row, int64_t column) const {
    return (row % stride_h * phases_w + column % stride_w) * phase() + row / stride_h * columns + column / stride_w;
  }
};

// Length of a padded row of which `read` columns are read for `outputs` of them; `width` of them, behind `left` zeros,
// are the image's.
inline int64_t shared_pitch(int64_t read, int64_t width, int64_t left, int64_t outputs) {
  const int64_t right = read - left - width;
  return larger(right <= 0 ? read : left + width + larger(right - left, 0), outputs);
}

// The planes that the windows of x need.
inline Planes planes_of(const Geometry& g) {
  const auto length = [](const Axis& axis) {
    return ((axis.output - 1) * axis.stride + (axis.taps - 1) * axis.dilation) / axis.stride + 1;
  };
  const auto phases = [](const Axis& axis) { return smaller(axis.stride, (axis.taps - 1) * axis.dilation + 1); };
  const int64_t columns = length(g.w);
  return {g.h.stride, g.w.stride, phases(g.h), phases(g.w), length(g.h),
          g.w.stride > 1 ? columns : shared_pitch(columns, g.w.input, g.w.pad, g.w.output), g.w.pad};
}

// Copies one plane [height, width], which starts at (top, left) of the padded one; what lies outside is dropped. Up to
// two vectors behind it are overwritten: of dense planes the first is copied first.
template <typename T>
void pad_plane(T* to, const Planes& planes, const T* from, int64_t height, int64_t width, int64_t top, int64_t left);

// Stores lanes first … first + count − 1, lane i to to[i · step].
template <typename T>
INLINE void store_every(T* to, int64_t step, Vec<T> v, int64_t first, int64_t count) {
  if (step == 1) return store_lanes(to, v, first, count);
#if defined(__AVX512F__)
  if (step == 2) {
    // The bits of the lanes apart by zeros, as the lanes in memory.
    uint32_t bits = ((1u << count) - 1) << first;
    bits = (bits | bits << 8) & 0x00ff00ff;
    bits = (bits | bits << 4) & 0x0f0f0f0f;
    bits = (bits | bits << 2) & 0x33333333;
    bits = (bits | bits << 1) & 0x55555555;
    const Vec<T> low = zip_low(v, v), high = zip_high(v, v);
    if constexpr (sizeof(T) == 4) {
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>(bits), low);
      _mm512_mask_storeu_ps(to + 16, static_cast<__mmask16>(bits >> 16), high);
    } else {
      _mm512_mask_storeu_pd(to, static_cast<__mmask8>(bits), low);
      _mm512_mask_storeu_pd(to + 8, static_cast<__mmask8>(bits >> 8), high);
    }
    return;
  }
#endif
  T lanes[kLanes<T>];
  store(lanes, v);
  for (int64_t i = first; i < first + count; i++) to[i * step] = lanes[i];
}

// Adds across: lane i of the result is the sum of rows[i].
template <typename T>
INLINE Vec<T> sum_rows(Vec<T>* rows) {
#pragma GCC unroll 4
  for (int half = kLanes<T> / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; i++) rows[i] = zip_low(rows[i], rows[i + half]) + zip_high(rows[i], rows[i + half]);
  }
  return rows[0];
}

// Whether the instruction set multiplies pairs of bfloat16.
#if defined(__AVX512BF16__)
template <typename T>
constexpr bool kHasPairs = sizeof(T) == 4;
#else
template <typename T>
constexpr bool kHasPairs = false;
#endif

// Copies two planes, rounded to bfloat16, into one of pairs; without the second its halves are 0.
template <typename T>
void pad_planes(T* to, const Planes& planes, const T* first, const T* second, int64_t height, int64_t width,
                int64_t top, int64_t left);

// Copies a plane, rounded to bfloat16.
void pad_rounded(uint16_t* to, const Planes& planes, const float* from, int64_t height, int64_t width, int64_t top,
                 int64_t left);

// Offset of the window's element (channel, kh, kw) from its first, in the order of a filter's elements.
template <typename T>
void window_offsets(int64_t* to, const Geometry& g, const Planes& planes);

// How far ahead rows are asked for that are read side by side: more of them than the processor sees coming by itself.
template <typename T>
constexpr int64_t kAhead = 256 / sizeof(T);

// Asks for memory that comes next; the processor's own prefetcher stops at the end of a plane.
template <int WRITE, typename T>
INLINE void ask_for(const T* from, int64_t count) {
  for (int64_t i = 0; i < count; i += 64 / sizeof(T)) __builtin_prefetch(from + i, WRITE);
}

// Packs rows side by side, to[places[p] · pitch + i] = from[i · row + p]; rows up to `pitch` become 0, and places −1
// are left out. Without places they are 0, 1, 2, …
template <typename T>
void interleave(T* to, int64_t pitch, const T* from, int64_t row, int64_t rows, const int64_t* places, int64_t count);

// A row-major view of the same shape.
View row_major(const View& view, void* data);

// The number that says whether products are taken in bfloat16.
constexpr int kRoundsConvolution = 8;

// The view, or a row-major copy of it; `round` makes it one that is rounded to bfloat16.
template <typename T>
View operand(const View& view, Workspace purpose, bool round);

// Where to write the view: itself, or scratch, which `deliver` then copies to it.
template <typename T>
View writable(const View& view, Workspace purpose);
template <typename T>
void deliver(const View& from, const View& to);

}  // namespace adjoint::ADJOINT_ISA::conv
