// The largest or smallest of the elements so far along one axis, and where it stands.
#include "kernels/scan.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
struct Best {
  T value;
  int32_t place;
};

// Elements that are looked at together along memory: seldom is one of them better than all before.
constexpr int64_t kLooked = 32;

// A line without gaps.
template <typename T, typename Better>
void run_line(T* __restrict y, int32_t* __restrict places, const T* __restrict x, int64_t n, T worst, const Better& better) {
  T best = worst;
  int32_t place = 0;
  const auto step = [&](int64_t k) ADJOINT_LAMBDA {
    if (better(x[k], best) | (x[k] != x[k])) {
      best = x[k];
      place = static_cast<int32_t>(k);
    }
    y[k] = best;
    places[k] = place;
  };
  int64_t k = 0;
  for (; k + kLooked <= n; k += kLooked) {
    int any = 0;
    for (int64_t i = k; i < k + kLooked; i++) any |= better(x[i], best) | (x[i] != x[i]);
    if (any) {
      for (int64_t i = k; i < k + kLooked; i++) step(i);
      continue;
    }
    for (int64_t i = k; i < k + kLooked; i++) y[i] = best;
    for (int64_t i = k; i < k + kLooked; i++) places[i] = place;
  }
  for (; k < n; k++) step(k);
}

// better(a, b): whether a takes the place of b. NaN takes that of all.
template <typename T, typename Better>
void run_extrema(const Call& call, T worst, const Better& better) {
  T* const y = call[0].as<T>();
  int32_t* const places = call[1].as<int32_t>();
  const T* const x = call[2].as<T>();
  const Lines<3> lines(call.views, static_cast<int>(call.numbers[0]));
  if (lines.length > 1 && lines.strides[0] == 1 && lines.strides[1] == 1 && lines.strides[2] == 1) {
    const auto& walk = lines.walk;
    for_segments<3>(
        walk,
        [&](const int64_t (&at)[3], int64_t count) {
          for (int64_t i = 0; i < count; i++) {
            run_line<T>(y + at[0] + i * walk.inner_step(0), places + at[1] + i * walk.inner_step(1),
                        x + at[2] + i * walk.inner_step(2), lines.length, worst, better);
          }
        },
        lines.length);
    return;
  }
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

// dx, dy, places; axis. Places never fall: what comes behind an element that is an extremum, up to the next one, is its own.
void cummaxGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const dx = call[0].as<T>();
    const T* const dy = call[1].as<T>();
    const int32_t* const places = call[2].as<int32_t>();
    const auto step = [=](T& sum, int64_t position, const int64_t (&at)[3]) ADJOINT_LAMBDA {
      const bool own = places[at[2]] == position;
      sum += dy[at[1]];
      dx[at[0]] = own ? sum : T(0);
      sum = own ? T(0) : sum;
    };
    for_scans<3>(call.views, static_cast<int>(call.numbers[0]), true, T(0), step);
  });
}

}  // namespace adjoint::ADJOINT_ISA
