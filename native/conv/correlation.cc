// Every thread pads a block of rows of an image and goes through it filter by filter, so that weights and planes come
// from the second-level cache; nothing is copied into patches. Where rows are wide the vectors lie along pixels and
// weights are broadcast; where they are narrow, along filters, pixels are broadcast, and the tile is transposed on its
// way out.
#include "conv/correlation.h"

#include "conv/tile.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Padded planes that stay in the second-level cache beside the weights.
constexpr int64_t kBlockBytes = 1 << 18;

// Of small images that go through the weights together, because those come from further away.
constexpr int64_t kTogetherBytes = 3 << 18;

// Pieces that the work is cut into at least: images, then rows, then filters.
constexpr int64_t kPieces = 8;

// Sums of a tile that keep the multiply-adders busy, each waiting for itself.
constexpr int64_t kBusy = 4;

// Multiply-adds of a vector in whose time a square of vectors is transposed and stored.
constexpr int64_t kTransposition = 8 * kLanes<float>;

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

// A vector of outputs, from a position of the padded block on, across rows where those are narrow.
struct Spot {
  int64_t position;
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
  Reads* reads;   // of each row of outputs
  Spots* blocks;  // of each block of rows, in tiles along pixels
};

// What a thread does at a stretch: some rows of the outputs of one group of an image, or of small images.
template <typename T>
struct Piece {
  int64_t block, row, rows;  // rows of outputs
  int64_t images;
  const T* x;     // what the first of those rows reads first
  T* y;           // the group's planes
  const T* bias;  // the group's, or null
  int64_t group, first, last;  // filters of the group
};

