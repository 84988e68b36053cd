// Elementwise functions on contiguous blocks, by code: what chains and epilogues call.
#pragma once
#include "kernels/kernels.h"

namespace adjoint::ADJOINT_ISA {

// Places in elementwise.inc.
enum class Code : int {
#define ELEMENTWISE(name) name,
#include "elementwise.inc"
  Count
};

// y[i] = f(a[i], b[i], c[i]) for i < n; y may be one of the sources.
using Block = void (*)(void* y, const void* a, const void* b, const void* c, int64_t n);

struct Elementwise {
  int sources;
  int cost;      // of an element that is in the cache, in additions
  Block of[6];   // by the dtype of the last source; null where there is none
};

// All but copy, which has two dtypes.
const Elementwise& elementwise(Code code);
Block conversion(DType to, DType from);

// The function that a product applies to its result: number `at` of the call, its code + 1; null for 0 or none.
inline Block epilogue(const Call& call, int at) {
  if (call.number_count <= at || call.numbers[at] == 0) return nullptr;
  return elementwise(static_cast<Code>(static_cast<int>(call.numbers[at]) - 1)).of[static_cast<int>(call[0].dtype)];
}

}  // namespace adjoint::ADJOINT_ISA
