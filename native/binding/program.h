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
  // Reads a stream: call count, slot count, count of the slots that are bound anew for each run (the first ones); then a
  // call: kernel, view count, number count, where its numbers stand in `live` or −1, the views (slot, rank, dtype, offset,
  // shape, strides), the numbers. Returns null, or what is wrong with it.
  const char* read(const double* stream, size_t length, const double* live, size_t live_length, int kernel_count);

  // Gives a slot its memory. Returns null, or what is wrong.
  const char* bind(int slot, void* data, size_t bytes);

  int slot_count() const { return static_cast<int>(slots_.size()); }
  int bound_count() const { return bound_count_; }

  // Takes over the live numbers; before a run, on the thread that writes them.
  void refresh();
  int call_count() const { return static_cast<int>(steps_.size()); }
  // Every slot has its memory. `times`, if given, receives when each call began and ended: nanoseconds of the monotonic clock.
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
    void* data = nullptr;
    bool bound = false;
  };
  struct Live {
    int call;
    const double* numbers;
  };

  std::vector<Step> steps_;
  std::vector<Slot> slots_;
  std::vector<Live> live_;
  int bound_count_ = 0;
};

}  // namespace adjoint
