// Convolutions in which each channel has one filter of its own.
#pragma once
#include "conv/correlation.h"

namespace adjoint::ADJOINT_ISA::conv {

// Whether there are enough planes for the threads, each of which stays in the second-level cache.
template <typename T>
bool correlates_planes(const Correlation<T>& correlation);

template <typename T>
void correlate_planes(const Correlation<T>& correlation);

// dw [groups, taps]
template <typename T>
void sum_planes(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw);

}  // namespace adjoint::ADJOINT_ISA::conv
