// conv2d: y[n, o, i, j] = bias[o] + Σ w[o, c, kh, kw] · x[n, c, i·strideH − padTop + kh·dilationH, j·…]: for every image the
// product of the filters with a matrix of patches, whose panels are packed straight from the padded image.
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
void conv2d_of(const Call& call) {
  const View y = writable<T>(call[0], Scratch::Output), x = operand<T>(call, 1, Scratch::Input);
  const View weight = operand<T>(call, 2, Scratch::Filter);
  const Geometry g(y, x, weight, call.numbers);
  const Block f = epilogue(call, 7);
  const int64_t k = g.channels * g.taps();
  T* bias = nullptr;
  if (call.view_count > 3) {
    bias = scratch<T>(Scratch::Bias, g.groups * g.filters);
    for (int64_t o = 0; o < g.groups * g.filters; o++) bias[o] = call[3].as<T>()[o * call[3].strides[0]];
  }
  if (y.size() == 0) return;

  const Planes planes = planes_of(g);
  int64_t* offsets = scratch<int64_t>(Scratch::Offsets, k);
  window_offsets<T>(offsets, g, planes);
  for (int64_t group = 0; group < g.groups; group++) {
    const T* filters = weight.as<T>() + group * g.filters * k;
    const T* group_bias = bias ? bias + group * g.filters : nullptr;
    const PackedWeights<T> packed = pack_weights(Scratch::Weights, filters, g.filters, k);
    for_images(g, [&](int64_t image) {
      const T* from = x.as<T>() + (image * g.groups + group) * g.channels * g.input();
      const Matrix<T> to = {y.as<T>() + (image * g.groups + group) * g.filters * g.output(), g.output(), 1};
      if (g.pointwise()) {
        return gemm<T>(g.filters, g.output(), k, {filters, k, 1}, {from, g.input(), 1}, to, {group_bias, 1, 0}, f);
      }
      T* padded = scratch<T>(Scratch::Image, g.channels * planes.size<T>());
      for (int64_t c = 0; c < g.channels; c++) {
        pad_plane(padded + c * planes.size<T>(), planes, from + c * g.input(), g.h.input, g.w.input, g.h.pad, g.w.pad);
      }
      correlate(packed, {padded, g.h.output, g.w.output, planes.columns, offsets}, to, group_bias, f);
    });
  }
  deliver<T>(y, call[0]);
}

}  // namespace

void conv2d(const Call& call) {
  if (call[0].dtype == DType::Float32) return conv2d_of<float>(call);
  conv2d_of<double>(call);
}

}  // namespace adjoint::ADJOINT_ISA
