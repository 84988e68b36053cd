#include "linalg/secular.h"

namespace adjoint::ADJOINT_ISA {
namespace {

constexpr double kEpsilon = 0x1p-52;
// Steps for one root; four are usual.
constexpr int kSteps = 100;
// Roundings of the sum of the equation's terms, within which it counts as 0.
constexpr double kRoom = 16;
// Roots, and z, of a chunk.
constexpr int64_t kRoots = 16, kWeights = 64;

// Terms of the equation and their derivatives.
struct Sum {
  double value = 0, slope = 0;
};

Sum sum_of(const double* __restrict weights, const double* __restrict gaps, double shift, int64_t begin, int64_t end) {
  double value = 0, slope = 0;
#pragma omp simd reduction(+ : value, slope)
  for (int64_t j = begin; j < end; j++) {
    const double inverse = 1 / (gaps[j] - shift), term = weights[j] * inverse;
    value += term;
    slope += term * inverse;
  }
  return {value, slope};
}

// The root of c x² − a x + b that is near 0, or the one beyond both poles.
double root_of(double a, double b, double c, bool beyond) {
  const double square = a * a - 4 * b * c, root = math::sqrt(square < 0 ? -square : square);
  if (beyond) return a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
  return a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
}

}  // namespace

// Steps to the root of a function of two poles, of the terms up to `left` and of those right of it, that has the same value
// and slopes; to the middle of what is left where one would leave it.
void Secular::find(int64_t i, const double* weights, double* gaps) {
  const bool last = i == n - 1;
  const int64_t left = last ? n - 2 : i;
  double low = 0, high = 0, x = 0;
  if (last) {
    origin[i] = d[i];
    for (int64_t j = 0; j < n; j++) high += weights[j];
    high *= 1 + 4 * kEpsilon;
    x = high / 2;
  } else {
    const double width = gap(d[i + 1], d[i]), middle = width / 2;
    for (int64_t j = 0; j < n; j++) gaps[j] = gap(d[j], d[i]);
    const double others = 1 + sum_of(weights, gaps, middle, 0, i).value + sum_of(weights, gaps, middle, i + 2, n).value;
    const bool right = others + (weights[i + 1] - weights[i]) / middle < 0;
    origin[i] = right ? d[i + 1] : d[i];
    low = right ? -middle : 0, high = right ? 0 : middle;
    // c + wᵢ / (pᵢ − x) + wᵢ₊₁ / (pᵢ₊₁ − x) = 0
    const double a = weights[i] + weights[i + 1];
    x = right ? root_of(a - others * width, -weights[i + 1] * width, others, false)
              : root_of(a + others * width, weights[i] * width, others, false);
    if (!(x > low && x < high)) x = (low + high) / 2;
  }
  for (int64_t j = 0; j < n; j++) gaps[j] = gap(d[j], origin[i]);
  for (int step = 0; step < kSteps; step++) {
    const Sum lower = sum_of(weights, gaps, x, 0, left + 1), upper = sum_of(weights, gaps, x, left + 1, n);
    const double value = 1 + lower.value + upper.value, slope = lower.slope + upper.slope;
    const double size = 1 + __builtin_fabs(lower.value) + __builtin_fabs(upper.value);
    if (__builtin_fabs(value) <= kRoom * kEpsilon * size) break;
    (value > 0 ? high : low) = x;
    const double first = gaps[left] - x, second = gaps[left + 1] - x;
    const double c = value - first * lower.slope - second * upper.slope;
    double by = root_of((first + second) * value - first * second * slope, first * second * value, c, last);
    if (!(by * value < 0)) by = -value / slope;
    double next = x + by;
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (next == x) break;
    x = next;
  }
  shift[i] = x;
}

void Secular::solve(double* products) {
  double* const weights = products + n;
  for (int64_t j = 0; j < n; j++) weights[j] = z[j] * z[j];
  if (n == 1) {
    origin[0] = d[0], shift[0] = weights[0];
    return;
  }
  parallel_for(n, kRoots, [&](int64_t begin, int64_t end) {
    double* const gaps = workspace<double>(Workspace::Line, n);
    for (int64_t i = begin; i < end; i++) find(i, weights, gaps);
  });
  // zⱼ² = Π (λᵢ − pⱼ) / Π (pᵢ − pⱼ), of which the second product leaves out j.
  parallel_for(n, kWeights, [&](int64_t begin, int64_t end) {
    for (int64_t j = begin; j < end; j++) products[j] = gap(d[j], origin[j]) - shift[j];
    for (int64_t i = 0; i < n; i++) {
      const double at = origin[i], by = shift[i], pole = d[i];
      const auto each = [&](int64_t first, int64_t end) ADJOINT_LAMBDA {
#pragma omp simd
        for (int64_t j = first; j < end; j++) products[j] *= (gap(d[j], at) - by) / gap(d[j], pole);
      };
      each(begin, i < begin ? begin : smaller(i, end));
      each(i + 1 > begin ? i + 1 : begin, end);
    }
    for (int64_t j = begin; j < end; j++) {
      const double size = math::sqrt(__builtin_fabs(products[j]));
      z[j] = z[j] < 0 ? -size : size;
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
