// Working memory that a thread keeps between calls: fresh pages would cost more than the arithmetic of a small product.
#pragma once
#include <cstddef>

#include "kernels/kernels.h"

namespace adjoint::ADJOINT_ISA {

// One buffer per thread and purpose; a caller's buffers stay valid while the kernels it calls use others.
enum class Workspace {
  PackedA, PackedB, Panels,                // panels of a product
  Weights, Pairs, Bias, Taps, Passes, Offsets, Reads, Blocks, Spots, Runs,  // a convolution's, for all its images
  Zeros, Ordered,                          // a plane outside of a volume, weights in the order of planes
  Image, Plane, Partial,                   // padded images, results on their way
  Input, Filter, Output,                   // row-major copies of views that are not
  Attention,                               // tiles of scores, and copies of operands
  Factors, Reflectors, Steps,              // a matrix that is decomposed, blocks of it on their way, its rotations
  Wave, Line, Half,                        // planes of lines that are transformed, a whole line between two steps
  Count
};

void* workspace_bytes(Workspace purpose, size_t bytes);

// At least `count` elements, aligned to a cache line, contents arbitrary; valid until this thread asks for more.
template <typename T>
T* workspace(Workspace purpose, int64_t count) {
  return static_cast<T*>(workspace_bytes(purpose, static_cast<size_t>(count) * sizeof(T)));
}

}  // namespace adjoint::ADJOINT_ISA
