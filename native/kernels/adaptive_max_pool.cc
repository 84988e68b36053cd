// Pooling by the largest element of bins of a volume. Bins cover it whatever its size: neighbours may share elements.
#include "kernels/elementwise.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// One axis: bin i holds elements ⌊i · size / count⌋ … ⌈(i + 1) · size / count⌉ − 1.
struct Bins {
  int64_t size, count;

  int64_t first(int64_t i) const { return i * size / count; }
  int64_t last(int64_t i) const { return ((i + 1) * size + count - 1) / count; }
};

// The columns of all rows that the bins of two axes cover take the larger of what they have and of a row's elements, or NaN.
template <typename T>
void take_row(T* __restrict best, int32_t* __restrict places, const T* __restrict row, int32_t first, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const T candidate = row[i];
    const bool take = (candidate > best[i]) | (candidate != candidate);
    best[i] = take ? candidate : best[i];
    places[i] = take ? first + static_cast<int32_t>(i) : places[i];
  }
}

}  // namespace

// y, indices int32: (d · H + h) · W + w of each maximum, the first of equal ones or the last NaN; [planes, OD, OH, OW],
// x [planes, D, H, W]
void adaptiveMaxPool(const Call& call) {
  const View &y = call[0], &x = call[2];
  const Bins depth{x.shape[1], y.shape[1]}, height{x.shape[2], y.shape[2]}, width{x.shape[3], y.shape[3]};
  const int64_t size = depth.size * height.size * width.size, count = depth.count * height.count * width.count;
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(x.shape[0], chunk(kGrain, size), [&](int64_t begin, int64_t end) {
      const Scratch<T> best(width.size);
      const Scratch<int32_t> places(width.size);
      const auto columns = [&](const T* plane, int64_t i, int64_t j) {
        bool begun = false;
        for (int64_t d = depth.first(i); d < depth.last(i); d++) {
          for (int64_t h = height.first(j); h < height.last(j); h++) {
            const int64_t first = (d * height.size + h) * width.size;
            for (int64_t w = 0; !begun && w < width.size; w++) {
              best.data[w] = plane[first + w];
              places.data[w] = static_cast<int32_t>(first + w);
            }
            if (begun) take_row(best.data, places.data, plane + first, static_cast<int32_t>(first), width.size);
            begun = true;
          }
        }
      };
      for (int64_t plane = begin; plane < end; plane++) {
        T* to = y.as<T>() + plane * count;
        int32_t* indices = call[1].as<int32_t>() + plane * count;
        for (int64_t row = 0; row < depth.count * height.count; row++) {
          columns(x.as<T>() + plane * size, row / height.count, row % height.count);
          for (int64_t k = 0; k < width.count; k++, to++, indices++) {
            int64_t found = width.first(k);
            for (int64_t w = found + 1; w < width.last(k); w++) {
              const T candidate = best.data[w], so_far = best.data[found];
              const bool earlier = places.data[w] < places.data[found], same = candidate == so_far;
              const bool odd = candidate != candidate, both = odd & (so_far != so_far);
              if ((candidate > so_far) | (same & earlier) | (odd & !(both & earlier))) found = w;
            }
            *to = best.data[found];
            *indices = places.data[found];
          }
        }
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
