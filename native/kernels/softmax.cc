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

// Vectors of neighbouring columns that are gone through together: of [1, 1000, 1000] 8 take 0.4 ms, one alone 1.0 ms.
constexpr int kAbreast = 8;

// The gradient of W vectors of columns, n elements each, `step` apart.
template <int W, typename T, typename Lanes>
ADJOINT_INLINE void softmax_gradient_abreast(T* dx, const T* dy, const T* y, int64_t n, int64_t step, const Lanes& lanes) {
  Vec<T> totals[W] = {};
  for (int64_t k = 0; k < n; k++) {
#pragma GCC unroll 8
    for (int w = 0; w < W; w++) {
      const int64_t at = k * step + w * kLanes<T>;
      totals[w] += lanes.load(dy + at) * lanes.load(y + at);
    }
  }
  for (int64_t k = 0; k < n; k++) {
#pragma GCC unroll 8
    for (int w = 0; w < W; w++) {
      const int64_t at = k * step + w * kLanes<T>;
      lanes.store(dx + at, lanes.load(y + at) * (lanes.load(dy + at) - totals[w]));
    }
  }
}

// The gradient of [outer, n, inner] by columns: what limits it is memory, along whose rows it goes as far as registers reach.
template <typename T>
void softmax_gradient_columns(const View& shaped, T* dx, const T* dy, const T* y) {
  const int64_t outer = shaped.shape[0], n = shaped.shape[1], inner = shaped.shape[2], lanes = kLanes<T>;
  const int64_t width = kAbreast * lanes, strips = (inner + width - 1) / width;
  // Neighbouring strips share lines of the cache at their ends: where there are many rows of them, a row stays with a thread.
  const int64_t grain = chunk(kLineGrain, n * width), together = outer >= 16 && strips > grain ? strips : grain;
  parallel_for(outer * strips, together, [&](int64_t begin, int64_t end) {
    for (int64_t strip = begin; strip < end; strip++) {
      const int64_t from = strip % strips * width, last = inner < from + width ? inner : from + width;
      int64_t c = from;
      const auto by = [&](auto abreast, const auto& part) ADJOINT_LAMBDA {
        const int64_t at = strip / strips * n * inner + c;
        softmax_gradient_abreast<decltype(abreast)::value>(dx + at, dy + at, y + at, n, inner, part);
        c += decltype(abreast)::value * lanes;
      };
      if (last - c >= 8 * lanes) by(Constant<8>{}, Whole{});
      if (last - c >= 4 * lanes) by(Constant<4>{}, Whole{});
      if (last - c >= 2 * lanes) by(Constant<2>{}, Whole{});
      if (last - c >= lanes) by(Constant<1>{}, Whole{});
      if (c < last) by(Constant<1>{}, Part{last - c});
    }
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
  if (call[0].shape[2] != 1) {
    return with_float(call[0].dtype, [&](auto zero) {
      using T = decltype(zero);
      softmax_gradient_columns(call[0], call[0].as<T>(), call[1].as<T>(), call[2].as<T>());
    });
  }
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
