// Packing: panels of an operand, in the order in which a tile reads them.
#pragma once
#include "gemm/blocks.h"
#include "gemm/units.h"

namespace adjoint::ADJOINT_ISA {

// An operand of a product: element (i, p) at data[i · row + p · column]; units of U are read from it.
template <typename U>
struct Operand {
  const void* data;
  int64_t row, column;
  Reading reading;

  int64_t element_size() const { return reading == Reading::Plain ? sizeof(U) : reading == Reading::BFloat16 ? 2 : 4; }
  Operand block(int64_t i, int64_t p) const {
    return {static_cast<const char*>(data) + (i * row + p * column) * element_size(), row, column, reading};
  }
  Operand transposed() const { return {data, column, row, reading}; }
};

// Packs `lanes` rows side by side: to[q · pitch + lane] = unit q of row `lane`, of `depth` elements. Lanes up to `pitch`
// become 0; stores run past the end by less than a vector.
template <typename U>
void pack_across(U* to, int64_t pitch, const Operand<U>& from, int64_t lanes, int64_t depth);

// Packs rows one after the other: to[row · pitch + q] = unit q of the row.
template <typename U>
void pack_along(U* to, int64_t pitch, const Operand<U>& from, int64_t rows, int64_t depth);

// Packs strips of `step` rows, the last of the rest, `panel` units from each other: each as pack_across, with its number of
// rows as the pitch. The rows are neighbours in memory: from.row is 1.
template <typename U>
void pack_strips(U* to, int64_t panel, int64_t step, const Operand<U>& from, int64_t n, int64_t depth);

}  // namespace adjoint::ADJOINT_ISA
