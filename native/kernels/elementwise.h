// Loops over views of equal shape, for kernels that compute every element from its fellows.
#pragma once
#include "kernels/tiles.h"

namespace adjoint::ADJOINT_ISA {

// Calls body(views) for the views, or for tiles of them where an operand lies across the result.
template <int N, typename Body>
ADJOINT_INLINE void in_tiles(const View (&views)[N], const Body& body) {
  const Tiles<N> tiles(views);
  tiles.any() ? tiles.run(body) : body(views);
}

// y = f(x) for every element.
template <typename Y, typename X, typename F>
void map(const View& y, const View& x, const F& f) {
  const View views[] = {y, x};
  in_tiles(views, [&](const View (&v)[2]) {
    const Walk<2> walk(v);
    const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
    for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
      Y* __restrict to = v[0].as<Y>() + at[0];
      const X* __restrict from = v[1].as<X>() + at[1];
      if (ys == 1 && xs == 1) {
        for (int64_t i = 0; i < n; i++) to[i] = f(from[i]);
      } else {
        for (int64_t i = 0; i < n; i++) to[i * ys] = f(from[i * xs]);
      }
    });
  });
}

// y = f(a, b) for every element; a or b may stand still along the inner axis.
template <typename Y, typename A, typename B, typename F>
void zip(const View& y, const View& a, const View& b, const F& f) {
  const View views[] = {y, a, b};
  in_tiles(views, [&](const View (&v)[3]) {
    const Walk<3> walk(v);
    const int64_t ys = walk.inner_step(0), as = walk.inner_step(1), bs = walk.inner_step(2);
    for_segments<3>(walk, [&](const int64_t (&at)[3], int64_t n) {
      Y* __restrict to = v[0].as<Y>() + at[0];
      const A* __restrict left = v[1].as<A>() + at[1];
      const B* __restrict right = v[2].as<B>() + at[2];
      if (ys == 1 && as == 1 && bs == 1) {
        for (int64_t i = 0; i < n; i++) to[i] = f(left[i], right[i]);
      } else if (ys == 1 && as == 1 && bs == 0) {
        const B r = *right;
        for (int64_t i = 0; i < n; i++) to[i] = f(left[i], r);
      } else if (ys == 1 && as == 0 && bs == 1) {
        const A l = *left;
        for (int64_t i = 0; i < n; i++) to[i] = f(l, right[i]);
      } else {
        for (int64_t i = 0; i < n; i++) to[i * ys] = f(left[i * as], right[i * bs]);
      }
    });
  });
}

// y = f(a, b, c) for every element; b and c may stand still along the inner axis.
template <typename T, typename F>
void zip(const View& y, const View& a, const View& b, const View& c, const F& f) {
  const View views[] = {y, a, b, c};
  in_tiles(views, [&](const View (&v)[4]) {
    const Walk<4> walk(v);
    const int64_t ys = walk.inner_step(0), as = walk.inner_step(1), bs = walk.inner_step(2), cs = walk.inner_step(3);
    for_segments<4>(walk, [&](const int64_t (&at)[4], int64_t n) {
      T* __restrict to = v[0].as<T>() + at[0];
      const T* __restrict first = v[1].as<T>() + at[1];
      const T* __restrict second = v[2].as<T>() + at[2];
      const T* __restrict third = v[3].as<T>() + at[3];
      const bool dense = ys == 1 && as == 1;
      if (dense && bs == 1 && cs == 1) {
        for (int64_t i = 0; i < n; i++) to[i] = f(first[i], second[i], third[i]);
      } else if (dense && bs == 1 && cs == 0) {
        const T last = *third;
        for (int64_t i = 0; i < n; i++) to[i] = f(first[i], second[i], last);
      } else if (dense && bs == 0 && cs == 0) {
        const T middle = *second, last = *third;
        for (int64_t i = 0; i < n; i++) to[i] = f(first[i], middle, last);
      } else {
        for (int64_t i = 0; i < n; i++) to[i * ys] = f(first[i * as], second[i * bs], third[i * cs]);
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
