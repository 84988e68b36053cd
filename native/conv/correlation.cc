// Every thread pads a block of rows of an image and goes through it filter by filter, so that weights and planes come
// from the second-level cache; nothing is copied into patches. Where rows are wide the vectors lie along pixels and
// weights are broadcast; where they are narrow, along filters, pixels are broadcast, and the tile is transposed on its
// way out.
#include "conv/depthwise.h"
#include "conv/plan.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

// Asks for memory that comes next; the processor's own prefetcher stops at the end of a plane.
template <int WRITE, typename T>
INLINE void ask_for(const T* from, int64_t count) {
  for (int64_t i = 0; i < count; i += 64 / sizeof(T)) __builtin_prefetch(from + i, WRITE);
}

// What a thread does at a stretch: some rows of the outputs of one group of an image, or of small images.
template <typename T>
struct Piece {
  int64_t block, images;
  const T* x;     // what the first of those rows reads first
  T* y;           // the group's planes
  const T* bias;  // the group's, or null
  int64_t group, first, last;  // filters of the group
};

template <typename T, bool PAIRS>
class Correlator {
 public:
  explicit Correlator(const Correlation<T>& correlation)
      : c_(correlation), plan_(correlation), size_(c_.y_height * c_.y_width) {}

  void run() {
    const Prepared<T>* passes = plan_.prepare();
    const int64_t together = plan_.together, blocks = plan_.blocks, parts = plan_.parts;
    const int64_t products = together * c_.filters * plan_.depths * plan_.block_rows * plan_.columns / parts;
    parallel_for(plan_.stacks() * blocks * parts, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) {
        run_piece(passes, piece / parts / blocks * together, piece / parts % blocks, piece % parts);
      }
    });
  }

 private:
  static constexpr int64_t lanes = kLanes<T>;

  const Correlation<T>& c_;
  const Plan<T> plan_;
  const int64_t size_;  // of a plane of y

  void run_piece(const Prepared<T>* passes, int64_t plane, int64_t block, int64_t part) const {
    const int64_t images = smaller(plan_.together, c_.images * c_.groups - plane);
    const T* padded = pad(plane, images, block);
    const int64_t tiles = ceil_div(c_.filters, plan_.step), group = plane % c_.groups;
    const int64_t first = tiles * part / plan_.parts * plan_.step;
    const int64_t last = smaller(tiles * (part + 1) / plan_.parts * plan_.step, c_.filters);
    T* y = c_.y + plane * c_.filters * size_;
    const T* bias = c_.bias ? c_.bias + group * c_.filters : nullptr;
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = passes[i].pass;
      const auto [begin, end] = plan_.rows_of(pass, block);
      if (begin >= end || pass.w.outputs == 0) continue;
      const T* from = padded + (pass.h.start + begin - block * plan_.block_rows) * plan_.planes.columns + pass.w.start;
      const Piece<T> piece = {block, images, from, y, bias, group, first, last};
      plan_.along == Along::Pixels ? run_pixels(passes[i], piece) : run_filters(passes[i], piece);
    }
    for (int64_t i = 0; c_.f && i < images; i++) finish(y + i * c_.filters * size_, block, first, last);
  }

  // A block of the rows of all planes that a piece reads.
  const T* pad(int64_t plane, int64_t images, int64_t block) const {
    const int64_t area = c_.height * c_.width, channels = PAIRS ? c_.single : c_.channels;
    const int64_t top = c_.top - block * plan_.block_rows * plan_.planes.stride_h;
    const int64_t row = larger(-top, 0), rows = smaller(plan_.planes.rows * plan_.planes.stride_h, c_.height - row);
    T* padded = workspace<T>(Workspace::Image, images * plan_.image() + 2 * lanes);
    for (int64_t i = 0; i < images * c_.channels; i++) {
      T* to = padded + i * plan_.planes.template size<T>();
      ask_for<1>(to + plan_.planes.template size<T>(), plan_.planes.template size<T>());
      const T* x = c_.x + (plane + i / c_.channels) * channels * area;
      if constexpr (PAIRS) {
        const int64_t channel = i % c_.channels * 2;
        const T *first = x + channel * area, *second = channel + 1 < channels ? first + area : nullptr;
        for (int64_t next = 2; next < 4; next++) ask_for<0>(first + next * area + row * c_.width, rows * c_.width);
        pad_planes(to, plan_.planes, first, second, c_.height, c_.width, top, c_.left);
      } else {
        ask_for<0>(x + (i % c_.channels + 1) * area + row * c_.width, rows * c_.width);
        pad_plane(to, plan_.planes, x + i % c_.channels * area, c_.height, c_.width, top, c_.left);
      }
    }
    return padded;
  }

  // Applies the function to rows of y that are still in the cache.
  void finish(T* y, int64_t block, int64_t first, int64_t last) const {
    const int64_t row = block * plan_.block_rows, run = smaller(plan_.block_rows, plan_.rows - row) * c_.y_width;
    T* to = y + first * size_ + row * c_.y_width;
    if (run == size_) return c_.f(to, to, nullptr, nullptr, (last - first) * size_);
    for (int64_t o = first; o < last; o++, to += size_) c_.f(to, to, nullptr, nullptr, run);
  }

  void run_pixels(const Prepared<T>& p, const Piece<T>& piece) const {
    for (int64_t o = piece.first; o < piece.last; o += plan_.step) {
      Piece<T> image = piece;
      for (int64_t i = 0; i < piece.images; i++, image.x += plan_.image(), image.y += c_.filters * size_) {
        run_pixels(p, image, o);
      }
    }
  }

  // One image, with the filters of one tile.
  void run_pixels(const Prepared<T>& p, const Piece<T>& piece, int64_t o) const {
    const auto [spots, vectors] = p.spots[piece.block];
    const int64_t filters = smaller(plan_.step, piece.last - o), most = plan_.vectors;
    const T* weights = p.weights + (piece.group * c_.filters + o) * p.depth;
    const Tile<T> several = tile_of<T, Along::Pixels, PAIRS>(filters, most);
    const Tile<T> single = tile_of<T, Along::Pixels, PAIRS>(filters, 1);
    alignas(kVectorBytes) T sums[kRegisters * lanes];
    for (int64_t v = 0, count; v < vectors; v += count) {
      Spot all = spots[v];
      if (filters < kBusy && vectors >= most) {
        // Full tiles, the last of which overlaps the one before.
        count = most;
        v = smaller(v, vectors - count);
        for (int64_t i = 0; i < count; i++) all.h = both(all.h, spots[v + i].h);
      } else {
        // Vectors that leave out the same taps go together.
        for (count = 1; count < most && v + count < vectors && spots[v + count].h == all.h;) count++;
        if (count < most) count = 1;
      }
      int64_t positions[kMostVectors];
      for (int64_t i = 0; i < count; i++) positions[i] = *spots[v + i].positions;
      const int64_t read = plan_.first_read(p.pass, all);
      const Operands<T> operands = {weights + read * filters, piece.x, p.offsets + read, positions,
                                    plan_.reads_of(p.pass, all)};
      (count == 1 ? single : several)(operands, sums);
      for (int64_t i = 0; i < count; i++) {
        const Spot& spot = spots[v + i];
        for (int64_t k = 0; k < spot.run_count; k++) {
          for (int64_t r = 0; r < filters; r++) put(p.pass, piece, o + r, spot.runs[k], load(sums + (r * count + i) * lanes));
        }
      }
    }
  }

  void run_filters(const Prepared<T>& p, const Piece<T>& piece) const {
    const auto [spots, tiles] = p.spots[piece.images < plan_.together ? plan_.blocks : piece.block];
    alignas(kVectorBytes) T sums[kRegisters * lanes];
    for (int64_t o = piece.first; o < piece.last; o += plan_.step) {
      const int64_t width = plan_.filters_from(o);
      const T* weights = p.weights + (piece.group * plan_.packed_filters() + o) * p.depth;
      for (int64_t i = 0; i < tiles; i++) {
        const int64_t read = plan_.first_read(p.pass, spots[i]), count = spots[i].count;
        // A tile of one vector is of fewer pixels than are turned together.
        const int64_t part = width > lanes ? count : ceil_div(count, ceil_div(count, kAddresses));
        for (int64_t q = 0; q < count; q += part) {
          tile_of<T, Along::Filters, PAIRS>(smaller(part, count - q), width / lanes)(
              {piece.x, weights + read * width, p.offsets + read, spots[i].positions + q,
               plan_.reads_of(p.pass, spots[i])},
              sums + q * width);
        }
        for (int64_t v = 0; v < width; v += lanes) put_square(p.pass, piece, o + v, spots[i], sums + v, width);
      }
    }
  }

  // sums[pixel · pitch + filter].
  void put_square(const Pass& pass, const Piece<T>& piece, int64_t o, const Spot& spot, const T* sums,
                  int64_t pitch) const {
    Vec<T> square[lanes];
#pragma GCC unroll 16
    for (int q = 0; q < lanes; q++) square[q] = q < spot.count ? load(sums + q * pitch) : Vec<T>{};
    transpose<T>(square);
    const int64_t filters = smaller(lanes, piece.last - o);
#pragma GCC unroll 16
    for (int r = 0; r < lanes; r++) {
      for (int64_t i = 0; r < filters && i < spot.run_count; i++) put(pass, piece, o + r, spot.runs[i], square[r]);
    }
  }

  // Outputs of one filter.
  INLINE void put(const Pass& pass, const Piece<T>& piece, int64_t o, Run run, Vec<T> sums) const {
    const Vec<T> values = piece.bias ? broadcast(piece.bias[o]) + sums : sums;
    store_every(piece.y + o * size_ + run.y, pass.w.step, values, run.first, run.count);
  }
};

}  // namespace

template <typename T>
void correlate(const Correlation<T>& correlation) {
  if constexpr (kHasPairs<T>) {
    if (correlation.single > 0) return Correlator<T, true>(correlation).run();
  }
  if (correlates_planes(correlation)) return correlate_planes(correlation);
  Correlator<T, false>(correlation).run();
}

template void correlate<float>(const Correlation<float>&);
template void correlate<double>(const Correlation<double>&);

}  // namespace adjoint::ADJOINT_ISA::conv
