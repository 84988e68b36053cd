#include "conv/plan.h"

namespace adjoint::ADJOINT_ISA::conv {
namespace {

// Padded planes that stay in the second-level cache beside the weights.
constexpr int64_t kBlockBytes = 1 << 18;

// Of small images that go through the weights together, because those come from further away; along pixels as many.
constexpr int64_t kTogetherBytes = 3 << 18, kTogether = 4;

// Reads of a stretch of channels: its weights for a tile, and what they meet, stay in the second-level cache.
constexpr int64_t kStretchReads = 576;

// Elements of padded images for each weight up to which the filters are shared out. Every tile of filters reads all images
// again, from the last cache, where it would read the weights again for every few images.
constexpr int64_t kImagesToWeights = 2;

// Of channels whose weights lie apart, in bytes that are asked for ahead of their packing.
constexpr int64_t kAheadBytes = 1 << 12;

// Pieces that the work is cut into at least: images, then rows, then filters.
constexpr int64_t kPieces = 8;

// Channels of which a tap is read before the next, at most: more would ask the caches for many lines at once.
constexpr int64_t kNearby = 4;

// Multiply-adds of a vector in whose time one of an image is cut into phases.
constexpr int64_t kSeparation = 8;

// Multiply-adds of a vector in whose time a square of vectors is transposed and stored.
constexpr int64_t kTransposition = 8 * kLanes<float>;

}  // namespace

template <typename T>
Plan<T>::Plan(const Correlation<T>& correlation) : planes(correlation.planes), c_(correlation) {
  for (int64_t i = 0; i < c_.pass_count; i++) {
    const Pass& pass = c_.passes[i];
    rows = larger(rows, pass.h.start + pass.h.outputs);
    columns = larger(columns, pass.w.outputs);
    depths += depth_of(pass);
  }
  block_rows = rows, blocks = 1;
  by_filters = suits_filters();
  if (!by_filters) cut_rows();
  along = faster();
  planes.dense = along == Along::Filters;
  in_place = planes.dense && !by_filters && blocks == 1 && (whole() || within());
  if (in_place) planes = {1, 1, 1, 1, c_.height, c_.width, 0, true};
  const int64_t filter_vectors = ceil_div(c_.filters, lanes);
  if (by_filters) {
    together = c_.images;
  } else if (c_.groups == 1 && blocks == 1 && (c_.x.flat() || !in_place)) {
    // Small images share what they read of the weights, as far as filters can be cut instead of images.
    const int64_t plane_bytes = planes.template size<T>() * sizeof(T);
    const int64_t fitting = kTogetherBytes / larger(c_.channels * plane_bytes, 1);
    const int64_t wanted = along == Along::Pixels ? smaller(c_.images / kPieces, kTogether)
                                                  : c_.images * ceil_div(filter_vectors, 2) / kPieces;
    together = even_part(c_.images, larger(smaller(fitting, wanted), 1), 1);
  }
  stretch = c_.channels;
  if (along == Along::Pixels) {
    step = ceil_div(c_.filters, ceil_div(c_.filters, kMostRows));
    vectors = vectors_beside(step);
  } else {
    pixels = smaller(together * block_rows * columns, filter_vectors == 1 ? lanes : smaller(kMostRows, lanes));
    vectors = smaller(filter_vectors, smaller(vectors_beside(pixels), pixels <= kBusy ? 3 : 2));
    step = vectors * lanes;
    for (nearby = smaller(c_.channels, kNearby); c_.channels % nearby != 0;) nearby--;
    const int64_t reads = larger(ceil_div(depths, c_.channels * c_.pass_count), 1);
    stretch = even_part(c_.channels, larger(kStretchReads / reads, 1), nearby);
  }
  const int64_t pieces = stacks() * blocks, tiles = ceil_div(c_.filters, step);
  parts = pieces < kPieces ? smaller(ceil_div(kPieces, pieces), tiles) : 1;
}

// Whether there are enough weights beside the padded images, and enough filters for the threads.
template <typename T>
bool Plan<T>::suits_filters() const {
  Planes whole = planes;
  whole.dense = true;
  return c_.groups == 1 && c_.filters >= kPieces * 2 * lanes &&
         c_.images * c_.channels * whole.template size<T>() <= kImagesToWeights * c_.filters * depths &&
         faster() == Along::Filters;
}

template <typename T>
void Plan<T>::cut_rows() {
  const int64_t halo = planes.rows - rows;
  const int64_t row = c_.channels * planes.phases() * planes.columns * sizeof(T);
  const int64_t fitting = larger(kBlockBytes / larger(row, 1) - halo, 1);
  // Cut for the sake of threads, a block's rows should be worth their halo.
  const int64_t wanted = smaller(ceil_div(kPieces, c_.images * c_.groups), rows / (4 * (halo + 1)));
  block_rows = ceil_div(rows, larger(ceil_div(rows, fitting), wanted));
  blocks = ceil_div(rows, block_rows);
  planes.rows = block_rows + halo;
}

// The faster of the two kinds, by multiply-adds of vectors.
template <typename T>
Along Plan<T>::faster() const {
  if (c_.channels == 0) return Along::Pixels;
  const int64_t depth = ceil_div(depths, c_.pass_count), outputs = block_rows * columns;
  const int64_t wide = smaller(vectors_at_rows(block_rows, columns), vectors_running_on(block_rows, columns));
  // For loads across cache lines, each of which serves one filter.
  const int64_t waiting = c_.filters == 1 ? 2 : 1;
  const int64_t copied = within() && c_.planes.phases() > 1 ? c_.channels * c_.height * c_.width / lanes : 0;
  const int64_t along_pixels = wide * c_.filters * (depth * waiting + 2) + copied * kSeparation;
  const int64_t squares = ceil_div(outputs, smaller(kMostRows, lanes));
  const int64_t along_filters = ceil_div(c_.filters, lanes) * (outputs * depth + squares * kTransposition);
  return along_pixels <= along_filters ? Along::Pixels : Along::Filters;
}

// Vectors of pixels that are cut at the ends of rows, or that take rows as they lie behind each other.
template <typename T>
int64_t Plan<T>::vectors_at_rows(int64_t count, int64_t width) const {
  return count * ceil_div(width, lanes);
}
template <typename T>
int64_t Plan<T>::vectors_running_on(int64_t count, int64_t width) const {
  return ceil_div((count - 1) * planes.columns + width, lanes);
}

template <typename T>
const Prepared<T>* Plan<T>::prepare() const {
  const bool wide = along == Along::Pixels;
  const int64_t weights = c_.groups * packed_filters(), lines = c_.pass_count * rows, lists = blocks + 1;
  const int64_t positions = wide ? lines * (ceil_div(planes.columns, lanes) + 1) : lines * columns * together * 4;
  const int64_t window = c_.channels * c_.taps, places = depths + c_.pass_count * window;
  int64_t* const numbers = workspace<int64_t>(Workspace::Offsets, places + positions);
  Prepared<T>* passes = workspace<Prepared<T>>(Workspace::Passes, c_.pass_count);
  Prepared<T> next = {{}, 0, numbers, numbers + depths,
                      by_filters ? nullptr : workspace<T>(Workspace::Weights, weights * depths),
                      workspace<Taps>(Workspace::Reads, c_.pass_count * (rows + columns)),
                      workspace<Spots>(Workspace::Blocks, c_.pass_count * lists * 2), nullptr};
  Room room = {workspace<Spot>(Workspace::Spots, positions), numbers + places,
               workspace<Run>(Workspace::Runs, positions + lines)};
  for (int64_t i = 0; i < c_.pass_count; i++) {
    Prepared<T>& p = passes[i] = next;
    p.pass = c_.passes[i];
    p.depth = depth_of(p.pass);
    p.results = p.spots + lists;
    find_reads(p);
    if (p.weights) pack_all(p);
    for (int64_t block = 0; block < blocks; block++) {
      if (wide) p.spots[block] = find_vectors(p, block, room);
      else find_pixels(p, block, together, p.spots + block, p.results + block, room);
    }
    if (!wide) find_pixels(p, 0, c_.images % together, p.spots + blocks, p.results + blocks, room);
    next = {{}, 0, p.offsets + p.depth, p.places + window, p.weights ? p.weights + weights * p.depth : nullptr,
            p.seen + rows + columns, p.spots + 2 * lists, nullptr};
  }
  return passes;
}

// The offsets and places of a pass's k reads, and the taps that each line of outputs needs.
template <typename T>
void Plan<T>::find_reads(const Prepared<T>& p) const {
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  for (int64_t i = 0; i < c_.channels * c_.taps; i++) p.places[i] = -1;
  int64_t k = 0;
  for (int64_t begin = 0; begin < c_.channels; begin += stretch) {
    for (int64_t i = 0; i < h.taps; i++) {
      for (int64_t first = begin; first < begin + stretch_from(begin); first += nearby) {
        for (int64_t j = 0; j < w.taps; j++) {
          for (int64_t channel = first; channel < first + nearby; channel++, k++) {
            const int64_t row = h.shift[i] * c_.planes.stride_h + h.phase[i], column = w.shift[j] * c_.planes.stride_w + w.phase[j];
            const int64_t plane = in_place ? c_.x.offset(channel) : channel * this->channel();
            p.offsets[k] = plane + planes.at(row, column) * pixel();
            p.places[channel * c_.taps + h.tap[i] * c_.taps_w + w.tap[j]] = k - reads_before(p.pass, begin);
          }
        }
      }
    }
  }
  for (int64_t i = 0; i < h.outputs; i++) p.seen[i] = seen_by(h, i, c_.planes.stride_h, c_.top, c_.height);
  for (int64_t j = 0; j < w.outputs; j++) p.seen[rows + j] = seen_by(w, j, c_.planes.stride_w, c_.left, c_.width);
}

template <typename T>
Taps Plan<T>::seen_by(const PassAxis& axis, int64_t output, int64_t stride, int64_t before, int64_t length) {
  Taps seen = {axis.taps, 0};
  for (int64_t tap = 0; tap < axis.taps; tap++) {
    const int64_t line = (axis.start + output + axis.shift[tap]) * stride + axis.phase[tap] - before;
    if (line >= 0 && line < length) seen = both(seen, {tap, tap + 1});
  }
  return seen.first < seen.last ? seen : Taps{0, 0};
}

template <typename T>
void Plan<T>::pack_all(const Prepared<T>& p) const {
  parallel_for(c_.groups * tiles(), chunk(kGrain, step * p.depth), [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; tile++) {
      const int64_t group = tile / tiles(), o = tile % tiles() * step;
      for (int64_t channel = 0; channel < c_.channels; channel += stretch) {
        T* to = p.weights + (group * packed_filters() + o) * p.depth + reads_before(p.pass, channel) * filters_from(o);
        pack(p, group, o, channel, to);
      }
    }
  });
}

