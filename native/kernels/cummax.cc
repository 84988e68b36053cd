// The largest or smallest of the elements so far along one axis, and where it stands.
#include "kernels/scan.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
struct Best {
  T value;
  int32_t place;
};

// better(a, b): whether a takes the place of b. NaN takes that of all.
template <typename T, typename Better>
void run_extrema(const Call& call, T worst, const Better& better) {
  T* const y = call[0].as<T>();
  int32_t* const places = call[1].as<int32_t>();
  const T* const x = call[2].as<T>();
  const auto step = [=](Best<T>& best, int64_t position, const int64_t (&at)[3]) ADJOINT_LAMBDA {
    const T value = x[at[2]];
    const bool take = better(value, best.value) | (value != value);
    best.value = take ? value : best.value;
    best.place = take ? static_cast<int32_t>(position) : best.place;
    y[at[0]] = best.value;
    places[at[1]] = best.place;
  };
  for_scans<3>(call.views, static_cast<int>(call.numbers[0]), false, Best<T>{worst, 0}, step);
}

// The infinity of this sign, or the integer nearest to it.
template <typename T>
T extreme(bool negative) {
  if constexpr (__is_same(T, int32_t)) return negative ? INT32_MIN : INT32_MAX;
  else return static_cast<T>(negative ? -__builtin_inf() : __builtin_inf());
}

}  // namespace

// y, places, x; axis
void cummax(const Call& call) {
  with_number(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    run_extrema<T>(call, extreme<T>(true), [](T a, T b) ADJOINT_LAMBDA { return a >= b; });
  });
}

void cummin(const Call& call) {
  with_number(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    run_extrema<T>(call, extreme<T>(false), [](T a, T b) ADJOINT_LAMBDA { return a <= b; });
  });
}

}  // namespace adjoint::ADJOINT_ISA
