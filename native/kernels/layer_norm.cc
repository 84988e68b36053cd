// Normalisation of the rows of [rows, n], forward and backward. Statistics are added up in double.
#include "kernels/axis.h"
#include "kernels/moments.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Rows whose products are added up in T, before they are in double.
constexpr int64_t kRowsTogether = 32;

}  // namespace

// y, means [rows], rstds [rows], x, weight [n], bias [n]; eps
void layerNorm(const Call& call) {
  const int64_t rows = call[0].shape[0], n = call[0].shape[1];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *y = call[0].as<T>(), *means = call[1].as<T>(), *rstds = call[2].as<T>();
    const T *x = call[3].as<T>(), *weight = call[4].as<T>(), *bias = call[5].as<T>();
    for_rows<T>(rows, n, [&](const auto& row) ADJOINT_LAMBDA {
      const T* from = x + row.first;
      const Moments<T> moments = moments_of_run(from, n, call.numbers[0]);
      means[row.line] = moments.mean;
      rstds[row.line] = moments.rstd;
      const Vec<T> center = broadcast(moments.mean), rstd = broadcast(moments.rstd);
      row.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
        const int64_t k = at - row.first;
        lanes.store(y + at, (lanes.load(x + at) - center) * rstd * lanes.load(weight + k) + lanes.load(bias + k));
      });
    });
  });
}

// dx, dweight [n], dbias [n], dy, x, means, rstds, weight.
// dx = rstd · (g − mean g − x̂ · mean(g · x̂)),  g = weight · dy;   dweight = Σ dy · x̂;   dbias = Σ dy
void layerNormGradient(const Call& call) {
  const int64_t rows = call[0].shape[0], n = call[0].shape[1];
  with_float(call[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T *dx = call[0].as<T>(), *dweight = call[1].as<T>(), *dbias = call[2].as<T>();
    const T *dy = call[3].as<T>(), *x = call[4].as<T>(), *means = call[5].as<T>(), *rstds = call[6].as<T>(),
            *weight = call[7].as<T>();
    // Parts of the rows, each with sums of its own, which are added in order: what they are depends on the shape alone.
    const int64_t least = kGrain / (n > 0 ? n : 1), share = (rows + 63) / 64;
    const int64_t length = (share > least ? share : least) / kRowsTogether * kRowsTogether + kRowsTogether;
    const int64_t parts = (rows + length - 1) / length;
    const Scratch<double> sums(parts * 2 * n);
    parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
      const Scratch<T> block(2 * n);
      T *products = block.data, *totals = block.data + n;
      for (int64_t part = begin; part < end; part++) {
        double *all_products = sums.data + part * 2 * n, *all_totals = all_products + n;
        for (int64_t k = 0; k < 2 * n; k++) all_products[k] = 0;
        const int64_t stop = (part + 1) * length < rows ? (part + 1) * length : rows;
        for (int64_t top = part * length; top < stop; top += kRowsTogether) {
          for (int64_t k = 0; k < 2 * n; k++) block.data[k] = 0;
          const int64_t bottom = top + kRowsTogether < stop ? top + kRowsTogether : stop;
          with_row_of<T>(n, [&](auto kind) ADJOINT_LAMBDA {
            for (int64_t r = top; r < bottom; r++) {
              const decltype(kind) row{r * n, n, r};
              const Vec<T> mean = broadcast(means[r]), rstd = broadcast(rstds[r]);
              const auto normalised = [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
                return (lanes.load(x + at) - mean) * rstd;
              };
              const auto g = [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
                return lanes.load(dy + at) * lanes.load(weight + (at - row.first));
              };
              const Vec<T> a = row.reduce(T(0), Plus{}, g) / static_cast<T>(n);
              const Vec<T> b = row.reduce(T(0), Plus{}, [&](int64_t at, auto lanes) ADJOINT_LAMBDA {
                return g(at, lanes) * normalised(at, lanes);
              }) / static_cast<T>(n);
              row.each([&](int64_t at, auto lanes) ADJOINT_LAMBDA {
                const int64_t k = at - row.first;
                const Vec<T> hat = normalised(at, lanes), d = lanes.load(dy + at);
                lanes.store(products + k, lanes.load(products + k) + d * hat);
                lanes.store(totals + k, lanes.load(totals + k) + d);
                lanes.store(dx + at, rstd * (d * lanes.load(weight + k) - a - hat * b));
              });
            }
          });
          for (int64_t k = 0; k < n; k++) {
            all_products[k] += products[k];
            all_totals[k] += totals[k];
          }
        }
      }
    });
    for (int64_t part = 1; part < parts; part++) {
      for (int64_t k = 0; k < 2 * n; k++) sums.data[k] += sums.data[part * 2 * n + k];
    }
    for (int64_t k = 0; k < n; k++) {
      dweight[k] = parts ? static_cast<T>(sums.data[k]) : 0;
      dbias[k] = parts ? static_cast<T>(sums.data[n + k]) : 0;
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
