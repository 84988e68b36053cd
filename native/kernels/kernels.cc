// This instruction set's table.
#include "kernels/kernels.h"

namespace adjoint::ADJOINT_ISA {

extern const Kernel kernels[] = {
#define KERNEL(name) name,
#include "kernels.inc"
#undef KERNEL
};

}  // namespace adjoint::ADJOINT_ISA
