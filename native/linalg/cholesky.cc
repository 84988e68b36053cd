// Cholesky decomposition A = L Lᵀ.
#include "linalg/matrix.h"
#include "simd/math.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Columns of the rest that one product brings up to date, from their diagonal down.
constexpr int64_t kRest = 128;

// The order of the smallest matrices: of whole vectors.
template <typename T>
constexpr int kSide = kLanes<T> < 8 ? 8 : kLanes<T>;

// The lower triangle of a [n, n], n ≤ SIDE and rows of `pitch` elements, becomes L. The work is on rows of Lᵀ, in vectors.
// Returns the first pivot that is not positive, counted from 1, or 0.
template <typename T, int SIDE>
int32_t factor_block(T* a, int64_t pitch, int64_t n) {
  constexpr int lanes = kLanes<T>;
  alignas(kVectorBytes) T turned[SIDE * SIDE];
  for (int64_t j = 0; j < n; j++) {
    for (int64_t c = 0; c < SIDE; c += lanes) store(turned + j * SIDE + c, Vec<T>{});
    for (int64_t i = j; i < n; i++) turned[j * SIDE + i] = a[i * pitch + j];
  }
  for (int64_t j = 0; j < n; j++) {
    T* const row = turned + j * SIDE;
    const T pivot = row[j], root = math::sqrt(pivot);
    if (!(pivot > 0)) return static_cast<int32_t>(j + 1);
    const Vec<T> inverse = broadcast(1 / root);
    for (int64_t c = j / lanes * lanes; c < SIDE; c += lanes) store(row + c, load(row + c) * inverse);
    row[j] = root;
    for (int64_t i = j + 1; i < n; i++) {
      const Vec<T> factor = broadcast(-row[i]);
      T* const rest = turned + i * SIDE;
      for (int64_t c = i / lanes * lanes; c < SIDE; c += lanes) store(rest + c, fma(factor, load(row + c), load(rest + c)));
    }
  }
  for (int64_t i = 0; i < n; i++) {
    for (int64_t j = 0; j <= i; j++) a[i * pitch + j] = turned[j * SIDE + i];
  }
  return 0;
}

// The lower triangle of a [n, n] becomes L. Returns the first pivot that is not positive, counted from 1, or 0.
template <typename T>
int32_t factor(T* a, int64_t n) {
  // The rows of a panel below it, turned, so that each step is one along memory; and the same negated.
  T* const turned = workspace<T>(Workspace::Reflectors, 2 * n * kPanel);
  T* const negative = turned + n * kPanel;
  for (int64_t begin = 0; begin < n; begin += kPanel) {
    const int64_t end = smaller(begin + kPanel, n), width = end - begin, rest = n - end;
    T* const corner = a + begin * n + begin;
    const int32_t bad = width <= kSide<T>      ? factor_block<T, kSide<T>>(corner, n, width)
                        : width <= kPanel / 2 ? factor_block<T, kPanel / 2>(corner, n, width)
                                              : factor_block<T, kPanel>(corner, n, width);
    if (bad) return static_cast<int32_t>(begin) + bad;
    for (int64_t i = 0; i < rest; i++) {
      for (int64_t p = 0; p < width; p++) turned[p * rest + i] = a[(end + i) * n + begin + p];
    }
    for (int64_t j = 0; j < width; j++) {
      T* const row = turned + j * rest;
      const T* const line = a + (begin + j) * n + begin;
      for (int64_t p = 0; p < j; p++) add_multiple(row, turned + p * rest, -line[p], rest);
      for (int64_t i = 0; i < rest; i++) row[i] /= line[j];
    }
    for (int64_t i = 0; i < rest; i++) {
      for (int64_t p = 0; p < width; p++) a[(end + i) * n + begin + p] = turned[p * rest + i];
    }
    for (int64_t at = 0; at < rest; at += kRest) {
      const int64_t columns = smaller(kRest, rest - at);
      T* const rows = a + (end + at) * n;
      subtract_product<T>(negative, rest - at, columns, width, {rows + begin, n, 1}, {turned + at, rest, 1},
                          {rows + end + at, n, 1});
    }
  }
  return 0;
}

}  // namespace

// factor [batch, n, n], status [batch], a [batch, n, n]
void cholesky(const Call& call) {
  const View& a = call[2];
  const int64_t n = a.shape[1];
  with_float(a.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(a.shape[0], grain_of(n * n * n), [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; b++) {
        T* const f = call[0].as<T>() + b * n * n;
        int32_t& status = call[1].as<int32_t>()[b];
        const Scale scale = load_scaled(f, constant(matrix_of<T>(a, b)), n, n, Triangle::Lower);
        status = 0;
        // The root of an odd power of two is none.
        const int odd = scale.exponent & 1;
        if (odd) for (int64_t i = 0; i < n * n; i++) f[i] *= 2;
        if (scale.finite) status = factor(f, n);
        if (!scale.finite || status != 0) {
          fill<T>({f, n, 1}, n, n, kNotANumber<T>);
          continue;
        }
        const Power<T> back((scale.exponent - odd) / 2);
        // Products wrote above the diagonal.
        for (int64_t i = 0; n > kPanel && i < n; i++) {
          for (int64_t j = i + 1; j < n; j++) f[i * n + j] = 0;
        }
        for (int64_t i = 0; i < n * n; i++) f[i] = back * f[i];
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
