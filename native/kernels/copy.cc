// Copies with conversion, and fill.
#include "kernels/elementwise.h"
#include "simd/fold.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Side of the square that is transposed at once: its lines fit the first-level cache twice.
constexpr int64_t kTile = 32;

// The axis along which x lies without gaps, where y's is another one; −1 if there is none worth a transposition.
int crossing_axis(const Walk<2>& walk) {
  if (walk.inner_step(1) == 1 || walk.inner() < 8) return -1;
  for (int axis = 0; axis < walk.rank - 1; axis++) {
    if (walk.strides[1][axis] == 1 && walk.shape[axis] >= 8) return axis;
  }
  return -1;
}

// The walk over the axes that are left when one and the inner one are taken out.
Walk<2> without(const Walk<2>& walk, int axis) {
  Walk<2> rest = walk;
  rest.rank = 0;
  for (int i = 0; i < walk.rank - 1; i++) {
    if (i == axis) continue;
    rest.shape[rest.rank] = walk.shape[i];
    for (int v = 0; v < 2; v++) rest.strides[v][rest.rank] = walk.strides[v][i];
    rest.rank++;
  }
  rest.shape[rest.rank++] = 1;
  return rest;
}

// A square of vectors: to's row i is column i of what lies at from + j · along.
template <typename T>
ADJOINT_INLINE void transpose_square(T* to, int64_t down, const T* from, int64_t along) {
  Vec<T> v[kLanes<T>];
#pragma GCC unroll 16
  for (int j = 0; j < kLanes<T>; j++) v[j] = load(from + j * along);
  transpose<T>(v);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes<T>; i++) store(to + i * down, v[i]);
}

// y = x where y's rows are x's columns: in tiles, so that each cache line is used whole while it is near.
template <typename To, typename From>
void transpose(const View& y, const View& x, const Walk<2>& walk, int axis) {
  const int last = walk.rank - 1;
  const int64_t height = walk.shape[axis], width = walk.shape[last];
  const int64_t y_down = walk.strides[0][axis], y_along = walk.strides[0][last], x_along = walk.strides[1][last];
  const Walk<2> others = without(walk, axis);
  const int64_t bands = (height + kTile - 1) / kTile, grain = kGrain / (kTile * width);
  parallel_for(others.rows() * bands, grain > 1 ? grain : 1, [&](int64_t begin, int64_t end) {
    for (int64_t band = begin; band < end; band++) {
      const Walk<2>::Position p = others.seek(band / bands);
      const int64_t top = band % bands * kTile, rows = top + kTile < height ? kTile : height - top;
      To* to = y.as<To>() + p.at[0] + top * y_down;
      const From* from = x.as<From>() + p.at[1] + top;
      for (int64_t left = 0; left < width; left += kTile) {
        const int64_t columns = left + kTile < width ? kTile : width - left;
        int64_t whole_rows = 0, whole_columns = 0;
        if constexpr (sizeof(To) == 4 && __is_same(To, From)) {
          constexpr int side = kLanes<float>;
          if (y_along == 1) {
            whole_rows = rows / side * side;
            whole_columns = columns / side * side;
          }
          for (int64_t c = 0; c < whole_columns; c += side) {
            for (int64_t r = 0; r < whole_rows; r += side) {
              transpose_square(reinterpret_cast<float*>(to + r * y_down + left + c), y_down,
                               reinterpret_cast<const float*>(from + (left + c) * x_along + r), x_along);
            }
          }
        }
        for (int64_t c = 0; c < columns; c++) {
          const From* __restrict column = from + (left + c) * x_along;
          To* __restrict target = to + (left + c) * y_along;
          for (int64_t r = c < whole_columns ? whole_rows : 0; r < rows; r++) target[r * y_down] = convert<To>(column[r]);
        }
      }
    }
  });
}

// Makes an axis of many elements along which x lies without gaps the inner one, if that has only a few; false if there is none.
bool lengthen(Walk<2>& walk) {
  const int last = walk.rank - 1;
  if (walk.inner() >= 8) return false;
  for (int axis = 0; axis < last; axis++) {
    if (walk.strides[1][axis] != 1 || walk.shape[axis] < kFewest) continue;
    const int64_t size = walk.shape[axis];
    walk.shape[axis] = walk.shape[last];
    walk.shape[last] = size;
    for (int v = 0; v < 2; v++) {
      const int64_t stride = walk.strides[v][axis];
      walk.strides[v][axis] = walk.strides[v][last];
      walk.strides[v][last] = stride;
    }
    return true;
  }
  return false;
}

template <typename To, typename From>
void along_x(const View& y, const View& x, const Walk<2>& walk) {
  const int64_t step = walk.inner_step(0);
  for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
    To* __restrict to = y.as<To>() + at[0];
    const From* __restrict from = x.as<From>() + at[1];
    for (int64_t i = 0; i < n; i++) to[i * step] = convert<To>(from[i]);
  });
}

}  // namespace

void copy(const Call& call) {
  const View &y = call[0], &x = call[1];
  const View views[] = {y, x};
  Walk<2> walk(views);
  const int axis = crossing_axis(walk);
  const bool swapped = axis < 0 && lengthen(walk);
  with_type(x.dtype, [&](auto from) {
    with_type(y.dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      if (axis >= 0) return transpose<To, From>(y, x, walk, axis);
      if (swapped) return along_x<To, From>(y, x, walk);
      map<To, From>(y, x, [](auto value) ADJOINT_LAMBDA { return convert<To>(value); });
    });
  });
}

void fill(const Call& call) {
  const View& y = call[0];
  const Walk<1> walk(call.views);
  const int64_t stride = walk.inner_step(0);
  with_type(y.dtype, [&](auto to) {
    using T = decltype(to);
    const T value = convert<T>(call.numbers[0]);
    for_segments<1>(walk, [&](const int64_t (&at)[1], int64_t n) {
      T* __restrict out = y.as<T>() + at[0];
      if (stride == 1) {
        for (int64_t i = 0; i < n; i++) out[i] = value;
      } else {
        for (int64_t i = 0; i < n; i++) out[i * stride] = value;
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
