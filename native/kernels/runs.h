// Short runs of elements that are moved, as vectors: of a loop over elements the compiler would make a call of the library,
// which takes as long as a short run.
#pragma once
#include "kernels/transpose.h"

namespace adjoint::ADJOINT_ISA {

// Elements up to which a run is short.
constexpr int64_t kShortRun = 2048;

// A run of elements as wide as T. Through half of AVX-512's registers, and without loading several before they are stored:
// both took up to a tenth longer where the memory is the limit.
template <typename T>
ADJOINT_INLINE void copy_vectors(T* to, const T* from, int64_t n) {
  constexpr int64_t bytes = kVectorBytes < 32 ? kVectorBytes : 32, step = bytes / sizeof(T);
  typedef T Lanes __attribute__((vector_size(bytes)));
  int64_t i = 0;
  for (; i + step <= n; i += step) {
    Lanes lanes;
    std::memcpy(&lanes, from + i, sizeof lanes);
    std::memcpy(to + i, &lanes, sizeof lanes);
  }
  if (i < n) store_first(to + i, load_first(from + i, n - i), n - i);
}

template <typename E>
ADJOINT_INLINE void copy_run(E* to, const E* from, int64_t n) {
  if constexpr (Carrier<sizeof(E)>::exists) {
    using T = typename Carrier<sizeof(E)>::Type;
    if (n <= kShortRun) return copy_vectors(reinterpret_cast<T*>(to), reinterpret_cast<const T*>(from), n);
  }
  for (int64_t i = 0; i < n; i++) to[i] = from[i];
}

}  // namespace adjoint::ADJOINT_ISA
