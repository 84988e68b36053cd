// conv2d of windows 3 × 3 and its gradient by the input with a quarter of the products: F(4×4, 3×3) of Lavin and Gray
// 2015, arXiv:1509.09308, section 4.2. Tiles of 6 × 6 inputs, 4 apart, are transformed; at each of the 36 places of a
// tile a matrix product over the channels gives that place of all tiles of outputs, which are transformed back.
// A thread takes a block of tiles through the three steps, so that what lies between them stays in its second-level cache.
#include "conv/correlation.h"
#include "conv/winograd_transforms.h"
#include "gemm/microkernel.h"

namespace adjoint::ADJOINT_ISA {
using namespace conv;
namespace {

constexpr int lanes = kLanes<float>;

// Places of a tile.
constexpr int64_t kPlaces = kTileInputs * kTileInputs;

// Tiles that go through the steps together, each in a lane of a vector.
constexpr int64_t kBlockTiles = 32;

// Panels of filters whose products are transformed back together.
constexpr int64_t kBlockPanels = 2;

// Pieces that the work is cut into at least: blocks, then filters. So many are worth transforming the inputs again.
constexpr int64_t kPieces = 8, kPieceFilters = 64;

// Four floats of one tile's row.
typedef float Quad __attribute__((vector_size(16)));
constexpr int kQuads = lanes / 4;

INLINE Floats join(const float* const (&from)[kQuads]) {
  Quad quads[kQuads];
  for (int i = 0; i < kQuads; i++) std::memcpy(&quads[i], from[i], sizeof(Quad));
  Floats result;
  std::memcpy(&result, quads, sizeof result);
  return result;
}

// a₀ b₀ a₁ b₁ (zip_first) or a₂ b₂ a₃ b₃ (zip_last) of each quad.
template <typename V>
INLINE V zip_first(V a, V b) {
  if constexpr (kQuads == 1) return __builtin_shufflevector(a, b, 0, 4, 1, 5);
  else if constexpr (kQuads == 2) return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
  else return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
}
template <typename V>
INLINE V zip_last(V a, V b) {
  if constexpr (kQuads == 1) return __builtin_shufflevector(a, b, 2, 6, 3, 7);
  else if constexpr (kQuads == 2) return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  else return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
}

// Transposes the squares of 4 × 4 that lie side by side in four vectors.
INLINE void transpose_squares(Floats (&v)[4]) {
  const Floats even_first = zip_first(v[0], v[2]), even_last = zip_last(v[0], v[2]);
  const Floats odd_first = zip_first(v[1], v[3]), odd_last = zip_last(v[1], v[3]);
  v[0] = zip_first(even_first, odd_first), v[1] = zip_last(even_first, odd_first);
  v[2] = zip_first(even_last, odd_last), v[3] = zip_last(even_last, odd_last);
}

// Where a tile's inputs begin in the block's padded planes of a channel, and its outputs in y from the first plane of a
// filter on; how many of these there are: none in a lane without a tile.
struct Spot {
  int64_t x, y, rows, columns;
};

// The tiles of a block, which are those of images `image` …, of the first one from row `top` of tiles on.
struct Tiles {
  int64_t image, images, top;
  int64_t vectors;
  Spot spots[kBlockTiles];
  bool adjacent[kBlockTiles / kQuads];  // whether the kQuads tiles of a group follow each other in a row
};

// The convolution of row-major operands; filters are not in groups.
struct Winograd {
  int64_t images, channels, filters;  // channels: what is summed over
  const float* x;
  int64_t height, width, top, left;  // planes of x, and zeros before them
  float* y;
  int64_t y_height, y_width;
  Filters<float> weights;
  bool turned;        // the windows, by half a turn
  const float* bias;  // or null
  Block f;            // applied to y; may be null
};

class Convolution {
 public:
  explicit Convolution(const Winograd& w)
      : w_(w), tile_rows_(ceil_div(w.y_height, kTileOutputs)), tile_columns_(ceil_div(w.y_width, kTileOutputs)),
        tiles_(w.images * tile_rows_ * tile_columns_), rows_(panel_rows(w.filters)),
        panels_(ceil_div(w.filters, rows_)), panel_(ceil_div(w.channels * rows_ + lanes, lanes) * lanes) {
    const int64_t blocks = ceil_div(tiles_, kBlockTiles);
    parts_ = blocks < kPieces ? smaller(ceil_div(kPieces, blocks), ceil_div(w.filters, kPieceFilters)) : 1;
    block_panels_ = even_part(ceil_div(panels_, parts_), kBlockPanels, 1);
    parts_ = smaller(parts_, ceil_div(panels_, block_panels_));
    pitch_ = ceil_div(kTileOutputs * tile_columns_ + kTileInputs - kTileOutputs, lanes) * lanes;
  }

