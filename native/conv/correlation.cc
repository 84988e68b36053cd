// Every thread pads a block of rows of an image and goes through it filter by filter, so that weights and planes come from the
// second-level cache; nothing is copied into patches. Where rows are wide the vectors lie along pixels and weights are
// broadcast; where they are narrow, along filters, pixels are broadcast, and the tile is transposed on its way out.
#include "conv/correlation.h"

#include "conv/tile.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Padded planes that stay in the second-level cache beside the weights.
constexpr int64_t kBlockBytes = 1 << 18;

// Pieces that the work is cut into at least: images, then rows, then filters.
constexpr int64_t kPieces = 8;

// Multiply-adds of a vector in whose time a square of vectors is transposed and stored.
constexpr int64_t kTransposition = 8 * kLanes<float>;

// A pass with its reads, row of taps by row of taps, and the weights of all groups in that order.
template <typename T>
struct Prepared {
  Pass pass;
  int64_t* offsets;
  T* weights;
  int64_t depth;  // k

  int64_t row_depth() const { return depth / larger(pass.h.taps, 1); }
};

template <typename T>
class Correlator {
 public:
  explicit Correlator(const Correlation<T>& correlation) : c_(correlation), planes_(c_.planes) {
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = c_.passes[i];
      rows_ = larger(rows_, pass.h.start + pass.h.outputs);
      columns_ = larger(columns_, pass.w.outputs);
      depths_ += c_.channels * pass.h.taps * pass.w.taps;
    }
    halo_ = planes_.rows - rows_;
    cut_rows();
    choose_tile();
    const int64_t pieces = c_.images * c_.groups * blocks_, parts = ceil_div(c_.filters, step_);
    parts_ = pieces < kPieces ? smaller(ceil_div(kPieces, pieces), parts) : 1;
  }

  void run() {
    Prepared<T>* passes = scratch<Prepared<T>>(Scratch::Arranged, c_.pass_count);
    int64_t* offsets = scratch<int64_t>(Scratch::Offsets, depths_ + c_.channels * c_.taps);
    int64_t* places = offsets + depths_;
    T* weights = scratch<T>(Scratch::Weights, c_.groups * packed_filters() * depths_ + kLanes<T>);
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = c_.passes[i];
      passes[i] = {pass, offsets, weights, c_.channels * pass.h.taps * pass.w.taps};
      find_offsets(passes[i], places);
      pack(passes[i], places);
      offsets += passes[i].depth;
      weights += c_.groups * packed_filters() * passes[i].depth;
    }
    const int64_t products = c_.filters * depths_ * block_rows_ * columns_ / parts_;
    parallel_for(c_.images * c_.groups * blocks_ * parts_, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) {
        const int64_t plane = piece / parts_ / blocks_, row = piece / parts_ % blocks_ * block_rows_;
        run_piece(passes, plane, row, smaller(block_rows_, rows_ - row), piece % parts_);
      }
    });
  }

 private:
  const Correlation<T>& c_;
  Planes planes_;  // of a block of rows
  int64_t rows_ = 0, columns_ = 0, halo_ = 0;
  int64_t depths_ = 0;  // of all passes
  int64_t block_rows_ = 0, blocks_ = 0, parts_ = 0;
  Along along_ = Along::Pixels;
  int64_t step_ = 0;     // filters of a tile
  int64_t vectors_ = 0;  // of a tile
  int64_t pixels_ = 0;   // of a tile along filters, at most

  void cut_rows() {
    const int64_t row = c_.channels * planes_.stride_h * planes_.stride_w * planes_.columns * sizeof(T);
    const int64_t fitting = larger(kBlockBytes / row - halo_, 1);
    const int64_t wanted = ceil_div(kPieces, c_.images * c_.groups);
    // Cut for the sake of threads, a block's rows should be worth their halo.
    blocks_ = larger(ceil_div(rows_, fitting), smaller(wanted, rows_ / (4 * (halo_ + 1))));
    block_rows_ = ceil_div(rows_, larger(blocks_, 1));
    blocks_ = ceil_div(rows_, block_rows_);
    planes_.rows = block_rows_ + halo_;
  }

  // Vectors of pixels, cut at the ends of rows or as the rows lie behind each other.
  bool cuts_at_rows() const { return block_rows_ * ceil_div(columns_, kLanes<T>) <= running_vectors(); }
  int64_t running_vectors() const { return ceil_div((block_rows_ - 1) * planes_.columns + columns_, kLanes<T>); }

  // The faster of the two kinds, by multiply-adds of vectors.
  void choose_tile() {
    constexpr int64_t lanes = kLanes<T>;
    const int64_t depth = ceil_div(depths_, c_.pass_count);
    const int64_t tile_filters = ceil_div(c_.filters, ceil_div(c_.filters, kMostRows));
    const int64_t pixel_vectors = cuts_at_rows() ? block_rows_ * ceil_div(columns_, lanes) : running_vectors();
    const int64_t loads = tile_filters == 1 ? 2 : 1;  // one filter waits for loads across cache lines
    const int64_t along_pixels = pixel_vectors * c_.filters * (depth * loads + 2);

    const int64_t filter_vectors = ceil_div(c_.filters, lanes), parts = ceil_div(columns_, kMostRows);
    pixels_ = ceil_div(columns_, parts);
    const int64_t squares = parts * ceil_div(pixels_, lanes);
    const int64_t along_filters = block_rows_ * filter_vectors * (parts * pixels_ * depth + squares * kTransposition);
    if (along_pixels <= along_filters) {
      along_ = Along::Pixels;
      step_ = tile_filters;
      vectors_ = vectors_beside(step_);
    } else {
      along_ = Along::Filters;
      vectors_ = smaller(filter_vectors, smaller(vectors_beside(pixels_), pixels_ <= 4 ? 3 : 2));
      step_ = vectors_ * lanes;
    }
  }

  int64_t packed_filters() const { return along_ == Along::Pixels ? c_.filters : ceil_div(c_.filters, kLanes<T>) * kLanes<T>; }
  int64_t filters_from(int64_t o) const { return smaller(step_, packed_filters() - o); }

  // The offsets of a pass's k reads, and at channel · taps + tap the place that a weight has among them; −1 for none.
  void find_offsets(const Prepared<T>& p, int64_t* places) const {
    const Pass& pass = p.pass;
    for (int64_t i = 0; i < c_.channels * c_.taps; i++) places[i] = -1;
    int64_t k = 0;
    for (int64_t i = 0; i < pass.h.taps; i++) {
      for (int64_t channel = 0; channel < c_.channels; channel++) {
        for (int64_t j = 0; j < pass.w.taps; j++, k++) {
          const int64_t phase = pass.h.phase[i] * planes_.stride_w + pass.w.phase[j];
          p.offsets[k] = channel * planes_.size<T>() + phase * planes_.phase() + pass.h.shift[i] * planes_.columns + pass.w.shift[j];
          places[channel * c_.taps + pass.h.tap[i] * c_.taps_w + pass.w.tap[j]] = k;
        }
      }
    }
  }

  // Weights of `step_` filters side by side, [depth][filters].
  void pack(const Prepared<T>& p, const int64_t* places) const {
    const int64_t panels = ceil_div(packed_filters(), step_);
    parallel_for(c_.groups * panels, kGrain / (step_ * p.depth + 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t panel = begin; panel < end; panel++) {
        const int64_t group = panel / panels, o = panel % panels * step_;
        T* to = p.weights + (group * packed_filters() + o) * p.depth;
        const T* from = c_.weights.data + group * c_.weights.group + o * c_.weights.filter;
        const int64_t filters = smaller(step_, c_.filters - o);
        if (c_.weights.channel == c_.taps) {
          pack_rows(to, filters_from(o), from, c_.weights.filter, filters, places, c_.channels * c_.taps);
        } else {
          for (int64_t channel = 0; channel < c_.channels; channel++) {
            pack_rows(to, filters_from(o), from + channel * c_.weights.channel, c_.weights.filter, filters,
                      places + channel * c_.taps, c_.taps);
          }
        }
      }
    });
  }

  // A block of rows of one group of an image, with a part of the filters.
  struct Piece;
  void run_piece(const Prepared<T>* passes, int64_t plane, int64_t row, int64_t rows, int64_t part) const {
    T* padded = scratch<T>(Scratch::Image, c_.channels * planes_.size<T>());
    const T* x = c_.x + plane * c_.channels * c_.height * c_.width;
    for (int64_t channel = 0; channel < c_.channels; channel++) {
      pad_plane(padded + channel * planes_.size<T>(), planes_, x + channel * c_.height * c_.width, c_.height, c_.width,
                c_.top - row * planes_.stride_h, c_.left);
    }
    const int64_t tiles = ceil_div(c_.filters, step_), from = tiles * part / parts_ * step_;
    Piece piece = {plane, 0, 0, padded, from, smaller(tiles * (part + 1) / parts_ * step_, c_.filters)};
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const PassAxis& h = passes[i].pass.h;
      piece.row = larger(row - h.start, 0);
      piece.rows = smaller(row + rows - h.start, h.outputs) - piece.row;
      piece.x = padded + (h.start + piece.row - row) * planes_.columns + passes[i].pass.w.start;
      if (piece.rows <= 0 || passes[i].pass.w.outputs == 0) continue;
      along_ == Along::Pixels ? run_pixels(passes[i], piece) : run_filters(passes[i], piece);
    }
    if (!c_.f) return;
    const int64_t size = c_.y_height * c_.y_width, run = rows * c_.y_width;
    T* y = c_.y + (plane * c_.filters + piece.first) * size + row * c_.y_width;
    const int64_t filters = piece.last - piece.first;
    if (run == size) return c_.f(y, y, nullptr, nullptr, filters * size);
    for (int64_t o = 0; o < filters; o++, y += size) c_.f(y, y, nullptr, nullptr, run);
  }

  struct Piece {
    int64_t plane, row, rows;  // of y, which has groups · images planes of filters
    const T* x;                // what the first row's first tap reads
    int64_t first, last;       // filters
  };

  // The reads of the tap rows that see the image from rows first … last; those of the others are zeros.
  struct Reads {
    int64_t begin, end;
  };
  Reads reads_of(const Prepared<T>& p, int64_t first, int64_t last) const {
    const PassAxis& h = p.pass.h;
    int64_t begin = h.taps, end = 0;
    for (int64_t tap = 0; tap < h.taps; tap++) {
      const int64_t from = (h.start + first + h.shift[tap]) * planes_.stride_h + h.phase[tap] - c_.top;
      const int64_t to = from + (last - first) * planes_.stride_h;
      if (to < 0 || from >= c_.height) continue;
      begin = smaller(begin, tap);
      end = tap + 1;
    }
    return {smaller(begin, end) * p.row_depth(), end * p.row_depth()};
  }

  // Where output (i, j) of a pass lies in y, and what stands before its sum.
  T* at(const Piece& piece, const Pass& pass, int64_t o, int64_t i, int64_t j) const {
    const int64_t row = pass.h.first + i * pass.h.step, column = pass.w.first + j * pass.w.step;
    return c_.y + ((piece.plane * c_.filters + o) * c_.y_height + row) * c_.y_width + column;
  }
  T bias_of(const Piece& piece, int64_t o) const {
    return c_.bias ? c_.bias[piece.plane % c_.groups * c_.filters + o] : 0;
  }

  INLINE static void put(T* to, int64_t step, Vec<T> values, int64_t count) {
    if (step == 1) return store_first(to, values, count);
    T each[kLanes<T>];
    store(each, values);
    for (int64_t j = 0; j < count; j++) to[j * step] = each[j];
  }

  void run_pixels(const Prepared<T>& p, const Piece& piece) const {
    constexpr int64_t lanes = kLanes<T>;
    const int64_t pitch = planes_.columns, columns = p.pass.w.outputs, per_row = ceil_div(columns, lanes);
    const int64_t running = ceil_div((piece.rows - 1) * pitch + columns, lanes);
    const bool at_rows = piece.rows * per_row <= running;
    const int64_t vectors = at_rows ? piece.rows * per_row : running;
    const auto position = [&](int64_t v) { return at_rows ? v / per_row * pitch + v % per_row * lanes : v * lanes; };
    const int64_t group = piece.plane % c_.groups;
    T sums[kRegisters * lanes + lanes];
    for (int64_t o = piece.first; o < piece.last; o += step_) {
      const int64_t filters = smaller(step_, piece.last - o);
      const T* weights = p.weights + (group * c_.filters + o) * p.depth;
      const Tile<T> several = tile_of<T, Along::Pixels>(filters, vectors_), single = tile_of<T, Along::Pixels>(filters, 1);
      for (int64_t v = 0, count; v < vectors; v += count) {
        count = vectors - v < vectors_ ? 1 : vectors_;
        int64_t deltas[kMostVectors];
        for (int64_t i = 0; i < count; i++) deltas[i] = position(v + i);
        const int64_t end = smaller(deltas[count - 1] + lanes - 1, (piece.rows - 1) * pitch);
        const Reads reads = reads_of(p, piece.row + deltas[0] / pitch, piece.row + (at_rows ? deltas[count - 1] : end) / pitch);
        const Operands<T> operands = {weights + reads.begin * filters, piece.x, p.offsets + reads.begin, deltas,
                                      reads.end - reads.begin};
        (count == 1 ? single : several)(operands, sums);
        for (int64_t i = 0; i < count; i++) put_pixels(p.pass, piece, o, filters, deltas[i], sums + i * lanes, count * lanes);
      }
    }
  }

  // A vector of sums for each filter, from a position of the block on; what lies between two rows is dropped.
  void put_pixels(const Pass& pass, const Piece& piece, int64_t o, int64_t filters, int64_t position, const T* sums,
                  int64_t pitch) const {
    int64_t i = position / planes_.columns, j = position % planes_.columns;
    for (int64_t lane = 0; lane < kLanes<T> && i < piece.rows; lane += planes_.columns - j, j = 0, i++) {
      const int64_t count = smaller(kLanes<T> - lane, pass.w.outputs - j);
      if (count <= 0) continue;
      T* to = at(piece, pass, o, piece.row + i, j);
      for (int64_t r = 0; r < filters; r++, to += c_.y_height * c_.y_width) {
        put(to, pass.w.step, broadcast(bias_of(piece, o + r)) + load(sums + r * pitch + lane), count);
      }
    }
  }

  void run_filters(const Prepared<T>& p, const Piece& piece) const {
    constexpr int64_t lanes = kLanes<T>;
    const int64_t columns = p.pass.w.outputs, parts = ceil_div(columns, pixels_), pixels = ceil_div(columns, parts);
    const int64_t group = piece.plane % c_.groups;
    T sums[kRegisters * lanes];
    for (int64_t o = piece.first; o < piece.last; o += step_) {
      const int64_t width = filters_from(o);
      const T* weights = p.weights + (group * packed_filters() + o) * p.depth;
      const Tile<T> tile = tile_of<T, Along::Filters>(pixels, width / lanes);
      for (int64_t i = 0; i < piece.rows; i++) {
        const Reads reads = reads_of(p, piece.row + i, piece.row + i);
        for (int64_t part = 0; part < parts; part++) {
          // The last part overlaps the one before.
          const int64_t j = smaller(part * pixels, columns - pixels);
          tile({piece.x + i * planes_.columns + j, weights + reads.begin * width, p.offsets + reads.begin, nullptr,
                reads.end - reads.begin}, sums);
          for (int64_t v = 0; v < width; v += lanes) {
            for (int64_t q = 0; q < pixels; q += lanes) {
              put_square(p.pass, piece, o + v, i, j + q, sums + q * width + v, width, smaller(lanes, pixels - q));
            }
          }
        }
      }
    }
  }

  // sums[pixel · pitch + filter], `pixels` of them in a row.
  void put_square(const Pass& pass, const Piece& piece, int64_t o, int64_t i, int64_t j, const T* sums, int64_t pitch,
                  int64_t pixels) const {
    constexpr int lanes = kLanes<T>;
    Vec<T> square[lanes];
#pragma GCC unroll 16
    for (int q = 0; q < lanes; q++) square[q] = q < pixels ? load(sums + q * pitch) : Vec<T>{};
    transpose<T>(square);
    const int64_t filters = smaller(lanes, piece.last - o);
    T* to = at(piece, pass, o, piece.row + i, j);
    T rows[lanes * lanes];
#pragma GCC unroll 16
    for (int r = 0; r < lanes; r++) store(rows + r * lanes, square[r]);
    for (int64_t r = 0; r < filters; r++, to += c_.y_height * c_.y_width) {
      put(to, pass.w.step, broadcast(bias_of(piece, o + r)) + load(rows + r * lanes), pixels);
    }
  }
};

}  // namespace

template <typename T>
void correlate(const Correlation<T>& correlation) {
  Correlator<T>(correlation).run();
}

template void correlate<float>(const Correlation<float>&);
template void correlate<double>(const Correlation<double>&);

}  // namespace adjoint::ADJOINT_ISA
