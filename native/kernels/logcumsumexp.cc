// Logarithms of running sums of exponentials along one axis, and their gradient.
#include "kernels/scan.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

int axis_of(const Call& call) { return static_cast<int>(call.numbers[0]); }

// The exponential of a difference, 1 of equal infinities.
template <typename T>
ADJOINT_INLINE T ratio(T a, T b) { return math::exp(a == b ? T(0) : a - b); }

// Exponentials' sum as a multiple of that of the largest so far.
template <typename T>
struct Scaled {
  T largest;
  double sum;
};

template <typename T>
struct Flow {
  T sum, next;
};

}  // namespace

// y, x; axis
void logcumsumexp(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const y = call[0].as<T>();
    const T* const x = call[1].as<T>();
    const auto step = [=](Scaled<T>& total, int64_t, const int64_t (&at)[2]) ADJOINT_LAMBDA {
      const T value = x[at[1]];
      const bool larger = value > total.largest;
      const double smaller = static_cast<double>(larger ? ratio(total.largest, value) : ratio(value, total.largest));
      total.sum = larger ? total.sum * smaller + 1 : total.sum + smaller;
      total.largest = larger ? value : total.largest;
      y[at[0]] = total.largest + math::log(static_cast<T>(total.sum));
    };
    for_scans<2>(call.views, axis_of(call), false, Scaled<T>{-static_cast<T>(__builtin_inf()), 0}, step);
  });
}

// dx, dy, x, y; axis. From the end: s = dy + s of the next · e^(y − y of the next), dx = s · e^(x − y). y never falls, so
// nothing overflows; an element −∞ gets 0.
void logcumsumexpGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const dx = call[0].as<T>();
    const T *const dy = call[1].as<T>(), *const x = call[2].as<T>(), *const y = call[3].as<T>();
    const T lowest = -static_cast<T>(__builtin_inf());
    const auto step = [=](Flow<T>& flow, int64_t, const int64_t (&at)[4]) ADJOINT_LAMBDA {
      const T here = y[at[3]], value = x[at[2]];
      flow.sum = dy[at[1]] + flow.sum * ratio(here, flow.next);
      flow.next = here;
      dx[at[0]] = value == lowest ? T(0) : flow.sum * ratio(value, here);
    };
    for_scans<4>(call.views, axis_of(call), true, Flow<T>{0, static_cast<T>(__builtin_inf())}, step);
  });
}

}  // namespace adjoint::ADJOINT_ISA
