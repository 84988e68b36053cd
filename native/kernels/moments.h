// The mean and the spread of a run of elements, for normalisation.
#pragma once
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {

template <typename T>
struct Moments {
  T mean, rstd;
};

// rstd = 1 / √(variance + eps), of the biased variance. The squares are those of distances from the rounded mean, less
// what its rounding adds to them.
template <typename T>
ADJOINT_INLINE Moments<T> moments_of_run(const T* x, int64_t n, double eps) {
  const double mean = sum_of_run<T>(n, [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(x + k); }) / n;
  const T center = static_cast<T>(mean);
  const double squares = sum_of_run<T>(n, [&](int64_t k, auto lanes) ADJOINT_LAMBDA {
    const Vec<T> distance = lanes.load(x + k) - broadcast(center);
    return distance * distance;
  });
  const double off = mean - center, variance = squares / n - off * off;
  return {center, static_cast<T>(1 / __builtin_sqrt((variance > 0 ? variance : variance != variance ? variance : 0) + eps))};
}

}  // namespace adjoint::ADJOINT_ISA
