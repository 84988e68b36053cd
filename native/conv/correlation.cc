// Every thread pads a block of rows of an image and goes through it filter by filter, so that weights and planes come
// from the second-level cache; nothing is copied into patches. Where rows are wide the vectors lie along pixels and
// weights are broadcast; where they are narrow, along filters, pixels are broadcast, and the sums are transposed on their
// way out. Small images beside many weights are padded first, for all threads: each then takes filters, packs their
// weights for a stretch of channels, and leads all pixels through them, so that no weight comes from far away twice.
#include "conv/depthwise.h"
#include "conv/plan.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

// Reads in whose time the lines come that a tile's sums are stored to; fewer are over before.
constexpr int64_t kLong = 256;

// The same rows of planes behind each other, of which a few lines are asked for at a time.
template <typename T>
struct Upcoming {
  const T* plane = nullptr;
  int64_t planes = 0, plane_size = 0, rows_size = 0, lines = 0, at = 0;

  INLINE void ask() {
    for (int64_t i = 0; i < lines && planes > 0; i++) {
      __builtin_prefetch(plane + at, 0, 2);
      at += 64 / sizeof(T);
      if (at >= rows_size) plane += plane_size, planes--, at = 0;
    }
  }
};

// What a thread does at a stretch: some rows of the outputs of one group of an image, or of small images.
template <typename T>
struct Piece {
  int64_t block, plane, images;  // plane: the number of the first, group by group
  const T* x;     // what the first of those rows reads first
  T* y;           // the group's planes
  const T* bias;  // the group's, or null
  int64_t group, first, last;  // filters of the group
  Upcoming<T>* next;
};

template <typename T, bool PAIRS>
class Correlator {
 public:
  explicit Correlator(const Correlation<T>& correlation)
      : c_(correlation), plan_(correlation), pitch_(c_.y.pitch()) {}

