// Steps of arithmetic on a few vectors at a time: the program runs once for them, so that an operation costs its
// instructions and a jump that is foreseen, not a load and a store of every value.
#include "kernels/arithmetic.h"

#include "simd/inline.h"
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

// What functions.h asks of numbers, of vectors.
ADJOINT_INLINE Vec<float> wrapping(Vec<float> x) { return x; }
ADJOINT_INLINE Vec<double> wrapping(Vec<double> x) { return x; }

namespace math {

// The compiler makes one instruction of these.
ADJOINT_INLINE Vec<float> sqrt(Vec<float> x) {
  for (int i = 0; i < kLanes<float>; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
}
ADJOINT_INLINE Vec<double> sqrt(Vec<double> x) {
  for (int i = 0; i < kLanes<double>; i++) x[i] = __builtin_sqrt(x[i]);
  return x;
}

}  // namespace math
}  // namespace adjoint::ADJOINT_ISA

#include "kernels/functions.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Vectors in hand, and as many aside: with what an operation needs beside them, all registers.
#if defined(__AVX512F__)
constexpr int kHeld = 8;
#else
constexpr int kHeld = 4;
#endif

template <int... I>
struct Positions {};
using Whole = Positions<
#if defined(__AVX512F__)
    0, 1, 2, 3, 4, 5, 6, 7
#else
    0, 1, 2, 3
#endif
    >;

#define UNARY_STEPS(X) X(neg) X(square) X(sqrt) X(reciprocal)
#define BINARY_STEPS(X) X(add) X(sub) X(mul) X(div) X(maximum) X(minimum)

// Elements begin …: of all held vectors, or, where Last, the first `count` of one.
template <typename T, bool Last, int... I>
ADJOINT_INLINE void run_held(const Step* steps, int step_count, char* const* at, int64_t begin, int64_t count,
                             Positions<I...>) {
  constexpr int lanes = kLanes<T>;
  Vec<T> a[sizeof...(I)], b[sizeof...(I)];
  ((a[I] = b[I] = Vec<T>{}), ...);
  for (int s = 0; s < step_count; s++) {
    T* const place = reinterpret_cast<T*>(at[steps[s].place]);
    const auto element = [=](int i) ADJOINT_LAMBDA {
      if constexpr (Last) return load_first(place + begin, count);
      else return load(place + begin + i * lanes);
    };
    const auto put = [=](int i, Vec<T> v) ADJOINT_LAMBDA {
      if constexpr (Last) store_first(place + begin, v, count);
      else store(place + begin + i * lanes, v);
    };
    switch (steps[s].action) {
      case static_cast<int>(Action::Load): ((a[I] = element(I)), ...); break;
      case static_cast<int>(Action::Fill): {
        const Vec<T> number = broadcast(*place);
        ((a[I] = number), ...);
        break;
      }
      case static_cast<int>(Action::Store): (put(I, a[I]), ...); break;
      case static_cast<int>(Action::StoreAside): (put(I, b[I]), ...); break;
      case static_cast<int>(Action::SetAside): ((b[I] = a[I]), ...); break;
      case static_cast<int>(Action::Swap): {
        const Vec<T> c[] = {a[I]...};
        ((a[I] = b[I], b[I] = c[I]), ...);
        break;
      }
#define UNARY_STEP(name) \
  case action_of(Code::name, Form::Place): ((a[I] = functions::name{}(a[I])), ...); break;
#define BINARY_STEP(name)                                                                                     \
  case action_of(Code::name, Form::Place): ((a[I] = functions::name{}(a[I], element(I))), ...); break;        \
  case action_of(Code::name, Form::PlaceFirst): ((a[I] = functions::name{}(element(I), a[I])), ...); break;   \
  case action_of(Code::name, Form::Aside): ((a[I] = functions::name{}(a[I], b[I])), ...); break;              \
  case action_of(Code::name, Form::AsideFirst): ((a[I] = functions::name{}(b[I], a[I])), ...); break;         \
  case action_of(Code::name, Form::Number): {                                                                 \
    const Vec<T> number = broadcast(*place);                                                                  \
    ((a[I] = functions::name{}(a[I], number)), ...);                                                          \
    break;                                                                                                    \
  }                                                                                                           \
  case action_of(Code::name, Form::NumberFirst): {                                                            \
    const Vec<T> number = broadcast(*place);                                                                  \
    ((a[I] = functions::name{}(number, a[I])), ...);                                                          \
    break;                                                                                                    \
  }
      UNARY_STEPS(UNARY_STEP)
      BINARY_STEPS(BINARY_STEP)
    }
  }
}

template <typename T>
void run_typed(const Step* steps, int count, char* const* at, int64_t n) {
  constexpr int64_t held = kHeld * kLanes<T>;
  int64_t i = 0;
  for (; i + held <= n; i += held) run_held<T, false>(steps, count, at, i, 0, Whole{});
  for (; i < n; i += kLanes<T>) {
    const int64_t rest = n - i < kLanes<T> ? n - i : kLanes<T>;
    run_held<T, true>(steps, count, at, i, rest, Positions<0>{});
  }
}

}  // namespace

bool is_arithmetic(const Operation& operation) {
  if (operation.dtype != DType::Float32 && operation.dtype != DType::Float64) return false;
  switch (operation.code) {
#define KNOWN(name) case Code::name:
    UNARY_STEPS(KNOWN)
    return true;
    BINARY_STEPS(KNOWN)
    // Of one place twice only the square is known.
    return operation.from[0] != operation.from[1] || operation.code == Code::mul;
    case Code::copy: return true;
    default: return false;
  }
}

void run_steps(DType dtype, const Step* steps, int count, char* const* at, int64_t n) {
  if (dtype == DType::Float32) run_typed<float>(steps, count, at, n);
  else run_typed<double>(steps, count, at, n);
}

}  // namespace adjoint::ADJOINT_ISA
