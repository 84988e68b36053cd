// Optimiser steps: one pass over a parameter, its state and its gradient, which is as fast as memory delivers them.
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <int... I>
struct Positions {};

// Calls f with a reference to each view's element, for every element; the views have one shape and do not overlap.
template <typename T, int... I, typename F>
void for_each_element(const Call& call, Positions<I...>, const F& f) {
  constexpr int N = sizeof...(I);
  const Walk<N> walk(call.views);
  const bool dense = ((walk.inner_step(I) == 1) && ...);
  for_segments<N>(walk, [&](const int64_t (&at)[N], int64_t n) {
    T* const base[] = {call[I].template as<T>() + at[I]...};
    const F step = f;  // its constants: a copy that no store can reach
    if (dense) {
#pragma omp simd
      for (int64_t i = 0; i < n; i++) step(base[I][i]...);
    } else {
      for (int64_t i = 0; i < n; i++) step(base[I][i * walk.inner_step(I)]...);
    }
  });
}

inline float root(float x) { return __builtin_sqrtf(x); }
inline double root(double x) { return __builtin_sqrt(x); }

template <typename T>
void sgd(const Call& call) {
  const T outer = static_cast<T>(call.numbers[0]), momentum = static_cast<T>(call.numbers[1]);
  const T inner = static_cast<T>(call.numbers[6]), decay = static_cast<T>(call.numbers[4]);
  const T intake = static_cast<T>(call.numbers[2] * call.numbers[6]);
  const bool nesterov = call.numbers[3] != 0;
  const T sign = call.numbers[5] != 0 ? T(-1) : T(1);
  if (call.view_count == 2) {
    const auto step = [=](T& p, T g) ADJOINT_LAMBDA { p -= outer * (sign * g + decay * p); };
    return for_each_element<T>(call, Positions<0, 1>{}, step);
  }
  const auto remember = [=](T p, T& buffer, T g) ADJOINT_LAMBDA {
    const T d = sign * g + decay * p;
    buffer = momentum * buffer + intake * d;
    return d;
  };
  // A loop each: a condition within one would keep it from vector code.
  if (nesterov) {
    return for_each_element<T>(call, Positions<0, 1, 2>{}, [=](T& p, T& buffer, T g) ADJOINT_LAMBDA {
      const T d = remember(p, buffer, g);
      p -= outer * (inner * d + momentum * buffer);
    });
  }
  for_each_element<T>(call, Positions<0, 1, 2>{}, [=](T& p, T& buffer, T g) ADJOINT_LAMBDA {
    remember(p, buffer, g);
    p -= outer * buffer;
  });
}

template <typename T>
void adam(const Call& call) {
  const T step_size = static_cast<T>(call.numbers[0]), root_correction = static_cast<T>(call.numbers[1]);
  const T beta1 = static_cast<T>(call.numbers[2]), beta2 = static_cast<T>(call.numbers[3]);
  // 1 − beta in double: in float32 it would be wrong from the fifth digit on.
  const T rest1 = static_cast<T>(1 - call.numbers[2]), rest2 = static_cast<T>(1 - call.numbers[3]);
  const T eps = static_cast<T>(call.numbers[4]), decay = static_cast<T>(call.numbers[5]);
  const T shrink = static_cast<T>(call.numbers[6]);
  const T sign = call.numbers[7] != 0 ? T(-1) : T(1);
  // √(v / c² + inside) = √(v + inside · c²) / c
  const T inside = static_cast<T>(call.numbers[8] * call.numbers[1] * call.numbers[1]);
  const auto moments = [=](T p, T& m, T& v, T g) ADJOINT_LAMBDA {
    const T d = sign * g + decay * p;
    m = beta1 * m + rest1 * d;
    v = beta2 * v + rest2 * d * d;
  };
  const auto move = [=](T& p, T m, T v) ADJOINT_LAMBDA {
    p = shrink * p - step_size * m / (root(v + inside) / root_correction + eps);
  };
  if (call.view_count == 4) {
    return for_each_element<T>(call, Positions<0, 1, 2, 3>{}, [=](T& p, T& m, T& v, T g) ADJOINT_LAMBDA {
      moments(p, m, v, g);
      move(p, m, v);
    });
  }
  for_each_element<T>(call, Positions<0, 1, 2, 3, 4>{}, [=](T& p, T& m, T& v, T& largest, T g) ADJOINT_LAMBDA {
    moments(p, m, v, g);
    // A NaN stays, as in torch.maximum.
    largest = largest > v || largest != largest ? largest : v;
    move(p, m, largest);
  });
}

}  // namespace

void sgdStep(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { sgd<decltype(zero)>(call); });
}

void adamStep(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { adam<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
