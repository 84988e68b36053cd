// Windows along an axis added where they lie: the transpose of taking them.
#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

int64_t quotient_up(int64_t a, int64_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

}  // namespace

// y, x
void addWindows(const Call& call) {
  const View &y = call[0], &x = call[1];
  const int64_t rows = y.shape[1], size = y.shape[2], inner = y.shape[3], taps = x.shape[1], count = x.shape[3];
  const int64_t stride = static_cast<int64_t>(call.numbers[0]), dilation = static_cast<int64_t>(call.numbers[1]);
  const int64_t before = static_cast<int64_t>(call.numbers[2]);
  with_number(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    const functions::add plus{};
    const int64_t work = (taps * count + size) * inner;
    parallel_for(y.shape[0] * rows, chunk(kGrain, work), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        T* __restrict const to = y.as<T>() + row * size * inner;
        const auto from = [&](int64_t p) {
          return x.as<T>() + ((row / rows * taps + p) * rows + row % rows) * count * inner;
        };
        if (inner == 1) {
          for (int64_t i = 0; i < size; i++) to[i] = 0;
          for (int64_t p = 0; p < taps; p++) {
            const T* __restrict const window = from(p);
            const int64_t at = p * dilation - before, first = quotient_up(-at, stride);
            const int64_t behind = quotient_up(size - at, stride), last = behind < count ? behind : count;
            if (stride == 1) for (int64_t i = first; i < last; i++) to[at + i] = plus(to[at + i], window[i]);
            else for (int64_t i = first; i < last; i++) to[at + i * stride] = plus(to[at + i * stride], window[i]);
          }
          continue;
        }
        for (int64_t j = 0; j < size; j++) {
          T* __restrict const run = to + j * inner;
          bool written = false;
          for (int64_t p = 0; p < taps; p++) {
            const int64_t at = j + before - p * dilation;
            if (at < 0 || at % stride != 0 || at / stride >= count) continue;
            const T* __restrict const window = from(p) + at / stride * inner;
            if (written) for (int64_t c = 0; c < inner; c++) run[c] = plus(run[c], window[c]);
            else for (int64_t c = 0; c < inner; c++) run[c] = window[c];
            written = true;
          }
          if (!written) for (int64_t c = 0; c < inner; c++) run[c] = 0;
        }
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
