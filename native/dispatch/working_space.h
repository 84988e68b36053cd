// What kernels keep from call to call.
#pragma once
#include <cstdint>

namespace adjoint {

// Bytes, over all threads and instruction sets; changed by __atomic builtins alone.
extern int64_t working_space;

}  // namespace adjoint
