#include "conv/conv.h"

namespace adjoint::ADJOINT_ISA {
namespace {

bool is_row_major(const View& view) {
  int64_t stride = 1;
  for (int i = view.rank - 1; i >= 0; i--) {
    if (view.shape[i] != 1 && view.strides[i] != stride) return false;
    stride *= view.shape[i];
  }
  return true;
}

// A vector's worth of patches at most: elements `from` … go to lanes `to` … of the packed row.
struct Run {
  int64_t to, from;
};

// Packs columns [begin, begin + columns) of the patches: to[p · pitch + j]. A run's store may write beyond its end, where
// the next run or the next row follows.
template <typename T>
void pack_patches(T* to, int64_t pitch, const Patches<T>& patches, int64_t begin, int64_t columns, const int64_t* offsets,
                  int64_t depth) {
  Run runs[kTileColumns<T>];
  int count = 0;
  int64_t i = begin / patches.columns, j = begin % patches.columns;
  for (int64_t lane = 0; lane < columns;) {
    const int64_t length = smaller(smaller(kLanes<T>, patches.columns - j), columns - lane);
    runs[count++] = {lane, i * patches.pitch + j};
    lane += length;
    j += length;
    if (j == patches.columns) i++, j = 0;
  }
  for (int64_t p = 0; p < depth; p++, to += pitch) {
    const T* from = patches.image + offsets[p];
    for (int r = 0; r < count; r++) store(to + runs[r].to, load(from + runs[r].from));
  }
}

// Whether so few rows are multiplied that packing a panel of patches would cost more than what it saves: the outputs that
// are computed in vain when rows of the padded image are taken as they lie, ends included.
template <typename T>
bool reads_in_place(int64_t m, const Patches<T>& patches) {
  constexpr int64_t kPackingCost = 4;  // of a run, in the time of a row of the tile
  const int64_t run = smaller(patches.columns, kLanes<T>);
  const int64_t positions = patches.rows * patches.columns, in_place = (patches.rows - 1) * patches.pitch + patches.columns;
  return m * in_place < (m + kPackingCost * ceil_div(kTileColumns<T>, run)) * positions;
}

// One panel of outputs that follow each other in the padded image, from its position `begin`; those that lie between two
// rows are dropped.
template <typename T>
void correlate_in_place(const Rows<T>& weights, int64_t m, const Patches<T>& patches, int64_t begin, int64_t end,
                        const int64_t* offsets, int64_t depth, const Matrix<T>& c, const T* bias, bool first,
                        Block last) {
  const int64_t step = panel_rows(m);
  // Calls run(position, where in a plane of c, count) for every row of outputs that the panel has a part of.
  const auto for_runs = [&](const auto& run) {
    int64_t row = begin / patches.pitch, column = begin % patches.pitch;
    for (int64_t at = begin; at < end; at += patches.pitch - column, row++, column = 0) {
      const int64_t count = smaller(end - at, patches.columns - column);
      if (count > 0) run(at - begin, row * patches.columns + column, count);
    }
  };
  for (int64_t o = 0; o < m; o += step) {
    const int64_t rows = smaller(step, m - o);
    T sums[kTileRows * kTileColumns<T> + kLanes<T>];
    const Panels<T> panels = {weights.data + o / step * weights.panel, 1, rows, patches.image + begin, 0, offsets, depth};
    tile_of_shape<T, Reads::Gathered>(rows, end - begin, panels, sums, kTileColumns<T>, {nullptr, 0});
    for_runs([&](int64_t at, int64_t j, int64_t count) {
      for (int64_t r = 0; r < rows; r++) {
        T* to = c.at(o + r, j);
        put_row<T>(to, sums + r * kTileColumns<T> + at, count, first ? nullptr : to, bias ? bias[o + r] : 0);
      }
    });
  }
  for_runs([&](int64_t, int64_t j, int64_t count) { apply(last, c.block(0, j), m, count); });
}

}  // namespace

template <typename T>
void pad_plane(T* to, const Planes& planes, const T* from, int64_t height, int64_t width, int64_t top, int64_t left) {
  const int64_t sh = planes.stride_h, sw = planes.stride_w;
  for (int64_t r = 0; r < sh; r++) {
    for (int64_t s = 0; s < sw; s++) {
      // Columns begin … end − 1 of this phase have an element of the plane.
      const int64_t begin = smaller(larger(ceil_div(left - s, sw), 0), planes.columns);
      const int64_t end = larger(smaller((width - 1 + left - s) / sw + 1, planes.columns), begin);
      for (int64_t i = 0; i < planes.rows; i++, to += planes.columns) {
        const int64_t row = i * sh + r - top;
        if (row < 0 || row >= height || width - 1 + left < s) {
          std::memset(to, 0, planes.columns * sizeof(T));
          continue;
        }
        const T* source = from + row * width + s - left;
        for (int64_t j = 0; j < begin; j++) to[j] = 0;
        if (sw == 1) {
          std::memcpy(to + begin, source + begin, (end - begin) * sizeof(T));
        } else {
          for (int64_t j = begin; j < end; j++) to[j] = source[j * sw];
        }
        for (int64_t j = end; j < planes.columns; j++) to[j] = 0;
      }
    }
  }
  std::memset(to, 0, 2 * kVectorBytes);
}

template <typename T>
void window_offsets(int64_t* to, const Geometry& g, const Planes& planes) {
  for (int64_t channel = 0; channel < g.channels; channel++) {
    for (int64_t kh = 0; kh < g.h.taps; kh++) {
      for (int64_t kw = 0; kw < g.w.taps; kw++) {
        *to++ = channel * planes.size<T>() + planes.at(kh * g.h.dilation, kw * g.w.dilation);
      }
    }
  }
}

template <typename T>
PackedWeights<T> pack_weights(Scratch purpose, const T* weights, int64_t m, int64_t k) {
  const int64_t passes = larger(ceil_div(k, kPanelDepth<T>), 1), depth = ceil_div(k, passes);
  const int64_t size = packed_rows_size<T>(m, depth);
  T* to = scratch<T>(purpose, passes * size);
  for (int64_t pass = 0; pass * depth < k; pass++) {
    const Matrix<const T> from = {weights + pass * depth, k, 1};
    pack_rows<T>(to + pass * size, from, m, smaller(depth, k - pass * depth));
  }
  return {to, m, k, depth};
}

template <typename T>
void correlate(const PackedWeights<T>& weights, const Patches<T>& patches, const Matrix<T>& c, const T* bias,
               Block f) {
  const bool in_place = reads_in_place(weights.m, patches);
  const int64_t positions = in_place ? (patches.rows - 1) * patches.pitch + patches.columns : patches.rows * patches.columns;
  int64_t p = 0;
  const T* packed = weights.data;
  do {
    const int64_t depth = smaller(weights.depth, weights.k - p);
    const Block last = p + depth == weights.k ? f : nullptr;
    const Rows<T> left = {packed, packed_size<T>(depth), true, 1, 0};
    const int64_t grain = grain_of(weights.m * depth * kTileColumns<T>);
    parallel_for(ceil_div(positions, kTileColumns<T>), grain, [&](int64_t begin, int64_t end) {
      T* panel = scratch<T>(Scratch::PackedB, depth * kTileColumns<T> + kLanes<T>);
      for (int64_t j = begin * kTileColumns<T>; j < smaller(end * kTileColumns<T>, positions); j += kTileColumns<T>) {
        const int64_t columns = smaller(kTileColumns<T>, positions - j);
        if (in_place) {
          correlate_in_place(left, weights.m, patches, j, j + columns, patches.offsets + p, depth, c, bias, p == 0, last);
          continue;
        }
        const int64_t pitch = ceil_div(columns, kLanes<T>) * kLanes<T>;
        pack_patches(panel, pitch, patches, j, columns, patches.offsets + p, depth);
        multiply_panel<T>(weights.m, columns, depth, left, panel, pitch, c.block(0, j), {bias, 1, 0}, p == 0, last);
      }
    });
    packed += packed_rows_size<T>(weights.m, weights.depth);
    p += weights.depth;
  } while (p < weights.k);
}

template <typename T>
View contiguous(const View& view, Scratch purpose) {
  if (is_row_major(view)) return view;
  const View copy = row_major(view, scratch<T>(purpose, view.size()));
  deliver<T>(view, copy);
  return copy;
}

template <typename T>
View writable(const View& view, Scratch purpose) {
  return is_row_major(view) ? view : row_major(view, scratch<T>(purpose, view.size()));
}

template <typename T>
void deliver(const View& from, const View& to) {
  if (from.data != to.data) map<T, T>(to, from, [](T value) { return value; });
}

#define INSTANTIATE(T)                                                                                         \
  template void pad_plane<T>(T*, const Planes&, const T*, int64_t, int64_t, int64_t, int64_t);                 \
  template void window_offsets<T>(int64_t*, const Geometry&, const Planes&);                                   \
  template PackedWeights<T> pack_weights<T>(Scratch, const T*, int64_t, int64_t);                              \
  template void correlate<T>(const PackedWeights<T>&, const Patches<T>&, const Matrix<T>&, const T*, Block);   \
  template View contiguous<T>(const View&, Scratch);                                                           \
  template View writable<T>(const View&, Scratch);                                                             \
  template void deliver<T>(const View&, const View&);
INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace adjoint::ADJOINT_ISA
