// How a correlation is cut: into pieces for the threads, into blocks of rows that stay in the second-level cache, and
// into tiles of sums that stay in registers.
#pragma once
#include "conv/correlation.h"
#include "conv/tile.h"

namespace adjoint::ADJOINT_ISA::conv {

// Sums of a tile that keep the multiply-adders busy, each waiting for itself.
constexpr int64_t kBusy = 4;

// Pixels whose addresses stay in registers: loads that a tile of one vector has no time for otherwise.
constexpr int64_t kAddresses = kMostRows < 10 ? kMostRows : 10;

// Taps first … last − 1 of an axis, by their order in a pass: those that see the image. The others read zeros.
struct Taps {
  int64_t first, last;
  bool operator==(const Taps& other) const { return first == other.first && last == other.last; }
};
inline Taps both(const Taps& a, const Taps& b) { return {smaller(a.first, b.first), larger(a.last, b.last)}; }

// Lanes first … first + count − 1 of a vector are outputs; lane l of them is element y + l · step of a plane of y.
struct Run {
  int64_t first, count, y;
};

// Along pixels, outputs that are stored as one vector for each filter: from one position of the padded block on, across
// rows where those are narrow. Along filters, the outputs of a tile, each from a position of its own; or outputs that
// follow each other, with the positions of their sums among those of a tile of filters.
struct Spot {
  const int64_t* positions;
  int64_t count;  // of positions
  Taps h, w;
  const Run* runs;
  int64_t run_count;
};
struct Spots {
  const Spot* first;
  int64_t count;
};

// A pass with its k reads and the weights of all groups in their order: stretch of channels by stretch, in it row of taps
// by row of taps, in it `nearby` channels by `nearby` channels, in those tap by tap.
template <typename T>
struct Prepared {
  Pass pass;
  int64_t depth;  // k
  int64_t* offsets;
  int64_t* places;  // of the weight channel · taps + tap among the reads of its stretch; −1 for none
  T* weights;       // null where who uses them packs them
  Taps* seen;    // by each row of outputs, then by each column
  Spots* spots;    // of each block of rows, and of the last images where those are fewer
  Spots* results;  // of each of these the outputs of an image, along filters; an image's sums lie behind the one before
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
  bool by_filters = false;  // whether the threads share out the filters of all images, each packing its weights
  bool in_place = false;    // whether images are read where they lie, element by element: nothing is padded
  int64_t together = 1;     // small images that go through the weights together
  int64_t parts = 0;        // that the filters are cut into
  Along along = Along::Pixels;
  int64_t step = 0, vectors = 0;  // filters and vectors of a tile
  int64_t pixels = 0;             // that are turned together, along filters, at most
  int64_t nearby = 1;             // channels of which a tap is read before the next tap is
  int64_t stretch = 1;            // channels that all pixels go through before the next ones

  // Elements from a padded image, or a block of its rows, to the next, and from a channel of those that go together.
  int64_t image() const { return planes.template size<T>() * (in_place ? c_.channels : 1); }
  int64_t channel() const { return planes.template size<T>() * (in_place ? 1 : together); }
  // Whether every window lies within the image, and all of the image's elements are read.
  bool within() const {
    const Pass& pass = c_.passes[0];
    const auto fits = [](const PassAxis& axis, int64_t stride, int64_t phases, int64_t length) {
      int64_t last = -1;
      for (int64_t t = 0; t < axis.taps; t++) last = larger(last, (axis.outputs - 1 + axis.shift[t]) * stride + axis.phase[t]);
      return axis.start == 0 && phases == stride && last < length;
    };
    const Planes& p = c_.planes;
    return c_.pass_count == 1 && c_.single == 0 && c_.top == 0 && c_.left == 0 && c_.x.zeros == nullptr &&
           fits(pass.h, p.stride_h, p.phases_h, c_.height) && fits(pass.w, p.stride_w, p.phases_w, c_.width);
  }
  // Whether a padded image is the image as it is.
  bool whole() const {
    return c_.x.flat() && c_.single == 0 && c_.top == 0 && c_.left == 0 && planes.phases() == 1 && planes.rows == c_.height &&
           planes.columns == c_.width && planes.template size<T>() == c_.height * c_.width;
  }
  // From a pixel to the next. Where all images go together, each pixel of theirs lies side by side: a tile is of pixels
  // that see the same taps, in images where these are small.
  int64_t pixel() const { return by_filters ? together : 1; }
  // What the blocks are cut from: planes of a group of an image, or of several images.
  int64_t stacks() const { return ceil_div(c_.images * c_.groups, together); }
  int64_t packed_filters() const { return along == Along::Pixels ? c_.filters : ceil_div(c_.filters, lanes) * lanes; }
  int64_t filters_from(int64_t o) const { return smaller(step, packed_filters() - o); }
  // Of the reads of the stretch from `channel` on: the first, the first that a spot needs, and which behind it.
  int64_t reads_before(const Pass& pass, int64_t channel) const { return channel * pass.h.taps * pass.w.taps; }
  int64_t first_read(const Pass& pass, const Spot& spot, int64_t channel) const {
    return reads_before(pass, channel) + spot.h.first * stretch_from(channel) * pass.w.taps + spot.w.first * nearby;
  }
  Reads reads_of(const Pass& pass, const Spot& spot, int64_t channel) const {
    const int64_t lines = (spot.h.last - spot.h.first) * stretch_from(channel), columns = spot.w.last - spot.w.first;
    if (columns == pass.w.taps) return {1, lines * columns, 0};
    return {lines / nearby, columns * nearby, pass.w.taps * nearby};
  }
  // Packs the weights of a stretch of channels for the filters of the tile from `o` on, [reads][filters].
  void pack(const Prepared<T>& p, int64_t group, int64_t o, int64_t channel, T* to) const;
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
  int64_t stretch_from(int64_t channel) const { return smaller(stretch, c_.channels - channel); }
  int64_t tiles() const { return ceil_div(packed_filters(), step); }
  bool suits_filters() const;
  void cut_rows();
  Along faster() const;
  int64_t vectors_at_rows(int64_t count, int64_t width) const;
  int64_t vectors_running_on(int64_t count, int64_t width) const;
  static Taps seen_by(const PassAxis& axis, int64_t output, int64_t stride, int64_t before, int64_t length);
  void find_reads(const Prepared<T>& p) const;
  void pack_all(const Prepared<T>& p) const;
  Spots find_vectors(const Prepared<T>& p, int64_t block, Room& room) const;
  void find_pixels(const Prepared<T>& p, int64_t block, int64_t images, Spots* tiles, Spots* results, Room& room) const;
  Spots find_results(const Prepared<T>& p, int64_t block, const int64_t* sums, Room& room) const;
};

}  // namespace adjoint::ADJOINT_ISA::conv
