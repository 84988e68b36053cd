#include "kernels/block.h"

#include "kernels/elementwise.h"
#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Additions that a function of tens of instructions takes the time of.
constexpr int kCurve = 16;

// ivdep: where y is a source, an element still depends on no other.
template <typename F, typename T>
void unary(void* y, const void* a, const void*, const void*, int64_t n) {
  T* to = static_cast<T*>(y);
  const T* x = static_cast<const T*>(a);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; i++) to[i] = F{}(x[i]);
}

template <typename F>
void periodic(void* y, const void* a, const void* b, const void* c, int64_t n) {
  float* to = static_cast<float*>(y);
  const float* x = static_cast<const float*>(a);
  int beyond = 0;
  for (int64_t i = 0; i < n; i++) beyond |= math::absolute(x[i]) > math::kSinRange;
  if (!beyond) return unary<F, float>(y, a, b, c, n);
  for (int64_t i = 0; i < n; i++) to[i] = math::absolute(x[i]) > math::kSinRange ? F::far(x[i]) : F{}(x[i]);
}

template <typename F, typename Y, typename T>
void binary(void* y, const void* a, const void* b, const void*, int64_t n) {
  Y* to = static_cast<Y*>(y);
  const T *left = static_cast<const T*>(a), *right = static_cast<const T*>(b);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; i++) to[i] = F{}(left[i], right[i]);
}

template <typename F, typename T>
void ternary(void* y, const void* a, const void* b, const void* c, int64_t n) {
  T* to = static_cast<T*>(y);
  const T *first = static_cast<const T*>(a), *second = static_cast<const T*>(b), *third = static_cast<const T*>(c);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; i++) to[i] = F{}(first[i], second[i], third[i]);
}

template <typename T>
void choose(void* y, const void* a, const void* b, const void* c, int64_t n) {
  T* to = static_cast<T*>(y);
  const uint8_t* condition = static_cast<const uint8_t*>(a);
  const T *left = static_cast<const T*>(b), *right = static_cast<const T*>(c);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; i++) {
    const T l = left[i], r = right[i];
    to[i] = condition[i] ? l : r;
  }
}

template <typename To, typename From>
void converted(void* y, const void* a, const void*, const void*, int64_t n) {
  To* to = static_cast<To*>(y);
  const From* x = static_cast<const From*>(a);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; i++) to[i] = convert<To>(x[i]);
}

// With operands and result of one type.
template <typename F, typename T>
constexpr Block same = binary<F, T, T>;

struct Numbers {
  template <typename F>
  static constexpr Elementwise unary_of() {
    return {1, 1, {nullptr, nullptr, unary<F, int32_t>, nullptr, unary<F, float>, unary<F, double>}};
  }
  template <typename F>
  static constexpr Elementwise binary_of() {
    return {2, 1, {nullptr, nullptr, same<F, int32_t>, nullptr, same<F, float>, same<F, double>}};
  }
};

struct Ordered {
  template <typename F>
  static constexpr Elementwise binary_of() {
    Elementwise e = Numbers::binary_of<F>();
    e.of[0] = e.of[1] = same<F, uint8_t>;
    return e;
  }
  template <typename F>
  static constexpr Elementwise ternary_of() {
    constexpr Block bytes = ternary<F, uint8_t>;
    return {3, 1, {bytes, bytes, ternary<F, int32_t>, nullptr, ternary<F, float>, ternary<F, double>}};
  }
};

template <int COST>
struct FloatsOf {
  template <typename F>
  static constexpr Elementwise unary_of() {
    return {1, COST, {nullptr, nullptr, nullptr, nullptr, unary<F, float>, unary<F, double>}};
  }
  template <typename F>
  static constexpr Elementwise binary_of() {
    return {2, COST, {nullptr, nullptr, nullptr, nullptr, same<F, float>, same<F, double>}};
  }
  template <typename F>
  static constexpr Elementwise ternary_of() {
    return {3, COST, {nullptr, nullptr, nullptr, nullptr, ternary<F, float>, ternary<F, double>}};
  }
};
using Floats = FloatsOf<1>;
using Curves = FloatsOf<kCurve>;

template <typename F>
constexpr Elementwise periodic_of() {
  return {1, kCurve, {nullptr, nullptr, nullptr, nullptr, periodic<F>, unary<F, double>}};
}

template <typename F>
constexpr Elementwise comparison_of() {
  constexpr Block bytes = binary<F, uint8_t, uint8_t>, numbers = binary<F, uint8_t, int32_t>;
  return {2, 1, {bytes, bytes, numbers, nullptr, binary<F, uint8_t, float>, binary<F, uint8_t, double>}};
}

constexpr Elementwise where_entry = {
    3, 1, {choose<uint8_t>, choose<uint8_t>, choose<uint32_t>, choose<uint16_t>, choose<uint32_t>, choose<uint64_t>}};
constexpr Elementwise copy_entry = {1, 1, {}};

constexpr Elementwise table[] = {
#define ELEMENTWISE(name) name##_entry,
#define UNARY(name, types, expression) types::unary_of<functions::name>(),
#define PERIODIC(name) periodic_of<functions::name>(),
#define BINARY(name, types, expression) types::binary_of<functions::name>(),
#define GRADIENT(name, types, expression) BINARY(name, types, expression)
#define TERNARY(name, types, expression) types::ternary_of<functions::name>(),
#define COMPARISON(name, operation) comparison_of<functions::name>(),
#include "elementwise.inc"
};

}  // namespace

const Elementwise& elementwise(Code code) { return table[static_cast<int>(code)]; }

Block conversion(DType to, DType from) {
  Block block = nullptr;
  with_type(from, [&](auto source) {
    with_type(to, [&](auto target) { block = converted<decltype(target), decltype(source)>; });
  });
  return block;
}

}  // namespace adjoint::ADJOINT_ISA
