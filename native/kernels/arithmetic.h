// Runs of arithmetic within a chain: their values stay in vector registers from one operation to the next, and go to memory
// where a later operation or an output needs them. Every operation rounds as the plain kernel's does.
#pragma once
#include "kernels/block.h"

namespace adjoint::ADJOINT_ISA {

// What a step does to the value a in hand; b is the value set aside. Its operand is a place or b.
enum class Action : int {
  Load,       // a = place
  Fill,       // a = place's first element, everywhere
  Store,      // place = a
  StoreAside, // place = b
  SetAside,   // b = a
  Swap,
  Function,   // and behind it, a function's Form by kForms: a = f(a), a = f(a, operand) or a = f(operand, a)
};

enum class Form : int { Place, Number, Aside, PlaceFirst, NumberFirst, AsideFirst };
constexpr int kForms = 6;

constexpr int action_of(Code code, Form form) {
  return static_cast<int>(Action::Function) + static_cast<int>(code) * kForms + static_cast<int>(form);
}

struct Step {
  int action, place;
};

// An operation of a chain: places are numbered outputs first; a copy has a function only where it converts.
struct Operation {
  Code code;
  DType dtype;  // of the operands and the result, or DType::Bool where these differ
  Block run;
  int y, sources, from[3];
};

// Whether steps know the operation.
bool is_arithmetic(const Operation& operation);

// The steps of operations first … last − 1, all known and of one dtype: how many. A value stays in hand or is set aside as
// long as it is read there, and is stored where it is read from memory: by an operation behind, or as an output.
constexpr int kStepsPerOperation = 6;
int write_steps(const Operation* operations, int count, int first, int last, int outputs, const bool* is_number, Step* to);

// For n elements of float32 or float64; at: where the places begin.
void run_steps(DType dtype, const Step* steps, int count, char* const* at, int64_t n);

}  // namespace adjoint::ADJOINT_ISA
