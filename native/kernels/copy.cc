// Copies with conversion, and fill.
#include "kernels/elementwise.h"
#include "simd/bfloat16.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Calls f with a value of the element type that stands for the dtype.
template <typename F>
void with_type(DType dtype, const F& f) {
  switch (dtype) {
    case DType::Bool:
      return f(Bool{});
    case DType::UInt8:
      return f(uint8_t{});
    case DType::Int32:
      return f(int32_t{});
    case DType::BFloat16:
      return f(BFloat16{});
    case DType::Float32:
      return f(float{});
    case DType::Float64:
      return f(double{});
  }
}

}  // namespace

void copy(const Call& call) {
  const View &y = call[0], &x = call[1];
  with_type(x.dtype, [&](auto from) {
    with_type(y.dtype, [&](auto to) {
      map<decltype(to), decltype(from)>(y, x, [](auto value) { return convert<decltype(to)>(value); });
    });
  });
}

void fill(const Call& call) {
  const View& y = call[0];
  const double value = call.numbers[0];
  with_type(y.dtype, [&](auto to) {
    using T = decltype(to);
    const T v = convert<T>(value);
    const View views[] = {y};
    const Walk<1> walk(views);
    const int64_t stride = walk.strides[0][walk.rank - 1];
    for_segments<1>(views, [&](const int64_t (&at)[1], int64_t n) {
      T* __restrict out = y.as<T>() + at[0];
      if (stride == 1) {
        for (int64_t i = 0; i < n; i++) out[i] = v;
      } else {
        for (int64_t i = 0; i < n; i++) out[i * stride] = v;
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
