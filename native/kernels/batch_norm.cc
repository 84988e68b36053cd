// Normalisation of the channels of [batch, channels, plane], forward and backward. Statistics are added up in double.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// One channel of images: a run of a plane in each of them.
template <typename T>
struct Planes {
  int64_t batch, stride, plane, first;

  static constexpr int width() { return 1; }
  ADJOINT_INLINE Vec<T> spread(const T* numbers) const { return broadcast(numbers[0]); }

  // f(offset, lanes) for every vector, upwards in memory.
  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    for (int64_t n = 0; n < batch; n++) Row<T>{n * stride + first * plane, plane, 0}.each(f);
  }
  // totals[c] = Σ f(offset, lanes) for channel c of these.
  template <typename F>
  ADJOINT_INLINE void sum(double* totals, const F& f) const {
    Total<T> total;
    for (int64_t n = 0; n < batch; n++) {
      const int64_t at = n * stride + first * plane;
      take_run(total, plane, [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return f(at + k, lanes); });
    }
    totals[0] = fold<double>(total.narrowed(), Plus{})[0];
  }
};

// Neighbouring channels, a vector of them, where a plane is a single element and channels lie along memory.
template <typename T, typename Lanes>
struct Neighbours {
  int64_t batch, stride, first;
  Lanes lanes;

  int width() const {
    if constexpr (__is_same(Lanes, Part)) return static_cast<int>(lanes.count);
    return kLanes<T>;
  }
  ADJOINT_INLINE Vec<T> spread(const T* numbers) const { return load(numbers); }

  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    for (int64_t n = 0; n < batch; n++) f(n * stride + first, lanes);
  }
  template <typename F>
  ADJOINT_INLINE void sum(double* totals, const F& f) const {
    Total<T> total;
    int64_t n = 0;
    for (; n + kBlock <= batch; n += kBlock) {
      Vec<T> v[kBlock];
#pragma GCC unroll 8
      for (int j = 0; j < kBlock; j++) v[j] = f((n + j) * stride + first, lanes);
      total.take(pairwise(v, Plus{}));
    }
    for (; n < batch; n++) total.take(f(n * stride + first, lanes));
    total.to(totals);
  }
};

// Calls body(channels, first channel) for all channels of x, in parallel.
template <typename T, typename Body>
void for_channels(const View& x, const Body& body) {
  const int64_t batch = x.shape[0], channels = x.shape[1], plane = x.shape[2];
  const int64_t width = plane == 1 ? kLanes<T> : 1, elements = batch * plane * width;
  const int64_t grain = elements == 0 ? channels : kLineGrain / elements;
  parallel_for((channels + width - 1) / width, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t first = i * width, left = channels - first;
      if (plane != 1) body(Planes<T>{batch, channels * plane, plane, first}, first);
      else if (left >= width) body(Neighbours<T, Strip>{batch, channels, first, {}}, first);
      else body(Neighbours<T, Part>{batch, channels, first, {left}}, first);
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
    T *y = call[0].as<T>(), *means = call[1].as<T>(), *variances = call[2].as<T>();
    const T *x = images.as<T>(), *weight = call[4].as<T>(), *bias = call[5].as<T>();
    for_channels<T>(images, [&](const auto& channels, int64_t first) ADJOINT_LAMBDA {
      double mean[kLanes<T>], squares[kLanes<T>];
      T centers[kLanes<T>] = {}, scales[kLanes<T>] = {}, shifts[kLanes<T>] = {};
      channels.sum(mean, [&](int64_t at, auto lanes) ADJOINT_LAMBDA { return lanes.load(x + at); });
      for (int c = 0; c < channels.width(); c++) centers[c] = static_cast<T>(mean[c] /= count);
      const Vec<T> center = channels.spread(centers);
      channels.sum(squares, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        const Vec<T> distance = lanes.load(x + at) - center;
        return distance * distance;
      });
      for (int c = 0; c < channels.width(); c++) {
        // Less what the rounding of the mean adds to the squares.
        const double off = mean[c] - centers[c], spread = squares[c] / count - off * off;
        const double variance = spread < 0 ? 0 : spread;
        means[first + c] = centers[c];
        variances[first + c] = static_cast<T>(variance);
        scales[c] = static_cast<T>(weight[first + c] / __builtin_sqrt(variance + eps));
        shifts[c] = bias[first + c];
      }
      const Vec<T> scale = channels.spread(scales), shift = channels.spread(shifts);
      channels.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        lanes.store(y + at, (lanes.load(x + at) - center) * scale + shift);
      });
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
    T *dx = call[0].as<T>(), *dweight = call[1].as<T>(), *dbias = call[2].as<T>();
    const T *dy = call[3].as<T>(), *x = images.as<T>(), *means = call[5].as<T>(), *variances = call[6].as<T>(),
            *weight = call[7].as<T>();
    for_channels<T>(images, [&](const auto& channels, int64_t first) ADJOINT_LAMBDA {
      double totals[kLanes<T>], products[kLanes<T>];
      T centers[kLanes<T>] = {}, scales[kLanes<T>] = {}, as[kLanes<T>] = {}, bs[kLanes<T>] = {};
      for (int c = 0; c < channels.width(); c++) centers[c] = means[first + c];
      const Vec<T> center = channels.spread(centers);
      channels.sum(totals, [&](int64_t at, auto lanes) ADJOINT_LAMBDA { return lanes.load(dy + at); });
      channels.sum(products, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        return lanes.load(dy + at) * (lanes.load(x + at) - center);
      });
      for (int c = 0; c < channels.width(); c++) {
        const double rstd = 1 / __builtin_sqrt(variances[first + c] + eps);
        dweight[first + c] = static_cast<T>(products[c] * rstd);
        dbias[first + c] = static_cast<T>(totals[c]);
        scales[c] = static_cast<T>(weight[first + c] * rstd);
        as[c] = static_cast<T>(totals[c] / count);
        bs[c] = static_cast<T>(products[c] * rstd * rstd / count);
      }
      const Vec<T> scale = channels.spread(scales), a = channels.spread(as), b = channels.spread(bs);
      channels.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        lanes.store(dx + at, scale * (lanes.load(dy + at) - a - (lanes.load(x + at) - center) * b));
      });
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
