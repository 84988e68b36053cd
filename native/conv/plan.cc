#include "conv/plan.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Padded planes that stay in the second-level cache beside the weights.
constexpr int64_t kBlockBytes = 1 << 18;

// Of small images that go through the weights together, because those come from further away.
constexpr int64_t kTogetherBytes = 3 << 18;

// Pieces that the work is cut into at least: images, then rows, then filters.
constexpr int64_t kPieces = 8;

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
  cut_rows();
  // Small images share what they read of the weights.
  const int64_t fitting = kTogetherBytes / larger(image() * sizeof(T), 1);
  if (c_.groups == 1 && blocks == 1) together = larger(smaller(fitting, c_.images / kPieces), 1);
  choose_tile();
  const int64_t pieces = stacks() * blocks, tiles = ceil_div(c_.filters, step);
  parts = pieces < kPieces ? smaller(ceil_div(kPieces, pieces), tiles) : 1;
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
void Plan<T>::choose_tile() {
  const int64_t depth = ceil_div(depths, c_.pass_count);
  const int64_t tile_filters = ceil_div(c_.filters, ceil_div(c_.filters, kMostRows));
  const int64_t wide = smaller(vectors_at_rows(block_rows, columns), vectors_running_on(block_rows, columns));
  const int64_t waiting = tile_filters == 1 ? 2 : 1;  // for loads across cache lines, each of which serves one filter
  const int64_t along_pixels = together * wide * c_.filters * (depth * waiting + 2);

  const int64_t outputs = together * block_rows * columns, filter_vectors = ceil_div(c_.filters, lanes);
  pixels = smaller(larger(outputs, 1), smaller(kMostRows, lanes));
  const int64_t along_filters = filter_vectors * (outputs * depth + ceil_div(outputs, pixels) * kTransposition);
  if (along_pixels <= along_filters) {
    along = Along::Pixels;
    step = tile_filters;
    vectors = vectors_beside(step);
  } else {
    along = Along::Filters;
    vectors = smaller(filter_vectors, smaller(vectors_beside(pixels), pixels <= kBusy ? 3 : 2));
    step = vectors * lanes;
  }
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
  const int64_t positions = wide ? lines * (ceil_div(planes.columns, lanes) + 1) : lines * columns * together * 2;
  const int64_t spots = wide ? positions : positions / pixels + 2 * lines;
  Prepared<T>* passes = scratch<Prepared<T>>(Scratch::Passes, c_.pass_count);
  Prepared<T> next = {{}, 0, scratch<int64_t>(Scratch::Offsets, depths + c_.channels * c_.taps),
                      scratch<T>(Scratch::Weights, weights * depths), scratch<Reads>(Scratch::Reads, lines),
                      scratch<Spots>(Scratch::Blocks, c_.pass_count * lists)};
  int64_t* places = next.offsets + depths;
  Room room = {scratch<Spot>(Scratch::Spots, spots), scratch<int64_t>(Scratch::Positions, positions),
               scratch<Run>(Scratch::Runs, spots + 2 * lines * together)};
  for (int64_t i = 0; i < c_.pass_count; i++) {
    Prepared<T>& p = passes[i] = next;
    p.pass = c_.passes[i];
    p.depth = depth_of(p.pass);
    find_reads(p, places);
    pack(p, places);
    for (int64_t block = 0; block < blocks; block++) {
      p.spots[block] = wide ? find_vectors(p, block, room) : find_pixels(p, block, together, room);
    }
    if (!wide) p.spots[blocks] = find_pixels(p, 0, c_.images % together, room);
    next = {{}, 0, p.offsets + p.depth, p.weights + weights * p.depth, p.reads + rows, p.spots + lists};
  }
  return passes;
}

// The offsets of a pass's k reads, which of them each row of outputs needs, and at channel · taps + tap the place
// that a weight has among them; −1 for none.
template <typename T>
void Plan<T>::find_reads(const Prepared<T>& p, int64_t* places) const {
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  for (int64_t i = 0; i < c_.channels * c_.taps; i++) places[i] = -1;
  int64_t k = 0;
  for (int64_t i = 0; i < h.taps; i++) {
    for (int64_t channel = 0; channel < c_.channels; channel++) {
      for (int64_t j = 0; j < w.taps; j++, k++) {
        p.offsets[k] = channel * planes.template size<T>() + read_of(planes, h, i, w, j);
        places[channel * c_.taps + h.tap[i] * c_.taps_w + w.tap[j]] = k;
      }
    }
  }
  for (int64_t i = 0; i < h.outputs; i++) {
    int64_t begin = h.taps, end = 0;
    for (int64_t tap = 0; tap < h.taps; tap++) {
      const int64_t row = (h.start + i + h.shift[tap]) * planes.stride_h + h.phase[tap] - c_.top;
      if (row < 0 || row >= c_.height) continue;
      begin = smaller(begin, tap);
      end = tap + 1;
    }
    const int64_t each = c_.channels * w.taps;
    p.reads[i] = {smaller(begin, end) * each, end * each};
  }
}

