// Windows along an axis added where they lie: the transpose of taking them.
#include "kernels/elementwise.h"
#include "kernels/functions.h"
#include "simd/between.h"

namespace adjoint::ADJOINT_ISA {
namespace {

int64_t quotient_up(int64_t a, int64_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

// A row of sums of windows that overlap, each element of which is written once; `from(p)` are the elements of tap p.
template <typename From>
void add_dense(float* to, int64_t size, const From& from, int64_t taps, int64_t count, int64_t before, int64_t dilation) {
  constexpr int64_t lanes = kLanes<float>;
  for (int64_t j = 0; j < size; j += lanes) {
    Vec<float> sum{};
    for (int64_t p = 0; p < taps; p++) sum += load_inside(from(p), j + before - p * dilation, count);
    store_first(to + j, sum, size - j < lanes ? size - j : lanes);
  }
}

// The same of windows of two side by side, which do not.
void add_pairs(float* to, int64_t size, const float* left, const float* right, int64_t count) {
  constexpr int64_t lanes = kLanes<float>;
  const int64_t pairs = 2 * count < size ? count : size / 2;
  const Vec<float> zero{};
  for (int64_t i = 0; i < pairs; i += lanes) {
    const int64_t n = pairs - i < lanes ? pairs - i : lanes;
    const Vec<float> a = zero + load_first(left + i, n), b = zero + load_first(right + i, n);
    store_first(to + 2 * i, zip_low(a, b), 2 * n < lanes ? 2 * n : lanes);
    if (2 * n > lanes) store_first(to + 2 * i + lanes, zip_high(a, b), 2 * n - lanes);
  }
  for (int64_t i = 2 * pairs; i < size; i++) to[i] = i / 2 < count ? 0 + left[i / 2] : 0;
}

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
        if constexpr (__is_same(T, float)) {
          // Not where parts of vectors are read element by element.
          if (inner == 1 && stride == 1 && kVectorBytes > 16) {
            add_dense(to, size, from, taps, count, before, dilation);
            continue;
          }
          if (inner == 1 && stride == 2 && taps == 2 && dilation == 1 && before == 0) {
            add_pairs(to, size, from(0), from(1), count);
            continue;
          }
        }
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
