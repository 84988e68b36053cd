// One operand is transposed, so that channels (of x) or filters (of dy) lie along vectors; of the other, elements are
// broadcast from where they lie: filters of dy, or the window's elements in padded planes of x. With channels along
// vectors each tap goes through the outputs that it sees, and nothing is padded. In bfloat16 filters lie along vectors,
// and two neighbouring outputs make a pair.
#include "conv/weight_product.h"

#include "conv/weight_tile.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

// Of both operands, in the second-level cache; in the last one where the threads share a unit.
constexpr int64_t kUnitBytes = 3 << 17, kSharedBytes = 1 << 22;

// Of the filters that all channels and taps meet before the next ones, in the second-level cache.
constexpr int64_t kFiltersBytes = 3 << 16;

// Outputs of a unit, at least: sums are read and written once a unit.
constexpr int64_t kUnitOutputs = 256;

// The outputs are cut into this many slices, whose sums are added in order, unless those take more memory than this.
constexpr int64_t kSlices = 8, kSliceBytes = 8 << 20;

// Planes this far apart compete for one or two of the first-level cache's sets.
constexpr int64_t kConflictBytes = 2048;

// Multiply-adds of a vector in whose time an element is transposed.
constexpr double kTransposition = 0.4;

// Of what the products of float32 cost, those of pairs: half the multiply-adds, and the pairs have to be made.
constexpr double kPaired = 0.7;

// Costs by what lies along the vectors.
double channels_cost(const Geometry& g, int64_t lanes) {
  return g.taps() * g.filters * ceil_div(g.channels, lanes) + kTransposition * g.channels;
}
double filters_cost(const Geometry& g, int64_t lanes) {
  return g.taps() * g.channels * ceil_div(g.filters, lanes) + kTransposition * g.filters;
}

bool channels_along(const Geometry& g, int64_t lanes) { return channels_cost(g, lanes) <= filters_cost(g, lanes); }

// Narrow: T, or uint16_t for bfloat16.
template <typename T, typename Narrow>
class WeightProduct {
 public:
  WeightProduct(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw, T* db)
      : g_(g), x_(x), dy_(dy), dw_(dw), db_(db), k_(g.channels * g.taps()), planes_(planes_of(g)),
        wide_x_(!kPairs && channels_along(g, lanes)), wide_(wide_x_ ? g.channels : g.filters),
        width_(smaller(2, ceil_div(wide_, lanes)) * lanes), blocks_(ceil_div(wide_, width_)),
        size_(blocks_ * width_ * (wide_x_ ? g.taps() * g.filters : elements())), pitch_(one_tap() ? blocks_ * width_ : width_),
        shared_(g.groups * size_ * kSlices * static_cast<int64_t>(sizeof(T)) > kSliceBytes) {
    halo_ = planes_.rows - g.h.output;
    const int64_t row = (g.channels * g.h.stride * g.w.input + g.filters * g.w.output) * sizeof(Narrow);
    const int64_t rows = larger((shared_ ? kSharedBytes : kUnitBytes) / row, ceil_div(kUnitOutputs, g.w.output));
    together_ = even_part(g.images, larger(rows / g.h.output, 1), 1);
    rows_ = ceil_div(g.h.output, ceil_div(g.h.output, rows));
    parts_ = ceil_div(g.h.output, rows_);
    planes_.rows = rows_ + halo_;
  }

