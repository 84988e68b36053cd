// Losses between the elements of two tensors, their sum in the same pass, and their slopes: row-major views, of which nothing
// but a common factor is written between.
#include "kernels/activations.h"
#include "kernels/elementwise.h"
#include "simd/fold.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

using functions::magnitude;
using functions::squared;

// Loss and slope of an element x and its target t; `edge` is a loss's own number.
struct Squared {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return squared(x - t); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return 2 * (x - t); }
};
struct Absolute {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return magnitude(x - t); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) {
    const T d = x - t;
    return d > 0 ? 1 : d < 0 ? -1 : d;
  }
};
// Near 0 ½ d², beyond ±edge a line.
struct Huber {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T edge) {
    const T distance = magnitude(x - t), near = distance < edge ? distance : edge;
    return near * (distance - near / 2);
  }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T edge) {
    const T d = x - t;
    return d > edge ? edge : d < -edge ? -edge : d;
  }
};
// Of a probability x, with its logarithms no lower than −100 and the slope's divisor no smaller than 10⁻¹².
struct Entropy {
  template <typename T>
  ADJOINT_INLINE static T floored(T x) {
    const T y = math::log(x);
    return y < -100 ? -100 : y;
  }
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return -(t * floored(x) + (1 - t) * floored(1 - x)); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) {
    const T least = static_cast<T>(1e-12), spread = x * (1 - x);
    return (x - t) / (spread < least ? least : spread);
  }
};
// The same of the probability σ(x).
struct LogitEntropy {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return (1 - t) * x + math::softplus(-x); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return (1 - t) - math::sigmoid(-x); }
};
struct Logistic {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return math::softplus(-(t * x)); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return -t * math::sigmoid(-(t * x)); }
};
// 1 − t · x, where it is above 0.
struct Hinge {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) {
    const T missing = 1 - t * x;
    return missing <= 0 ? 0 : missing;
  }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return 1 - t * x > 0 ? -t : 0; }
};
struct SquaredHinge {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return squared(Hinge::loss(x, t, T(0))); }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return -2 * t * Hinge::loss(x, t, T(0)); }
};
// t · (log t − x), 0 where t is.
struct Divergence {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return (t == 0 ? 0 : t * math::log(t == 0 ? T(1) : t)) - t * x; }
  template <typename T>
  ADJOINT_INLINE static T slope(T, T t, T) { return -t; }
};
// Of a rate's logarithm x.
struct Poisson {
  template <typename T>
  ADJOINT_INLINE static T loss(T x, T t, T) { return math::exp(x) - t * x; }
  template <typename T>
  ADJOINT_INLINE static T slope(T x, T t, T) { return math::exp(x) - t; }
};

double number_of(const Call& call, int at) { return call.number_count > at ? call.numbers[at] : 0; }

// Losses that wait in the first-level cache for their sum.
constexpr int64_t kTogether = 1024;

// Σ loss(x, t), each in the type S.
template <typename Loss, typename S, typename T>
double sum_of_losses(const T* x, const T* t, int64_t n, S edge) {
  const int64_t parts = (n + kGrain - 1) / kGrain;
  const Scratch<double> sums(parts + 1);
  parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      const int64_t last = n < (part + 1) * kGrain ? n : (part + 1) * kGrain;
      Total<S> total;
      for (int64_t first = part * kGrain; first < last; first += kTogether) {
        const int64_t count = last - first < kTogether ? last - first : kTogether;
        S losses[kTogether];
        for (int64_t i = 0; i < count; i++) {
          losses[i] = Loss::loss(static_cast<S>(x[first + i]), static_cast<S>(t[first + i]), edge);
        }
        take_run(total, count, [&](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(losses + k); });
      }
      sums.data[part] = fold<double>(total.narrowed(), Plus{})[0];
    }
  });
  double sum = 0;
  for (int64_t part = 0; part < parts; part++) sum += sums.data[part];
  return sum;
}

// y = scale · loss(x, t) of every element, or of all of them the sum where y has one; a sum may be wider than x.
template <typename Loss>
void element_loss(const Call& call) {
  const int64_t n = call[1].size();
  const double scale = call.numbers[0], number = number_of(call, 1);
  with_float(call[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *const x = call[1].as<T>(), *const t = call[2].as<T>();
    const T edge = static_cast<T>(number), factor = static_cast<T>(scale);
    if (call[0].size() == n && call[0].dtype == call[1].dtype) {
      T* __restrict const y = call[0].as<T>();
      parallel_for(n, kGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) y[i] = factor * Loss::loss(x[i], t[i], edge);
      });
    } else if (call[0].dtype == DType::Float64) {
      *call[0].as<double>() = scale * sum_of_losses<Loss, double>(x, t, n, number);
    } else {
      *call[0].as<T>() = static_cast<T>(scale * sum_of_losses<Loss, T>(x, t, n, edge));
    }
  });
}

// dx = scale · dy · slope(x, t); dy is one or as many as x.
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
        for (int64_t i = begin; i < end; i++) dx[i] = factor * Loss::slope(x[i], t[i], edge);
      } else {
        for (int64_t i = begin; i < end; i++) dx[i] = scale * dy[i] * Loss::slope(x[i], t[i], edge);
      }
    });
  });
}

}  // namespace

#define LOSS(name, of)                                         \
  void name(const Call& call) { element_loss<of>(call); }      \
  void name##Gradient(const Call& call) { element_slope<of>(call); }
LOSS(mseLoss, Squared)
LOSS(l1Loss, Absolute)
LOSS(huberLoss, Huber)
LOSS(binaryCrossEntropy, Entropy)
LOSS(binaryCrossEntropyWithLogits, LogitEntropy)
LOSS(softMarginLoss, Logistic)
LOSS(hingeLoss, Hinge)
LOSS(squaredHingeLoss, SquaredHinge)
LOSS(klDiv, Divergence)
LOSS(poissonNllLoss, Poisson)
#undef LOSS

}  // namespace adjoint::ADJOINT_ISA
