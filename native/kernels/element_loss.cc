// Losses between the elements of two tensors, their sum in the same pass, and their slopes: row-major views, of which nothing
// but a common factor is written between.
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename V>
ADJOINT_INLINE V magnitude_of(V d) { return d < 0 ? -d : d + 0; }  // + 0: −0 becomes 0

// Loss and slope of the difference d, of numbers or of vectors; `edge` is a loss's own number.
struct Squared {
  template <typename V>
  ADJOINT_INLINE static V loss(V d, V) { return d * d; }
  template <typename V>
  ADJOINT_INLINE static V slope(V d, V) { return d + d; }
};
struct Absolute {
  template <typename V>
  ADJOINT_INLINE static V loss(V d, V) { return magnitude_of(d); }
  template <typename T>
  ADJOINT_INLINE static T slope(T d, T) { return d > 0 ? 1 : d < 0 ? -1 : d; }
};
// Near 0 ½ d², beyond ±edge a line.
struct Huber {
  template <typename V>
  ADJOINT_INLINE static V loss(V d, V edge) {
    const V distance = magnitude_of(d), near = distance < edge ? distance : edge;
    return near * (distance - near / 2);
  }
  template <typename T>
  ADJOINT_INLINE static T slope(T d, T edge) { return d > edge ? edge : d < -edge ? -edge : d; }
};

double number_of(const Call& call, int at) { return call.number_count > at ? call.numbers[at] : 0; }

// y = scale · loss(x − t) of every element, or of all of them the sum where y has one.
template <typename Loss>
void element_loss(const Call& call) {
  const int64_t n = call[1].size();
  const double scale = call.numbers[0];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict const y = call[0].as<T>();
    const T *const x = call[1].as<T>(), *const t = call[2].as<T>();
    const T edge = static_cast<T>(number_of(call, 1)), factor = static_cast<T>(scale);
    if (call[0].size() == n) {
      parallel_for(n, kGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) y[i] = factor * Loss::template loss<T>(x[i] - t[i], edge);
      });
      return;
    }
    const int64_t parts = (n + kGrain - 1) / kGrain;
    const Scratch<double> sums(parts + 1);
    parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; part++) {
        const int64_t first = part * kGrain, rest = n - first;
        Total<T> total;
        take_run(total, rest < kGrain ? rest : kGrain, [&](int64_t k, auto lanes) ADJOINT_LAMBDA {
          const Vec<T> d = lanes.load(x + first + k) - lanes.load(t + first + k);
          return Loss::template loss<Vec<T>>(d, broadcast(edge));
        });
        sums.data[part] = fold<double>(total.narrowed(), Plus{})[0];
      }
    });
    double sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += sums.data[part];
    *y = static_cast<T>(scale * sum);
  });
}

// dx = scale · dy · slope(x − t); dy is one or as many as x.
template <typename Loss>
void element_slope(const Call& call) {
  const int64_t n = call[0].size();
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* __restrict const dx = call[0].as<T>();
    const T *const dy = call[1].as<T>(), *const x = call[2].as<T>(), *const t = call[3].as<T>();
    const T edge = static_cast<T>(number_of(call, 1)), scale = static_cast<T>(call.numbers[0]);
    const bool one = call[1].size() != n;
    parallel_for(n, kGrain, [&](int64_t begin, int64_t end) {
      if (one) {
        const T factor = scale * *dy;
        for (int64_t i = begin; i < end; i++) dx[i] = factor * Loss::slope(x[i] - t[i], edge);
      } else {
        for (int64_t i = begin; i < end; i++) dx[i] = scale * dy[i] * Loss::slope(x[i] - t[i], edge);
      }
    });
  });
}

}  // namespace

void mseLoss(const Call& call) { element_loss<Squared>(call); }
void mseLossGradient(const Call& call) { element_slope<Squared>(call); }
void l1Loss(const Call& call) { element_loss<Absolute>(call); }
void l1LossGradient(const Call& call) { element_slope<Absolute>(call); }
void huberLoss(const Call& call) { element_loss<Huber>(call); }
void huberLossGradient(const Call& call) { element_slope<Huber>(call); }

}  // namespace adjoint::ADJOINT_ISA
