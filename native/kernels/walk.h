// Views of equal shape walked together, in parallel, whatever their strides.
#pragma once
#include "dtypes.h"
#include "kernels/kernels.h"

namespace adjoint::ADJOINT_ISA {

// Elements that one chunk of a parallel loop covers: about 10 µs of bandwidth-bound work.
constexpr int64_t kGrain = 1 << 15;

// Elements of the inner axis that stay together however much each costs: a few cache lines.
constexpr int64_t kFewest = 64;

// Steps along the inner axis that the compiler knows.
struct Still {
  constexpr operator int64_t() const { return 0; }
};
struct Unit {
  constexpr operator int64_t() const { return 1; }
};

// A number that the compiler knows.
template <int Value>
struct Constant {
  static constexpr int value = Value;
  constexpr operator int64_t() const { return Value; }
};

// As the number of views of a walk: known when it is made.
constexpr int kAnyNumber = 0;

// N views walked together, axes merged where all of them allow it. Axis `rank − 1` is the inner loop.
template <int N>
struct Walk {
  static constexpr int kRoom = N == kAnyNumber ? kMaxViews : N;

  int rank = 0;
  int view_count;
  int64_t shape[kMaxRank];
  int64_t strides[kRoom][kMaxRank];

  // The first view gives the shape; the others broadcast to it, aligned at the right.
  explicit Walk(const View* views, int count = N) : view_count(count) {
    const View& first = views[0];
    const int n = size();
    for (int axis = 0; axis < first.rank; axis++) {
      const int64_t size = first.shape[axis];
      if (size == 1) continue;
      int64_t stride[kRoom];
      for (int v = 0; v < n; v++) {
        const int at = axis - (first.rank - views[v].rank);
        stride[v] = at < 0 || views[v].shape[at] == 1 ? 0 : views[v].strides[at];
      }
      bool merge = rank > 0;
      for (int v = 0; v < n && merge; v++) merge = strides[v][rank - 1] == stride[v] * size;
      const int to = merge ? rank - 1 : rank++;
      shape[to] = merge ? shape[to] * size : size;
      for (int v = 0; v < n; v++) strides[v][to] = stride[v];
    }
    if (rank == 0) {
      shape[0] = 1;
      for (int v = 0; v < n; v++) strides[v][0] = 0;
      rank = 1;
    }
  }

  // How many views: a constant where N is one.
  int size() const { return N == kAnyNumber ? view_count : N; }

  int64_t inner() const { return shape[rank - 1]; }
  int64_t rows() const {
    int64_t n = 1;
    for (int i = 0; i < rank - 1; i++) n *= shape[i];
    return n;
  }

  int64_t inner_step(int view) const { return strides[view][rank - 1]; }

  // The walk over the axes that are left when one and the inner one are taken out; its inner axis has one element.
  Walk without(int axis) const {
    Walk rest = *this;
    rest.rank = 0;
    for (int i = 0; i < rank - 1; i++) {
      if (i == axis) continue;
      rest.shape[rest.rank] = shape[i];
      for (int v = 0; v < size(); v++) rest.strides[v][rest.rank] = strides[v][i];
      rest.rank++;
    }
    rest.shape[rest.rank++] = 1;
    return rest;
  }

  // Where the walk is: the index of a row and the offset of each view at its start.
  struct Position {
    int64_t index[kMaxRank];
    int64_t at[kRoom];
  };

  Position seek(int64_t row) const {
    Position p{};
    for (int i = rank - 2; i >= 0; i--) {
      p.index[i] = row % shape[i];
      row /= shape[i];
      for (int v = 0; v < size(); v++) p.at[v] += p.index[i] * strides[v][i];
    }
    return p;
  }

  void advance(Position& p) const {
    for (int i = rank - 2; i >= 0; i--) {
      for (int v = 0; v < size(); v++) p.at[v] += strides[v][i];
      if (++p.index[i] < shape[i]) return;
      for (int v = 0; v < size(); v++) p.at[v] -= shape[i] * strides[v][i];
      p.index[i] = 0;
    }
  }
};

// Calls body(offsets, count) for neighbouring rows, along the axis before the inner one, in parallel; `work` is as below.
template <int N, typename Body>
void for_rows_of(const Walk<N>& walk, const Body& body, int64_t work = 1) {
  const int64_t inner = walk.inner(), rows = walk.rows();
  const int outer = walk.rank - 2;
  parallel_for(rows, chunk(chunk(kGrain, work), inner), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end;) {
      const typename Walk<N>::Position p = walk.seek(row);
      const int64_t rest = walk.shape[outer] - p.index[outer], count = row + rest < end ? rest : end - row;
      body(p.at, count);
      row += count;
    }
  });
}

// Calls segment(offsets, count) for runs of the inner axis, in parallel; none where there are no elements. `work` is how
// much an element costs, in elements of a plain loop.
template <int N, typename Segment>
void for_segments(const Walk<N>& walk, const Segment& segment, int64_t work = 1) {
  const int64_t inner = walk.inner(), rows = walk.rows();
  const int64_t grain = chunk(kGrain, work);
  if (inner == 0 || rows == 0) return;
  if (rows == 1) {
    parallel_for(inner, grain > kFewest ? grain : kFewest, [&](int64_t begin, int64_t end) {
      int64_t at[N];
      for (int v = 0; v < N; v++) at[v] = begin * walk.inner_step(v);
      segment(at, end - begin);
    });
    return;
  }
  const int outer = walk.rank - 2;
  for_rows_of<N>(
      walk,
      [&](const int64_t (&first)[N], int64_t count) {
        int64_t at[N];
        for (int v = 0; v < N; v++) at[v] = first[v];
        for (int64_t row = 0; row < count; row++) {
          segment(at, inner);
          for (int v = 0; v < N; v++) at[v] += walk.strides[v][outer];
        }
      },
      work);
}

}  // namespace adjoint::ADJOINT_ISA
