// Memory for the length of a kernel call.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace adjoint::ADJOINT_ISA {

// Uninitialised; aborts where there is no memory, as the C++ library's own containers would under -fno-exceptions.
template <typename T>
struct Scratch {
  T* const data;

  explicit Scratch(int64_t count) : data(static_cast<T*>(std::malloc(static_cast<size_t>(count) * sizeof(T)))) {
    if (!data) std::abort();
  }
  ~Scratch() { std::free(data); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

}  // namespace adjoint::ADJOINT_ISA
