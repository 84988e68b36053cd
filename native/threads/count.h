// What the system grants this process. Not for kernels: they are compiled for several instruction sets, and the standard
// library's inline functions must not be.
#pragma once
#include <string>

namespace adjoint {

// CPUs' worth of time that this process's control groups grant, rounded down, at least 1; 0 where none sets a limit.
// `root` is the folder in which /proc and /sys are looked for: "", but in tests.
int cpu_quota(const std::string& root);

}  // namespace adjoint
