// Vectors of which some lanes lie in memory that may be read.
#pragma once
#include "simd/fold.h"

namespace adjoint::ADJOINT_ISA {

// Lanes begin … end − 1 of a vector at `from`, the others 0 and not read; 0 ≤ begin ≤ end ≤ lanes.
ADJOINT_INLINE Vec<float> load_between(const float* from, int64_t begin, int64_t end) {
#if defined(__AVX512F__)
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << end) - (1u << begin)), from);
#elif defined(__AVX2__)
  const LaneNumbers<float> lane = lane_numbers<float>();
  return _mm256_maskload_ps(from, (__m256i)((lane >= static_cast<int32_t>(begin)) & (lane < static_cast<int32_t>(end))));
#else
  if (end - begin == kLanes<float>) return load(from);
  Vec<float> lanes{};
  for (int64_t i = begin; i < end; i++) lanes[i] = from[i];
  return lanes;
#endif
}

// Lanes of `from`, a vector at element i of `size`, which may begin before them and end beyond.
ADJOINT_INLINE Vec<float> load_inside(const float* from, int64_t i, int64_t size) {
  constexpr int64_t lanes = kLanes<float>;
  const int64_t begin = i < 0 ? (i > -lanes ? -i : lanes) : 0, rest = size - i < lanes ? size - i : lanes;
  return load_between(from + i, begin, rest < begin ? begin : rest);
}

}  // namespace adjoint::ADJOINT_ISA
