// The product of filters with windows of padded planes: conv2d itself, and conv2dInput, in which dy is what the windows
// slide over.
#pragma once
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA {

// The taps and outputs along one axis of a pass. Output i reads the plane's line start + i + shift of each tap, and is
// line first + i · step of the result.
struct PassAxis {
  int64_t outputs, start, first, step;
  int64_t taps;
  const int64_t* tap;    // its place in the weights
  const int64_t* phase;  // the phase of the plane that it reads, by the stride
  const int64_t* shift;
};

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
  const T* x;
  int64_t height, width, top, left;
  Planes planes;  // rows: of the whole plane

  T* y;
  int64_t y_height, y_width;
  Filters<T> weights;
  const T* bias;  // groups · filters, or null
  Block f;        // applied to y; may be null

  const Pass* passes;
  int64_t pass_count;
};

// Pairs of neighbouring lines, rounded to bfloat16, of each of the blocks [lines, length]; an odd last one is paired
// with zeros.
const float* pair_weights(const float* from, int64_t blocks, int64_t lines, int64_t length);

template <typename T>
void correlate(const Correlation<T>& correlation);

}  // namespace adjoint::ADJOINT_ISA