template <typename T, bool PAIRS>
class Correlator {
 public:
  explicit Correlator(const Correlation<T>& correlation)
      : c_(correlation), planes_(c_.planes), size_(c_.y_height * c_.y_width) {
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = c_.passes[i];
      rows_ = larger(rows_, pass.h.start + pass.h.outputs);
      columns_ = larger(columns_, pass.w.outputs);
      depths_ += depth_of(pass);
    }
    cut_rows();
    choose_tile();
    // Small images share what they read of the weights.
    const int64_t fitting = kTogetherBytes / larger(x_image() * sizeof(T), 1);
    if (c_.groups == 1 && blocks_ == 1) together_ = larger(smaller(fitting, c_.images / kPieces), 1);
    const int64_t pieces = planes() * blocks_, tiles = ceil_div(c_.filters, step_);
    parts_ = pieces < kPieces ? smaller(ceil_div(kPieces, pieces), tiles) : 1;
  }

  void run() {
    Prepared<T>* passes = prepare();
    const int64_t products = together_ * c_.filters * depths_ * block_rows_ * columns_ / parts_;
    parallel_for(planes() * blocks_ * parts_, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) {
        run_piece(passes, piece / parts_ / blocks_ * together_, piece / parts_ % blocks_, piece % parts_);
      }
    });
  }

 private:
  static constexpr int64_t lanes = kLanes<T>;

  const Correlation<T>& c_;
  Planes planes_;       // of a block of rows
  const int64_t size_;  // of a plane of y
  int64_t rows_ = 0, columns_ = 0, depths_ = 0;  // depths: the sum over all passes
  int64_t block_rows_ = 0, blocks_ = 0, parts_ = 0, together_ = 1;
  Along along_ = Along::Pixels;
  int64_t step_ = 0, vectors_ = 0;  // filters and vectors of a tile
  int64_t pixels_ = 0;              // of a tile along filters, at most

  int64_t x_image() const { return c_.channels * planes_.size<T>(); }
  int64_t planes() const { return ceil_div(c_.images * c_.groups, together_); }
  int64_t depth_of(const Pass& pass) const { return c_.channels * pass.h.taps * pass.w.taps; }

  void cut_rows() {
    const int64_t halo = planes_.rows - rows_;
    const int64_t row = c_.channels * planes_.stride_h * planes_.stride_w * planes_.columns * sizeof(T);
    const int64_t fitting = larger(kBlockBytes / larger(row, 1) - halo, 1);
    // Cut for the sake of threads, a block's rows should be worth their halo.
    const int64_t wanted = smaller(ceil_div(kPieces, c_.images * c_.groups), rows_ / (4 * (halo + 1)));
    block_rows_ = ceil_div(rows_, larger(ceil_div(rows_, fitting), wanted));
    blocks_ = ceil_div(rows_, block_rows_);
    planes_.rows = block_rows_ + halo;
  }

  // The faster of the two kinds, by multiply-adds of vectors.
  void choose_tile() {
    const int64_t depth = ceil_div(depths_, c_.pass_count);
    const int64_t tile_filters = ceil_div(c_.filters, ceil_div(c_.filters, kMostRows));
    const int64_t at_rows = vectors_at_rows(block_rows_, columns_);
    const int64_t running_on = vectors_running_on(block_rows_, columns_);
    const int64_t waiting = tile_filters == 1 ? 2 : 1;  // for loads across cache lines, each of which serves one filter
    const int64_t along_pixels = smaller(at_rows, running_on) * c_.filters * (depth * waiting + 2);

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
      vectors_ = smaller(filter_vectors, smaller(vectors_beside(pixels_), pixels_ <= kBusy ? 3 : 2));
      step_ = vectors_ * lanes;
    }
  }

  // Vectors of pixels that are cut at the ends of rows, or that take rows as they lie behind each other.
  int64_t vectors_at_rows(int64_t rows, int64_t columns) const { return rows * ceil_div(columns, lanes); }
  int64_t vectors_running_on(int64_t rows, int64_t columns) const {
    return ceil_div((rows - 1) * planes_.columns + columns, lanes);
  }

  int64_t packed_filters() const { return along_ == Along::Pixels ? c_.filters : ceil_div(c_.filters, lanes) * lanes; }
  int64_t filters_from(int64_t o) const { return smaller(step_, packed_filters() - o); }

  Prepared<T>* prepare() {
    const int64_t weights = c_.groups * packed_filters(), rows = c_.pass_count * rows_;
    const int64_t vectors = along_ == Along::Pixels ? rows * (ceil_div(planes_.columns, lanes) + 1) : 0;
    Prepared<T>* passes = scratch<Prepared<T>>(Scratch::Passes, c_.pass_count);
    Prepared<T> next = {{}, 0, scratch<int64_t>(Scratch::Offsets, depths_ + c_.channels * c_.taps),
                        scratch<T>(Scratch::Weights, weights * depths_), scratch<Reads>(Scratch::Reads, rows),
                        scratch<Spots>(Scratch::Blocks, c_.pass_count * blocks_)};
    int64_t* places = next.offsets + depths_;
    Spot* spots = scratch<Spot>(Scratch::Spots, vectors);
    Run* runs = scratch<Run>(Scratch::Runs, vectors + rows);
    for (int64_t i = 0; i < c_.pass_count; i++) {
      Prepared<T>& p = passes[i] = next;
      p.pass = c_.passes[i];
      p.depth = depth_of(p.pass);
      find_reads(p, places);
      pack(p, places);
      for (int64_t block = 0; along_ == Along::Pixels && block < blocks_; block++) find_spots(p, block, spots, runs);
      next = {{}, 0, p.offsets + p.depth, p.weights + weights * p.depth, p.reads + rows_, p.blocks + blocks_};
    }
    return passes;
  }

  // The offsets of a pass's k reads, which of them each row of outputs needs, and at channel · taps + tap the place
  // that a weight has among them; −1 for none.
  void find_reads(const Prepared<T>& p, int64_t* places) const {
    const PassAxis &h = p.pass.h, &w = p.pass.w;
    for (int64_t i = 0; i < c_.channels * c_.taps; i++) places[i] = -1;
    int64_t k = 0;
    for (int64_t i = 0; i < h.taps; i++) {
      for (int64_t channel = 0; channel < c_.channels; channel++) {
        for (int64_t j = 0; j < w.taps; j++, k++) {
          const int64_t phase = (h.phase[i] * planes_.stride_w + w.phase[j]) * planes_.phase();
          p.offsets[k] = channel * planes_.size<T>() + phase + h.shift[i] * planes_.columns + w.shift[j];
          places[channel * c_.taps + h.tap[i] * c_.taps_w + w.tap[j]] = k;
        }
      }
    }
    for (int64_t i = 0; i < h.outputs; i++) {
      int64_t begin = h.taps, end = 0;
      for (int64_t tap = 0; tap < h.taps; tap++) {
        const int64_t row = (h.start + i + h.shift[tap]) * planes_.stride_h + h.phase[tap] - c_.top;
        if (row < 0 || row >= c_.height) continue;
        begin = smaller(begin, tap);
        end = tap + 1;
      }
      const int64_t each = c_.channels * w.taps;
      p.reads[i] = {smaller(begin, end) * each, end * each};
    }
  }

  // The rows of a pass's outputs that fall into a block, first and behind the last.
  struct Rows {
    int64_t begin, end;
  };
  Rows rows_of(const Pass& pass, int64_t block) const {
    const int64_t row = block * block_rows_ - pass.h.start;
    return {larger(row, 0), smaller(row + block_rows_, pass.h.outputs)};
  }

  void find_spots(const Prepared<T>& p, int64_t block, Spot*& spots, Run*& runs) const {
    const auto [begin, end] = rows_of(p.pass, block);
    const PassAxis &h = p.pass.h, &w = p.pass.w;
    const int64_t pitch = planes_.columns, columns = w.outputs;
    const bool at_rows = vectors_at_rows(end - begin, columns) <= vectors_running_on(end - begin, columns);
    Spot* const first = spots;
    for (int64_t i = begin, j = 0; i < end && columns > 0;) {
      Spot& spot = *spots = {(i - begin) * pitch + j, p.reads[i], runs, 0};
      int64_t row = i, column = j;
      for (int64_t lane = 0; lane < lanes && row < end; lane += pitch - column, row++, column = 0) {
        const int64_t count = smaller(lanes - lane, columns - column);
        if (count > 0) {
          const int64_t y = (h.first + row * h.step) * c_.y_width + w.first + (column - lane) * w.step;
          runs[spot.run_count++] = {lane, count, y};
          spot.reads = spot.run_count > 1 ? both(spot.reads, p.reads[row]) : p.reads[row];
        }
        if (at_rows) break;
      }
      runs += spot.run_count;
      if (spot.run_count > 0) spots++;
      j += lanes;
      if (at_rows && j >= columns) i++, j = 0;
      for (; !at_rows && j >= pitch; j -= pitch) i++;
    }
    p.blocks[block] = {first, spots - first};
  }

  // Packs the weights of a tile's filters side by side, [depth][filters].
  void pack(const Prepared<T>& p, const int64_t* places) const {
    const int64_t tiles = ceil_div(packed_filters(), step_), grain = kGrain / (step_ * p.depth + 1) + 1;
    parallel_for(c_.groups * tiles, grain, [&](int64_t begin, int64_t end) {
      for (int64_t tile = begin; tile < end; tile++) {
        const int64_t group = tile / tiles, o = tile % tiles * step_;
        T* to = p.weights + (group * packed_filters() + o) * p.depth;
        const T* from = c_.weights.data + group * c_.weights.group + o * c_.weights.filter;
        // Channels that follow each other closely are packed in one go.
        const bool dense = c_.weights.channel == c_.taps;
        const int64_t times = dense ? 1 : c_.channels, count = dense ? c_.channels * c_.taps : c_.taps;
        const int64_t filters = smaller(step_, c_.filters - o);
        for (int64_t i = 0; i < times; i++) {
          const T* channel = from + i * c_.weights.channel;
          interleave(to, filters_from(o), channel, c_.weights.filter, filters, places + i * count, count);
        }
      }
    });
  }

  void run_piece(const Prepared<T>* passes, int64_t plane, int64_t block, int64_t part) const {
    const int64_t images = smaller(together_, c_.images * c_.groups - plane), area = c_.height * c_.width;
    const int64_t top = c_.top - block * block_rows_ * planes_.stride_h, channels = PAIRS ? c_.single : c_.channels;
    T* padded = scratch<T>(Scratch::Image, images * x_image());
    for (int64_t i = 0; i < images * c_.channels; i++) {
      T* to = padded + i * planes_.size<T>();
      const T* x = c_.x + (plane + i / c_.channels) * channels * area;
      if constexpr (PAIRS) {
        const int64_t channel = i % c_.channels * 2;
        const T *first = x + channel * area, *second = channel + 1 < channels ? first + area : nullptr;
        pad_planes(to, planes_, first, second, c_.height, c_.width, top, c_.left);
      } else {
        pad_plane(to, planes_, x + i % c_.channels * area, c_.height, c_.width, top, c_.left);
      }
    }
    const int64_t tiles = ceil_div(c_.filters, step_), group = plane % c_.groups;
    const int64_t first = tiles * part / parts_ * step_;
    const int64_t last = smaller(tiles * (part + 1) / parts_ * step_, c_.filters);
    T* y = c_.y + plane * c_.filters * size_;
    const T* bias = c_.bias ? c_.bias + group * c_.filters : nullptr;
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = passes[i].pass;
      const auto [begin, end] = rows_of(pass, block);
      if (begin >= end || pass.w.outputs == 0) continue;
      const T* from = padded + (pass.h.start + begin - block * block_rows_) * planes_.columns + pass.w.start;
      const Piece<T> piece = {block, begin, end - begin, images, from, y, bias, group, first, last};
      along_ == Along::Pixels ? run_pixels(passes[i], piece) : run_filters(passes[i], piece);
    }
    for (int64_t i = 0; c_.f && i < images; i++) finish(y + i * c_.filters * size_, block * block_rows_, first, last);
  }

  // Applies the function to rows of y that are still in the cache.
  void finish(T* y, int64_t row, int64_t first, int64_t last) const {
    const int64_t run = smaller(block_rows_, rows_ - row) * c_.y_width;
    T* to = y + first * size_ + row * c_.y_width;
    if (run == size_) return c_.f(to, to, nullptr, nullptr, (last - first) * size_);
    for (int64_t o = first; o < last; o++, to += size_) c_.f(to, to, nullptr, nullptr, run);
  }

  // One image of a piece.
  Piece<T> image_of(Piece<T> piece, int64_t image) const {
    piece.x += image * x_image();
    piece.y += image * c_.filters * size_;
    return piece;
  }

  void run_pixels(const Prepared<T>& p, const Piece<T>& piece) const {
    for (int64_t o = piece.first; o < piece.last; o += step_) {
      for (int64_t image = 0; image < piece.images; image++) run_pixels(p, image_of(piece, image), o);
    }
  }

  // With the filters of one tile.
  void run_pixels(const Prepared<T>& p, const Piece<T>& piece, int64_t o) const {
    const auto [spots, vectors] = p.blocks[piece.block];
    const int64_t filters = smaller(step_, piece.last - o);
    const T* weights = p.weights + (piece.group * c_.filters + o) * p.depth;
    const Tile<T> several = tile_of<T, Along::Pixels, PAIRS>(filters, vectors_);
    const Tile<T> single = tile_of<T, Along::Pixels, PAIRS>(filters, 1);
    alignas(kVectorBytes) T sums[kRegisters * lanes];
    for (int64_t v = 0, count; v < vectors; v += count) {
      Reads reads = spots[v].reads;
      if (filters < kBusy && vectors >= vectors_) {
        // Full tiles, the last of which overlaps the one before.
        count = vectors_;
        v = smaller(v, vectors - count);
        for (int64_t i = 0; i < count; i++) reads = both(reads, spots[v + i].reads);
      } else {
        // Vectors that leave out the same taps go together.
        for (count = 1; count < vectors_ && v + count < vectors && spots[v + count].reads == reads;) count++;
        if (count < vectors_) count = 1;
      }
      int64_t deltas[kMostVectors];
      for (int64_t i = 0; i < count; i++) deltas[i] = spots[v + i].position;
      const Operands<T> operands = {weights + reads.begin * filters, piece.x, p.offsets + reads.begin, deltas,
                                    reads.end - reads.begin};
      (count == 1 ? single : several)(operands, sums);
      for (int64_t i = 0; i < count; i++) {
        put_pixels(p.pass, piece, o, filters, spots[v + i], sums + i * lanes, count * lanes);
      }
    }
  }

  // A vector of sums for each filter.
  void put_pixels(const Pass& pass, const Piece<T>& piece, int64_t o, int64_t filters, const Spot& spot, const T* sums,
                  int64_t pitch) const {
    for (int64_t i = 0; i < spot.run_count; i++) {
      const Run& run = spot.runs[i];
      T* to = piece.y + o * size_ + run.y;
      for (int64_t r = 0; r < filters; r++, to += size_) {
        const Vec<T> values = load(sums + r * pitch);
        put(to, pass.w.step, piece.bias ? broadcast(piece.bias[o + r]) + values : values, run.first, run.count);
      }
    }
  }

  // Lanes first … first + count − 1.
  INLINE static void put(T* to, int64_t step, Vec<T> values, int64_t first, int64_t count) {
    if (step == 1) return store_lanes(to, values, first, count);
    T each[lanes];
    store(each, values);
    for (int64_t i = first; i < first + count; i++) to[i * step] = each[i];
  }

  void run_filters(const Prepared<T>& p, const Piece<T>& piece) const {
    for (int64_t o = piece.first; o < piece.last; o += step_) {
      for (int64_t image = 0; image < piece.images; image++) run_filters(p, image_of(piece, image), o);
    }
  }

  void run_filters(const Prepared<T>& p, const Piece<T>& piece, int64_t o) const {
    const PassAxis &h = p.pass.h, &w = p.pass.w;
    const int64_t columns = w.outputs, parts = ceil_div(columns, pixels_), pixels = ceil_div(columns, parts);
    const int64_t width = filters_from(o);
    const T* weights = p.weights + (piece.group * packed_filters() + o) * p.depth;
    const Tile<T> tile = tile_of<T, Along::Filters, PAIRS>(pixels, width / lanes);
    alignas(kVectorBytes) T sums[kRegisters * lanes];
    for (int64_t i = 0; i < piece.rows; i++) {
      const Reads reads = p.reads[piece.row + i];
      const int64_t row = (h.first + (piece.row + i) * h.step) * c_.y_width + w.first;
      for (int64_t part = 0; part < parts; part++) {
        // The last part overlaps the one before.
        const int64_t j = smaller(part * pixels, columns - pixels);
        tile({piece.x + i * planes_.columns + j, weights + reads.begin * width, p.offsets + reads.begin, nullptr,
              reads.end - reads.begin}, sums);
        for (int64_t v = 0; v < width; v += lanes) {
          for (int64_t q = 0; q < pixels; q += lanes) {
            put_square(p.pass, piece, o + v, row + (j + q) * w.step, sums + q * width + v, width,
                       smaller(lanes, pixels - q));
          }
        }
      }
    }
  }

  // sums[pixel · pitch + filter], `pixels` of them, which lie in planes of y from `y` on.
  void put_square(const Pass& pass, const Piece<T>& piece, int64_t o, int64_t y, const T* sums, int64_t pitch,
                  int64_t pixels) const {
    Vec<T> square[lanes];
#pragma GCC unroll 16
    for (int q = 0; q < lanes; q++) square[q] = q < pixels ? load(sums + q * pitch) : Vec<T>{};
    transpose<T>(square);
    const int64_t filters = smaller(lanes, piece.last - o);
    T* to = piece.y + o * size_ + y;
#pragma GCC unroll 16
    for (int r = 0; r < lanes; r++, to += size_) {
      if (r >= filters) break;
      put(to, pass.w.step, piece.bias ? broadcast(piece.bias[o + r]) + square[r] : square[r], 0, pixels);
    }
  }
};

}  // namespace

template <typename T>
void correlate(const Correlation<T>& correlation) {
  if constexpr (kHasPairs<T>) {
    if (correlation.single > 0) return Correlator<T, true>(correlation).run();
  }
  Correlator<T, false>(correlation).run();
}

template void correlate<float>(const Correlation<float>&);
template void correlate<double>(const Correlation<double>&);

}  // namespace adjoint::ADJOINT_ISA