  void run() {
    transform_weights();
    const int64_t blocks = ceil_div(tiles_, kBlockTiles);
    const int64_t products = kPlaces * kBlockTiles * w_.channels * w_.filters / parts_;
    parallel_for(blocks * parts_, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) run_block(piece / parts_, piece % parts_);
    });
  }

 private:
  const Winograd& w_;
  const int64_t tile_rows_, tile_columns_, tiles_;  // of an image, of all images
  const int64_t rows_, panels_, panel_;             // filters of a panel, panels, and floats of one at one place
  int64_t block_panels_, parts_, pitch_;            // pitch_: of the padded planes
  float* weights_ = nullptr;

  int64_t first_panel(int64_t part) const {
    const int64_t blocks = ceil_div(panels_, block_panels_);
    return smaller(blocks * part / parts_ * block_panels_, panels_);
  }

  // A panel's weights at a place, [channels][filters].
  float* weights(int64_t panel, int64_t place) const {
    const int64_t first = panel / block_panels_ * block_panels_, count = smaller(block_panels_, panels_ - first);
    return weights_ + (first * kPlaces + place * count + panel - first) * panel_;
  }

  void transform_weights() {
    weights_ = workspace<float>(Workspace::Weights, panels_ * kPlaces * panel_);
    parallel_for(panels_, chunk(kGrain, panel_ * kPlaces), [&](int64_t begin, int64_t end) {
      for (int64_t panel = begin; panel < end; panel++) transform_panel(panel);
    });
  }

  void transform_panel(int64_t panel) const {
    constexpr int64_t taps = kTileTaps * kTileTaps;
    int64_t order[taps];
    for (int64_t t = 0; t < taps; t++) order[t] = w_.turned ? taps - 1 - t : t;
    const int64_t filters = smaller(rows_, w_.filters - panel * rows_);
    const float* from = w_.weights.data + panel * rows_ * w_.weights.filter;
    float* to = weights(panel, 0);
    const int64_t place = weights(panel, 1) - to;
    static_assert(kTileRows <= lanes);
    for (int64_t channel = 0; channel < w_.channels; channel++, from += w_.weights.channel, to += filters) {
      float window[taps * lanes];
      interleave(window, lanes, from, w_.weights.filter, filters, order, taps);
      Floats half[kTileTaps][kTileInputs];
      for (int j = 0; j < kTileTaps; j++) {
        Floats column[kTileTaps];
        for (int i = 0; i < kTileTaps; i++) column[i] = load(window + (i * kTileTaps + j) * lanes);
        transform_taps(column, half[j]);
      }
      for (int i = 0; i < kTileInputs; i++) {
        const Floats row[kTileTaps] = {half[0][i], half[1][i], half[2][i]};
        Floats result[kTileInputs];
        transform_taps(row, result);
        // The next channel overwrites what lies behind a row of filters; behind the last there is room.
        for (int j = 0; j < kTileInputs; j++) store(to + (i * kTileInputs + j) * place, result[j]);
      }
    }
  }

  // Rows of tiles of one image that a block reads at most.
  int64_t rows_of_block() const { return smaller(tile_rows_, (kBlockTiles + tile_columns_ - 2) / tile_columns_ + 1); }
  Planes planes() const {
    return {1, 1, 1, 1, rows_of_block() * kTileOutputs + kTileInputs - kTileOutputs, pitch_, lanes};
  }

  Tiles find_tiles(int64_t block) const {
    const int64_t each = tile_rows_ * tile_columns_, first = block * kBlockTiles;
    const int64_t count = smaller(kBlockTiles, tiles_ - first), size = planes().size<float>();
    Tiles tiles;
    tiles.image = first / each;
    tiles.images = (first + count - 1) / each - tiles.image + 1;
    tiles.top = first % each / tile_columns_;
    tiles.vectors = ceil_div(count, lanes);
    for (int64_t t = 0; t < kBlockTiles; t++) {
      Spot& spot = tiles.spots[t];
      if (t >= count) {
        spot = {tiles.spots[t - 1].x, 0, 0, 0};
        continue;
      }
      const int64_t image = (first + t) / each, tile = (first + t) % each, top = image == tiles.image ? tiles.top : 0;
      const int64_t row = tile / tile_columns_ * kTileOutputs, column = tile % tile_columns_ * kTileOutputs;
      spot.x = (image - tiles.image) * size + (row - top * kTileOutputs) * pitch_ + column;
      spot.y = (image * w_.filters * w_.y_height + row) * w_.y_width + column;
      spot.rows = smaller(kTileOutputs, w_.y_height - row);
      spot.columns = smaller(kTileOutputs, w_.y_width - column);
    }
    for (int64_t t = 0; t < kBlockTiles; t += kQuads) {
      const Spot &begin = tiles.spots[t], &end = tiles.spots[t + kQuads - 1];
      tiles.adjacent[t / kQuads] = end.rows > 0 && end.x - begin.x == (kQuads - 1) * kTileOutputs;
    }
    return tiles;
  }

