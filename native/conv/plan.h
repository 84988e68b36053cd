// How a correlation is cut: into pieces for the threads, into blocks of rows that stay in the second-level cache, and
// into tiles of sums that stay in registers.
#pragma once
#include "conv/correlation.h"
#include "conv/tile.h"

namespace adjoint::ADJOINT_ISA {

// Sums of a tile that keep the multiply-adders busy, each waiting for itself.
constexpr int64_t kBusy = 4;

// Those of a pass's k reads that see the image: rows of taps that lie outside of it are left out.
struct Reads {
  int64_t begin, end;
  bool operator==(const Reads& other) const { return begin == other.begin && end == other.end; }
};
inline Reads both(const Reads& a, const Reads& b) { return {smaller(a.begin, b.begin), larger(a.end, b.end)}; }

// Lanes first … first + count − 1 of a vector are outputs; lane l of them is element y + l · step of a plane of y.
struct Run {
  int64_t first, count, y;
};

// Outputs that are stored as one vector for each filter: along pixels from one position of the padded block on, across
// rows where those are narrow; along filters a tile of them, each from a position of its own.
struct Spot {
  const int64_t* positions;
  int64_t count;  // of positions
  Reads reads;
  const Run* runs;
  int64_t run_count;
};
struct Spots {
  const Spot* first;
  int64_t count;
};

// A pass with its k reads, row of taps by row of taps, and the weights of all groups in that order.
template <typename T>
struct Prepared {
  Pass pass;
  int64_t depth;  // k
  int64_t* offsets;
  T* weights;
  Reads* reads;  // of each row of outputs
  Spots* spots;  // of each block of rows, and of the last images where those are fewer
};

// Rows of a pass's outputs, first and behind the last.
struct Rows {
  int64_t begin, end;
};

template <typename T>
class Plan {
 public:
  explicit Plan(const Correlation<T>& correlation);

  // In the memory of the thread that calls.
  const Prepared<T>* prepare() const;

  Planes planes;                             // of a block of rows
  int64_t rows = 0, columns = 0, depths = 0;  // of the outputs, at most; of all passes together
  int64_t block_rows = 0, blocks = 0;
  int64_t together = 1;  // small images that go through the weights together
  int64_t parts = 0;     // that the filters are cut into
  Along along = Along::Pixels;
  int64_t step = 0, vectors = 0;  // filters and vectors of a tile
  int64_t pixels = 0;             // of a tile along filters, at most

  // Padded elements of an image, or of a block of its rows.
  int64_t image() const { return c_.channels * planes.template size<T>(); }
  // What the blocks are cut from: planes of a group of an image, or of several images.
  int64_t stacks() const { return ceil_div(c_.images * c_.groups, together); }
  int64_t packed_filters() const { return along == Along::Pixels ? c_.filters : ceil_div(c_.filters, lanes) * lanes; }
  int64_t filters_from(int64_t o) const { return smaller(step, packed_filters() - o); }
  // The rows of a pass's outputs that fall into a block.
  Rows rows_of(const Pass& pass, int64_t block) const {
    const int64_t row = block * block_rows - pass.h.start;
    return {larger(row, 0), smaller(row + block_rows, pass.h.outputs)};
  }

 private:
  static constexpr int64_t lanes = kLanes<T>;
  const Correlation<T>& c_;

  // Where spots and what belongs to them is written next.
  struct Room {
    Spot* spots;
    int64_t* positions;
    Run* runs;
  };

  int64_t depth_of(const Pass& pass) const { return c_.channels * pass.h.taps * pass.w.taps; }
  void cut_rows();
  void choose_tile();
  int64_t vectors_at_rows(int64_t count, int64_t width) const;
  int64_t vectors_running_on(int64_t count, int64_t width) const;
  void find_reads(const Prepared<T>& p, int64_t* places) const;
  void pack(const Prepared<T>& p, const int64_t* places) const;
  Spots find_vectors(const Prepared<T>& p, int64_t block, Room& room) const;
  Spots find_pixels(const Prepared<T>& p, int64_t block, int64_t images, Room& room) const;
};

}  // namespace adjoint::ADJOINT_ISA
