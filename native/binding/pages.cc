#include "binding/pages.h"

#include <cstdint>
#ifdef __linux__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace adjoint {

// By default the C library gives freed pages back to the system, and the next tensors pay for fresh ones: adding a million
// elements took 1.5 ms, of which 0.1 were arithmetic, and 0.2 this way.
void keep_freed_pages() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 25);  // its upper limit: up to 32 MiB from the heap, whose pages are used again
  mallopt(M_TRIM_THRESHOLD, 1 << 29);
  mallopt(M_TOP_PAD, 1 << 26);
#endif
}

#ifdef __linux__
namespace {

constexpr uintptr_t kLargePage = 1 << 21, kSmallest = 1 << 16;

// The large pages that end in the range.
void advise(uintptr_t begin, uintptr_t end) {
  begin = begin / kLargePage * kLargePage;
  end = end / kLargePage * kLargePage;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

void use_large_pages(void* data, size_t bytes) {
  if (bytes < kSmallest) return;
  // The heap grows by M_TOP_PAD at a time, and only what is new is advised. Any thread may get here: advice can be given twice.
  static uintptr_t advised = 0;
  const uintptr_t at = reinterpret_cast<uintptr_t>(data), heap_end = reinterpret_cast<uintptr_t>(sbrk(0));
  if (at < heap_end && heap_end - at < (uintptr_t{1} << 40)) {
    const uintptr_t before = __atomic_exchange_n(&advised, heap_end, __ATOMIC_RELAXED);
    if (before != heap_end) advise(before == 0 || before > heap_end ? at : before, heap_end);
  } else {
    advise(at + kLargePage - 1, at + bytes);
  }
}
#else
void use_large_pages(void*, size_t) {}
#endif

}  // namespace adjoint
