// conv2d: y[n, o, i, j] = f(bias[o] + Σ w[o, c, kh, kw] · x[n, c, i·strideH − padTop + kh·dilationH, j·…]), of volumes
// y[n, o, k, i, j] likewise.
#include "conv/correlation.h"

namespace adjoint::ADJOINT_ISA {
using namespace conv;
namespace {

template <typename T>
void conv2d_of(const Call& call) {
  const bool paired = pairs<T>(call, call[2]), round = call.says(kRoundsConvolution) && !paired;
  const View y = writable<T>(call[0], Workspace::Output), x = operand<T>(call[1], Workspace::Input, round);
  const View weight = operand<T>(call[2], Workspace::Filter, round);
  const Geometry g(y, x, weight, call.numbers);
  if (y.size() == 0) return;
  T* bias = nullptr;
  if (call.view_count > 3) {
    bias = workspace<T>(Workspace::Bias, g.groups * g.filters);
    for (int64_t o = 0; o < g.groups * g.filters; o++) bias[o] = call[3].as<T>()[o * call[3].strides[0]];
  }
  int64_t* numbers = workspace<int64_t>(Workspace::Taps, 3 * (g.h.taps + g.w.taps));
  const Pass pass = {window_axis(g.h, numbers), window_axis(g.w, numbers + 3 * g.h.taps)};
  const int64_t channels = paired ? ceil_div(g.channels, 2) : g.channels, filter = channels * g.taps();
  const T* filters = weight.as<T>();
  if constexpr (kHasPairs<T>) {
    if (paired) filters = pair_weights(filters, g.groups * g.filters, g.channels, g.taps());
  }
  correlate<T>({g.images, g.groups, channels, g.filters, g.taps(), g.w.taps, paired ? g.channels : 0,
                inputs_of(g, x.as<T>()), g.h.input, g.w.input, g.h.pad, g.w.pad, planes_of(g),
                outputs_of(g, y.as<T>()), g.h.output, g.w.output, {filters, g.filters * filter, filter, g.taps()},
                bias, epilogue(call, 7), &pass, 1});
  deliver<T>(y, call[0]);
}

}  // namespace

void conv2d(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { conv2d_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
