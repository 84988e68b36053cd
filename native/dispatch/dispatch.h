// Which instruction set's kernels run.
#pragma once
#include "call.h"

namespace adjoint {

struct Isa {
  const char* name;
  const Kernel* kernels;  // in the order of kernels.inc
};

constexpr int kMaxIsas = 4;

// What this machine can run, slowest first; fills `isas`, returns how many.
int supported_isas(Isa isas[kMaxIsas]);

}  // namespace adjoint
