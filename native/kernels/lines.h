// Lines along one axis of several views: a walk over the other axes, and each view's step along this one.
#pragma once
#include "kernels/elementwise.h"

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

}  // namespace adjoint::ADJOINT_ISA
