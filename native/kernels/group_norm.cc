// Normalisation of groups of channels of [batch, groups, channels of a group, plane], forward and backward. Statistics are
// added up in double.
#include "kernels/moments.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

struct Groups {
  int64_t batch, groups, channels, plane;  // channels of one group

  explicit Groups(const View& x) : batch(x.shape[0]), groups(x.shape[1]), channels(x.shape[2]), plane(x.shape[3]) {}

  // Calls body(group of all images' groups, its first element, its first channel) in parallel.
  template <typename Body>
  void each(const Body& body) const {
    const int64_t size = channels * plane;
    parallel_for(batch * groups, chunk(kLineGrain, size), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) body(i, i * size, i % groups * channels);
    });
  }
};

}  // namespace

// y, means [batch · groups], rstds, x [batch, groups, channels, plane], weight [groups · channels], bias; eps
void groupNorm(const Call& call) {
  const Groups groups(call[3]);
  const int64_t plane = groups.plane;
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *y = call[0].as<T>(), *means = call[1].as<T>(), *rstds = call[2].as<T>();
    const T *x = call[3].as<T>(), *weight = call[4].as<T>(), *bias = call[5].as<T>();
    groups.each([&](int64_t group, int64_t first, int64_t channel) {
      const Moments<T> moments = moments_of_run(x + first, groups.channels * plane, call.numbers[0]);
      means[group] = moments.mean;
      rstds[group] = moments.rstd;
      const Vec<T> center = broadcast(moments.mean);
      for (int64_t c = 0; c < groups.channels; c++) {
        const Vec<T> scale = broadcast(moments.rstd * weight[channel + c]), shift = broadcast(bias[channel + c]);
        Row<T>{first + c * plane, plane, 0}.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
          lanes.store(y + at, (lanes.load(x + at) - center) * scale + shift);
        });
      }
    });
  });
}

// dx, dweight, dbias, dy, x, means, rstds, weight.
// dx = rstd · (g − mean g − x̂ · mean(g · x̂)),  g = weight · dy;   dweight = Σ dy · x̂;   dbias = Σ dy
void groupNormGradient(const Call& call) {
  const Groups groups(call[4]);
  const int64_t plane = groups.plane, size = groups.channels * plane, channels = groups.groups * groups.channels;
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *dx = call[0].as<T>(), *dweight = call[1].as<T>(), *dbias = call[2].as<T>();
    const T *dy = call[3].as<T>(), *x = call[4].as<T>(), *means = call[5].as<T>(), *rstds = call[6].as<T>(),
            *weight = call[7].as<T>();
    // Of every channel of every image: Σ dy · x̂, then Σ dy.
    const Scratch<double> sums(2 * groups.batch * channels);
    groups.each([&](int64_t group, int64_t first, int64_t channel) {
      const Vec<T> center = broadcast(means[group]), rstd = broadcast(rstds[group]);
      double total = 0, product = 0;
      for (int64_t c = 0; c < groups.channels; c++) {
        const int64_t start = first + c * plane;
        const double d = sum_of_run<T>(plane, [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(dy + start + k); });
        const double hats = sum_of_run<T>(plane, [&](int64_t k, auto lanes) ADJOINT_LAMBDA {
          return lanes.load(dy + start + k) * ((lanes.load(x + start + k) - center) * rstd);
        });
        double* sum = sums.data + 2 * (group * groups.channels + c);
        sum[0] = hats;
        sum[1] = d;
        product += weight[channel + c] * hats;
        total += weight[channel + c] * d;
      }
      const Vec<T> a = broadcast(static_cast<T>(total / size)), b = broadcast(static_cast<T>(product / size));
      for (int64_t c = 0; c < groups.channels; c++) {
        const Vec<T> factor = broadcast(weight[channel + c]);
        Row<T>{first + c * plane, plane, 0}.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
          const Vec<T> hat = (lanes.load(x + at) - center) * rstd;
          lanes.store(dx + at, rstd * (lanes.load(dy + at) * factor - a - hat * b));
        });
      }
    });
    for (int64_t c = 0; c < channels; c++) {
      double product = 0, total = 0;
      for (int64_t n = 0; n < groups.batch; n++) {
        product += sums.data[2 * (n * channels + c)];
        total += sums.data[2 * (n * channels + c) + 1];
      }
      dweight[c] = static_cast<T>(product);
      dbias[c] = static_cast<T>(total);
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
