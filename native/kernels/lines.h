// Lines along one axis of several views: a walk over the other axes, and each view's step along this one.
#pragma once
#include "kernels/elementwise.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {

// The same elements with one of the axes reduced to its first.
inline View first_along(View view, int axis) {
  view.shape[axis] = 1;
  return view;
}

template <int N>
struct Lines {
  int64_t length;      // of the first view's lines
  int64_t strides[N];  // along the axis
  Walk<N> walk;        // over the lines' starts

  Lines(const View* views, int axis) : length(views[0].shape[axis]), strides{}, walk(starts(views, axis).views) {
    for (int v = 0; v < N; v++) strides[v] = views[v].strides[axis];
  }

 private:
  struct Starts {
    View views[N];
  };
  static Starts starts(const View* views, int axis) {
    Starts s;
    for (int v = 0; v < N; v++) s.views[v] = first_along(views[v], axis);
    return s;
  }
};

// Neighbouring lines that are brought to scratch together: as many as fill a cache line.
constexpr int64_t kTogether = 16;

// Copies `count` lines of n elements from their steps to those of the other side, neighbours in memory together.
template <typename E>
void move_lines(E* to, int64_t to_step, int64_t to_pitch, const E* from, int64_t step, int64_t pitch, int64_t n, int64_t count) {
  for (int64_t k = 0; k < n; k++) {
    for (int64_t line = 0; line < count; line++) to[k * to_step + line * to_pitch] = from[k * step + line * pitch];
  }
}

// Calls body(lines) for each line along the axis, in parallel: lines[v] points to the elements of view v's, without gaps.
// Lines that have gaps are brought to scratch, and those of the first `Results` views back. The views differ along the axis
// alone. `work` is how much a line costs, in elements of a plain loop.
template <int N, int Results, typename Body>
void for_each_line(const View* views, int axis, int64_t work, const Body& body) {
  const Lines<N> lines(views, axis);
  const int64_t inner = lines.walk.inner(), total = inner * lines.walk.rows();
  int64_t room = 0, place[N], length[N], size[N];
  for (int v = 0; v < N; v++) {
    length[v] = views[v].shape[axis], size[v] = kElementSize[static_cast<int>(views[v].dtype)], place[v] = room;
    if (lines.strides[v] != 1) room += (kTogether * length[v] * size[v] + 63) / 64 * 64;
  }
  parallel_for(total, chunk(kGrain, work), [&](int64_t begin, int64_t end) {
    const Scratch<char> scratch(room + 1);
    // Between a view and its scratch, of `count` lines that begin at `at`.
    const auto move = [&](int v, int64_t at, int64_t count, bool back) ADJOINT_LAMBDA {
      const int64_t step = lines.strides[v], pitch = lines.walk.inner_step(v), n = length[v];
      with_width(views[v].dtype, [&](auto element) {
        using E = decltype(element);
        E* const theirs = views[v].as<E>() + at;
        E* const ours = reinterpret_cast<E*>(scratch.data + place[v]);
        if (back) move_lines(theirs, step, pitch, ours, 1, n, n, count);
        else move_lines(ours, 1, n, theirs, step, pitch, n, count);
      });
    };
    for (int64_t line = begin; line < end;) {
      const int64_t first = line % inner, left = inner - first < end - line ? inner - first : end - line;
      const int64_t count = left < kTogether ? left : kTogether;
      const typename Walk<N>::Position start = lines.walk.seek(line / inner);
      int64_t at[N];
      for (int v = 0; v < N; v++) {
        at[v] = start.at[v] + first * lines.walk.inner_step(v);
        if (v >= Results && lines.strides[v] != 1) move(v, at[v], count, false);
      }
      for (int64_t i = 0; i < count; i++) {
        char* pointers[N];
        for (int v = 0; v < N; v++) {
          pointers[v] = lines.strides[v] == 1
                            ? views[v].template as<char>() + (at[v] + i * lines.walk.inner_step(v)) * size[v]
                            : scratch.data + place[v] + i * length[v] * size[v];
        }
        body(pointers);
      }
      for (int v = 0; v < Results; v++) {
        if (lines.strides[v] != 1) move(v, at[v], count, true);
      }
      line += count;
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
