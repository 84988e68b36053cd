// What JavaScript's atomics order, told to the thread sanitizer, which does not see them.
#pragma once

namespace adjoint {

#ifdef __SANITIZE_THREAD__
extern "C" void __tsan_acquire(void* place);
extern "C" void __tsan_release(void* place);

// While it lives kernels run for a JavaScript thread: behind all that ended before, but beside what runs meanwhile.
class OrderedRun {
 public:
  OrderedRun() { __tsan_acquire(&place_); }
  ~OrderedRun() { __tsan_release(&place_); }

 private:
  static inline char place_;
};
#else
struct OrderedRun {};
#endif

}  // namespace adjoint