template <typename T>
void Plan<T>::pack(const Prepared<T>& p, int64_t group, int64_t o, int64_t channel, T* to) const {
  const auto& [data, each_group, each_filter, each_channel] = c_.weights;
  const T* from = data + group * each_group + o * each_filter + channel * each_channel;
  const int64_t channels = stretch_from(channel), filters = smaller(step, c_.filters - o);
  const int64_t* places = p.places + channel * c_.taps;
  // Channels that follow each other closely are packed in one go.
  if (each_channel == c_.taps) return interleave(to, filters_from(o), from, each_filter, filters, places, channels * c_.taps);
  const int64_t ahead = ceil_div(kAheadBytes, filters * each_filter * static_cast<int64_t>(sizeof(T))) * each_channel;
  for (int64_t i = 0; i < channels; i++, from += each_channel, places += c_.taps) {
    ask_for<0>(from + ahead, filters * each_filter);
    interleave(to, filters_from(o), from, each_filter, filters, places, c_.taps);
  }
}

template <typename T>
Spots Plan<T>::find_vectors(const Prepared<T>& p, int64_t block, Room& room) const {
  const auto [begin, end] = rows_of(p.pass, block);
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  const int64_t pitch = planes.columns, width = w.outputs;
  const bool at_rows = vectors_at_rows(end - begin, width) <= vectors_running_on(end - begin, width);
  Spot* const first = room.spots;
  for (int64_t i = begin, j = 0; i < end && width > 0;) {
    Spot& spot = *room.spots = {room.positions, 1, p.seen[i], {0, w.taps}, room.runs, 0};
    int64_t row = i, column = j;
    for (int64_t lane = 0; lane < lanes && row < end; lane += pitch - column, row++, column = 0) {
      const int64_t count = smaller(lanes - lane, width - column);
      if (count > 0) {
        const int64_t y = (h.first + row * h.step) * c_.y_width + w.first + (column - lane) * w.step;
        room.runs[spot.run_count++] = {lane, count, y};
        spot.h = spot.run_count > 1 ? both(spot.h, p.seen[row]) : p.seen[row];
      }
      if (at_rows) break;
    }
    if (spot.run_count > 0) {
      *room.positions++ = (i - begin) * pitch + j;
      room.runs += spot.run_count;
      room.spots++;
    }
    j += lanes;
    if (at_rows && j >= width) i++, j = 0;
    for (; !at_rows && j >= pitch; j -= pitch) i++;
  }
  return {first, room.spots - first};
}

