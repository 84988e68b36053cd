// The moments of targets and of what estimates leave of them, in double and in one pass over memory.
#include "kernels/walk.h"
#include "simd/fold.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Columns that are gone down together, and numbers that wait in the first-level cache for their mean.
constexpr int64_t kBand = 64, kWaiting = 1024;

// The mean of `count` numbers in each of a band's columns, and the sum of their squared distances from it.
struct Moments {
  double count = 0, mean[kBand] = {}, squares[kBand] = {};

  // Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances".
  void add(double more, const double* means, const double* more_squares, int64_t width) {
    const double share = more / (count + more);
    for (int64_t c = 0; c < width; c++) {
      const double gap = means[c] - mean[c];
      mean[c] += gap * share;
      squares[c] += more_squares[c] + gap * gap * count * share;
    }
    count += more;
  }

  // Rows of a band's width, one behind another.
  void add_rows(const double* x, int64_t rows, int64_t width) {
    double means[kBand] = {}, more[kBand] = {};
    if (width == 1) {
      means[0] = sum_of([=](int64_t k, auto lanes) ADJOINT_LAMBDA { return lanes.load(x + k); }, rows) / rows;
      const Vec<double> mean = broadcast(means[0]);
      more[0] = sum_of(
          [=](int64_t k, auto lanes) ADJOINT_LAMBDA {
            const Vec<double> distance = lanes.load(x + k) - mean;
            return distance * distance;
          },
          rows);
      return add(rows, means, more, 1);
    }
    for (int64_t r = 0; r < rows; r++) {
      for (int64_t c = 0; c < width; c++) means[c] += x[r * width + c];
    }
    for (int64_t c = 0; c < width; c++) means[c] /= rows;
    for (int64_t r = 0; r < rows; r++) {
      for (int64_t c = 0; c < width; c++) {
        const double distance = x[r * width + c] - means[c];
        more[c] += distance * distance;
      }
    }
    add(rows, means, more, width);
  }

 private:
  template <typename At>
  static double sum_of(const At& at, int64_t n) {
    Total<double> total;
    take_run(total, n, at);
    return fold<double>(total.narrowed(), Plus{})[0];
  }
};

// What is not finite as NaN: of infinities it would hang on the order of the sums.
double finite(double x) { return x + (x - x); }

}  // namespace

// y [4, columns] float64: mean and squared distances of t, then of t − o; o, t [n, columns]. All are counted from the first
// row, so that those of a column that is constant are exact.
void residualMoments(const Call& call) {
  const int64_t n = call[1].shape[0], columns = call[1].shape[1];
  double* const y = call[0].as<double>();
  const int64_t bands = (columns + kBand - 1) / kBand, widest = columns < kBand ? columns : kBand;
  const int64_t rows_of_part = kGrain / (widest > 0 ? widest : 1), parts = (n + rows_of_part - 1) / rows_of_part;
  with_float(call[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *const o = call[1].as<T>(), *const t = call[2].as<T>();
    struct Pair {
      Moments target, residual;
    };
    const Scratch<Pair> scratch(parts * bands + 1);
    parallel_for(parts * bands, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t left = i % bands * kBand, width = columns - left < kBand ? columns - left : kBand;
        const int64_t top = i / bands * rows_of_part, bottom = top + rows_of_part < n ? top + rows_of_part : n;
        const int64_t together = kWaiting / width;
        Pair pair;
        double targets[kWaiting], residuals[kWaiting], first_target[kBand], first_residual[kBand];
        for (int64_t c = 0; c < width; c++) {
          first_target[c] = t[left + c];
          first_residual[c] = first_target[c] - o[left + c];
        }
        for (int64_t row = top; row < bottom; row += together) {
          const int64_t rows = bottom - row < together ? bottom - row : together;
          if (columns == 1) {
            const double from_target = first_target[0], from_residual = first_residual[0];
            for (int64_t r = 0; r < rows; r++) {
              const double target = t[row + r];
              targets[r] = target - from_target;
              residuals[r] = target - o[row + r] - from_residual;
            }
          } else {
            for (int64_t r = 0; r < rows; r++) {
              const T *const t_row = t + (row + r) * columns + left, *const o_row = o + (row + r) * columns + left;
              for (int64_t c = 0; c < width; c++) {
                const double target = t_row[c];
                targets[r * width + c] = target - first_target[c];
                residuals[r * width + c] = target - o_row[c] - first_residual[c];
              }
            }
          }
          pair.target.add_rows(targets, rows, width);
          pair.residual.add_rows(residuals, rows, width);
        }
        scratch.data[i] = pair;
      }
    });
    for (int64_t band = 0; band < bands; band++) {
      const int64_t left = band * kBand, width = columns - left < kBand ? columns - left : kBand;
      Pair all;
      for (int64_t part = 0; part < parts; part++) {
        const Pair& more = scratch.data[part * bands + band];
        all.target.add(more.target.count, more.target.mean, more.target.squares, width);
        all.residual.add(more.residual.count, more.residual.mean, more.residual.squares, width);
      }
      for (int64_t c = 0; c < width; c++) {
        const double target = t[left + c];
        y[left + c] = finite(target + all.target.mean[c]);
        y[columns + left + c] = all.target.squares[c];
        y[2 * columns + left + c] = finite(target - o[left + c] + all.residual.mean[c]);
        y[3 * columns + left + c] = all.residual.squares[c];
      }
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
