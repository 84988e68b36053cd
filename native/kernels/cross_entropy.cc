// Cross entropy of logits [outer, classes, inner] and labels [outer, inner], forward and backward.
#include "kernels/axis.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Where the lane's element of class k lies, and how many lanes are samples of their own.
template <typename AnyRow>
ADJOINT_INLINE int64_t place(const AnyRow& row, int64_t k, int) { return row.first + k; }
template <typename T, typename Lanes>
ADJOINT_INLINE int64_t place(const Columns<T, Lanes>& columns, int64_t k, int lane) {
  return columns.first + k * columns.step + lane;
}
template <typename AnyRow>
ADJOINT_INLINE int samples(const AnyRow&) { return 1; }
template <typename T>
ADJOINT_INLINE int samples(const Columns<T, Strip>&) { return kLanes<T>; }
template <typename T>
ADJOINT_INLINE int samples(const Columns<T, Part>& columns) { return static_cast<int>(columns.lanes.count); }

// Numbers of the samples as a line's vector.
template <typename AnyRow, typename T>
ADJOINT_INLINE Vec<T> spread(const AnyRow&, const T* numbers) { return broadcast(*numbers); }
template <typename T, typename Lanes>
ADJOINT_INLINE Vec<T> spread(const Columns<T, Lanes>&, const T* numbers) { return load(numbers); }

// A factor of each class, or 1.
template <typename T>
struct Weights {
  const T* data;

  T operator[](int64_t k) const { return data ? data[k] : T(1); }
};
template <typename T>
Weights<T> weights(const Call& call, int at) {
  return {call.view_count > at ? call[at].as<T>() : nullptr};
}

// What the labels that count weigh together.
template <typename T>
double weigh(const int32_t* labels, int64_t count, int32_t ignored, const Weights<T>& weight) {
  double total = 0;
  for (int64_t i = 0; i < count; i++) {
    if (labels[i] != ignored) total += weight[labels[i]];
  }
  return total;
}

}  // namespace

// y, scale, peaks, logTotals, x, labels, weight or none; ignored label, smoothing, whether y is the mean.
// log p = x − peak − logTotal;   loss = −(1 − s) · weight[y] · log p[y] − s / C · Σ weight · log p
// y is every loss, or where it has one element their sum. A mean divides it by Σ weight[y], whose reciprocal is the scale;
// else that is 1.
void crossEntropy(const Call& call) {
  const View &logits = call[4], &y = call[0];
  const int64_t n = logits.shape[1], count = logits.shape[0] * logits.shape[2];
  const int32_t ignored = static_cast<int32_t>(call.numbers[0]);
  with_float(logits.dtype, [&](auto zero) {
    using T = decltype(zero);
    const bool one = y.size() == 1;
    const Scratch<T> scratch(one ? count + 1 : 1);
    T *losses = one ? scratch.data : y.as<T>(), *peaks = call[2].as<T>(), *log_totals = call[3].as<T>();
    const T* x = logits.as<T>();
    const Weights<T> weight = weights<T>(call, 6);
    const int32_t* labels = call[5].as<int32_t>();
    const T smoothing = static_cast<T>(call.numbers[1]), hard = 1 - smoothing, even = smoothing / n;
    for_log_totals<T>(logits, [&](const auto& line, Vec<T> peak, Vec<T> log_total) ADJOINT_LAMBDA {
      line.keep(peaks, peak);
      line.keep(log_totals, log_total);
      for (int lane = 0; lane < samples(line); lane++) {
        const int64_t sample = line.line + lane;
        const int32_t label = labels[sample];
        T loss = 0;
        if (label != ignored) {
          const auto log_p = [&](int64_t k) { return x[place(line, k, lane)] - peaks[sample] - log_totals[sample]; };
          loss = -hard * weight[label] * log_p(label);
          if (smoothing != 0) {
            for (int64_t k = 0; k < n; k++) loss -= even * weight[k] * log_p(k);
          }
        }
        losses[sample] = loss;
      }
    });
    const double total = call.says(2) ? weigh(labels, count, ignored, weight) : 1;
    *call[1].as<T>() = static_cast<T>(1 / total);
    if (!one) return;
    Total<T> sum;
    take_run(sum, count, [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(losses + k); });
    *y.as<T>() = static_cast<T>(fold<double>(sum.narrowed(), Plus{})[0] / total);
  });
}

// dx, dy, scale, peaks, logTotals, x, labels, weight or none; the same numbers.
// dx[k] = dloss · (p[k] · Σ weight · q − weight[k] · q[k]),  q[k] = (1 − s) · [k = y] + s / C,  dloss = dy · scale
void crossEntropyGradient(const Call& call) {
  const View& logits = call[5];
  const int64_t n = logits.shape[1];
  const int32_t ignored = static_cast<int32_t>(call.numbers[0]);
  with_float(logits.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* dx = call[0].as<T>();
    const T *dy = call[1].as<T>(), *peaks = call[3].as<T>(), *log_totals = call[4].as<T>(), *x = logits.as<T>();
    const T scale = *call[2].as<T>(), smoothing = static_cast<T>(call.numbers[1]), hard = 1 - smoothing, even = smoothing / n;
    const bool one = call[1].size() == 1;
    const auto dloss_of = [=](int64_t sample) ADJOINT_LAMBDA { return dy[one ? 0 : sample] * scale; };
    const Weights<T> weight = weights<T>(call, 7);
    const int32_t* labels = call[6].as<int32_t>();
    T all = 0;
    for (int64_t k = 0; k < n; k++) all += weight[k];
    for_lines<T>(logits.shape[0], n, logits.shape[2], [&](const auto& line) ADJOINT_LAMBDA {
      // The factor of p; 0 where the label is ignored.
      T of_p[kLanes<T>] = {};
      for (int lane = 0; lane < samples(line); lane++) {
        const int32_t label = labels[line.line + lane];
        if (label != ignored) of_p[lane] = dloss_of(line.line + lane) * (hard * weight[label] + even * all);
      }
      const Vec<T> factor = spread(line, of_p), peak = line.own(peaks), log_total = line.own(log_totals);
      line.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        lanes.store(dx + at, factor * exp<T>(lanes.load(x + at) - peak - log_total));
      });
      for (int lane = 0; lane < samples(line); lane++) {
        const int32_t label = labels[line.line + lane];
        if (label == ignored) continue;
        const T dloss = dloss_of(line.line + lane);
        if (smoothing != 0) {
          for (int64_t k = 0; k < n; k++) dx[place(line, k, lane)] -= dloss * even * weight[k];
        }
        dx[place(line, label, lane)] -= dloss * hard * weight[label];
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
