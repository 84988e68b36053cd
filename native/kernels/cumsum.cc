// Running sums along one axis; float32 is accumulated in double.
#include "kernels/lines.h"
#include "simd/fold.h"
#include "simd/integers.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <int N>
struct Count {
  static constexpr int value = N;
};

// Lines that are summed side by side.
constexpr int64_t kColumns = 64;

// Elements from which a line along memory is summed by vectors.
constexpr int64_t kLong = 32;

// As many elements as a vector has doubles.
template <typename T>
ADJOINT_INLINE Vec<double> widened(const T* from) {
  typedef T Elements __attribute__((vector_size(kLanes<double> * sizeof(T))));
  Elements v;
  std::memcpy(&v, from, sizeof v);
  return __builtin_convertvector(v, Vec<double>);
}
template <typename T>
ADJOINT_INLINE void narrowed(T* to, Vec<double> sums) {
  typedef T Elements __attribute__((vector_size(kLanes<double> * sizeof(T))));
  const Elements v = __builtin_convertvector(sums, Elements);
  std::memcpy(to, &v, sizeof v);
}

// A line along memory, upwards (direction 1) or downwards (−1): within a vector in log₂ lanes steps, so that a vector waits for
// the one before it by a single addition.
template <int direction, typename T>
void run_along(T* y, const T* x, int64_t n) {
  constexpr int lanes = kLanes<double>;
  Vec<double> before{};
  for (int64_t k = 0; k + lanes <= n; k += lanes) {
    const int64_t at = direction > 0 ? k : n - k - lanes;
    Vec<double> v = widened(x + at);
#pragma GCC unroll 3
    for (int distance = 1; distance < lanes; distance *= 2) {
      const LaneNumbers<double> from = lane_numbers<double>() - direction * distance;
      v += __builtin_shuffle(v, Vec<double>{}, (from >= 0) & (from < lanes) ? from : lanes + (from & 0));
    }
    narrowed(y + at, before + v);
    before += __builtin_shuffle(v, (lane_numbers<double>() & 0) + (direction > 0 ? lanes - 1 : 0));
  }
  double total = before[0];
  for (int64_t left = n % lanes; left > 0; left--) {
    const int64_t at = direction > 0 ? n - left : left - 1;
    total += static_cast<double>(x[at]);
    y[at] = static_cast<T>(total);
  }
}

template <typename T, typename Total>
void run_sums(const Call& call) {
  const Lines<2> lines(call.views, static_cast<int>(call.numbers[0]));
  const int64_t n = lines.length, last = n - 1;
  const bool reverse = call.numbers[1] != 0;
  const int64_t ys = lines.walk.inner_step(0), xs = lines.walk.inner_step(1);
  for_segments<2>(
      lines.walk,
      [&](const int64_t (&at)[2], int64_t count) {
        int64_t done = 0;
        const bool along = lines.strides[0] == 1 && lines.strides[1] == 1;
        if constexpr (__is_same(Total, double)) {
          if (along && n >= kLong) {
            for (; done < count; done++) {
              T* const y = call[0].as<T>() + at[0] + done * ys;
              const T* const x = call[1].as<T>() + at[1] + done * xs;
              reverse ? run_along<-1>(y, x, n) : run_along<1>(y, x, n);
            }
            return;
          }
        }
        if (along && n > 1) {
          // Lines along memory, several at a time: one alone waits for each of its sums.
          const auto several = [&](auto width) ADJOINT_LAMBDA {
            constexpr int W = decltype(width)::value;
            for (; done + W <= count; done += W) {
              Total totals[W] = {};
              for (int64_t k = 0; k < n; k++) {
                const int64_t position = reverse ? last - k : k;
#pragma GCC unroll 8
                for (int w = 0; w < W; w++) {
                  totals[w] += static_cast<Total>(call[1].as<T>()[at[1] + (done + w) * xs + position]);
                  call[0].as<T>()[at[0] + (done + w) * ys + position] = static_cast<T>(totals[w]);
                }
              }
            }
          };
          several(Count<8>{});
          several(Count<1>{});
          return;
        }
        for (int64_t left = 0; left < count; left += kColumns) {
          const int64_t columns = left + kColumns < count ? kColumns : count - left;
          Total totals[kColumns] = {};
          for (int64_t k = 0; k < n; k++) {
            const int64_t position = reverse ? last - k : k;
            T* __restrict y = call[0].as<T>() + at[0] + left * ys + position * lines.strides[0];
            const T* __restrict x = call[1].as<T>() + at[1] + left * xs + position * lines.strides[1];
            for (int64_t c = 0; c < columns; c++) {
              totals[c] += static_cast<Total>(x[c * xs]);
              y[c * ys] = static_cast<T>(totals[c]);
            }
          }
        }
      },
      n);
}

}  // namespace

// y, x; axis, reverse
void cumsum(const Call& call) {
  if (call[0].dtype == DType::Int32) return run_sums<int32_t, uint32_t>(call);
  with_float(call[0].dtype, [&](auto zero) { run_sums<decltype(zero), double>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
