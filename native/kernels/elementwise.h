// Loops over views of equal shape, for kernels that compute every element from its fellows.
#pragma once
#include "kernels/kernels.h"

namespace adjoint::ADJOINT_ISA {

// Elements that one chunk of a parallel loop covers: about 10 µs of bandwidth-bound work.
constexpr int64_t kGrain = 1 << 15;

// N views walked together, axes merged where all of them allow it. Axis `rank − 1` is the inner loop.
template <int N>
struct Walk {
  int rank = 0;
  int64_t shape[kMaxRank];
  int64_t strides[N][kMaxRank];

  // The first view gives the shape; the others broadcast to it, aligned at the right.
  explicit Walk(const View* views) {
    const View& first = views[0];
    for (int axis = 0; axis < first.rank; axis++) {
      const int64_t size = first.shape[axis];
      if (size == 1) continue;
      int64_t stride[N];
      for (int v = 0; v < N; v++) {
        const int at = axis - (first.rank - views[v].rank);
        stride[v] = at < 0 || views[v].shape[at] == 1 ? 0 : views[v].strides[at];
      }
      bool merge = rank > 0;
      for (int v = 0; v < N && merge; v++) merge = strides[v][rank - 1] == stride[v] * size;
      const int to = merge ? rank - 1 : rank++;
      shape[to] = merge ? shape[to] * size : size;
      for (int v = 0; v < N; v++) strides[v][to] = stride[v];
    }
    if (rank == 0) {
      shape[0] = 1;
      for (int v = 0; v < N; v++) strides[v][0] = 0;
      rank = 1;
    }
  }

  int64_t inner() const { return shape[rank - 1]; }
  int64_t rows() const {
    int64_t n = 1;
    for (int i = 0; i < rank - 1; i++) n *= shape[i];
    return n;
  }

  // Offsets of the views at the start of row `row`.
  void offsets(int64_t row, int64_t (&at)[N]) const {
    for (int v = 0; v < N; v++) at[v] = 0;
    for (int i = rank - 2; i >= 0; i--) {
      const int64_t index = row % shape[i];
      row /= shape[i];
      for (int v = 0; v < N; v++) at[v] += index * strides[v][i];
    }
  }
};

// Calls segment(offsets, count) for runs of the inner axis, in parallel; none where there are no elements.
template <int N, typename Segment>
void for_segments(const View* views, const Segment& segment) {
  if (views[0].size() == 0) return;
  const Walk<N> walk(views);
  const int64_t inner = walk.inner(), rows = walk.rows();
  if (rows == 1) {
    parallel_for(inner, kGrain, [&](int64_t begin, int64_t end) {
      int64_t at[N];
      for (int v = 0; v < N; v++) at[v] = begin * walk.strides[v][walk.rank - 1];
      segment(at, end - begin);
    });
    return;
  }
  const int64_t grain = kGrain / inner;
  parallel_for(rows, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      int64_t at[N];
      walk.offsets(row, at);
      segment(at, inner);
    }
  });
}

// y = f(x) for every element.
template <typename Y, typename X, typename F>
void map(const View& y, const View& x, const F& f) {
  const View views[] = {y, x};
  const Walk<2> walk(views);
  const int64_t ys = walk.strides[0][walk.rank - 1], xs = walk.strides[1][walk.rank - 1];
  for_segments<2>(views, [&](const int64_t (&at)[2], int64_t n) {
    Y* __restrict to = y.as<Y>() + at[0];
    const X* __restrict from = x.as<X>() + at[1];
    if (ys == 1 && xs == 1) {
      for (int64_t i = 0; i < n; i++) to[i] = f(from[i]);
    } else {
      for (int64_t i = 0; i < n; i++) to[i * ys] = f(from[i * xs]);
    }
  });
}

// y = f(a, b) for every element; a or b may stand still along the inner axis.
template <typename Y, typename A, typename B, typename F>
void zip(const View& y, const View& a, const View& b, const F& f) {
  const View views[] = {y, a, b};
  const Walk<3> walk(views);
  const int last = walk.rank - 1;
  const int64_t ys = walk.strides[0][last], as = walk.strides[1][last], bs = walk.strides[2][last];
  for_segments<3>(views, [&](const int64_t (&at)[3], int64_t n) {
    Y* __restrict to = y.as<Y>() + at[0];
    const A* __restrict left = a.as<A>() + at[1];
    const B* __restrict right = b.as<B>() + at[2];
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
}

}  // namespace adjoint::ADJOINT_ISA
