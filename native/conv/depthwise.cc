// The rows of a padded plane go by once for each column of the window, and each meets all taps of the column while it is
// in registers: a vector that is loaded across cache lines serves as many multiply-adds as the column has taps.
#include "conv/depthwise.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

// Of a column: with as many rows of outputs and one vector they fill the 16 registers that there are at the least.
constexpr int kMostTaps = 7;

// Rows and vectors of a tile. Images whose sides are halved from 224 on have multiples of 7.
constexpr int kRows = 7, kFewRows = 4;
#if defined(__AVX512F__)
constexpr int kVectors = 2;
#else
constexpr int kVectors = 1;
#endif

// Planes that the threads share at the least, and bytes of a padded one that stays in the second-level cache.
constexpr int64_t kLeastPlanes = 8, kPlaneBytes = 1 << 18;

// Channels that a thread goes through side by side. Where there are few, images are cut into slices, whose sums are
// added in order.
constexpr int64_t kNeighbours = 8, kSlices = 8;

// Elements whose products are added up lane by lane before the lanes are.
constexpr int64_t kStretch = 1 << 13;

// Taps that read neighbouring rows of a phase.
struct Column {
  int64_t offset;  // what the first of them reads for output (0, 0)
  int64_t taps;
};

// The columns of a window, those with as many taps together, and the numbers of their taps one after the other.
struct Columns {
  const Column* first;
  int64_t count;
  const int64_t* taps;
  int64_t tap_count;
};

// There are as many columns as taps at most.
Columns find_columns(const PassAxis& h, const PassAxis& w, const Planes& planes, int64_t taps_w, Column* to,
                     int64_t* taps) {
  Columns columns = {to, 0, taps, 0};
  for (int64_t phase = 0; phase < planes.phases_h; phase++) {
    for (int64_t i = 0, next; i < h.taps; i = next) {
      int64_t lines[kMostTaps], count = 0;
      for (next = i; next < h.taps; next++) {
        if (h.phase[next] != phase) continue;
        if (count == kMostTaps || (count > 0 && h.shift[next] != h.shift[lines[0]] + count)) break;
        lines[count++] = next;
      }
      for (int64_t j = 0; count > 0 && j < w.taps; j++) {
        to[columns.count++] = {read_of(planes, h, lines[0], w, j), count};
        for (int64_t t = 0; t < count; t++) taps[columns.tap_count++] = h.tap[lines[t]] * taps_w + w.tap[j];
      }
    }
  }
  return columns;
}

// Calls f(columns, how many, taps of each, taps before them) for columns that have as many taps.
template <typename F>
INLINE void for_equal(const Columns& columns, const F& f) {
  for (int64_t i = 0, next, before = 0; i < columns.count; i = next) {
    const int64_t taps = columns.first[i].taps;
    for (next = i + 1; next < columns.count && columns.first[next].taps == taps;) next++;
    f(columns.first + i, next - i, taps, before);
    before += (next - i) * taps;
  }
}

inline int rows_of_tile(int64_t left) { return left >= kRows ? kRows : left >= kFewRows ? kFewRows : 1; }