  void run() {
    const Prepared<T>* passes = plan_.prepare();
    if (plan_.by_filters) return run_by_filters(passes);
    const int64_t together = plan_.together, blocks = plan_.blocks, parts = plan_.parts;
    const int64_t products = together * c_.filters * plan_.depths * plan_.block_rows * plan_.columns / parts;
    const int64_t grain = grain_of(products);
    parallel_for(plan_.stacks() * blocks * parts, grain, [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) {
        // Behind its own chunk a thread is likely to find those of the others taken.
        Upcoming<T> next = upcoming(passes[0], piece + 1 < end ? piece + 1 : end + (thread_count() - 1) * grain);
        run_piece(passes, piece / parts / blocks * together, piece / parts % blocks, piece % parts, &next);
      }
    });
  }

 private:
  static constexpr int64_t lanes = kLanes<T>;

  const Correlation<T>& c_;
  const Plan<T> plan_;
  const int64_t pitch_;  // from a filter's plane of y to the next

  // All images are padded once, and every tile of filters goes through them.
  void run_by_filters(const Prepared<T>* passes) const {
    const int64_t images = c_.images, plane = plan_.image();
    T* padded = workspace<T>(Workspace::Image, c_.channels * plan_.channel());
    const bool whole = plan_.whole();
    parallel_for(c_.channels, chunk(kGrain, plan_.channel()), [&](int64_t begin, int64_t end) {
      T* own = workspace<T>(Workspace::PackedA, plan_.channel() + 2 * lanes);
      for (int64_t channel = begin; channel < end; channel++) {
        for (int64_t i = 0; !whole && i < images; i++) pad_channel(own + i * plane, i, channel, c_.top);
        const T* from = whole ? c_.x.data + channel * plane : own;
        const int64_t row = whole ? c_.channels * plane : plane;
        interleave(padded + channel * plan_.channel(), images, from, row, images, nullptr, plane);
      }
    });
    const int64_t products = c_.images * plan_.step * plan_.depths * plan_.rows * plan_.columns;
    parallel_for(ceil_div(c_.filters, plan_.step), grain_of(products), [&](int64_t begin, int64_t end) {
      const int64_t first = begin * plan_.step, last = smaller(end * plan_.step, c_.filters);
      Upcoming<T> none;
      run_passes(passes, padded, 0, c_.images, 0, first, last, &none);
    });
  }

  void run_piece(const Prepared<T>* passes, int64_t plane, int64_t block, int64_t part, Upcoming<T>* next) const {
    const int64_t images = smaller(plan_.together, c_.images * c_.groups - plane);
    const T* padded = plan_.in_place ? c_.x.plane(plane / c_.groups, plane % c_.groups * c_.channels)
                                     : pad(plane, images, block);
    const int64_t tiles = ceil_div(c_.filters, plan_.step);
    const int64_t first = tiles * part / plan_.parts * plan_.step;
    const int64_t last = smaller(tiles * (part + 1) / plan_.parts * plan_.step, c_.filters);
    run_passes(passes, padded, plane, images, block, first, last, next);
  }

  // What a piece pads, where products take long enough for it to come.
  Upcoming<T> upcoming(const Prepared<T>& p, int64_t piece) const {
    const int64_t block = piece % plan_.blocks, plane = piece / plan_.blocks * plan_.together;
    const int64_t images = smaller(plan_.together, c_.images * c_.groups - plane), size = c_.height * c_.width;
    if (PAIRS || !c_.x.flat() || plan_.in_place || plan_.parts > 1 || images <= 0 || p.depth < kLong) return {};
    const int64_t first = larger(block * plan_.block_rows * plan_.planes.stride_h - c_.top, 0);
    const int64_t rows = smaller(plan_.planes.rows * plan_.planes.stride_h, c_.height - first);
    const bool wide = plan_.along == Along::Pixels;
    const int64_t spots = p.spots[0].count, rounds = ceil_div(c_.filters, plan_.step);
    const int64_t tiles = wide ? ceil_div(spots, plan_.vectors) * plan_.together : spots * ceil_div(c_.channels, plan_.stretch);
    const int64_t lines = images * c_.channels * ceil_div(rows * c_.width, 64 / static_cast<int64_t>(sizeof(T)));
    return {c_.x.data + plane * c_.channels * size + first * c_.width, images * c_.channels, size, rows * c_.width,
            ceil_div(lines, rounds * tiles)};
  }

  void run_passes(const Prepared<T>* passes, const T* padded, int64_t plane, int64_t images, int64_t block,
                  int64_t first, int64_t last, Upcoming<T>* next) const {
    const int64_t group = plane % c_.groups;
    const T* bias = c_.bias ? c_.bias + group * c_.filters : nullptr;
    for (int64_t i = 0; i < c_.pass_count; i++) {
      const Pass& pass = passes[i].pass;
      const auto [begin, end] = plan_.rows_of(pass, block);
      if (begin >= end || pass.w.outputs == 0) continue;
      const int64_t row = pass.h.start + begin - block * plan_.block_rows;
      const T* from = padded + (row * plan_.planes.columns + pass.w.start) * plan_.pixel();
      const Piece<T> piece = {block, plane, images, from, result(plane), bias, group, first, last, next};
      plan_.along == Along::Pixels ? run_pixels(passes[i], piece) : run_filters(passes[i], piece);
    }
    for (int64_t i = 0; c_.f && i < images; i++) finish(result(plane + i), block, first, last);
  }

  // The planes of y of a group of an image.
  T* result(int64_t plane) const { return c_.y.plane(plane / c_.groups, plane % c_.groups * c_.filters); }

  // A block of the rows of all planes that a piece reads.
  const T* pad(int64_t plane, int64_t images, int64_t block) const {
    const int64_t top = c_.top - block * plan_.block_rows * plan_.planes.stride_h;
    T* padded = workspace<T>(Workspace::Image, c_.channels * plan_.channel() + 2 * lanes);
    for (int64_t channel = 0; channel < c_.channels; channel++) {
      for (int64_t i = 0; i < images; i++) {
        T* to = padded + channel * plan_.channel() + i * plan_.image();
        ask_for<1>(to + plan_.image(), plan_.image());
        pad_channel(to, plane + i, channel, top);
      }
    }
    return padded;
  }

  // The rows that a block reads of a channel, or of a pair of them, and asks for those of the next.
  INLINE void pad_channel(T* to, int64_t plane, int64_t channel, int64_t top) const {
    const int64_t area = c_.height * c_.width, row = larger(-top, 0);
    const int64_t image = plane / c_.groups, group = plane % c_.groups;
    const int64_t rows = smaller(plan_.planes.rows * plan_.planes.stride_h, c_.height - row);
    if constexpr (PAIRS) {
      const int64_t number = group * c_.single + 2 * channel;
      const T* first = c_.x.plane(image, number);
      const T* second = 2 * channel + 1 < c_.single ? c_.x.plane(image, number + 1) : nullptr;
      for (int64_t next = 2; next < 4; next++) ask_for<0>(first + next * area + row * c_.width, rows * c_.width);
      pad_planes(to, plan_.planes, first, second, c_.height, c_.width, top, c_.left);
    } else {
      const T* x = c_.x.plane(image, group * c_.channels + channel);
      ask_for<0>(x + area + row * c_.width, rows * c_.width);
      pad_plane(to, plan_.planes, x, c_.height, c_.width, top, c_.left);
    }
  }

  // Applies the function to rows of y that are still in the cache.
  void finish(T* y, int64_t block, int64_t first, int64_t last) const {
    const int64_t row = block * plan_.block_rows, run = smaller(plan_.block_rows, plan_.rows - row) * c_.y_width;
    T* to = y + first * pitch_ + row * c_.y_width;
    if (run == pitch_) return c_.f(to, to, nullptr, nullptr, (last - first) * pitch_);
    for (int64_t o = first; o < last; o++, to += pitch_) c_.f(to, to, nullptr, nullptr, run);
  }

  void run_pixels(const Prepared<T>& p, const Piece<T>& piece) const {
    for (int64_t o = piece.first; o < piece.last; o += plan_.step) {
      Piece<T> image = piece;
      for (int64_t i = 0; i < piece.images; i++, image.x += plan_.image()) {
        image.y = result(piece.plane + i);
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
      int64_t positions[kMostVectors], places[kMostVectors];
      bool whole = p.pass.w.step == 1;
      for (int64_t i = 0; i < count; i++) {
        const Run& run = *spots[v + i].runs;
        positions[i] = *spots[v + i].positions, places[i] = run.y;
        whole &= run.count == lanes;
        for (int64_t r = 0; r < filters && p.depth >= kLong; r++) ask_for<1>(piece.y + (o + r) * pitch_ + run.y, 1);
      }
      piece.next->ask();
      const int64_t read = plan_.first_read(p.pass, all, 0);
      Operands<T> operands = {weights + read * filters, piece.x, p.offsets + read, positions,
                              plan_.reads_of(p.pass, all, 0), false};
      if (whole) {
        operands.y = piece.y + o * pitch_, operands.pitch = pitch_, operands.places = places;
        operands.bias = piece.bias ? piece.bias + o : nullptr;
      }
      (count == 1 ? single : several)(operands, sums);
      for (int64_t i = 0; i < count && !whole; i++) {
        const Spot& spot = spots[v + i];
        for (int64_t k = 0; k < spot.run_count; k++) {
          for (int64_t r = 0; r < filters; r++) put(p.pass, piece, o + r, spot.runs[k], load(sums + (r * count + i) * lanes));
        }
      }
    }
  }

  void run_filters(const Prepared<T>& p, const Piece<T>& piece) const {
    const int64_t list = piece.images < plan_.together ? plan_.blocks : piece.block;
    const auto [spots, tiles] = p.spots[list];
    const Rows rows = plan_.rows_of(p.pass, piece.block);
    const int64_t outputs = (rows.end - rows.begin) * p.pass.w.outputs;
    T* const sums = workspace<T>(Workspace::Partial, piece.images * outputs * plan_.step);
    for (int64_t o = piece.first; o < piece.last; o += plan_.step) {
      const int64_t width = plan_.filters_from(o);
      for (int64_t channel = 0; channel < c_.channels; channel += plan_.stretch) {
        const T* weights = weights_of(p, piece.group, o, channel);
        T* own = sums;
        for (int64_t i = 0; i < tiles; own += spots[i++].count * width) {
          piece.next->ask();
          run_tile(p, piece, spots[i], channel, weights, width, own);
        }
      }
      for (int64_t i = 0; i < piece.images; i++) {
        Piece<T> image = piece;
        image.y = result(piece.plane + i);
        for (int64_t s = 0; s < p.results[list].count; s++) {
          for (int64_t v = 0; v < width; v += lanes) {
            put_square(p.pass, image, o + v, p.results[list].first[s], i * outputs, sums + v, width);
          }
        }
      }
    }
  }

  // The weights of a tile's filters with a stretch of channels.
  const T* weights_of(const Prepared<T>& p, int64_t group, int64_t o, int64_t channel) const {
    const int64_t before = plan_.reads_before(p.pass, channel), width = plan_.filters_from(o);
    if (p.weights) return p.weights + (group * plan_.packed_filters() + o) * p.depth + before * width;
    T* to = workspace<T>(Workspace::PackedB, plan_.reads_before(p.pass, plan_.stretch) * width);
    plan_.pack(p, group, o, channel, to);
    return to;
  }

  // Adds the share of a stretch of channels to the sums of a tile.
  INLINE void run_tile(const Prepared<T>& p, const Piece<T>& piece, const Spot& spot, int64_t channel, const T* weights,
                       int64_t width, T* sums) const {
    const int64_t first = plan_.first_read(p.pass, spot, channel), count = spot.count;
    const T* wide = weights + (first - plan_.reads_before(p.pass, channel)) * width;
    const Reads reads = plan_.reads_of(p.pass, spot, channel);
    // A tile of one vector is of fewer pixels than are turned together.
    const int64_t part = width > lanes ? count : ceil_div(count, ceil_div(count, kAddresses));
    for (int64_t q = 0; q < count; q += part) {
      tile_of<T, Along::Filters, PAIRS>(smaller(part, count - q), width / lanes)(
          {piece.x, wide, p.offsets + first, spot.positions + q, reads, channel > 0}, sums + q * width);
    }
  }

  // A vector of filters of each output of a spot, from sums[position · pitch]; the positions lie `first` on.
  void put_square(const Pass& pass, const Piece<T>& piece, int64_t o, const Spot& spot, int64_t first, const T* sums,
                  int64_t pitch) const {
    Vec<T> square[lanes];
#pragma GCC unroll 16
    for (int q = 0; q < lanes; q++) square[q] = q < spot.count ? load(sums + spot.positions[first + q] * pitch) : Vec<T>{};
    transpose<T>(square);
    const int64_t filters = smaller(lanes, piece.last - o);
    if (piece.bias) {
#pragma GCC unroll 16
      for (int r = 0; r < lanes; r++) square[r] = broadcast(piece.bias[o + smaller(r, filters - 1)]) + square[r];
    }
    for (int64_t i = 0; i < spot.run_count; i++) {
      const Run run = spot.runs[i];
      const bool whole = run.count == lanes && pass.w.step == 1;
      T* to = piece.y + o * pitch_ + run.y;
#pragma GCC unroll 16
      for (int r = 0; r < lanes; r++, to += pitch_) {
        if (r >= filters) continue;
        if (whole) store(to, square[r]);
        else store_every(to, pass.w.step, square[r], run.first, run.count);
      }
    }
  }

  // Outputs of one filter.
  INLINE void put(const Pass& pass, const Piece<T>& piece, int64_t o, Run run, Vec<T> sums) const {
    const Vec<T> values = piece.bias ? broadcast(piece.bias[o]) + sums : sums;
    store_every(piece.y + o * pitch_ + run.y, pass.w.step, values, run.first, run.count);
  }
};

}  // namespace