  void run() {
    const int64_t units = ceil_div(g_.images, together_) * parts_, total = g_.groups * size_;
    const int64_t per_slice = ceil_div(units, shared_ ? 1 : kSlices), slices = ceil_div(units, per_slice);
    const bool in_place = slices == 1 && one_tap() && pitch_ == g_.channels;
    find_rows();
    T* sums = in_place ? dw_ : workspace<T>(Workspace::Partial, slices * total);
    parallel_for(slices, 1, [&](int64_t begin, int64_t end) {
      for (int64_t slice = begin; slice < end; slice++) {
        const int64_t first = slice * per_slice;
        for (int64_t unit = first; unit < smaller(first + per_slice, units); unit++) {
          for (int64_t group = 0; group < g_.groups; group++) {
            add_unit(unit, group, {sums + slice * total + group * size_, pitch_, unit > first});
          }
        }
      }
    });
    parallel_for(total, kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t slice = 1; slice < slices; slice++) {
        for (int64_t i = begin; i < end; i++) sums[i] += sums[slice * total + i];
      }
    });
    if (!in_place) deliver_sums(sums);
  }

 private:
  static constexpr int64_t lanes = kLanes<T>;
  static constexpr bool kPairs = sizeof(Narrow) < sizeof(T);

  const Geometry& g_;
  const Stack<const T>&x_, &dy_;
  T *const dw_, *const db_;
  const int64_t k_;
  Planes planes_;  // of a unit, in tiles along filters
  const bool wide_x_;
  const int64_t wide_, width_, blocks_;  // channels or filters along vectors, of a block, blocks
  const int64_t size_;                   // of a group's sums
  const int64_t pitch_;                  // of their rows
  const bool shared_;  // by the threads, unit by unit: slices would take much memory
  int64_t halo_, together_, rows_, parts_;  // images of a unit, or rows of one image
  int64_t* offsets_ = nullptr;

  struct Unit {
    int64_t image, images, row, rows, group;
  };

  // Of a window, with the one that is always 1: a plane of ones behind the channels' planes.
  int64_t elements() const { return k_ + (db_ != nullptr); }
  int64_t planes() const { return g_.channels + (db_ != nullptr); }

  // Where the rows of tiles lie.
  void find_rows() {
    offsets_ = workspace<int64_t>(Workspace::Offsets, larger(g_.filters, elements()));
    if (!wide_x_) {
      if (db_) offsets_[k_] = g_.channels * planes_.size<Narrow>();
      return window_offsets<Narrow>(offsets_, g_, planes_);
    }
    for (int64_t o = 0; o < g_.filters; o++) offsets_[o] = o * (spreads() ? spread_plane() : g_.output());
  }

  // Whether a filter's sums follow each other, as its weights do.
  bool one_tap() const { return wide_x_ && g_.taps() == 1; }

  // Whether dy's planes are copied: those that would compete, and those of volumes, whose images lie apart.
  bool spreads() const { return !dy_.flat() || g_.output() * sizeof(T) % kConflictBytes == 0; }
  int64_t spread_plane() const { return rows_ * g_.w.output + 64 / sizeof(T); }

  // dy's rows of a unit, in planes that do not compete.
  const T* spread(const Unit& unit) const {
    const int64_t planes = unit.images * g_.filters;
    T* to = workspace<T>(Workspace::Plane, planes * spread_plane());
    parallel_for(planes, chunk(kGrain, spread_plane()), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const T* plane = dy_.plane(unit.image + i / g_.filters, unit.group * g_.filters + i % g_.filters);
        std::memcpy(to + i * spread_plane(), plane + unit.row * g_.w.output,
                    unit.rows * g_.w.output * sizeof(T));
      }
    });
    return to;
  }

  void add_unit(int64_t index, int64_t group, const Sums<T>& sums) const {
    const int64_t image = index / parts_ * together_, row = index % parts_ * rows_;
    const Unit unit = {image, smaller(together_, g_.images - image), row, smaller(rows_, g_.h.output - row), group};
    wide_x_ ? add_channels(unit, sums) : add_filters(unit, sums);
  }

  // Elements at … at + count − 1 of a unit's planes, transposed: block, image, element, channel or filter.
  T* transposed(Workspace purpose, const Unit& unit, const Stack<const T>& from, int64_t per_group, int64_t at,
                int64_t count) const {
    T* to = workspace<T>(purpose, blocks_ * unit.images * count * width_);
    parallel_for(blocks_ * unit.images, chunk(kGrain, count * width_), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t first = i / unit.images * width_, planes = smaller(width_, per_group - first);
        const int64_t image = unit.image + i % unit.images, channel = unit.group * per_group + first;
        T* const square = to + i * count * width_;
        if (from.taps == 1) {
          interleave(square, width_, from.plane(image, channel) + at, from.pitch(), planes, nullptr, count);
          continue;
        }
        // Planes that do not lie evenly are brought together first, a cache line more than their length apart.
        const int64_t pitch = count + 64 / static_cast<int64_t>(sizeof(T));
        T* near = workspace<T>(Workspace::PackedA, planes * pitch);
        for (int64_t c = 0; c < planes; c++) {
          std::memcpy(near + c * pitch, from.plane(image, channel + c) + at, count * sizeof(T));
        }
        interleave(square, width_, near, pitch, planes, nullptr, count);
      }
    });
    return to;
  }

  // Outputs of dy's rows in pairs, a row's odd last one with a zero, transposed. Rows of even length are one.
  T* transposed_pairs(const Unit& unit) const {
    const int64_t columns = g_.w.output, row = ceil_div(columns, 2) * width_, image = unit.rows * row;
    const int64_t runs = columns % 2 ? unit.rows : 1, run = columns * (unit.rows / runs);
    T* to = workspace<T>(Workspace::Plane, blocks_ * unit.images * image);
    parallel_for(blocks_ * unit.images, chunk(kGrain, image), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t first = i / unit.images * width_, filters = smaller(width_, g_.filters - first);
        const T* planes = dy_.plane(unit.image + i % unit.images, unit.group * g_.filters + first) + unit.row * columns;
        for (int64_t j = 0; j < runs; j++) {
          pack_pairs(to + i * image + j * row, width_, planes + j * columns, dy_.pitch(), filters, run);
        }
      }
    });
    return to;
  }

  // to[p · pitch + i] = the pair of from[i · row + 2 p] and from[i · row + 2 p + 1].
  static void pack_pairs(T* to, int64_t pitch, const T* from, int64_t row, int64_t rows, int64_t count) {
#if defined(__AVX512BF16__)
    for (int64_t first = 0; first < pitch; first += lanes) {
      for (int64_t p = 0; p < count; p += 2 * lanes) {
        const int64_t left = smaller(lanes, count - p), right = smaller(lanes, count - p - left);
        Vec<T> square[lanes];
#pragma GCC unroll 16
        for (int i = 0; i < lanes; i++) {
          const T* source = from + (first + i) * row + p;
          if (first + i < rows) __builtin_prefetch(source + kAhead<T>), __builtin_prefetch(source + kAhead<T> + lanes);
          square[i] = first + i < rows ? neighbours(load_first(source, left), load_first(source + left, right)) : Vec<T>{};
        }
        transpose<T>(square);
#pragma GCC unroll 16
        for (int q = 0; q < lanes; q++) {
          if (2 * q < left + right) store(to + (p / 2 + q) * pitch + first, square[q]);
        }
      }
    }
#endif
  }

  // Runs tiles over `rows` rows of sums.
  template <typename Element>
  void run_tiles(Lines<T, Element> lines, int64_t block, int64_t rows, Sums<T> sums) const {
    const int64_t step = rows_of_tile(rows), vectors = ceil_div(smaller(width_, wide_ - block * width_), lanes);
    for (int64_t i = 0; i < rows; i += step, lines.offsets += step, sums.first += step * sums.pitch) {
      add_tile_of<T, Element>(smaller(step, rows - i), vectors)(lines, sums);
    }
  }

  static int64_t rows_of_tile(int64_t rows) { return ceil_div(rows, ceil_div(rows, kMostRows)); }

  // Outputs of an axis for which a tap sees the image.
  struct Seen {
    int64_t begin, end;
  };
  static Seen seen(const Axis& axis, int64_t tap, int64_t begin, int64_t end) {
    const int64_t shift = axis.pad - tap * axis.dilation;  // output · stride − shift is the input
    const int64_t first = larger(ceil_div(shift, axis.stride), 0);
    const int64_t last = axis.input - 1 + shift < 0 ? 0 : (axis.input - 1 + shift) / axis.stride + 1;
    return {larger(begin, first), smaller(end, last)};
  }

  // sums: block, tap, filter, channel; of one tap filter, block, channel.
  void add_channels(const Unit& unit, const Sums<T>& sums) const {
    const int64_t top = larger(unit.row * g_.h.stride - g_.h.pad, 0);
    const int64_t last = (unit.row + unit.rows - 1) * g_.h.stride + (g_.h.taps - 1) * g_.h.dilation - g_.h.pad;
    const int64_t bottom = smaller(last + 1, g_.h.input);
    const int64_t count = larger(bottom - top, 0) * g_.w.input;
    const T* in_place = dy_.plane(unit.image, unit.group * g_.filters) + unit.row * g_.w.output;
    const T* narrow = spreads() ? spread(unit) : in_place;
    const int64_t narrow_image = spreads() ? g_.filters * spread_plane() : g_.groups * g_.filters * g_.output();
    const T* wide = transposed(Workspace::Image, unit, x_, g_.channels, top * g_.w.input, count);
    const int64_t outputs = unit.images * unit.rows * g_.w.output, step = rows_of_tile(g_.filters);
    const int64_t some = smaller(larger(kFiltersBytes / static_cast<int64_t>(sizeof(T)) / outputs / step, 1) * step, g_.filters);
    const int64_t pieces = blocks_ * g_.taps();
    parallel_for(ceil_div(g_.filters, some) * pieces, grain_of(some * width_ * outputs), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t o = i / pieces * some, piece = i % pieces;
        const int64_t block = piece / g_.taps(), kh = piece % g_.taps() / g_.w.taps, kw = piece % g_.w.taps;
        const Seen h = seen(g_.h, kh, unit.row, unit.row + unit.rows), w = seen(g_.w, kw, 0, g_.w.output);
        const bool sees = h.begin < h.end && w.begin < w.end;
        if (!sees && sums.adds) continue;
        const int64_t row = h.begin * g_.h.stride + kh * g_.h.dilation - g_.h.pad - top;
        const int64_t column = w.begin * g_.w.stride + kw * g_.w.dilation - g_.w.pad;
        const T* from = wide + (block * unit.images * count + row * g_.w.input + column) * width_;
        const T* gradient = narrow + (h.begin - unit.row) * g_.w.output + w.begin;
        const Lines<T, T> lines = {gradient, offsets_ + o, narrow_image, g_.w.output, from, count * width_,
                                   g_.h.stride * g_.w.input * width_, g_.w.stride * width_, sees ? unit.images : 0,
                                   h.end - h.begin, w.end - w.begin};
        T* to = sums.first + (one_tap() ? piece * width_ : piece * g_.filters * width_) + o * sums.pitch;
        run_tiles(lines, block, smaller(some, g_.filters - o), {to, sums.pitch, sums.adds});
      }
    });
  }

  // sums: block, window element, filter.
  void add_filters(const Unit& unit, const Sums<T>& sums) const {
    const int64_t x_plane = planes_.size<Narrow>(), x_image = planes() * x_plane;
    Narrow* padded = workspace<Narrow>(Workspace::Image, unit.images * x_image);
    parallel_for(unit.images * planes(), chunk(kGrain, x_plane), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t channel = i % planes(), top = g_.h.pad - unit.row * g_.h.stride;
        if (channel == g_.channels) {
          for (int64_t p = 0; p < x_plane; p++) padded[i * x_plane + p] = 1;
          continue;
        }
        const T* from = x_.plane(unit.image + i / planes(), unit.group * g_.channels + channel);
        if constexpr (kPairs) pad_rounded(padded + i * x_plane, planes_, from, g_.h.input, g_.w.input, top, g_.w.pad);
        else pad_plane(padded + i * x_plane, planes_, from, g_.h.input, g_.w.input, top, g_.w.pad);
      }
    });
    const int64_t columns = kPairs ? ceil_div(g_.w.output, 2) : g_.w.output, count = unit.rows * columns;
    const T* wide;
    if constexpr (kPairs) wide = transposed_pairs(unit);
    else wide = transposed(Workspace::Plane, unit, dy_, g_.filters, unit.row * g_.w.output, count);
    // Tiles of a few panels each, for the threads.
    const int64_t step = 2 * kMostRows, tasks = ceil_div(elements(), step);
    parallel_for(blocks_ * tasks, grain_of(step * width_ * unit.images * count), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t block = i / tasks, e = i % tasks * step;
        const T* gradient = wide + block * unit.images * count * width_;
        const Lines<T, Narrow> lines = {padded, offsets_ + e, x_image, planes_.columns, gradient, count * width_,
                                        columns * width_, width_, unit.images, unit.rows, columns};
        T* to = sums.first + (block * elements() + e) * width_;
        run_tiles(lines, block, smaller(step, elements() - e), {to, sums.pitch, sums.adds});
      }
    });
  }

  // Transposes the sums to where they belong.
  void deliver_sums(const T* sums) const {
    if (one_tap()) {
      for (int64_t i = 0; i < g_.groups * g_.filters; i++) std::memcpy(dw_ + i * k_, sums + i * pitch_, k_ * sizeof(T));
      return;
    }
    const int64_t taps = g_.taps(), filters = wide_x_ ? g_.filters : 1, grain = kGrain * filters / (k_ * width_) + 1;
    parallel_for(g_.groups * blocks_ * filters, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t group = i / filters / blocks_, first = i / filters % blocks_ * width_, o = i % filters;
        const int64_t count = smaller(width_, wide_ - first);
        const T* from = sums + group * size_ + first * (size_ / (blocks_ * width_));
        if (wide_x_) {
          T* to = dw_ + (group * g_.filters + o) * k_ + first * taps;
          interleave(to, taps, from + o * width_, g_.filters * width_, taps, nullptr, count);
        } else {
          interleave(dw_ + (group * g_.filters + first) * k_, k_, from, width_, k_, nullptr, count);
          if (db_) std::memcpy(db_ + group * g_.filters + first, from + k_ * width_, count * sizeof(T));
        }
      }
    });
  }
};

}  // namespace

double product_cost(const Geometry& g, int64_t lanes, bool paired) {
  const double channels = channels_cost(g, lanes), filters = filters_cost(g, lanes);
  if (paired) return kPaired * filters;
  return channels < filters ? channels : filters;
}

template <typename T>
bool sums_gradient(const Geometry& g) {
  return !channels_along(g, kLanes<T>);
}

template <typename T>
void multiply_weights(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw, T* db, bool paired) {
  if constexpr (kHasPairs<T>) {
    if (paired) return WeightProduct<T, uint16_t>(g, x, dy, dw, db).run();
  }
  WeightProduct<T, T>(g, x, dy, dw, db).run();
}

#define INSTANTIATE(T)                             \
  template bool sums_gradient<T>(const Geometry&); \
  template void multiply_weights<T>(const Geometry&, const Stack<const T>&, const Stack<const T>&, T*, T*, bool);
INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA::conv
