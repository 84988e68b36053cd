// conv2dWeight as products along the outputs: an element of one operand times a vector of the other, for every output.
#pragma once
#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA::conv {

// Multiply-adds of vectors that an output takes; `paired`: in bfloat16.
double product_cost(const Geometry& g, int64_t lanes, bool paired);

// Whether the product gives the sums of dy beside dw for next to nothing: those of a window element that is always 1.
template <typename T>
bool sums_gradient(const Geometry& g);

// dw [groups · filters, channels · taps], and db [groups · filters] where it is not null and sums_gradient; `paired` rounds
// x and dy to bfloat16, where kHasPairs.
template <typename T>
void multiply_weights(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw, T* db, bool paired);

}  // namespace adjoint::ADJOINT_ISA::conv
