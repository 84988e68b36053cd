// Inlined always: a loop over a function that stays a call is not turned into vector code, and one left to the linker
// could be a copy compiled for another instruction set.
#pragma once
#define ADJOINT_INLINE __attribute__((always_inline)) inline
#define ADJOINT_LAMBDA __attribute__((always_inline))
