// Operands of a product that is taken in bfloat16, where the instruction set has no products of its own for it.
#pragma once
#include "gemm/scratch.h"

namespace adjoint::ADJOINT_ISA {

// Whether number `at` of a call says that its operands are rounded to bfloat16.
inline bool rounds(const Call& call, int at) { return call.number_count > at && call.numbers[at] == 1; }

// A row-major view of the same shape.
View row_major(const View& view, void* data);

// The view, float32 or bfloat16, in memory of its own: float32 in row-major order, rounded to bfloat16.
View rounded(const View& view, Scratch purpose);

}  // namespace adjoint::ADJOINT_ISA
