// Where numbers belong in a sorted line, by halving.
#include "kernels/keys.h"
#include "kernels/walk.h"

namespace adjoint::ADJOINT_ISA {

// places [batch, m], sorted [batch, n], x [batch, m]; right
void searchSorted(const Call& call) {
  const View &places = call[0], &sorted = call[1], &x = call[2];
  const int64_t m = x.shape[1], n = sorted.shape[1], step = sorted.strides[1];
  const bool right = call.says(0);
  with_ordered(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(x.shape[0] * m, kGrain / 32, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t row = i / m, at = i % m;
        const T* const line = sorted.as<T>() + row * sorted.strides[0];
        const auto key = key_of(x.as<T>()[row * x.strides[0] + at * x.strides[1]]);
        int64_t first = 0;
        for (int64_t left = n; left > 0;) {
          const int64_t half = left / 2;
          const auto middle = key_of(line[(first + half) * step]);
          const bool above = right ? middle <= key : middle < key;
          first = above ? first + half + 1 : first;
          left = above ? left - half - 1 : half;
        }
        places.as<int32_t>()[row * places.strides[0] + at * places.strides[1]] = static_cast<int32_t>(first);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