  // Floats between two places of a block's inputs, and of its products. One row more than they need: stretches a power
  // of two apart would compete for the same lines of the first-level cache.
  int64_t inputs_place() const { return (w_.channels + 1) * kBlockTiles; }
  int64_t products_place() const { return (block_panels_ * rows_ + 1) * kBlockTiles; }

  void run_block(int64_t block, int64_t part) const {
    const Tiles tiles = find_tiles(block);
    float* const inputs = workspace<float>(Workspace::Plane, kPlaces * inputs_place());
    transform_channels(tiles, inputs);
    float* const products = workspace<float>(Workspace::Partial, kPlaces * products_place());
    for (int64_t panel = first_panel(part); panel < first_panel(part + 1); panel += block_panels_) {
      const int64_t end = smaller(panel + block_panels_, panels_);
      multiply_places(tiles, inputs, products, panel, end);
      for (int64_t o = panel * rows_; o < smaller(end * rows_, w_.filters); o++) {
        for (int64_t v = 0; v < tiles.vectors; v++) {
          transform_outputs(tiles, v, products + (o - panel * rows_) * kBlockTiles + v * lanes, o);
        }
      }
    }
  }

  // inputs[place][panel of vectors][channel][tile]
  void transform_channels(const Tiles& tiles, float* inputs) const {
    const Planes padded = planes();
    const int64_t size = padded.size<float>(), area = w_.height * w_.width;
    float* const plane = workspace<float>(Workspace::Image, tiles.images * size);
    for (int64_t channel = 0; channel < w_.channels; channel++) {
      for (int64_t i = 0; i < tiles.images; i++) {
        const float* from = w_.x + ((tiles.image + i) * w_.channels + channel) * area;
        const int64_t top = w_.top - (i == 0 ? tiles.top * kTileOutputs : 0);
        pad_plane(plane + i * size, padded, from, w_.height, w_.width, top, w_.left);
      }
      for (int64_t v = 0; v < tiles.vectors; v++) {
        const int64_t panel = v / kTileVectors, vector = v % kTileVectors;
        float* to = inputs + (panel * w_.channels + channel) * kTileColumns<float> + vector * lanes;
        transform_tiles(tiles, v, plane, to);
      }
    }
  }

  // The tiles of vector v: lane i · 4 + k is number k · kQuads + i, as transposing squares leaves them.
  void transform_tiles(const Tiles& tiles, int64_t v, const float* plane, float* to) const {
    const Spot* spots = tiles.spots + v * lanes;
    const bool* adjacent = tiles.adjacent + v * 4;
    Floats d[kTileInputs][kTileInputs];
    for (int r = 0; r < kTileInputs; r++) {
      Floats x[2][4];  // columns 0 … 3 and 4 … 7 of quads of tiles, then of all tiles
      for (int k = 0; k < 4; k++) {
        const float* from = plane + r * pitch_;
        for (int side = 0; side < 2; side++, from += kTileOutputs) {
          if (adjacent[k]) {
            x[side][k] = load(from + spots[k * kQuads].x);
          } else {
            const float* each[kQuads];
            for (int i = 0; i < kQuads; i++) each[i] = from + spots[k * kQuads + i].x;
            x[side][k] = join(each);
          }
        }
      }
      transpose_squares(x[0]);
      transpose_squares(x[1]);
      for (int j = 0; j < kTileInputs; j++) d[r][j] = x[j / 4][j % 4];
      transform_inputs(d[r]);
    }
    const int64_t place = inputs_place();
    for (int j = 0; j < kTileInputs; j++) {
      Floats column[kTileInputs];
      for (int r = 0; r < kTileInputs; r++) column[r] = d[r][j];
      transform_inputs(column);
      for (int r = 0; r < kTileInputs; r++) store(to + (r * kTileInputs + j) * place, column[r]);
    }
  }

