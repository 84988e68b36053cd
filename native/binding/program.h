// Recorded calls that run again in one go: what `capture` compiles to.
#pragma once
#include <cstddef>
#include <vector>

#include "call.h"

namespace adjoint {

// The call whose check failed and what it found; call is −1 where none did.
struct Outcome {
  int call = -1;
  int64_t position = -1;
};

class Program {
 public:
  // Reads a stream: call count, slot count; then a call: kernel, view count, number count, where its numbers stand among
  // the live ones or −1, the views (slot, rank, dtype, offset, shape, strides), the numbers. `changes` is what may differ
  // from run to run: address and bytes of each slot's memory, then the live numbers. Returns null, or what is wrong.
  const char* read(const double* stream, size_t length, const double* changes, size_t changes_length, int kernel_count);

  // Takes over what changed; before a run, on the thread that writes it. Returns null, or what is wrong.
  const char* refresh();
  int call_count() const { return static_cast<int>(steps_.size()); }
  // `times`, if given, receives when each call began and ended: nanoseconds of the monotonic clock.
  Outcome run(const Kernel* kernels, double* times = nullptr);

 private:
  struct Step {
    int kernel;
    Call call;
  };
  struct Place {
    int call, view;
    int64_t offset;  // bytes
  };
  struct Slot {
    std::vector<Place> places;
    int64_t need = 0;  // bytes that the views reach
    const void* data = nullptr;
  };
  struct Live {
    int call;
    const double* numbers;
  };

  std::vector<Step> steps_;
  std::vector<Slot> slots_;
  std::vector<Live> live_;
  const double* changes_ = nullptr;
};

}  // namespace adjoint
