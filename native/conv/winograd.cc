// conv2d of windows 3 × 3 and its gradient by the input with a quarter of the products: F(4×4, 3×3) of Lavin and Gray
// 2015, arXiv:1509.09308, section 4.2. Tiles of 6 × 6 inputs, 4 apart, are transformed; at each of the 36 places of a
// tile a matrix product over the channels gives that place of all tiles of outputs, which are transformed back.
// A thread takes a block of tiles through the three steps, so that what lies between them stays in its second-level cache.
// Transformed, weights are four times as many: where they outweigh the tiles, a thread takes panels of filters instead,
// transforms their weights stretch by stretch of the channels, and each meets all tiles before it is overwritten.
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

// Channels of which a thread transforms the weights of its panels together: they stay in its second-level cache.
constexpr int64_t kStretch = 64;

// Channels whose inputs a thread transforms at a time, and whose weights are asked for ahead where they lie apart.
constexpr int64_t kInputChannels = 8, kChannelsAhead = 4;

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
  Stack<const float> x;
  int64_t height, width, top, left;  // planes of x, and zeros before them
  Stack<float> y;
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
        tiles_(w.images * tile_rows_ * tile_columns_), blocks_(ceil_div(tiles_, kBlockTiles)),
        rows_(panel_rows(w.filters)), panels_(ceil_div(w.filters, rows_)),
        by_filters_(tiles_ <= w.filters && blocks_ <= kPieces && panels_ >= kPieces * kBlockPanels),
        stretch_(by_filters_ ? even_part(w.channels, kStretch, 1) : w.channels),
        panel_(ceil_div(stretch_ * rows_ + lanes, lanes) * lanes) {
    const bool few = blocks_ < kPieces && !by_filters_;
    parts_ = few ? smaller(ceil_div(kPieces, blocks_), ceil_div(w.filters, kPieceFilters)) : 1;
    block_panels_ = even_part(ceil_div(panels_, parts_), kBlockPanels, 1);
    parts_ = smaller(parts_, ceil_div(panels_, block_panels_));
    pitch_ = ceil_div(kTileOutputs * tile_columns_ + kTileInputs - kTileOutputs, lanes) * lanes;
  }

  void run() {
    if (by_filters_) return run_by_filters();
    transform_weights();
    const int64_t products = kPlaces * kBlockTiles * w_.channels * w_.filters / parts_;
    parallel_for(blocks_ * parts_, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; piece++) run_block(piece / parts_, piece % parts_);
    });
  }

 private:
  const Winograd& w_;
  const int64_t tile_rows_, tile_columns_, tiles_, blocks_;  // of an image, of all images
  const int64_t rows_, panels_;                              // filters of a panel
  const bool by_filters_;                 // whether the threads share out filters, for all tiles
  const int64_t stretch_, panel_;         // channels whose weights lie together, and floats of a panel at one place
  int64_t block_panels_, parts_, pitch_;  // pitch_: of the padded planes
  float* weights_ = nullptr;

  int64_t first_panel(int64_t part) const {
    const int64_t blocks = ceil_div(panels_, block_panels_);
    return smaller(blocks * part / parts_ * block_panels_, panels_);
  }

  // Panels that go together: [place][panel][channels][filters].
  int64_t end_of_block(int64_t panel) const { return smaller((panel / block_panels_ + 1) * block_panels_, panels_); }
  float* weights_of_block(int64_t panel) const { return weights_ + panel / block_panels_ * block_panels_ * kPlaces * panel_; }

  void transform_weights() {
    weights_ = workspace<float>(Workspace::Weights, panels_ * kPlaces * panel_);
    parallel_for(panels_, chunk(kGrain, panel_ * kPlaces), [&](int64_t begin, int64_t end) {
      for (int64_t panel = begin; panel < end; panel++) transform_panel(panel, 0, weights_of_block(panel));
    });
  }

  // The panel's weights of the stretch of channels from `first` on; `block` is where those of its block begin.
  void transform_panel(int64_t panel, int64_t first, float* block) const {
    constexpr int64_t taps = kTileTaps * kTileTaps;
    int64_t order[taps];
    for (int64_t t = 0; t < taps; t++) order[t] = w_.turned ? taps - 1 - t : t;
    const int64_t filters = smaller(rows_, w_.filters - panel * rows_);
    const float* from = w_.weights.data + panel * rows_ * w_.weights.filter + first * w_.weights.channel;
    const int64_t begin = panel / block_panels_ * block_panels_, place = (end_of_block(panel) - begin) * panel_;
    float* to = block + (panel - begin) * panel_;
    const int64_t last = smaller(first + stretch_, w_.channels);
    static_assert(kTileRows <= lanes);
    for (int64_t channel = first; channel < last; channel++, from += w_.weights.channel, to += filters) {
      float window[taps * lanes];
      if (w_.turned) ask_for<0>(from + kChannelsAhead * w_.weights.channel, filters * taps);
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
      spot.y = w_.y.plane(image, 0) - w_.y.data + row * w_.y_width + column;
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
    transform_channels(tiles, 0, w_.channels, inputs);
    float* const products = workspace<float>(Workspace::Partial, kPlaces * products_place());
    for (int64_t panel = first_panel(part); panel < first_panel(part + 1); panel += block_panels_) {
      multiply_places(tiles, inputs, weights_of_block(panel), products, panel, 0);
      transform_filters(tiles, products, panel);
    }
  }

  void run_by_filters() const {
    Tiles tiles[kPieces];
    for (int64_t block = 0; block < blocks_; block++) tiles[block] = find_tiles(block);
    const int64_t size = kPlaces * inputs_place(), product_size = kPlaces * products_place();
    float* const inputs = workspace<float>(Workspace::Plane, blocks_ * size);
    const int64_t runs = ceil_div(w_.channels, kInputChannels);
    parallel_for(blocks_ * runs, chunk(kGrain, kPlaces * kBlockTiles * kInputChannels), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t block = i / runs, channel = i % runs * kInputChannels;
        transform_channels(tiles[block], channel, smaller(channel + kInputChannels, w_.channels), inputs + block * size);
      }
    });
    const int64_t work = kPlaces * tiles_ * w_.channels * block_panels_ * rows_;
    parallel_for(ceil_div(panels_, block_panels_), grain_of(work), [&](int64_t begin, int64_t end) {
      float* const weights = workspace<float>(Workspace::Weights, block_panels_ * kPlaces * panel_);
      float* const products = workspace<float>(Workspace::Partial, blocks_ * product_size);
      for (int64_t panel = begin * block_panels_; panel < smaller(end * block_panels_, panels_); panel += block_panels_) {
        for (int64_t channel = 0; channel < w_.channels; channel += stretch_) {
          for (int64_t p = panel; p < end_of_block(panel); p++) transform_panel(p, channel, weights);
          for (int64_t i = 0; i < blocks_; i++) {
            multiply_places(tiles[i], inputs + i * size, weights, products + i * product_size, panel, channel);
          }
        }
        for (int64_t i = 0; i < blocks_; i++) transform_filters(tiles[i], products + i * product_size, panel);
      }
    });
  }

  // The products of all filters of the block of panels that begins with `panel`.
  void transform_filters(const Tiles& tiles, const float* products, int64_t panel) const {
    for (int64_t o = panel * rows_; o < smaller(end_of_block(panel) * rows_, w_.filters); o++) {
      for (int64_t v = 0; v < tiles.vectors; v++) {
        transform_outputs(tiles, v, products + (o - panel * rows_) * kBlockTiles + v * lanes, o);
      }
    }
  }

  // inputs[place][panel of vectors][channel][tile] of channels first … last − 1
  void transform_channels(const Tiles& tiles, int64_t first, int64_t last, float* inputs) const {
    const Planes padded = planes();
    const int64_t size = padded.size<float>();
    float* const plane = workspace<float>(Workspace::Image, tiles.images * size);
    for (int64_t channel = first; channel < last; channel++) {
      for (int64_t i = 0; i < tiles.images; i++) {
        const float* from = w_.x.plane(tiles.image + i, channel);
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

  // products[place][filter][tile] of the block of panels from `begin` on, with the stretch of channels from `first` on;
  // what the stretches before have made of them is added.
  void multiply_places(const Tiles& tiles, const float* inputs, const float* weights, float* products, int64_t begin,
                       int64_t first) const {
    const int64_t depth = smaller(stretch_, w_.channels - first);
    for (int64_t place = 0; place < kPlaces; place++) {
      for (int64_t panel = begin; panel < end_of_block(begin); panel++, weights += panel_) {
        const int64_t filters = smaller(rows_, w_.filters - panel * rows_);
        float* to = products + place * products_place() + (panel - begin) * rows_ * kBlockTiles;
        const float* from = inputs + place * inputs_place() + first * kTileColumns<float>;
        for (int64_t v = 0; v < tiles.vectors; v += kTileVectors, from += w_.channels * kTileColumns<float>) {
          const int64_t columns = smaller(kTileVectors, tiles.vectors - v) * lanes;
          const float* before = first > 0 ? to + v * lanes : nullptr;
          tile_of<float>(filters, columns, true, false)(
              {weights, 1, filters, from, kTileColumns<float>, depth, nullptr}, to + v * lanes, kBlockTiles,
              {before, kBlockTiles});
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
    float* const plane = w_.y.data + o * w_.y.pitch();
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
  Convolution({g.images, g.channels, g.filters, inputs_of(g, x.as<float>()), g.h.input, g.w.input, g.h.pad, g.w.pad,
               outputs_of(g, y.as<float>()), g.h.output, g.w.output, {weight.as<float>(), 0, g.channels * g.taps(), g.taps()},
               false, bias, epilogue(call, 7)}).run();
  deliver<float>(y, call[0]);
}

// dy, with the zeros that put its windows onto the elements of dx, meets the windows turned. The depth's stride is 1.
void conv2dInputWinograd(const Call& call) {
  const View dx = writable<float>(call[0], Workspace::Output), dy = operand<float>(call[1], Workspace::Input, false);
  const View weight = operand<float>(call[2], Workspace::Filter, false);
  if (dx.size() == 0) return;
  const Geometry g(dy, dx, weight, call.numbers);
  int64_t* const room = workspace<int64_t>(Workspace::Taps, 3 * g.d.taps);
  const Section<float> all = section(g, 0, room, dy.as<float>(), dx.as<float>(), weight.as<float>());
  const int64_t channels = g.channels / g.d.taps;
  Convolution({all.images, all.filters, channels, all.dy, g.h.output, g.w.output, g.h.taps - 1 - g.h.pad,
               g.w.taps - 1 - g.w.pad, all.dx, g.h.input, g.w.input,
               {all.weights, 0, g.taps(), channels * g.taps()}, true, nullptr, nullptr}).run();
  deliver<float>(dx, call[0]);
}

}  // namespace adjoint::ADJOINT_ISA
