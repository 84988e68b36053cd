// What the three directions of conv2d share: sizes, padded planes, and the product of weights with patches of an image.
// N C H W: images, channels, height and width of x; O OH OW: the same of y; KH KW: the window.
#pragma once
#include "gemm/gemm.h"
#include "gemm/rounded.h"
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {

// One spatial axis: output i reads inputs i · stride − pad + tap · dilation.
struct Axis {
  int64_t input, output, taps, stride, pad, dilation;
};

struct Geometry {
  int64_t images, groups, channels, filters;  // channels and filters of one group
  Axis h, w;

  Geometry(const View& y, const View& x, const View& weight, const double* numbers) {
    const auto number = [&](int i) { return static_cast<int64_t>(numbers[i]); };
    images = y.shape[0];
    groups = number(6);
    channels = weight.shape[1];
    filters = weight.shape[0] / groups;
    h = {x.shape[2], y.shape[2], weight.shape[2], number(0), number(2), number(4)};
    w = {x.shape[3], y.shape[3], weight.shape[3], number(1), number(3), number(5)};
  }

  int64_t taps() const { return h.taps * w.taps; }
  int64_t input() const { return h.input * w.input; }
  int64_t output() const { return h.output * w.output; }
  // Multiply-adds of one image.
  int64_t products() const { return groups * filters * channels * taps() * output(); }
  // A window of one element at every position: the product of two matrices.
  bool pointwise() const {
    return taps() == 1 && h.stride == 1 && w.stride == 1 && h.pad == 0 && w.pad == 0 && h.input == h.output &&
           w.input == w.output;
  }
};

// A plane of an image with zeros around it, cut by the strides into phases: phase (r, s) holds rows r, r + strideH, … and
// columns s, s + strideW, … Neighbouring outputs then read neighbouring elements, whatever the stride. Behind each plane are
// zeros, because vectors read beyond its end.
struct Planes {
  int64_t stride_h, stride_w, rows, columns;

  int64_t phase() const { return rows * columns; }
  template <typename T>
  int64_t size() const { return stride_h * stride_w * phase() + 2 * kLanes<T>; }
  // Where the element at (row, column) of the padded plane lies.
  int64_t at(int64_t row, int64_t column) const {
    return (row % stride_h * stride_w + column % stride_w) * phase() + row / stride_h * columns + column / stride_w;
  }
};

// The planes that the windows of x need.
inline Planes planes_of(const Geometry& g) {
  const auto length = [](const Axis& axis) {
    return ((axis.output - 1) * axis.stride + (axis.taps - 1) * axis.dilation) / axis.stride + 1;
  };
  return {g.h.stride, g.w.stride, length(g.h), length(g.w)};
}

// Copies one plane [height, width], which starts at (top, left) of the padded one; what lies outside is dropped.
template <typename T>
void pad_plane(T* to, const Planes& planes, const T* from, int64_t height, int64_t width, int64_t top, int64_t left);

// Offset of the window's element (channel, kh, kw) from its first, in the order of a filter's elements.
template <typename T>
void window_offsets(int64_t* to, const Geometry& g, const Planes& planes);

// The outputs that are computed together: output (i, j) reads image + i · pitch + j + offsets[p] for its k inputs.
template <typename T>
struct Patches {
  const T* image;
  int64_t rows, columns, pitch;
  const int64_t* offsets;
};

// Weights [m × k], packed for `correlate`; k is cut into passes of `depth`.
template <typename T>
struct PackedWeights {
  const T* data;
  int64_t m, k, depth;
};

template <typename T>
PackedWeights<T> pack_weights(Scratch purpose, const T* weights, int64_t m, int64_t k);

// c[m × rows · columns] = f(weights · patches + bias), where bias has one element per row; bias and f may be null.
template <typename T>
void correlate(const PackedWeights<T>& weights, const Patches<T>& patches, const Matrix<T>& c, const T* bias,
               Block f = nullptr);

// Calls body(image) for all images: in parallel where there are many, else one after the other so that each is shared out.
template <typename Body>
void for_images(const Geometry& g, const Body& body) {
  constexpr int64_t kMany = 8;
  const int64_t grain = g.images < kMany ? g.images : grain_of(g.products());
  parallel_for(g.images, grain, [&](int64_t begin, int64_t end) {
    for (int64_t image = begin; image < end; image++) body(image);
  });
}

// The view, or a row-major copy of it.
template <typename T>
View contiguous(const View& view, Scratch purpose);

// View `at` of the call in row-major order, rounded to bfloat16 where number 8 is 1.
template <typename T>
View operand(const Call& call, int at, Scratch purpose) {
  return rounds(call, 8) ? rounded(call[at], purpose) : contiguous<T>(call[at], purpose);
}

// Where to write the view: itself, or scratch, which `deliver` then copies to it.
template <typename T>
View writable(const View& view, Scratch purpose);
template <typename T>
void deliver(const View& from, const View& to);

}  // namespace adjoint::ADJOINT_ISA