  // products[place][filter][tile] of panels begin … end − 1
  void multiply_places(const Tiles& tiles, const float* inputs, float* products, int64_t begin, int64_t end) const {
    for (int64_t place = 0; place < kPlaces; place++) {
      for (int64_t panel = begin; panel < end; panel++) {
        const int64_t filters = smaller(rows_, w_.filters - panel * rows_);
        float* to = products + place * products_place() + (panel - begin) * rows_ * kBlockTiles;
        const float* from = inputs + place * inputs_place();
        for (int64_t v = 0; v < tiles.vectors; v += kTileVectors, from += w_.channels * kTileColumns<float>) {
          const int64_t columns = smaller(kTileVectors, tiles.vectors - v) * lanes;
          tile_of<float>(filters, columns, true, false)(
              {weights(panel, place), 1, filters, from, kTileColumns<float>, w_.channels, nullptr}, to + v * lanes,
              kBlockTiles, {nullptr, 0});
        }
      }
    }
  }

  // The products of filter o with the tiles of vector v, into their places in y.
  void transform_outputs(const Tiles& tiles, int64_t v, const float* products, int64_t o) const {
    const int64_t place = products_place();
    Floats half[kTileOutputs][kTileInputs];
    for (int j = 0; j < kTileInputs; j++) {
      Floats column[kTileInputs], result[kTileOutputs];
      for (int r = 0; r < kTileInputs; r++) column[r] = load(products + (r * kTileInputs + j) * place);
      transform_products(column, result);
      for (int r = 0; r < kTileOutputs; r++) half[r][j] = result[r];
    }
    Floats y[kTileOutputs][kTileOutputs];
    for (int r = 0; r < kTileOutputs; r++) {
      transform_products(half[r], y[r]);
      for (int j = 0; w_.bias && j < kTileOutputs; j++) y[r][j] = broadcast(w_.bias[o]) + y[r][j];
    }
    if (w_.f) w_.f(y, y, nullptr, nullptr, kTileOutputs * kTileOutputs * lanes);
    const Spot* spots = tiles.spots + v * lanes;
    float* const plane = w_.y + o * w_.y_height * w_.y_width;
    for (int r = 0; r < kTileOutputs; r++) {
      transpose_squares(y[r]);
      for (int k = 0; k < 4; k++) {
        const Spot* group = spots + k * kQuads;
        const int whole = (kQuads - 1) * kTileOutputs;
        if (tiles.adjacent[v * 4 + k]) {
          if (r < group->rows) {
            store_first(plane + group->y + r * w_.y_width, y[r][k], whole + group[kQuads - 1].columns);
          }
          continue;
        }
        for (int i = 0; i < kQuads; i++) {
          const int64_t first = i * kTileOutputs;
          if (r >= group[i].rows) continue;
          store_lanes(plane + group[i].y + r * w_.y_width - first, y[r][k], first, group[i].columns);
        }
      }
    }
  }
};

}  // namespace

void conv2dWinograd(const Call& call) {
  const View y = writable<float>(call[0], Workspace::Output), x = operand<float>(call[1], Workspace::Input, false);
  const View weight = operand<float>(call[2], Workspace::Filter, false);
  const Geometry g(y, x, weight, call.numbers);
  if (y.size() == 0) return;
  float* bias = nullptr;
  if (call.view_count > 3) {
    bias = workspace<float>(Workspace::Bias, g.filters);
    for (int64_t o = 0; o < g.filters; o++) bias[o] = call[3].as<float>()[o * call[3].strides[0]];
  }
  Convolution({g.images, g.channels, g.filters, x.as<float>(), g.h.input, g.w.input, g.h.pad, g.w.pad,
               y.as<float>(), g.h.output, g.w.output, {weight.as<float>(), 0, g.channels * g.taps(), g.taps()},
               false, bias, epilogue(call, 7)}).run();
  deliver<float>(y, call[0]);
}

// dy, with the zeros that put its windows onto the elements of dx, meets the windows turned.
void conv2dInputWinograd(const Call& call) {
  const View dx = writable<float>(call[0], Workspace::Output), dy = operand<float>(call[1], Workspace::Input, false);
  const View weight = operand<float>(call[2], Workspace::Filter, false);
  if (dx.size() == 0) return;
  const Geometry g(dy, dx, weight, call.numbers);
  Convolution({g.images, g.filters, g.channels, dy.as<float>(), g.h.output, g.w.output, g.h.taps - 1 - g.h.pad,
               g.w.taps - 1 - g.w.pad, dx.as<float>(), g.h.input, g.w.input,
               {weight.as<float>(), 0, g.taps(), g.channels * g.taps()}, true, nullptr, nullptr}).run();
  deliver<float>(dx, call[0]);
}

}  // namespace adjoint::ADJOINT_ISA
