// softmax and its logarithm, forward and backward, on [outer, n, inner] along the middle axis.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// body(zero, line) for every line of x.
template <typename Body>
void for_lines_of(const View& x, const Body& body) {
  with_float(x.dtype, [&](auto zero) {
    for_lines<decltype(zero)>(x.shape[0], x.shape[1], x.shape[2],
                              [&](const auto& line) ADJOINT_LAMBDA { body(zero, line); });
  });
}

}  // namespace

// y = exp(x − max x) / Σ exp(x − max x)
void softmax(const Call& call) {
  for_lines_of(call[1], [&](auto zero, const auto& line) ADJOINT_LAMBDA {
    using T = decltype(zero);
    T* y = call[0].as<T>();
    const T* x = call[1].as<T>();
    const Vec<T> peak = peak_of(line, x);
    const Vec<T> total = line.reduce(T(0), Plus{}, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      const Vec<T> e = exp<T>(lanes.load(x + at) - peak);
      lanes.store(y + at, e);
      return lanes.keep(e, T(0));
    });
    const Vec<T> share = 1 / total;
    line.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA { lanes.store(y + at, lanes.load(y + at) * share); });
  });
}

// dx = y · (dy − Σ dy · y)
void softmaxGradient(const Call& call) {
  for_lines_of(call[0], [&](auto zero, const auto& line) ADJOINT_LAMBDA {
    using T = decltype(zero);
    T* dx = call[0].as<T>();
    const T *dy = call[1].as<T>(), *y = call[2].as<T>();
    const Vec<T> total = line.reduce(T(0), Plus{}, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      return lanes.load(dy + at) * lanes.load(y + at);
    });
    line.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      lanes.store(dx + at, lanes.load(y + at) * (lanes.load(dy + at) - total));
    });
  });
}

// y = x − max x − log Σ exp(x − max x)
void logSoftmax(const Call& call) {
  with_float(call[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = call[0].as<T>();
    const T* x = call[1].as<T>();
    for_log_totals<T>(call[1], [&](const auto& line, Vec<T> peak, Vec<T> log_total) ADJOINT_LAMBDA {
      line.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA { lanes.store(y + at, lanes.load(x + at) - peak - log_total); });
    });
  });
}

// dx = dy − exp y · Σ dy
void logSoftmaxGradient(const Call& call) {
  for_lines_of(call[0], [&](auto zero, const auto& line) ADJOINT_LAMBDA {
    using T = decltype(zero);
    T* dx = call[0].as<T>();
    const T *dy = call[1].as<T>(), *y = call[2].as<T>();
    const Vec<T> total = line.reduce(T(0), Plus{}, [&](int64_t at, auto lanes) ADJOINT_LAMBDA { return lanes.load(dy + at); });
    line.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      lanes.store(dx + at, lanes.load(dy + at) - exp<T>(lanes.load(y + at)) * total);
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