// Packs the weights of a tile's filters side by side, [depth][filters].
template <typename T>
void Plan<T>::pack(const Prepared<T>& p, const int64_t* places) const {
  const int64_t tiles = ceil_div(packed_filters(), step), grain = kGrain / (step * p.depth + 1) + 1;
  parallel_for(c_.groups * tiles, grain, [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; tile++) {
      const int64_t group = tile / tiles, o = tile % tiles * step;
      T* to = p.weights + (group * packed_filters() + o) * p.depth;
      const T* from = c_.weights.data + group * c_.weights.group + o * c_.weights.filter;
      // Channels that follow each other closely are packed in one go.
      const bool dense = c_.weights.channel == c_.taps;
      const int64_t times = dense ? 1 : c_.channels, count = dense ? c_.channels * c_.taps : c_.taps;
      const int64_t filters = smaller(step, c_.filters - o);
      for (int64_t i = 0; i < times; i++) {
        const T* channel = from + i * c_.weights.channel;
        interleave(to, filters_from(o), channel, c_.weights.filter, filters, places + i * count, count);
      }
    }
  });
}

template <typename T>
Spots Plan<T>::find_vectors(const Prepared<T>& p, int64_t block, Room& room) const {
  const auto [begin, end] = rows_of(p.pass, block);
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  const int64_t pitch = planes.columns, width = w.outputs;
  const bool at_rows = vectors_at_rows(end - begin, width) <= vectors_running_on(end - begin, width);
  Spot* const first = room.spots;
  for (int64_t i = begin, j = 0; i < end && width > 0;) {
    Spot& spot = *room.spots = {room.positions, 1, p.reads[i], room.runs, 0};
    int64_t row = i, column = j;
    for (int64_t lane = 0; lane < lanes && row < end; lane += pitch - column, row++, column = 0) {
      const int64_t count = smaller(lanes - lane, width - column);
      if (count > 0) {
        const int64_t y = (h.first + row * h.step) * c_.y_width + w.first + (column - lane) * w.step;
        room.runs[spot.run_count++] = {lane, count, y};
        spot.reads = spot.run_count > 1 ? both(spot.reads, p.reads[row]) : p.reads[row];
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

// Tiles of outputs that leave out the same taps, across rows and images.
template <typename T>
Spots Plan<T>::find_pixels(const Prepared<T>& p, int64_t block, int64_t images, Room& room) const {
  const auto [begin, end] = rows_of(p.pass, block);
  const PassAxis &h = p.pass.h, &w = p.pass.w;
  const int64_t y_image = c_.filters * c_.y_height * c_.y_width;
  Spot* const first = room.spots;
  for (int64_t i = begin, next; i < end; i = next) {
    for (next = i + 1; next < end && p.reads[next] == p.reads[i];) next++;
    const int64_t each = (next - i) * w.outputs, all = images * each;
    const int64_t tile = all > 0 ? ceil_div(all, ceil_div(all, pixels)) : 1;
    for (int64_t k = 0; k < all; k++) {
      if (k % tile == 0) *room.spots++ = {room.positions, 0, p.reads[i], room.runs, 0};
      Spot& spot = room.spots[-1];
      const int64_t n = k / each, row = i + k % each / w.outputs, column = k % w.outputs;
      const int64_t y = n * y_image + (h.first + row * h.step) * c_.y_width + w.first + (column - spot.count) * w.step;
      // What lies behind the pixel before it belongs to the same run.
      if (spot.run_count == 0 || room.runs[-1].y != y) {
        *room.runs++ = {spot.count, 0, y};
        spot.run_count++;
      }
      room.runs[-1].count++;
      *room.positions++ = n * image() + (row - begin) * planes.columns + column;
      spot.count++;
    }
  }
  return {first, room.spots - first};
}

template class Plan<float>;
template class Plan<double>;

}  // namespace adjoint::ADJOINT_ISA