template <typename T>
Section<T> section(const Geometry& g, int64_t remainder, int64_t* numbers, const T* dy, T* dx, const T* weight) {
  const PassAxis d = gradient_axis(g.d, remainder, numbers);
  const int64_t first = d.taps > 0 ? d.shift[0] : 0, between = d.taps > 1 ? d.shift[1] - first : 0;
  const int64_t channels = g.channels / g.d.taps, taps = g.taps();
  const int64_t start = d.start + first - reach(g.d);
  Section<T> result = {
      with_zeros<T>({dy, g.output(), g.groups * g.filters, g.d.output, d.outputs, d.taps, start, 1, between}),
      {dx, g.input(), g.groups * channels, g.d.input, d.outputs, 1, d.first, d.step, 0},
      g.volumes * d.outputs, g.filters * d.taps, weight};
  if (g.d.taps == 1) return result;
  T* const ordered = workspace<T>(Workspace::Ordered, g.groups * result.filters * channels * taps);
  parallel_for(g.groups * result.filters, chunk(kGrain, channels * taps), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const T* from = weight + (i / d.taps * g.channels + d.tap[i % d.taps]) * taps;
      T* to = ordered + i * channels * taps;
      for (int64_t c = 0; c < channels; c++) std::memcpy(to + c * taps, from + c * g.d.taps * taps, taps * sizeof(T));
    }
  });
  result.weights = ordered;
  return result;
}

template <typename T>
void correlate(const Correlation<T>& correlation) {
  if constexpr (kHasPairs<T>) {
    if (correlation.single > 0) return Correlator<T, true>(correlation).run();
  }
  if (correlates_planes(correlation)) return correlate_planes(correlation);
  Correlator<T, false>(correlation).run();
}

#define INSTANTIATE(T)                                                                                        \
  template void correlate<T>(const Correlation<T>&);                                                          \
  template Section<T> section<T>(const Geometry&, int64_t, int64_t*, const T*, T*, const T*);
INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA::conv
