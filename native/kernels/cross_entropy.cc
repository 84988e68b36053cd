// Cross entropy of logits [outer, classes, inner] and labels [outer, inner], forward and backward.
#include "kernels/axis.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {

// losses, peaks, logTotals, x, labels, weight; ignored label, smoothing.
// log p = x − peak − logTotal;   loss = −(1 − s) · weight[y] · log p[y] − s / C · Σ weight · log p
void crossEntropy(const Call& call) {
  const View& logits = call[3];
  const int64_t n = logits.shape[1], inner = logits.shape[2];
  const int32_t ignored = static_cast<int32_t>(call.numbers[0]);
  with_float(logits.dtype, [&](auto zero) {
    using T = decltype(zero);
    T *losses = call[0].as<T>(), *peaks = call[1].as<T>(), *log_totals = call[2].as<T>();
    const T *x = logits.as<T>(), *weight = call[5].as<T>();
    const int32_t* labels = call[4].as<int32_t>();
    const T smoothing = static_cast<T>(call.numbers[1]), hard = 1 - smoothing, even = smoothing / n;
    for_strips(logits.shape[0], n, inner, [&](const Strip& strip) {
      T* peak = peaks + strip.column;
      T* log_total = log_totals + strip.column;
      strip.max(peak, x);
      strip.sum(log_total, [&](int64_t at, int c) ADJOINT_LAMBDA { return math::exp(x[at] - peak[c]); });
      for (int c = 0; c < strip.width; c++) log_total[c] = math::log(log_total[c]);
      for (int c = 0; c < strip.width; c++) {
        const int32_t label = labels[strip.column + c];
        T loss = 0;
        if (label != ignored) {
          const auto log_p = [&](int64_t k) { return x[strip.at(k, c)] - peak[c] - log_total[c]; };
          loss = -hard * weight[label] * log_p(label);
          if (smoothing != 0) {
            for (int64_t k = 0; k < n; k++) loss -= even * weight[k] * log_p(k);
          }
        }
        losses[strip.column + c] = loss;
      }
    });
  });
}

// dx, dlosses, peaks, logTotals, x, labels, weight; the same numbers.
// dx[k] = dloss · (p[k] · Σ weight · q − weight[k] · q[k]),  q[k] = (1 − s) · [k = y] + s / C
void crossEntropyGradient(const Call& call) {
  const View& logits = call[4];
  const int64_t n = logits.shape[1], inner = logits.shape[2];
  const int32_t ignored = static_cast<int32_t>(call.numbers[0]);
  with_float(logits.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* dx = call[0].as<T>();
    const T *dlosses = call[1].as<T>(), *peaks = call[2].as<T>(), *log_totals = call[3].as<T>();
    const T *x = logits.as<T>(), *weight = call[6].as<T>();
    const int32_t* labels = call[5].as<int32_t>();
    const T smoothing = static_cast<T>(call.numbers[1]), hard = 1 - smoothing, even = smoothing / n;
    T weights = 0;
    for (int64_t k = 0; k < n; k++) weights += weight[k];
    for_strips(logits.shape[0], n, inner, [&](const Strip& strip) {
      const T* peak = peaks + strip.column;
      const T* log_total = log_totals + strip.column;
      // Factors of p and of the smoothed weights; 0 where the label is ignored.
      T of_p[kStrip], of_weight[kStrip];
      for (int c = 0; c < strip.width; c++) {
        const int32_t label = labels[strip.column + c];
        const T dloss = label == ignored ? 0 : dlosses[strip.column + c];
        of_p[c] = label == ignored ? 0 : dloss * (hard * weight[label] + even * weights);
        of_weight[c] = dloss * even;
      }
      strip.each([&](int64_t at, int c) ADJOINT_LAMBDA {
        dx[at] = of_p[c] * math::exp(x[at] - peak[c] - log_total[c]);
      });
      if (smoothing != 0) {
        for (int64_t k = 0; k < n; k++) {
          for (int c = 0; c < strip.width; c++) dx[strip.at(k, c)] -= of_weight[c] * weight[k];
        }
      }
      for (int c = 0; c < strip.width; c++) {
        const int32_t label = labels[strip.column + c];
        if (label == ignored) continue;
        dx[strip.at(label, c)] -= dlosses[strip.column + c] * hard * weight[label];
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
