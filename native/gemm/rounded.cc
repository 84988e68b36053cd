#include "gemm/rounded.h"

#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {

View row_major(const View& view, void* data) {
  View result = view;
  result.data = data;
  int64_t stride = 1;
  for (int i = view.rank - 1; i >= 0; i--) {
    result.strides[i] = stride;
    stride *= view.shape[i];
  }
  return result;
}

View rounded(const View& view, Scratch purpose) {
  View copy = row_major(view, scratch<float>(purpose, view.size()));
  copy.dtype = DType::Float32;
  const auto round = [](auto x) ADJOINT_LAMBDA { return to_float(to_bfloat16(plain(x))); };
  if (view.dtype == DType::BFloat16) map<float, BFloat16>(copy, view, round);
  else map<float, float>(copy, view, round);
  return copy;
}

}  // namespace adjoint::ADJOINT_ISA
