// From a dtype to the C++ type of its elements: calls f with a value of it, which says nothing but its type.
#pragma once
#include "call.h"
#include "simd/bfloat16.h"

namespace adjoint::ADJOINT_ISA {

// float32 and float64.
template <typename F>
ADJOINT_INLINE void with_float(DType dtype, const F& f) {
  if (dtype == DType::Float32) return f(float{});
  f(double{});
}

// What arithmetic is on: int32, float32 and float64.
template <typename F>
ADJOINT_INLINE void with_number(DType dtype, const F& f) {
  if (dtype == DType::Int32) return f(int32_t{});
  with_float(dtype, f);
}

// What has an order: bool as uint8 is, uint8 and numbers.
template <typename F>
ADJOINT_INLINE void with_ordered(DType dtype, const F& f) {
  if (dtype == DType::Bool || dtype == DType::UInt8) return f(uint8_t{});
  with_number(dtype, f);
}

// All of them.
template <typename F>
void with_type(DType dtype, const F& f) {
  switch (dtype) {
    case DType::Bool:
      return f(Bool{});
    case DType::UInt8:
      return f(uint8_t{});
    case DType::BFloat16:
      return f(BFloat16{});
    default:
      return with_number(dtype, f);
  }
}

// An integer as wide as an element, for kernels that only move elements.
template <typename F>
void with_width(DType dtype, const F& f) {
  switch (kElementSize[static_cast<int>(dtype)]) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    default:
      return f(uint64_t{});
  }
}

}  // namespace adjoint::ADJOINT_ISA
