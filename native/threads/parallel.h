// parallel_for: the only way in which kernels use threads.
#pragma once
#include <cstdint>

namespace adjoint {

int thread_count();
void set_thread_count(int count);

using Range = void (*)(void* context, int64_t begin, int64_t end);

// Runs chunks [begin, end) of `grain` indices of 0 … n − 1, on any thread, in any order, each once; returns when all are done.
void parallel_chunks(int64_t n, int64_t grain, Range range, void* context);

// Indices that cost about `grain` together, where one costs `work`.
inline int64_t chunk(int64_t grain, int64_t work) { return work < 1 ? grain : work < grain ? grain / work : 1; }

// Where the chunks start depends on n and grain alone, never on the number of threads: a reduction that combines its
// chunks' results in order is the same on any machine. One chunk, or a region within a region, runs on the caller.
template <typename Body>
__attribute__((always_inline)) inline void parallel_for(int64_t n, int64_t grain, const Body& body) {
  if (n <= 0) return;
  if (n <= grain) return body(int64_t{0}, n);
  parallel_chunks(
      n, grain, [](void* context, int64_t begin, int64_t end) { (*static_cast<const Body*>(context))(begin, end); },
      const_cast<Body*>(&body));
}

}  // namespace adjoint