// sums[i][v] += Σ weights[column][t] · x[column + i + t][v]
template <typename T, int TAPS, int ROWS, int VECTORS>
void correlate_tile(const T* x, int64_t pitch, const Column* columns, int64_t count, const T* weights, T* sums) {
  constexpr int lanes = kLanes<T>;
  Vec<T> sum[ROWS][VECTORS];
#pragma GCC unroll 16
  for (int i = 0; i < ROWS * VECTORS; i++) sum[i / VECTORS][i % VECTORS] = load(sums + i * lanes);
  for (int64_t c = 0; c < count; c++, weights += TAPS) {
    const T* from = x + columns[c].offset;
    Vec<T> weight[TAPS];
#pragma GCC unroll 8
    for (int t = 0; t < TAPS; t++) weight[t] = broadcast(weights[t]);
#pragma GCC unroll 16
    for (int r = 0; r < ROWS + TAPS - 1; r++, from += pitch) {
#pragma GCC unroll 2
      for (int v = 0; v < VECTORS; v++) {
        const Vec<T> values = load(from + v * lanes);
#pragma GCC unroll 8
        for (int t = 0; t < TAPS; t++) {
          if (r - t >= 0 && r - t < ROWS) sum[r - t][v] = fma(weight[t], values, sum[r - t][v]);
        }
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS * VECTORS; i++) store(sums + i * lanes, sum[i / VECTORS][i % VECTORS]);
}

template <typename T>
using CorrelateTile = void (*)(const T*, int64_t, const Column*, int64_t, const T*, T*);

template <typename T, int TAPS = kMostTaps>
CorrelateTile<T> correlate_tile_of(int64_t taps, int rows, int vectors) {
  if constexpr (TAPS > 1) {
    if (taps < TAPS) return correlate_tile_of<T, TAPS - 1>(taps, rows, vectors);
  }
  if (rows == kRows) return vectors > 1 ? correlate_tile<T, TAPS, kRows, kVectors> : correlate_tile<T, TAPS, kRows, 1>;
  if (rows > 1) return vectors > 1 ? correlate_tile<T, TAPS, kFewRows, kVectors> : correlate_tile<T, TAPS, kFewRows, 1>;
  return vectors > 1 ? correlate_tile<T, TAPS, 1, kVectors> : correlate_tile<T, TAPS, 1, 1>;
}

// One pass over a padded plane.
template <typename T>
void correlate_plane(const Correlation<T>& c, const Pass& pass, const Columns& columns, const T* padded,
                     const T* weights, T bias, T* y) {
  constexpr int lanes = kLanes<T>;
  const auto& [h, w] = pass;
  const int64_t pitch = c.planes.columns, rows = rows_of_tile(h.outputs);
  const T* x = padded + h.start * pitch + w.start;
  alignas(kVectorBytes) T sums[kRows * kVectors * lanes];
  for (int64_t row = 0; row < h.outputs; row += rows) {
    // The last tile overlaps the one before.
    row = smaller(row, h.outputs - rows);
    for (int64_t j = 0, vectors; j < w.outputs; j += vectors * lanes) {
      vectors = w.outputs - j > lanes ? kVectors : 1;
      for (int64_t i = 0; i < rows * vectors; i++) store(sums + i * lanes, Vec<T>{});
      for_equal(columns, [&](const Column* some, int64_t count, int64_t taps, int64_t before) {
        correlate_tile_of<T>(taps, rows, vectors)(x + row * pitch + j, pitch, some, count, weights + before, sums);
      });
      for (int64_t i = 0; i < rows * vectors; i++) {
        const int64_t column = j + i % vectors * lanes;
        T* to = y + (h.first + (row + i / vectors) * h.step) * c.y_width + w.first + column * w.step;
        store_every(to, w.step, broadcast(bias) + load(sums + i * lanes), 0, smaller(lanes, w.outputs - column));
      }
    }
  }
}

// sums[column][t] += Σ dy[i] · x[column + i + t], i < ROWS
template <typename T, int TAPS, int ROWS>
void product_tile(const T* x, int64_t pitch, const Column* columns, int64_t count, const T* dy, T* sums) {
  constexpr int lanes = kLanes<T>;
  Vec<T> gradient[ROWS];
#pragma GCC unroll 8
  for (int i = 0; i < ROWS; i++) gradient[i] = load(dy + i * lanes);
  for (int64_t c = 0; c < count; c++, sums += TAPS * lanes) {
    const T* from = x + columns[c].offset;
    Vec<T> sum[TAPS];
#pragma GCC unroll 8
    for (int t = 0; t < TAPS; t++) sum[t] = load(sums + t * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < ROWS + TAPS - 1; r++, from += pitch) {
      const Vec<T> values = load(from);
#pragma GCC unroll 8
      for (int t = 0; t < TAPS; t++) {
        if (r - t >= 0 && r - t < ROWS) sum[t] = fma(gradient[r - t], values, sum[t]);
      }
    }
#pragma GCC unroll 8
    for (int t = 0; t < TAPS; t++) store(sums + t * lanes, sum[t]);
  }
}

template <typename T>
using ProductTile = void (*)(const T*, int64_t, const Column*, int64_t, const T*, T*);

template <typename T, int TAPS = kMostTaps>
ProductTile<T> product_tile_of(int64_t taps, int rows) {
  if constexpr (TAPS > 1) {
    if (taps < TAPS) return product_tile_of<T, TAPS - 1>(taps, rows);
  }
  return rows == kRows ? product_tile<T, TAPS, kRows>
         : rows > 1    ? product_tile<T, TAPS, kFewRows>
                       : product_tile<T, TAPS, 1>;
}

// Adds the products of a padded plane with one of dy, lane by lane.
template <typename T>
void add_plane(const Geometry& g, const Planes& planes, const Columns& columns, const T* padded, const T* dy, T* sums) {
  constexpr int lanes = kLanes<T>;
  alignas(kVectorBytes) T gradient[kRows * lanes];
  for (int64_t row = 0, rows; row < g.h.output; row += rows) {
    rows = rows_of_tile(g.h.output - row);
    for (int64_t j = 0; j < g.w.output; j += lanes) {
      const int64_t width = smaller(lanes, g.w.output - j);
      for (int64_t i = 0; i < rows; i++) {
        store(gradient + i * lanes, load_first(dy + (row + i) * g.w.output + j, width));
      }
      for_equal(columns, [&](const Column* some, int64_t count, int64_t taps, int64_t before) {
        const T* x = padded + row * planes.columns + j;
        product_tile_of<T>(taps, rows)(x, planes.columns, some, count, gradient, sums + before * lanes);
      });
    }
  }
}

// Adds the share of images [begin, end) of groups [from, to) to dw, plane by plane as they lie in memory.
template <typename T>
void add_images(const Geometry& g, const Planes& planes, const Columns& columns, const Stack<const T>& x,
                const Stack<const T>& dy, int64_t from, int64_t to, int64_t begin, int64_t end, T* dw) {
  constexpr int lanes = kLanes<T>;
  const int64_t slots = ceil_div(columns.tap_count, lanes) * lanes, together = larger(kStretch / g.output(), 1);
  T* padded = workspace<T>(Workspace::Image, planes.size<T>());
  T* sums = workspace<T>(Workspace::Plane, (to - from) * slots * lanes);
  for (int64_t first = begin; first < end; first += together) {
    std::memset(sums, 0, (to - from) * slots * lanes * sizeof(T));
    for (int64_t image = first; image < smaller(first + together, end); image++) {
      for (int64_t group = from; group < to; group++) {
        pad_plane(padded, planes, x.plane(image, group), g.h.input, g.w.input, g.h.pad, g.w.pad);
        add_plane(g, planes, columns, padded, dy.plane(image, group), sums + (group - from) * slots * lanes);
      }
    }
    for (int64_t slot = 0; slot < (to - from) * slots; slot += lanes) {
      Vec<T> rows[lanes];
      for (int i = 0; i < lanes; i++) rows[i] = load(sums + (slot + i) * lanes);
      const Vec<T> totals = sum_rows<T>(rows);
      const int64_t tap = slot % slots;
      T* own = dw + slot / slots * g.taps();
      for (int i = 0; i < lanes && tap + i < columns.tap_count; i++) own[columns.taps[tap + i]] += totals[i];
    }
  }
}

}  // namespace

template <typename T>
bool correlates_planes(const Correlation<T>& c) {
  return c.channels == 1 && c.filters == 1 && c.images * c.groups >= kLeastPlanes &&
         c.planes.template size<T>() * static_cast<int64_t>(sizeof(T)) <= kPlaneBytes;
}

template <typename T>
void correlate_planes(const Correlation<T>& c) {
  Columns* passes = workspace<Columns>(Workspace::Passes, c.pass_count);
  Column* columns = workspace<Column>(Workspace::Spots, c.taps);
  int64_t* taps = workspace<int64_t>(Workspace::Offsets, c.taps);
  int64_t count = 0;
  for (int64_t i = 0; i < c.pass_count; i++) {
    passes[i] = find_columns(c.passes[i].h, c.passes[i].w, c.planes, c.taps_w, columns, taps + count);
    columns += passes[i].count;
    count += passes[i].tap_count;
  }
  T* weights = workspace<T>(Workspace::Weights, c.groups * count);
  for (int64_t i = 0; i < c.groups * count; i++) {
    weights[i] = c.weights.data[i / count * c.weights.group + taps[i % count]];
  }
  const int64_t size = c.y_height * c.y_width;
  parallel_for(c.images * c.groups, grain_of(size * c.taps), [&](int64_t begin, int64_t end) {
    T* padded = workspace<T>(Workspace::Image, c.planes.template size<T>());
    for (int64_t plane = begin; plane < end; plane++) {
      const int64_t image = plane / c.groups, group = plane % c.groups;
      const T bias = c.bias ? c.bias[group] : 0;
      T* y = c.y.plane(image, group);
      pad_plane(padded, c.planes, c.x.plane(image, group), c.height, c.width, c.top, c.left);
      for (int64_t i = 0; i < c.pass_count; i++) {
        const T* own = weights + group * count + (passes[i].taps - taps);
        correlate_plane(c, c.passes[i], passes[i], padded, own, bias, y);
      }
      if (c.f) c.f(y, y, nullptr, nullptr, size);
    }
  });
}

template <typename T>
void sum_planes(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw) {
  const int64_t taps = g.taps(), size = g.groups * taps;
  const Planes planes = planes_of(g);
  int64_t* numbers = workspace<int64_t>(Workspace::Taps, 3 * (g.h.taps + g.w.taps));
  const PassAxis h = window_axis(g.h, numbers), w = window_axis(g.w, numbers + 3 * g.h.taps);
  Column* room = workspace<Column>(Workspace::Spots, taps);
  const Columns columns = find_columns(h, w, planes, g.w.taps, room, workspace<int64_t>(Workspace::Offsets, taps));
  const int64_t blocks = ceil_div(g.groups, kNeighbours);
  const int64_t slices = blocks >= kSlices ? 1 : larger(smaller(kSlices, g.images), 1);
  const int64_t per_slice = ceil_div(g.images, slices), products = per_slice * g.output() * taps * kNeighbours;
  T* partial = workspace<T>(Workspace::Partial, slices * size);
  std::memset(partial, 0, slices * size * sizeof(T));
  parallel_for(slices * blocks, grain_of(products), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t slice = i / blocks, first = slice * per_slice, group = i % blocks * kNeighbours;
      add_images(g, planes, columns, x, dy, group, smaller(group + kNeighbours, g.groups), first,
                 smaller(first + per_slice, g.images), partial + slice * size + group * taps);
    }
  });
  std::memset(dw, 0, size * sizeof(T));
  for (int64_t slice = 0; slice < slices; slice++) {
    for (int64_t i = 0; i < size; i++) dw[i] += partial[slice * size + i];
  }
}

#define INSTANTIATE(T)                                      \
  template bool correlates_planes<T>(const Correlation<T>&); \
  template void correlate_planes<T>(const Correlation<T>&);  \
  template void sum_planes<T>(const Geometry&, const Stack<const T>&, const Stack<const T>&, T*);
INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA::conv
