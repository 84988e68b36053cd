// Lines along one axis gone through with a state each: of several lines at a time, since one alone waits for each of its steps.
#pragma once
#include "kernels/lines.h"

namespace adjoint::ADJOINT_ISA {

// Lines that are gone through side by side: along memory, and across it.
constexpr int kAlong = 8, kAcross = 64;

// Calls step(state, position, place) for every element of every line, from the start or from the end; place[v] is where
// the element of view v is. A line's state begins as `start`.
template <int N, typename State, typename Step>
void for_scans(const View* views, int axis, bool reverse, State start, const Step& step) {
  const Lines<N> lines(views, axis);
  const int64_t n = lines.length;
  bool along = n > 1, across = true;
  for (int v = 0; v < N; v++) {
    along = along && lines.strides[v] == 1;
    across = across && lines.walk.inner_step(v) == 1;
  }
  for_segments<N>(
      lines.walk,
      [&](const int64_t (&at)[N], int64_t count) {
        int64_t done = 0;
        const auto together = [&](auto width, auto is_along, auto is_across) ADJOINT_LAMBDA {
          constexpr int W = decltype(width)::value;
          for (; done + W <= count; done += W) {
            State states[W];
            for (int w = 0; w < W; w++) states[w] = start;
            for (int64_t k = 0; k < n; k++) {
              const int64_t position = reverse ? n - 1 - k : k;
#pragma GCC unroll 8
              for (int w = 0; w < W; w++) {
                int64_t place[N];
                for (int v = 0; v < N; v++) {
                  place[v] = at[v] + (is_across.value ? done + w : (done + w) * lines.walk.inner_step(v)) +
                             (is_along.value ? position : position * lines.strides[v]);
                }
                step(states[w], position, place);
              }
            }
          }
        };
        if (along) together(Constant<kAlong>{}, Constant<1>{}, Constant<0>{});
        else if (across) together(Constant<kAcross>{}, Constant<0>{}, Constant<1>{});
        else together(Constant<kAlong>{}, Constant<0>{}, Constant<0>{});
        together(Constant<1>{}, Constant<0>{}, Constant<0>{});
      },
      n);
}

}  // namespace adjoint::ADJOINT_ISA
