// Where numbers belong in a sorted line, by halving.
#include "kernels/keys.h"
#include "kernels/walk.h"

namespace adjoint::ADJOINT_ISA {

namespace {

// Numbers that are looked for side by side: one alone waits for each element that it is compared with.
constexpr int64_t kSearches = 8;

}  // namespace

// places [batch, m], sorted [batch, n], x [batch, m]; right
void searchSorted(const Call& call) {
  const View &places = call[0], &sorted = call[1], &x = call[2];
  const int64_t m = x.shape[1], n = sorted.shape[1], step = sorted.strides[1];
  const bool right = call.says(0);
  with_ordered(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    using Key = decltype(key_of(T{}));
    parallel_for(x.shape[0] * m, kGrain / 32, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; block += kSearches) {
        const int64_t count = end - block < kSearches ? end - block : kSearches;
        const T* lines[kSearches];
        Key keys[kSearches];
        int64_t first[kSearches] = {};
        // Those that are missing in the last block look for its first one.
        for (int64_t i = 0; i < kSearches; i++) {
          const int64_t at = block + (i < count ? i : 0), row = at / m;
          lines[i] = sorted.as<T>() + row * sorted.strides[0];
          keys[i] = key_of(x.as<T>()[row * x.strides[0] + at % m * x.strides[1]]);
        }
        const auto above = [&](int64_t i, int64_t place) ADJOINT_LAMBDA {
          const Key element = key_of(lines[i][place * step]);
          return right ? element <= keys[i] : element < keys[i];
        };
        // The place is within first … first + left, for all of them the same number.
        int64_t left = n;
        for (; left > 1; left -= left / 2) {
          const int64_t half = left / 2;
#pragma GCC unroll 8
          for (int64_t i = 0; i < kSearches; i++) first[i] += above(i, first[i] + half - 1) ? half : 0;
        }
        for (int64_t i = 0; i < count; i++) {
          const int64_t at = block + i, place = first[i] + (left > 0 && above(i, first[i]));
          places.as<int32_t>()[at / m * places.strides[0] + at % m * places.strides[1]] = static_cast<int32_t>(place);
        }
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