// Tiles of outputs that see the same taps, across rows and images, and the outputs of an image as they are stored.
template <typename T>
void Plan<T>::find_pixels(const Prepared<T>& p, int64_t block, int64_t images, Spots* tiles, Spots* results,
                          Room& room) const {
  const auto [begin, end] = rows_of(p.pass, block);
  const int64_t columns = p.pass.w.outputs, outputs = larger(end - begin, 0) * columns;
  const Taps *by_row = p.seen, *by_column = p.seen + rows;
  int64_t* const sums = room.positions;
  room.positions += images * outputs;
  Spot* const first = room.spots;
  int64_t sum = 0;
  for (int64_t i = begin, below; i < end; i = below) {
    for (below = i + 1; below < end && by_row[below] == by_row[i];) below++;
    // Columns at the edges are worth a tile of their own where there are enough rows.
    const bool apart = images * (below - i) >= pixels / 2;
    for (int64_t j = 0, right; j < columns; j = right) {
      for (right = j + 1; right < columns && (!apart || by_column[right] == by_column[j]);) right++;
      const Taps taps = apart ? by_column[j] : Taps{0, p.pass.w.taps};
      const int64_t all = images * (below - i) * (right - j);
      const int64_t tile = all > 0 ? ceil_div(all, ceil_div(all, pixels)) : 1;
      int64_t left = 0;  // of the tile
      const auto place = [&](int64_t n, int64_t row, int64_t column) {
        if (left-- == 0) *room.spots++ = {room.positions, 0, by_row[i], taps, nullptr, 0}, left = tile - 1;
        room.spots[-1].count++;
        const int64_t at = planes.at((row - begin) * c_.planes.stride_h, column * c_.planes.stride_w);
        *room.positions++ = n * (by_filters ? 1 : image()) + at * pixel();
        sums[n * outputs + (row - begin) * columns + column] = sum++;
      };
      for (int64_t n = 0; n < (by_filters ? 1 : images); n++) {
        for (int64_t row = i; row < below; row++) {
          for (int64_t column = j; column < right; column++) {
            for (int64_t k = n; k < (by_filters ? images : n + 1); k++) place(k, row, column);
          }
        }
      }
    }
  }
  *tiles = {first, room.spots - first};
  *results = find_results(p, block, sums, room);
}

// Outputs that follow each other, a vector of them at a time.
template <typename T>
Spots Plan<T>::find_results(const Prepared<T>& p, int64_t block, const int64_t* sums, Room& room) const {
  const auto [begin, end] = rows_of(p.pass, block);
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  Spot* const first = room.spots;
  for (int64_t k = 0; k < (end - begin) * w.outputs; k++) {
    if (k % lanes == 0) *room.spots++ = {sums + k, 0, {}, {}, room.runs, 0};
    Spot& spot = room.spots[-1];
    const int64_t row = begin + k / w.outputs, column = k % w.outputs;
    const int64_t y = (h.first + row * h.step) * c_.y_width + w.first + (column - spot.count) * w.step;
    // What lies behind the output before it belongs to the same run.
    if (spot.run_count == 0 || room.runs[-1].y != y) {
      *room.runs++ = {spot.count, 0, y};
      spot.run_count++;
    }
    room.runs[-1].count++;
    spot.count++;
  }
  return {first, room.spots - first};
}

template class Plan<float>;
template class Plan<double>;

}  // namespace adjoint::ADJOINT_ISA::conv
