// What a kernel gets: views of typed memory, results first, and numbers. Shapes are checked before a call is made.
#pragma once
#include <cstdint>

namespace adjoint {

// The order is that of dtypeCode in lib/core/dtype.ts.
enum class DType : uint8_t { Bool, UInt8, Int32, BFloat16, Float32, Float64 };
constexpr int kElementSize[] = {1, 1, 4, 2, 4, 8};

constexpr int kMaxRank = 12;
constexpr int kMaxViews = 24;
constexpr int kMaxNumbers = 256;

// Elements at data + Σ index[i] · strides[i]; strides count elements, and 0 repeats one along an axis.
struct View {
  void* data;
  DType dtype;
  int rank;
  int64_t shape[kMaxRank];
  int64_t strides[kMaxRank];

  // Inlined always: a copy left to the linker could be one compiled for another instruction set.
  template <typename T>
  __attribute__((always_inline)) T* as() const { return static_cast<T*>(data); }

  __attribute__((always_inline)) int64_t size() const {
    int64_t n = 1;
    for (int i = 0; i < rank; i++) n *= shape[i];
    return n;
  }
};

struct Call {
  int view_count;
  int number_count;
  mutable int64_t found = -1;  // by a kernel that looks for an element: its position
  View views[kMaxViews];
  double numbers[kMaxNumbers];

  __attribute__((always_inline)) const View& operator[](int i) const { return views[i]; }

  // Whether the number at that place was given, and is 1.
  __attribute__((always_inline)) bool says(int at) const { return number_count > at && numbers[at] == 1; }
};

using Kernel = void (*)(const Call&);

}  // namespace adjoint
