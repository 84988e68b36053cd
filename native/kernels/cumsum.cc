// Running sums along one axis; float32 is accumulated in double.
#include "kernels/lines.h"
#include "simd/integers.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <int N>
struct Count {
  static constexpr int value = N;
};

// Lines that are summed side by side.
constexpr int64_t kColumns = 64;

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
        if (lines.strides[0] == 1 && lines.strides[1] == 1 && n > 1) {
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
