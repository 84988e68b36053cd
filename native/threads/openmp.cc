// The same region by OpenMP. A build option: see pool.cc for why it is not the default.
#include <omp.h>

#include <atomic>

#include "threads/parallel.h"

namespace adjoint {

void parallel_chunks(int64_t n, int64_t grain, Range range, void* context) {
  static std::atomic_flag busy = ATOMIC_FLAG_INIT;  // one team per process
  const int64_t chunks = (n + grain - 1) / grain;
  const auto chunk = [&](int64_t i) {
    const int64_t begin = i * grain;
    range(context, begin, begin + grain < n ? begin + grain : n);
  };
  if (thread_count() == 1 || omp_in_parallel() || busy.test_and_set(std::memory_order_acquire)) {
    for (int64_t i = 0; i < chunks; i++) chunk(i);
    return;
  }
#pragma omp parallel for num_threads(thread_count()) schedule(dynamic, 1)
  for (int64_t i = 0; i < chunks; i++) chunk(i);
  busy.clear(std::memory_order_release);
}

}  // namespace adjoint
