// conv2dInput: dx[n, c, h, w] = Σ w[o, c, kh, kw] · dy[n, o, i, j] over all (i, kh), (j, kw) whose windows hit (h, w). Rows h
// with the same remainder of (h + pad) / stride are hit by the same taps: each pair of remainders is a correlation of dy.
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Inputs of one remainder along an axis. With h + pad = stride · q + remainder and tap · dilation = stride · e + remainder,
// input h gets tap's share of output q − e.
struct Phase {
  int64_t first;   // smallest h
  int64_t count;   // how many: first, first + stride, …
  int64_t q;       // of the smallest
};

Phase phase_of(const Axis& axis, int64_t remainder) {
  const int64_t q = larger(ceil_div(axis.pad - remainder, axis.stride), 0);
  const int64_t first = q * axis.stride + remainder - axis.pad;
  return {first, larger(ceil_div(axis.input - first, axis.stride), 0), q};
}

// Largest e: how far dy is read before its start.
int64_t reach(const Axis& axis) { return (axis.taps - 1) * axis.dilation / axis.stride; }

template <typename T>
class InputGradient {
 public:
  InputGradient(const View& dx, const View& dy, const View& weight, const double* numbers)
      : g_(dy, dx, weight, numbers), dx_(dx), dy_(dy), weight_(weight) {
    const auto length = [](const Axis& axis) { return (axis.input - 1 + axis.pad) / axis.stride + 1 + reach(axis); };
    planes_ = {1, 1, length(g_.h), length(g_.w)};
  }

  void run() {
    for (int64_t group = 0; group < g_.groups; group++) {
      for (int64_t r = 0; r < g_.h.stride; r++) {
        for (int64_t s = 0; s < g_.w.stride; s++) phase(group, r, s);
      }
    }
  }

 private:
  const Geometry g_;
  const View &dx_, &dy_, &weight_;
  Planes planes_;

  void phase(int64_t group, int64_t r, int64_t s) {
    const Phase h = phase_of(g_.h, r), w = phase_of(g_.w, s);
    const int64_t positions = h.count * w.count;
    if (positions == 0) return;
    int64_t* offsets = scratch<int64_t>(Scratch::Offsets, g_.filters * g_.taps());
    const int64_t k = g_.filters * gather(group, r, s, offsets);
    const T* weights = scratch<T>(Scratch::Arranged, g_.channels * k);
    const PackedWeights<T> packed = pack_weights(Scratch::Weights, weights, g_.channels, k);
    const bool whole = g_.h.stride == 1 && g_.w.stride == 1;

    for_images(g_, [&](int64_t image) {
      const T* from = dy_.as<T>() + (image * g_.groups + group) * g_.filters * g_.output();
      T* to = dx_.as<T>() + (image * g_.groups + group) * g_.channels * g_.input();
      if (g_.pointwise()) {
        return gemm<T>(g_.channels, positions, k, {weights, k, 1}, {from, positions, 1}, {to, positions, 1}, {});
      }
      T* padded = scratch<T>(Scratch::Image, g_.filters * planes_.size<T>());
      for (int64_t o = 0; o < g_.filters; o++) {
        pad_plane(padded + o * planes_.size<T>(), planes_, from + o * g_.output(), g_.h.output, g_.w.output, reach(g_.h),
                  reach(g_.w));
      }
      const Patches<T> patches = {padded + h.q * planes_.columns + w.q, h.count, w.count, planes_.columns, offsets};
      if (whole) return correlate<T>(packed, patches, {to, positions, 1}, nullptr);
      T* plane = scratch<T>(Scratch::Plane, g_.channels * positions);
      correlate<T>(packed, patches, {plane, positions, 1}, nullptr);
      for (int64_t c = 0; c < g_.channels; c++) {
        for (int64_t i = 0; i < h.count; i++) {
          T* row = to + c * g_.input() + (h.first + i * g_.h.stride) * g_.w.input + w.first;
          for (int64_t j = 0; j < w.count; j++) row[j * g_.w.stride] = *plane++;
        }
      }
    });
  }

  // Writes this phase's weights [channels, filters · taps] and the offsets of its k reads; returns the number of its taps.
  int64_t gather(int64_t group, int64_t r, int64_t s, int64_t* offsets) {
    int64_t* taps = scratch<int64_t>(Scratch::Taps, g_.taps());
    int64_t count = 0;
    for (int64_t kh = 0; kh < g_.h.taps; kh++) {
      for (int64_t kw = 0; kw < g_.w.taps; kw++) {
        const int64_t row = kh * g_.h.dilation - r, column = kw * g_.w.dilation - s;
        if (row % g_.h.stride || column % g_.w.stride) continue;
        offsets[count] = (reach(g_.h) - row / g_.h.stride) * planes_.columns + reach(g_.w) - column / g_.w.stride;
        taps[count++] = kh * g_.w.taps + kw;
      }
    }
    // Filter 0's offsets stand already; the others' follow, each a plane further.
    for (int64_t o = 1; o < g_.filters; o++) {
      for (int64_t t = 0; t < count; t++) offsets[o * count + t] = offsets[t] + o * planes_.size<T>();
    }
    T* to = scratch<T>(Scratch::Arranged, g_.channels * g_.filters * g_.taps());
    const T* from = weight_.as<T>() + group * g_.filters * g_.channels * g_.taps();
    for (int64_t o = 0; o < g_.filters; o++) {
      for (int64_t c = 0; c < g_.channels; c++, from += g_.taps()) {
        T* row = to + (c * g_.filters + o) * count;
        for (int64_t t = 0; t < count; t++) row[t] = from[taps[t]];
      }
    }
    return count;
  }
};

template <typename T>
void conv2d_input_of(const Call& call) {
  const View dx = writable<T>(call[0], Scratch::Output), dy = operand<T>(call, 1, Scratch::Input);
  if (dx.size() == 0) return;
  InputGradient<T>(dx, dy, operand<T>(call, 2, Scratch::Filter), call.numbers).run();
  deliver<T>(dx, call[0]);
}

}  // namespace

void conv2dInput(const Call& call) {
  if (call[0].dtype == DType::Float32) return conv2d_input_of<float>(call);
  conv2d_input_of<double>(call);
}

}  // namespace adjoint::ADJOINT_ISA
