// Copies with conversion, and fill.
#include "kernels/elementwise.h"

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
        To tile[kTile][kTile];
        for (int64_t c = 0; c < columns; c++) {
          const From* __restrict column = from + (left + c) * x_along;
          for (int64_t r = 0; r < rows; r++) tile[r][c] = convert<To>(column[r]);
        }
        for (int64_t r = 0; r < rows; r++) {
          To* __restrict row = to + r * y_down + left * y_along;
          for (int64_t c = 0; c < columns; c++) row[c * y_along] = tile[r][c];
        }
      }
    }
  });
}

}  // namespace

void copy(const Call& call) {
  const View &y = call[0], &x = call[1];
  const View views[] = {y, x};
  const Walk<2> walk(views);
  const int axis = crossing_axis(walk);
  with_type(x.dtype, [&](auto from) {
    with_type(y.dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      if (axis >= 0) return transpose<To, From>(y, x, walk, axis);
      map<To, From>(y, x, [](auto value) { return convert<To>(value); });
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
