// conv2dWeight as products along the outputs: an element of one operand times a vector of the other, for every output.
#pragma once
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA::conv {

// Multiply-adds of vectors that an output takes; `paired`: in bfloat16.
double product_cost(const Geometry& g, int64_t lanes, bool paired);

// dw [groups · filters, channels · taps]; `paired` rounds both to bfloat16, where kHasPairs.
template <typename T>
void multiply_weights(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw, bool paired);

}  // namespace adjoint::ADJOINT_ISA::conv
