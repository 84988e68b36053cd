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
void multiply_integers(int64_t m, int64_t n, int64_t k, const Matrix<const int32_t>& a, const Matrix<const int32_t>& b,
                       const Matrix<int32_t>& c, const Matrix<const int32_t>& bias, Block f) {
  for (int64_t i = 0; i < m; i++) {
    for (int64_t j = 0; j < n; j++) {
      uint32_t sum = bias.data ? static_cast<uint32_t>(*bias.at(i, j)) : 0;
      for (int64_t p = 0; p < k; p++) sum += static_cast<uint32_t>(*a.at(i, p)) * static_cast<uint32_t>(*b.at(p, j));
      *c.at(i, j) = static_cast<int32_t>(sum);
    }
  }
  apply<int32_t>({f}, c, m, n);
}

// The views behind the operands: a bias, and of floating-point products the residual where the third number says so.
struct Added {
  const View *bias, *residual;

  explicit Added(const Call& call) {
    const bool last = call.says(2);
    const int count = call.view_count - (last ? 1 : 0);
    bias = count > 3 ? &call[3] : nullptr;
    residual = last ? &call[count] : nullptr;
  }
};

template <typename T>
Matrix<const T> matrix_or_none(const View* view, const View& y, int64_t batch) {
  return view ? matrix<const T>(*view, y, batch) : Matrix<const T>{};
}

// The operand of one product, read as bfloat16 where `rounds`.
template <typename U>
Operand<U> operand(const View& view, const View& y, int64_t batch, bool rounds) {
  if (view.dtype == DType::BFloat16) {
    const Matrix<BFloat16> half = matrix<BFloat16>(view, y, batch);
    return {half.data, half.row, half.column, Reading::BFloat16};
  }
  const Matrix<Accumulator<U>> whole = matrix<Accumulator<U>>(view, y, batch);
  return {whole.data, whole.row, whole.column, rounds ? Reading::RoundedFloat : Reading::Plain};
}

// Calls body(batch, of the products of the last two axes), several at once where each is small.
template <typename Body>
void for_batches(const Call& call, const Body& body) {
  const View &y = call[0], &a = call[1];
  const int64_t products = y.shape[y.rank - 2] * y.shape[y.rank - 1] * a.shape[y.rank - 1];
  const int64_t batches = y.size() / (y.shape[y.rank - 2] * y.shape[y.rank - 1]);
  parallel_for(batches, products < kSmallProducts ? grain_of(products) : batches, [&](int64_t begin, int64_t end) {
    for (int64_t batch = begin; batch < end; batch++) body(batch);
  });
}

template <typename U>
void matmul_of(const Call& call, bool rounds) {
  const View &y = call[0], &a = call[1], &b = call[2];
  const int64_t m = y.shape[y.rank - 2], n = y.shape[y.rank - 1], k = a.shape[y.rank - 1];
  const bool panels = call.says(3);
  const Block f = epilogue(call, 0);
  const Added added(call);
  for_batches(call, [&](int64_t batch) {
    using T = Accumulator<U>;
    Product<U> product = {m, n, k, operand<U>(a, y, batch, rounds), {}, {}, matrix<T>(y, y, batch),
                          matrix_or_none<T>(added.bias, y, batch), {f, matrix_or_none<T>(added.residual, y, batch)}};
    if (panels) product.packed_b = {b.as<U>(), b.shape[2], b.shape[1]};
    else product.b = operand<U>(b, y, batch, rounds);
    multiply(product);
  });
}

void matmul_of_integers(const Call& call) {
  const View &y = call[0], &a = call[1], &b = call[2];
  const Added added(call);
  for_batches(call, [&](int64_t batch) {
    const Matrix<const int32_t> bias = matrix_or_none<int32_t>(added.bias, y, batch);
    multiply_integers(y.shape[y.rank - 2], y.shape[y.rank - 1], a.shape[y.rank - 1], matrix<const int32_t>(a, y, batch),
                      matrix<const int32_t>(b, y, batch), matrix<int32_t>(y, y, batch), bias, epilogue(call, 0));
  });
}

// A float32 copy of a view of bfloat16, or room for one.
View widened(const View& view, Workspace purpose) {
  View result = view;
  int64_t count = 1;
  for (int axis = view.rank - 1; axis >= 0; axis--) {
    result.strides[axis] = count;
    count *= view.shape[axis];
  }
  result.dtype = DType::Float32;
  result.data = workspace<float>(purpose, count);
  return result;
}

// Products in bfloat16, summed in float32. A result in bfloat16 is rounded once, after the function of the sums.
void matmul_rounded(const Call& call) {
  const View& y = call[0];
  Call product = call;
  if (call.view_count > 3 && call[3].dtype == DType::BFloat16) {
    product.views[3] = widened(call[3], Workspace::Bias);
    map<float, BFloat16>(product.views[3], call[3], [](BFloat16 x) ADJOINT_LAMBDA { return plain(x); });
  }
  if (y.dtype == DType::Float32) return matmul_of<HalfUnit>(product, true);
  product.views[0] = widened(y, Workspace::Output);
  matmul_of<HalfUnit>(product, true);
  map<BFloat16, float>(y, product.views[0], [](float x) ADJOINT_LAMBDA { return to_bfloat16(x); });
}

}  // namespace

void matmul(const Call& call) {
  const View& y = call[0];
  if (y.size() == 0) return;
  const bool rounds = call.says(1);
  if (rounds || y.dtype == DType::BFloat16 || call[1].dtype == DType::BFloat16 || call[2].dtype == DType::BFloat16) {
    return matmul_rounded(call);
  }
  switch (y.dtype) {
    case DType::Int32:
      return matmul_of_integers(call);
    case DType::Float32:
      return matmul_of<float>(call, false);
    default:
      return matmul_of<double>(call, false);
  }
}

}  // namespace adjoint::ADJOINT_ISA
