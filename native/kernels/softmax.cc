// softmax and its logarithm, forward and backward, on [outer, n, inner] along the middle axis.
#include "kernels/axis.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename Body>
void strips_of(const View& x, const Body& body) {
  for_strips(x.shape[0], x.shape[1], x.shape[2], body);
}

}  // namespace

// y = exp(x − max x) / Σ exp(x − max x)
void softmax(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict y = call[0].as<T>();
    const T* __restrict x = call[1].as<T>();
    strips_of(call[1], [&](const Strip& strip) {
      T peaks[kStrip], totals[kStrip];
      strip.max(peaks, x);
      strip.sum(totals, [&](int64_t at, int c) ADJOINT_LAMBDA { return y[at] = math::exp(x[at] - peaks[c]); });
      strip.each([&](int64_t at, int c) ADJOINT_LAMBDA { y[at] /= totals[c]; });
    });
  });
}

// dx = y · (dy − Σ dy · y)
void softmaxGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict dx = call[0].as<T>();
    const T *__restrict dy = call[1].as<T>(), *__restrict y = call[2].as<T>();
    strips_of(call[0], [&](const Strip& strip) {
      T totals[kStrip];
      strip.sum(totals, [&](int64_t at, int) ADJOINT_LAMBDA { return dy[at] * y[at]; });
      strip.each([&](int64_t at, int c) ADJOINT_LAMBDA { dx[at] = y[at] * (dy[at] - totals[c]); });
    });
  });
}

// y = x − max x − log Σ exp(x − max x)
void logSoftmax(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict y = call[0].as<T>();
    const T* __restrict x = call[1].as<T>();
    strips_of(call[1], [&](const Strip& strip) {
      T peaks[kStrip], totals[kStrip];
      strip.max(peaks, x);
      strip.sum(totals, [&](int64_t at, int c) ADJOINT_LAMBDA { return math::exp(x[at] - peaks[c]); });
      for (int c = 0; c < strip.width; c++) totals[c] = math::log(totals[c]);
      strip.each([&](int64_t at, int c) ADJOINT_LAMBDA { y[at] = x[at] - peaks[c] - totals[c]; });
    });
  });
}

// dx = dy − exp y · Σ dy
void logSoftmaxGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict dx = call[0].as<T>();
    const T *__restrict dy = call[1].as<T>(), *__restrict y = call[2].as<T>();
    strips_of(call[0], [&](const Strip& strip) {
      T totals[kStrip];
      strip.sum(totals, [&](int64_t at, int) ADJOINT_LAMBDA { return dy[at]; });
      strip.each([&](int64_t at, int c) ADJOINT_LAMBDA { dx[at] = dy[at] - math::exp(y[at]) * totals[c]; });
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
