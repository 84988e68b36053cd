// Normalisation of the channels of [batch, channels, plane], forward and backward, and the gradient of it by statistics that
// are given. Sums are added up in double.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Neighbouring channels that are walked together, row by row of memory, where a plane is a single element.
constexpr int kTogether = 128;

// Elements of a channel whose mean stands for that of all.
constexpr int64_t kSample = 1024;

// Lanes of a run that ask for the same place in the next run as they read: no hardware foresees where that lies.
template <typename Lanes>
struct Ahead : Lanes {
  int64_t distance;

  template <typename T>
  ADJOINT_INLINE Vec<T> load(const T* from) const {
    __builtin_prefetch(from + distance);
    return Lanes::load(from);
  }
  template <typename T>
  ADJOINT_INLINE void store(T* to, Vec<T> v) const {
    __builtin_prefetch(to + distance, 1);
    Lanes::store(to, v);
  }
};

// One channel of images: a run of a plane in each of them.
template <typename T>
struct Planes {
  int64_t batch, stride, plane, first;

  static constexpr int width = 1;
  // The channel's number in every lane, read once: what is stored between could be the number, for all that the compiler knows.
  struct Held {
    Vec<T> number;
    ADJOINT_INLINE Vec<T> operator()(int) const { return number; }
  };
  ADJOINT_INLINE Held held(const T* numbers) const { return {broadcast(numbers[0])}; }

  // f(offset, channel within these, lanes) for every vector, from the last run on, which `sums` has just left in the cache.
  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    for (int64_t n = batch - 1; n >= 0; n--) {
      const int64_t ahead = n > 0 ? -stride : plane;
      Row<T>{n * stride + first * plane, plane, 0}.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        f(at, 0, Ahead<decltype(lanes)>{lanes, ahead});
      });
    }
  }
  // The sums of both summands f(offset, c, lanes), for channel c of these.
  template <typename F>
  ADJOINT_INLINE void sums(double* a, double* b, const F& f) const {
    Total<T> first_total, second_total;
    for (int64_t n = 0; n < batch; n++) {
      const int64_t at = n * stride + first * plane, ahead = n + 1 < batch ? stride : 0;
      take_runs(first_total, second_total, plane, [&](int64_t k, auto lanes) ADJOINT_LAMBDA {
        return f(at + k, 0, Ahead<decltype(lanes)>{lanes, ahead});
      });
    }
    a[0] = fold<double>(first_total.narrowed(), Plus{})[0];
    b[0] = fold<double>(second_total.narrowed(), Plus{})[0];
  }
};

// Channels that lie one beside another.
template <typename T>
struct Neighbours {
  int64_t batch, stride, first;
  int width;

  struct Held {
    const T* numbers;
    ADJOINT_INLINE Vec<T> operator()(int c) const { return load(numbers + c); }
  };
  ADJOINT_INLINE Held held(const T* numbers) const { return {numbers}; }

  template <typename F>
  ADJOINT_INLINE void each(const F& f) const {
    for (int64_t n = 0; n < batch; n++) {
      const int64_t at = n * stride + first;
      for_vectors([&](int c, auto lanes) ADJOINT_LAMBDA { f(at + c, c, lanes); });
    }
  }
  template <typename F>
  ADJOINT_INLINE void sums(double* a, double* b, const F& f) const {
    for (int c = 0; c < kTogether; c++) a[c] = b[c] = 0;
    for (int64_t n = 0; n < batch; n += kBlock) {
      const int64_t at = n * stride + first, rows = batch - n < kBlock ? batch - n : kBlock;
      for_vectors([&](int c, auto lanes) ADJOINT_LAMBDA {
        TwoVectors<T> sum = f(at + c, c, lanes);
        for (int64_t j = 1; j < rows; j++) {
          const TwoVectors<T> pair = f(at + j * stride + c, c, lanes);
          sum.a += pair.a;
          sum.b += pair.b;
        }
        add(a + c, sum.a);
        add(b + c, sum.b);
      });
    }
  }

 private:
  ADJOINT_INLINE static void add(double* totals, Vec<T> v) {
    Total<T> total = Total<T>::from(totals);
    total.take(v);
    total.to(totals);
  }
  template <typename F>
  ADJOINT_INLINE void for_vectors(const F& f) const {
    int c = 0;
    for (; c + kLanes<T> <= width; c += kLanes<T>) f(c, Whole{});
    if (c < width) f(c, Part{width - c});
  }
};

