// conv2dInput: dx[n, c, h, w] = Σ w[o, c, kh, kw] · dy[n, o, i, j] over all (i, kh), (j, kw) whose windows hit (h, w).
// Rows h with the same remainder of (h + pad) / stride are hit by the same taps: each pair of remainders is a
// correlation of dy.
#include "conv/correlation.h"

namespace adjoint::ADJOINT_ISA {
using namespace conv;
namespace {

// Largest e: how far dy is read before its start.
int64_t reach(const Axis& axis) { return (axis.taps - 1) * axis.dilation / axis.stride; }

// Lines of dy, with `reach` zeros before, that are read.
int64_t length(const Axis& axis) { return (axis.input - 1 + axis.pad) / axis.stride + 1 + reach(axis); }

// Inputs of one remainder: with h + pad = stride · q + remainder and tap · dilation = stride · e + remainder, input h
// gets tap's share of output q − e. The taps are in the order of what they read.
PassAxis pass_axis(const Axis& axis, int64_t remainder, int64_t* numbers) {
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

template <typename T>
void conv2d_input_of(const Call& call) {
  const bool paired = pairs<T>(call, call[2]), round = call.says(kRoundsConvolution) && !paired;
  const View dx = writable<T>(call[0], Workspace::Output), dy = operand<T>(call[1], Workspace::Input, round);
  const View weight = operand<T>(call[2], Workspace::Filter, round);
  if (dx.size() == 0) return;
  const Geometry g(dy, dx, weight, call.numbers);
  int64_t* numbers = workspace<int64_t>(Workspace::Taps, 3 * (g.h.stride * g.h.taps + g.w.stride * g.w.taps));
  Pass* passes = workspace<Pass>(Workspace::Plane, g.h.stride * g.w.stride);
  for (int64_t r = 0; r < g.h.stride; r++) {
    const PassAxis h = pass_axis(g.h, r, numbers + 3 * r * g.h.taps);
    for (int64_t s = 0; s < g.w.stride; s++) {
      passes[r * g.w.stride + s] = {h, pass_axis(g.w, s, numbers + 3 * (g.h.stride * g.h.taps + s * g.w.taps))};
    }
  }
  const int64_t columns = shared_pitch(length(g.w), g.w.output, reach(g.w), ceil_div(g.w.input, g.w.stride));
  const Planes planes = {1, 1, 1, 1, length(g.h), columns, reach(g.w)};
  // Here filters are what is summed over.
  const int64_t summed = paired ? ceil_div(g.filters, 2) : g.filters, filter = g.channels * g.taps();
  const T* weights = weight.as<T>();
  if constexpr (kHasPairs<T>) {
    if (paired) weights = pair_weights(weights, g.groups, g.filters, filter);
  }
  correlate<T>({g.images, g.groups, summed, g.channels, g.taps(), g.w.taps, paired ? g.filters : 0,
                dy.as<T>(), g.h.output, g.w.output, reach(g.h), reach(g.w), planes,
                dx.as<T>(), g.h.input, g.w.input, {weights, summed * filter, g.taps(), filter},
                nullptr, nullptr, passes, g.h.stride * g.w.stride});
  deliver<T>(dx, call[0]);
}

}  // namespace

void conv2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { conv2d_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
