// The product of filters with windows of padded planes: conv2d itself, and conv2dInput, in which dy is what the windows
// slide over.
#pragma once
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA::conv {

// The taps and outputs along one axis of a pass. Output i reads the plane's line start + i + shift of each tap, and is
// line first + i · step of the result.
struct PassAxis {
  int64_t outputs, start, first, step;
  int64_t taps;
  const int64_t* tap;    // its place in the weights
  const int64_t* phase;  // the phase of the plane that it reads, by the stride
  const int64_t* shift;
};

// The axis of a convolution: tap t reads line (i · stride + t · dilation) of the padded plane, line i + shift of a phase.
inline PassAxis window_axis(const Axis& axis, int64_t* numbers) {
  int64_t *tap = numbers, *phase = tap + axis.taps, *shift = phase + axis.taps;
  for (int64_t t = 0; t < axis.taps; t++) {
    tap[t] = t;
    phase[t] = t * axis.dilation % axis.stride;
    shift[t] = t * axis.dilation / axis.stride;
  }
  return {axis.output, 0, 0, 1, axis.taps, tap, phase, shift};
}

// Largest e below: how far dy is read before its start.
inline int64_t reach(const Axis& axis) { return (axis.taps - 1) * axis.dilation / axis.stride; }

// The axis of a convolution's gradient by its input, those lines whose line + pad has the remainder by the stride: with
// line + pad = stride · q + remainder and tap · dilation = stride · e + remainder, the line gets the tap's share of output
// q − e. The taps are in the order of what they read.
inline PassAxis gradient_axis(const Axis& axis, int64_t remainder, int64_t* numbers) {
  const int64_t q = larger(ceil_div(axis.pad - remainder, axis.stride), 0);
  const int64_t first = q * axis.stride + remainder - axis.pad;
  int64_t *tap = numbers, *phase = tap + axis.taps, *shift = phase + axis.taps, taps = 0;
  for (int64_t t = axis.taps - 1; t >= 0; t--) {
    const int64_t distance = t * axis.dilation - remainder;
    if (distance % axis.stride) continue;
    tap[taps] = t;
    phase[taps] = 0;
    shift[taps++] = reach(axis) - distance / axis.stride;
  }
  return {larger(ceil_div(axis.input - first, axis.stride), 0), q, first, axis.stride, taps, tap, phase, shift};
}

// Where output (0, 0) reads tap (i, j) of a pass in the padded plane.
inline int64_t read_of(const Planes& planes, const PassAxis& h, int64_t i, const PassAxis& w, int64_t j) {
  return (h.phase[i] * planes.phases_w + w.phase[j]) * planes.phase() + h.shift[i] * planes.columns + w.shift[j];
}

// Outputs that are computed with the same taps. A convolution has one pass, the gradient of one with strides several.
struct Pass {
  PassAxis h, w;
};

// Element (filter, channel, tap) of a group's weights at group + filter · filter + channel · channel + tap.
template <typename T>
struct Filters {
  const T* data;
  int64_t group, filter, channel;
};

template <typename T>
struct Correlation {
  int64_t images, groups, channels, filters;  // channels and filters of one group
  int64_t taps, taps_w;  // of the whole window and of its rows: tap (h, w) is number h · taps_w + w

  // Channels are pairs of bfloat16, of which the weights consist; x has `single` of float32 in a group, which are
  // rounded. Else `single` is 0. Only where kHasPairs.
  int64_t single;

  // What the windows slide over: planes [height × width] at (top, left) of the padded ones, cut by strides into phases.
  Stack<const T> x;
  int64_t height, width, top, left;
  Planes planes;  // rows: of the whole plane

  Stack<T> y;
  int64_t y_height, y_width;
  Filters<T> weights;
  const T* bias;  // groups · filters, or null
  Block f;        // applied to y; may be null

  const Pass* passes;
  int64_t pass_count;
};

// Whether products are taken in pairs of bfloat16; one channel with one filter has none.
template <typename T>
bool pairs(const Call& call, const View& weight) {
  return kHasPairs<T> && call.says(kRoundsConvolution) && (weight.shape[1] > 1 || weight.shape[0] > call.numbers[6]);
}

// Pairs of neighbouring lines, rounded to bfloat16, of each of the blocks [lines, length]; an odd last one is paired
// with zeros.
const float* pair_weights(const float* from, int64_t blocks, int64_t lines, int64_t length);

template <typename T>
void correlate(const Correlation<T>& correlation);

// What of the gradient of volumes by their input lies at the depths of one remainder by the stride: a correlation of images.
template <typename T>
struct Section {
  Stack<const T> dy;  // the planes that are summed over are `filters` in a group
  Stack<T> dx;
  int64_t images, filters;
  const T* weights;  // [groups · filters, channels of a group, taps of a plane]
};

// `numbers` has room for 3 times the taps.
template <typename T>
Section<T> section(const Geometry& g, int64_t remainder, int64_t* numbers, const T* dy, T* dx, const T* weight);

}  // namespace adjoint::ADJOINT_ISA::conv
