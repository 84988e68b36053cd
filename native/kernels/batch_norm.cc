// Normalisation of the channels of [batch, channels, plane], forward and backward. Statistics are added up in double.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// One channel of images, or neighbouring channels where a plane is a single element and channels lie along memory.
struct Channels {
  int64_t batch, stride, plane;
  int64_t first;
  int width;

  // f(offset, channel within these) for every element, along memory.
  template <typename F>
  __attribute__((always_inline)) void each(const F& f) const {
    for (int64_t n = 0; n < batch; n++) {
      const int64_t at = n * stride + first * plane;
      if (plane == 1) {
#pragma omp simd
        for (int c = 0; c < width; c++) f(at + c, c);
      } else {
#pragma omp simd
        for (int64_t p = 0; p < plane; p++) f(at + p, 0);
      }
    }
  }

  // totals[c] = Σ f(offset, c) over batch and plane. The order of additions depends on the shape alone.
  template <typename F>
  __attribute__((always_inline)) void sum(double* totals, const F& f) const {
    for (int c = 0; c < width; c++) totals[c] = 0;
    for (int64_t n = 0; n < batch; n++) {
      const int64_t at = n * stride + first * plane;
      if (plane == 1) {
#pragma omp simd
        for (int c = 0; c < width; c++) totals[c] += f(at + c, c);
      } else {
        double total = 0;
#pragma omp simd reduction(+ : total)
        for (int64_t p = 0; p < plane; p++) total += f(at + p, 0);
        totals[0] += total;
      }
    }
  }
};

// Calls body(channels) for all channels of x, in parallel.
template <typename Body>
void for_channels(const View& x, const Body& body) {
  const int64_t batch = x.shape[0], channels = x.shape[1], plane = x.shape[2];
  const int64_t width = plane == 1 ? kStrip : 1;
  const int64_t elements = batch * plane * width;
  const int64_t grain = elements == 0 ? channels : kGrain / 4 / elements;
  parallel_for((channels + width - 1) / width, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t first = i * width, left = channels - first;
      body(Channels{batch, channels * plane, plane, first, static_cast<int>(left < width ? left : width)});
    }
  });
}

}  // namespace

// y, means, variances, x, weight, bias; eps. The variance is the biased one.
void batchNorm(const Call& call) {
  const View& images = call[3];
  const double count = static_cast<double>(images.shape[0] * images.shape[2]), eps = call.numbers[0];
  with_float(images.dtype, [&](auto zero) {
    using T = decltype(zero);
    T *__restrict y = call[0].as<T>(), *means = call[1].as<T>(), *variances = call[2].as<T>();
    const T *__restrict x = images.as<T>(), *weight = call[4].as<T>(), *bias = call[5].as<T>();
    for_channels(images, [&](const Channels& channels) {
      double mean[kStrip], variance[kStrip];
      channels.sum(mean, [&](int64_t at, int) { return static_cast<double>(x[at]); });
      for (int c = 0; c < channels.width; c++) mean[c] /= count;
      channels.sum(variance, [&](int64_t at, int c) { return (x[at] - mean[c]) * (x[at] - mean[c]); });
      T center[kStrip], scale[kStrip], shift[kStrip];
      for (int c = 0; c < channels.width; c++) {
        const int64_t channel = channels.first + c;
        variance[c] /= count;
        means[channel] = center[c] = static_cast<T>(mean[c]);
        variances[channel] = static_cast<T>(variance[c]);
        scale[c] = static_cast<T>(weight[channel] / __builtin_sqrt(variance[c] + eps));
        shift[c] = bias[channel];
      }
      channels.each([&](int64_t at, int c) { y[at] = (x[at] - center[c]) * scale[c] + shift[c]; });
    });
  });
}

// dx, dweight, dbias, dy, x, means, variances, weight; eps.
// dx = weight · rstd · (dy − mean dy − x̂ · mean(dy · x̂));   dweight = Σ dy · x̂;   dbias = Σ dy
void batchNormGradient(const Call& call) {
  const View& images = call[4];
  const double count = static_cast<double>(images.shape[0] * images.shape[2]), eps = call.numbers[0];
  with_float(images.dtype, [&](auto zero) {
    using T = decltype(zero);
    T *__restrict dx = call[0].as<T>(), *dweight = call[1].as<T>(), *dbias = call[2].as<T>();
    const T *__restrict dy = call[3].as<T>(), *__restrict x = images.as<T>(), *means = call[5].as<T>(),
            *variances = call[6].as<T>(), *weight = call[7].as<T>();
    for_channels(images, [&](const Channels& channels) {
      T center[kStrip], scale[kStrip], a[kStrip], b[kStrip];
      double total[kStrip], product[kStrip];
      for (int c = 0; c < channels.width; c++) center[c] = means[channels.first + c];
      channels.sum(total, [&](int64_t at, int) { return static_cast<double>(dy[at]); });
      channels.sum(product, [&](int64_t at, int c) { return static_cast<double>(dy[at]) * (x[at] - center[c]); });
      for (int c = 0; c < channels.width; c++) {
        const int64_t channel = channels.first + c;
        const double rstd = 1 / __builtin_sqrt(variances[channel] + eps);
        dweight[channel] = static_cast<T>(product[c] * rstd);
        dbias[channel] = static_cast<T>(total[c]);
        scale[c] = static_cast<T>(weight[channel] * rstd);
        a[c] = static_cast<T>(total[c] / count);
        b[c] = static_cast<T>(product[c] * rstd * rstd / count);
      }
      channels.each([&](int64_t at, int c) { dx[at] = scale[c] * (dy[at] - a[c] - (x[at] - center[c]) * b[c]); });
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