// Calls body(channels, first channel) for all channels of x, in parallel.
template <typename T, typename Body>
void for_channels(const View& x, const Body& body) {
  const int64_t batch = x.shape[0], channels = x.shape[1], plane = x.shape[2];
  const int64_t width = plane == 1 ? kTogether : 1, elements = batch * plane * width;
  parallel_for((channels + width - 1) / width, chunk(kLineGrain, elements), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t first = i * width, left = channels - first;
      if (plane != 1) body(Planes<T>{batch, channels * plane, plane, first}, first);
      else body(Neighbours<T>{batch, channels, first, static_cast<int>(left < width ? left : width)}, first);
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
      double sums[kTogether], squares[kTogether];
      T centers[kTogether] = {}, scales[kTogether] = {}, shifts[kTogether] = {};
      const auto from = [&](auto center) ADJOINT_LAMBDA {
        return [=](int64_t at, int c, auto lanes) ADJOINT_LAMBDA {
          const Vec<T> distance = lanes.load(x + at) - center(c);
          return TwoVectors<T>{distance, distance * distance};
        };
      };
      // The mean of some images, as a point from which all are measured in one pass. Of N images, n of which have their
      // mean at a distance d, the variance is at least d² · n / N: little is lost by the subtraction below.
      auto some = channels;
      const int64_t plane = images.shape[2] > 0 ? images.shape[2] : 1, enough = kSample / plane + 1;
      some.batch = enough < images.shape[0] ? enough : images.shape[0];
      some.sums(sums, squares, from(channels.held(centers)));
      for (int c = 0; c < channels.width; c++) centers[c] = static_cast<T>(sums[c] / (some.batch * plane));
      channels.sums(sums, squares, from(channels.held(centers)));
      for (int c = 0; c < channels.width; c++) {
        const double off = sums[c] / count, spread = squares[c] / count - off * off;
        const double variance = spread < 0 ? 0 : spread;
        means[first + c] = static_cast<T>(centers[c] + off);
        variances[first + c] = static_cast<T>(variance);
        scales[c] = static_cast<T>(weight[first + c] / __builtin_sqrt(variance + eps));
        shifts[c] = bias[first + c];
        centers[c] = means[first + c];
      }
      const auto center = channels.held(centers), scale = channels.held(scales), shift = channels.held(shifts);
      channels.each([=](int64_t at, int c, auto lanes) ADJOINT_LAMBDA {
        lanes.store(y + at, (lanes.load(x + at) - center(c)) * scale(c) + shift(c));
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
      double totals[kTogether], products[kTogether];
      T centers[kTogether] = {}, scales[kTogether] = {}, as[kTogether] = {}, bs[kTogether] = {};
      for (int c = 0; c < channels.width; c++) centers[c] = means[first + c];
      const auto center = channels.held(centers);
      channels.sums(totals, products, [=](int64_t at, int c, auto lanes) ADJOINT_LAMBDA {
        const Vec<T> d = lanes.load(dy + at);
        return TwoVectors<T>{d, d * (lanes.load(x + at) - center(c))};
      });
      for (int c = 0; c < channels.width; c++) {
        const double rstd = 1 / __builtin_sqrt(variances[first + c] + eps);
        dweight[first + c] = static_cast<T>(products[c] * rstd);
        dbias[first + c] = static_cast<T>(totals[c]);
        scales[c] = static_cast<T>(weight[first + c] * rstd);
        as[c] = static_cast<T>(totals[c] / count);
        bs[c] = static_cast<T>(products[c] * rstd * rstd / count);
      }
      const auto scale = channels.held(scales), a = channels.held(as), b = channels.held(bs);
      channels.each([=](int64_t at, int c, auto lanes) ADJOINT_LAMBDA {
        lanes.store(dx + at, scale(c) * (lanes.load(dy + at) - a(c) - (lanes.load(x + at) - center(c)) * b(c)));
      });
    });
  });
}

// dx, dscale, dshift, dy, x, scale. dx = scale · dy;   dscale = Σ dy · x;   dshift = Σ dy
void scaleShiftGradient(const Call& call) {
  const View& images = call[4];
  with_float(images.dtype, [&](auto zero) {
    using T = decltype(zero);
    T *dx = call[0].as<T>(), *dscale = call[1].as<T>(), *dshift = call[2].as<T>();
    const T *dy = call[3].as<T>(), *x = images.as<T>(), *scale = call[5].as<T>();
    for_channels<T>(images, [&](const auto& channels, int64_t first) ADJOINT_LAMBDA {
      double totals[kTogether], products[kTogether];
      T scales[kTogether] = {};
      for (int c = 0; c < channels.width; c++) scales[c] = scale[first + c];
      const auto factor = channels.held(scales);
      channels.sums(totals, products, [=](int64_t at, int c, auto lanes) ADJOINT_LAMBDA {
        const Vec<T> d = lanes.load(dy + at);
        lanes.store(dx + at, factor(c) * d);
        return TwoVectors<T>{d, d * lanes.load(x + at)};
      });
      for (int c = 0; c < channels.width; c++) {
        dscale[first + c] = static_cast<T>(products[c]);
        dshift[first + c] = static_cast<T>(totals[c]);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
