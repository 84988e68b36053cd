// The kernels' declarations. A file that includes this is compiled once per instruction set, into adjoint::ADJOINT_ISA.
// Such a file has nothing outside that namespace and uses no template or inline function of the standard library:
// the linker keeps one copy of those for all, and it may be the one with instructions that this machine lacks.
#pragma once
#include "call.h"
#include "threads/parallel.h"

namespace adjoint::ADJOINT_ISA {

#define KERNEL(name) void name(const Call& call);
#include "kernels.inc"
#undef KERNEL

}  // namespace adjoint::ADJOINT_ISA
