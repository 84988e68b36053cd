// The kernel matmul: a matrix product for every index of the batch axes.
#include "gemm/gemm.h"
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Matrices with fewer multiply-adds than this are shared out whole; larger ones are cut.
constexpr int64_t kSmallProducts = 1 << 22;

// The last two axes of a view at the given batch index. Axes that a bias lacks, or has with length 1, have stride 0.
template <typename T>
Matrix<T> matrix(const View& view, const View& y, int64_t batch) {
  const auto stride = [&](int axis) {
    const int at = axis - (y.rank - view.rank);
    return at < 0 || (view.shape[at] == 1 && y.shape[axis] != 1) ? 0 : view.strides[at];
  };
  int64_t offset = 0;
  for (int axis = y.rank - 3; axis >= 0; axis--) {
    offset += batch % y.shape[axis] * stride(axis);
    batch /= y.shape[axis];
  }
  return {view.as<T>() + offset, stride(y.rank - 2), stride(y.rank - 1)};
}

// Integers wrap, which unsigned arithmetic defines.
void gemm(int64_t m, int64_t n, int64_t k, const Matrix<const int32_t>& a, const Matrix<const int32_t>& b,
          const Matrix<int32_t>& c, const Matrix<const int32_t>& bias, Block f) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      uint32_t sum = bias.data ? static_cast<uint32_t>(*bias.at(i, j)) : 0;
      for (int64_t p = 0; p < k; p++) sum += static_cast<uint32_t>(*a.at(i, p)) * static_cast<uint32_t>(*b.at(p, j));
      *c.at(i, j) = static_cast<int32_t>(sum);
    }
  }
  apply(f, c, m, n);
}

template <typename T>
void matmul_of(const Call& call) {
  const View &y = call[0], &a = call[1], &b = call[2];
  const int rank = y.rank;
  const int64_t m = y.shape[rank - 2], n = y.shape[rank - 1], k = a.shape[rank - 1];
  if (y.size() == 0) return;
  const Block f = epilogue(call, 0);
  const int64_t batches = y.size() / (m * n), products = m * n * k;
  const int64_t grain = products < kSmallProducts ? grain_of(products) : batches;
  parallel_for(batches, grain, [&](int64_t begin, int64_t end) {
    for (int64_t batch = begin; batch < end; batch++) {
      const Matrix<const T> bias =
          call.view_count > 3 ? matrix<const T>(call[3], y, batch) : Matrix<const T>{nullptr, 0, 0};
      gemm(m, n, k, matrix<const T>(a, y, batch), matrix<const T>(b, y, batch), matrix<T>(y, y, batch), bias, f);
    }
  });
}

// A float32 view of the same shape in memory without gaps; what `like` repeats is there once.
View dense_like(const View& like, Scratch purpose) {
  View view = like;
  view.dtype = DType::Float32;
  int64_t count = 1;
  for (int axis = like.rank - 1; axis >= 0; axis--) {
    const bool repeats = like.strides[axis] == 0 && like.shape[axis] > 1;
    view.strides[axis] = repeats ? 0 : count;
    if (!repeats) count *= like.shape[axis];
  }
  view.data = scratch<float>(purpose, count);
  return view;
}

// An operand rounded to bfloat16, each element once.
View rounded(const View& view, Scratch purpose) {
  const View result = dense_like(view, purpose);
  View to = result, from = view;
  for (int axis = 0; axis < view.rank; axis++) {
    if (view.strides[axis] == 0 && view.shape[axis] > 1) to.shape[axis] = from.shape[axis] = 1;
  }
  const auto round = [](auto x) ADJOINT_LAMBDA { return to_float(to_bfloat16(plain(x))); };
  if (view.dtype == DType::BFloat16) map<float, BFloat16>(to, from, round);
  else map<float, float>(to, from, round);
  return result;
}

// Both operands rounded to bfloat16, products and their sums in float32, the result rounded where it is bfloat16.
void matmul_in_bfloat16(const Call& call) {
  const View& y = call[0];
  Call product = call;
  product.views[1] = rounded(call[1], Scratch::Input);
  product.views[2] = rounded(call[2], Scratch::Filter);
  if (call.view_count > 3 && call[3].dtype == DType::BFloat16) product.views[3] = rounded(call[3], Scratch::Bias);
  if (y.dtype == DType::Float32) return matmul_of<float>(product);
  product.views[0] = dense_like(y, Scratch::Output);
  matmul_of<float>(product);
  map<BFloat16, float>(y, product.views[0], [](float x) ADJOINT_LAMBDA { return to_bfloat16(x); });
}

}  // namespace

void matmul(const Call& call) {
  const bool rounds = call.number_count > 1 && call.numbers[1] == 1;
  if (rounds || call[1].dtype == DType::BFloat16 || call[2].dtype == DType::BFloat16) {
    return matmul_in_bfloat16(call);
  }
  switch (call[0].dtype) {
    case DType::Int32:
      return matmul_of<int32_t>(call);
    case DType::Float32:
      return matmul_of<float>(call);
    default:
      return matmul_of<double>(call);
  }
}

}  // namespace adjoint::ADJOINT_ISA
