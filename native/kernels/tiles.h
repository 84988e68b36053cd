// Elementwise loops over operands that lie across the result: a row of the result is a column of theirs. Tile by tile
// they are turned in the first-level cache, so that each line of memory is used whole while it is near.
#pragma once
#include "kernels/transpose.h"
#include "kernels/walk.h"

namespace adjoint::ADJOINT_ISA {

template <int N>
class Tiles {
 public:
  explicit Tiles(const View (&views)[N]) : views_(views), walk_(views) {
    const int last = walk_.rank - 1;
    if (walk_.inner_step(0) != 1 || walk_.inner() < kFew) return;
    int found = -1;
    for (int v = 1; v < N; v++) {
      if (walk_.inner_step(v) == 0 || walk_.inner_step(v) == 1) continue;
      int axis = 0;
      while (axis < last && (walk_.strides[v][axis] != 1 || walk_.shape[axis] < kFew)) axis++;
      if (axis == last || (found >= 0 && axis != found)) return;
      found = axis;
    }
    axis_ = found;
  }

  // Whether there is an operand to be turned.
  bool any() const { return axis_ >= 0; }

  // Calls body(views) for every tile, all of whose operands lie along its rows or stand still there.
  template <typename Body>
  void run(const Body& body) const {
    const int64_t height = walk_.shape[axis_], width = walk_.inner();
    const int64_t down = (height + kRows - 1) / kRows, across = (width + kColumns - 1) / kColumns;
    const Walk<N> others = walk_.without(axis_);
    parallel_for(others.rows() * down * across, kGrain / (kRows * kColumns), [&](int64_t begin, int64_t end) {
      alignas(64) unsigned char turned[N - 1][kRows * kColumns * 8];
      View tile[N];
      for (int64_t i = begin; i < end; i++) {
        const int64_t top = i / across % down * kRows, left = i % across * kColumns;
        const int64_t rows = top + kRows < height ? kRows : height - top;
        const int64_t columns = left + kColumns < width ? kColumns : width - left;
        const typename Walk<N>::Position p = others.seek(i / across / down);
        for (int v = 0; v < N; v++) {
          const int64_t step = walk_.strides[v][axis_], along = walk_.inner_step(v);
          char* const data = static_cast<char*>(views_[v].data) +
                             (p.at[v] + top * step + left * along) * kElementSize[static_cast<int>(views_[v].dtype)];
          tile[v] = {data, views_[v].dtype, 2, {rows, columns}, {step, along}};
          if (v == 0 || along == 0 || along == 1) continue;
          with_width(views_[v].dtype, [&](auto element) {
            using T = decltype(element);
            T* const to = reinterpret_cast<T*>(turned[v - 1]);
            transpose_block(to, columns, 1, reinterpret_cast<const T*>(data), along, rows, columns);
          });
          tile[v].data = turned[v - 1];
          tile[v].strides[0] = columns;
          tile[v].strides[1] = 1;
        }
        body(tile);
      }
    });
  }

 private:
  static constexpr int64_t kRows = 64, kColumns = 64;
  static constexpr int64_t kFew = 8;  // shorter axes are not worth it

  const View (&views_)[N];
  const Walk<N> walk_;
  int axis_ = -1;
};

}  // namespace adjoint::ADJOINT_ISA
