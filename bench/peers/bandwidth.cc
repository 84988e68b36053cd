// The memory's bandwidth: bandwidth THREADS, asked "read|copy|add COUNT", works on arrays of so many float32.
#include <omp.h>

#include "serve.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const int threads = std::atoi(arguments[1]);
  return bench::serve("bandwidth", [threads](std::istream& in) -> bench::Work {
    std::string pattern;
    size_t n = 0;
    in >> pattern >> n;
    const auto x = bench::numbers<float>(n), y = bench::numbers<float>(n), z = bench::numbers<float>(n);
    const auto totals = bench::numbers<float>(threads * 16);
    return [=] {
#pragma omp parallel num_threads(threads)
      {
        const int thread = omp_get_thread_num();
        const size_t from = n * thread / threads, to = n * (thread + 1) / threads;
        const float *a = x.get(), *b = y.get();
        float* c = z.get();
        if (pattern == "read") {
          float total = 0;
#pragma omp simd reduction(+ : total)
          for (size_t i = from; i < to; i++) total += a[i];
          totals.get()[thread * 16] = total;
        } else if (pattern == "copy") {
#pragma omp simd
          for (size_t i = from; i < to; i++) c[i] = a[i] + 1;
        } else {
#pragma omp simd
          for (size_t i = from; i < to; i++) c[i] = a[i] + b[i];
        }
      }
    };
  });
}
