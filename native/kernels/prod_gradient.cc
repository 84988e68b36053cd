// The gradient of a product along the middle axis of [outer, n, inner]: every element gets the product of all others. No
// division: zeros are like all others.
#include "kernels/axis.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// The product of the other lanes.
template <typename T>
ADJOINT_INLINE Vec<T> of_others(Vec<T> v) {
  T lanes[kLanes<T>], others[kLanes<T>], below = 1, above = 1;
  store(lanes, v);
  for (int i = 0; i < kLanes<T>; i++) {
    others[i] = below;
    below *= lanes[i];
  }
  for (int i = kLanes<T> - 1; i >= 0; i--) {
    others[i] *= above;
    above *= lanes[i];
  }
  return load(others);
}

// n vectors, of which lane by lane an element gets the product of those before it, then that of those behind it; `rest` makes
// of the products of all what each still lacks. vector(k, body) calls body(offset, lanes).
template <typename T, typename Vector, typename Rest>
ADJOINT_INLINE void spread(T* dx, const T* x, int64_t n, const Vector& vector, const Rest& rest) {
  Vec<T> product = broadcast(T(1));
  for (int64_t k = 0; k < n; k++) {
    vector(k, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      const Vec<T> v = lanes.keep(lanes.load(x + at), T(1));
      lanes.store(dx + at, product);
      product *= v;
    });
  }
  product = rest(product);
  for (int64_t k = n - 1; k >= 0; k--) {
    vector(k, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
      const Vec<T> v = lanes.keep(lanes.load(x + at), T(1));
      lanes.store(dx + at, lanes.load(dx + at) * product);
      product *= v;
    });
  }
}

}  // namespace

// dx, dy, x
void prodGradient(const Call& call) {
  const int64_t outer = call[2].shape[0], n = call[2].shape[1], inner = call[2].shape[2];
  if (n == 0) return;
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    constexpr int64_t lanes = kLanes<T>;
    T* const dx = call[0].as<T>();
    const T *const dy = call[1].as<T>(), *const x = call[2].as<T>();
    if (inner != 1) {
      return for_columns<T>(outer, n, inner, [&](const auto& columns) ADJOINT_LAMBDA {
        const auto row = [&](int64_t k, const auto& body) ADJOINT_LAMBDA { body(columns.first + k * inner, columns.lanes); };
        spread<T>(dx, x, n, row, [&](Vec<T>) ADJOINT_LAMBDA { return columns.own(dy); });
      });
    }
    parallel_for(outer, chunk(kLineGrain, n), [&](int64_t begin, int64_t end) {
      const int64_t whole = (n - 1) / lanes;
      for (int64_t o = begin; o < end; o++) {
        const auto vector = [&](int64_t k, const auto& body) ADJOINT_LAMBDA {
          const int64_t at = o * n + k * lanes;
          if (k < whole) body(at, Whole{});
          else body(at, Part{n - whole * lanes});
        };
        const auto rest = [&](Vec<T> product) ADJOINT_LAMBDA { return of_others<T>(product) * broadcast(dy[o]); };
        spread<T>(dx, x, whole + 1, vector, rest);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
