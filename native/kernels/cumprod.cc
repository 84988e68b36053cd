// Running products along one axis, and their gradient.
#include "kernels/scan.h"
#include "simd/integers.h"

namespace adjoint::ADJOINT_ISA {
namespace {

int axis_of(const Call& call) { return static_cast<int>(call.numbers[0]); }

template <typename T>
struct Slope {
  T sum, next;
};

}  // namespace

// y, x; axis
void cumprod(const Call& call) {
  with_number(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const y = call[0].as<T>();
    const T* const x = call[1].as<T>();
    for_scans<2>(call.views, axis_of(call), false, T(1), [=](T& product, int64_t, const int64_t (&at)[2]) ADJOINT_LAMBDA {
      product = static_cast<T>(wrapping(product) * wrapping(x[at[1]]));
      y[at[0]] = product;
    });
  });
}

// dx, dy, x, y; axis. From the end: s = dy + s of the next · x of the next, dx = s · y of the one before. No division: zeros
// are like all others.
void cumprodGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const dx = call[0].as<T>();
    const T *const dy = call[1].as<T>(), *const x = call[2].as<T>(), *const y = call[3].as<T>();
    const int64_t back = call[3].strides[axis_of(call)];
    const auto step = [=](Slope<T>& slope, int64_t position, const int64_t (&at)[4]) ADJOINT_LAMBDA {
      slope.sum = dy[at[1]] + slope.sum * slope.next;
      slope.next = x[at[2]];
      dx[at[0]] = position > 0 ? slope.sum * y[at[3] - back] : slope.sum;
    };
    for_scans<4>(call.views, axis_of(call), true, Slope<T>{0, 0}, step);
  });
}

}  // namespace adjoint::ADJOINT_ISA
