// conv2dInput: dx[n, c, h, w] = Σ w[o, c, kh, kw] · dy[n, o, i, j] over all (i, kh), (j, kw) whose windows hit (h, w).
// Rows h with the same remainder of (h + pad) / stride are hit by the same taps: each pair of remainders is a
// correlation of dy. Volumes likewise, one remainder of the depth after the other.
#include "conv/correlation.h"

namespace adjoint::ADJOINT_ISA {
using namespace conv;
namespace {

// Lines of dy, with `reach` zeros before, that are read.
int64_t length(const Axis& axis) { return (axis.input - 1 + axis.pad) / axis.stride + 1 + reach(axis); }

template <typename T>
void conv2d_input_of(const Call& call) {
  const bool paired = pairs<T>(call, call[2]), round = call.says(kRoundsConvolution) && !paired;
  const View dx = writable<T>(call[0], Workspace::Output), dy = operand<T>(call[1], Workspace::Input, round);
  const View weight = operand<T>(call[2], Workspace::Filter, round);
  if (dx.size() == 0) return;
  const Geometry g(dy, dx, weight, call.numbers);
  const int64_t deep = 3 * g.d.taps, high = 3 * g.h.taps, wide = 3 * g.w.taps;
  int64_t* const room = workspace<int64_t>(Workspace::Taps, deep + g.h.stride * high + g.w.stride * wide);
  Pass* passes = workspace<Pass>(Workspace::Plane, g.h.stride * g.w.stride);
  for (int64_t r = 0; r < g.h.stride; r++) {
    const PassAxis h = gradient_axis(g.h, r, room + deep + r * high);
    for (int64_t s = 0; s < g.w.stride; s++) {
      passes[r * g.w.stride + s] = {h, gradient_axis(g.w, s, room + deep + g.h.stride * high + s * wide)};
    }
  }
  const int64_t columns = shared_pitch(length(g.w), g.w.output, reach(g.w), ceil_div(g.w.input, g.w.stride));
  const Planes planes = {1, 1, 1, 1, length(g.h), columns, reach(g.w)};
  const int64_t channels = g.channels / g.d.taps, filter = channels * g.taps();
  for (int64_t r = 0; r < g.d.stride; r++) {
    const Section<T> part = section(g, r, room, dy.as<T>(), dx.as<T>(), weight.as<T>());
    if (part.images == 0) continue;
    // Here filters are what is summed over.
    const int64_t summed = paired ? ceil_div(part.filters, 2) : part.filters;
    const T* weights = part.weights;
    if constexpr (kHasPairs<T>) {
      if (paired) weights = pair_weights(weights, g.groups, part.filters, filter);
    }
    correlate<T>({part.images, g.groups, summed, channels, g.taps(), g.w.taps, paired ? part.filters : 0,
                  part.dy, g.h.output, g.w.output, reach(g.h), reach(g.w), planes,
                  part.dx, g.h.input, g.w.input, {weights, summed * filter, g.taps(), filter},
                  nullptr, nullptr, passes, g.h.stride * g.w.stride});
  }
  deliver<T>(dx, call[0]);
}

}  // namespace

void conv2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { conv2d_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
