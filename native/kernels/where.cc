// y = condition ? a : b.
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {

void where(const Call& call) {
  const Walk<4> walk(call.views);
  const int64_t ys = walk.inner_step(0), cs = walk.inner_step(1), as = walk.inner_step(2), bs = walk.inner_step(3);
  with_width(call[0].dtype, [&](auto element) {
    using T = decltype(element);
    for_segments<4>(walk, [&](const int64_t (&at)[4], int64_t n) {
      T* __restrict y = call[0].as<T>() + at[0];
      const uint8_t* __restrict condition = call[1].as<uint8_t>() + at[1];
      const T* __restrict a = call[2].as<T>() + at[2];
      const T* __restrict b = call[3].as<T>() + at[3];
      const auto choose = [=](auto ys, auto cs, auto as, auto bs) {
        for (int64_t i = 0; i < n; i++) {
          const T left = a[i * as], right = b[i * bs];
          y[i * ys] = condition[i * cs] ? left : right;
        }
      };
      // A condition that stands still along the run chooses all of it.
      const auto take = [=](const T* __restrict from, int64_t step) {
        if (ys == 1 && step == 1) for (int64_t i = 0; i < n; i++) y[i] = from[i];
        else if (ys == 1 && step == 0) for (int64_t i = 0; i < n; i++) y[i] = *from;
        else for (int64_t i = 0; i < n; i++) y[i * ys] = from[i * step];
      };
      const bool dense = ys == 1 && cs == 1;
      if (cs == 0) *condition ? take(a, as) : take(b, bs);
      else if (dense && as == 1 && bs == 1) choose(Unit{}, Unit{}, Unit{}, Unit{});
      else if (dense && as == 1 && bs == 0) choose(Unit{}, Unit{}, Unit{}, Still{});
      else if (dense && as == 0 && bs == 1) choose(Unit{}, Unit{}, Still{}, Unit{});
      else if (dense && as == 0 && bs == 0) choose(Unit{}, Unit{}, Still{}, Still{});
      else choose(ys, cs, as, bs);
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
