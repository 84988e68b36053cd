// conv2dWeight: dw[o, c, kh, kw] = Σ dy[n, o, i, j] · x[n, c, i·strideH − padTop + kh·dilationH, j·…]. With x in padded
// planes and dy in planes of the same row length (zeros behind each row), an element of dw is a dot product of two
// contiguous stretches: no patch is ever copied. A NaN or ∞ of x may reach all of its channel's dw, because a zero of
// dy may meet it. Where there are many filters or channels, dw is a product along the outputs instead
// (weight_product.h). With a view more, db[o] = Σ dy[n, o, i, j] beside it.
#include "conv/depthwise.h"
#include "conv/weight_product.h"

namespace adjoint::ADJOINT_ISA {
using namespace conv;
namespace {

// Filters × window elements whose sums stay in registers.
#if defined(__AVX512F__)
constexpr int kFilters = 6, kElements = 4;
#elif defined(__AVX2__)
constexpr int kFilters = 3, kElements = 4;
#else
constexpr int kFilters = 2, kElements = 4;
#endif

// The images are cut into this many slices, whose sums are added in order.
constexpr int64_t kSlices = 8;

// Bytes of padded images that a thread goes through together, so that the sums of small ones stay in registers.
constexpr int64_t kGroupBytes = 1 << 18;

// Positions that are summed at a stretch: kFilters rows of dy stay in the first-level cache.
template <typename T>
constexpr int64_t kStretch = 4096 / sizeof(T);

// Padded images of one group and how to step through them.
template <typename T>
struct Stretch {
  const T* dy;
  int64_t dy_plane, dy_image;
  const T* x;
  int64_t x_image;
  int64_t images, length;  // length: a multiple of the vector
};

// dw[filter · row + e] += Σ dy[filter][…] · x[offsets[e] + …] for FILTERS × ELEMENTS sums.
template <typename T, int FILTERS, int ELEMENTS>
void dot_tile(const Stretch<T>& stretch, const int64_t* offsets, T* dw, int64_t row) {
  constexpr int lanes = kLanes<T>, sums = FILTERS * ELEMENTS, batches = (sums + lanes - 1) / lanes;
  Vec<T> sum[batches * lanes] = {};
  for (int64_t image = 0; image < stretch.images; image++) {
    const T* dy = stretch.dy + image * stretch.dy_image;
    const T* x[ELEMENTS];
#pragma GCC unroll 8
    for (int e = 0; e < ELEMENTS; e++) x[e] = stretch.x + image * stretch.x_image + offsets[e];
    for (int64_t p = 0; p < stretch.length; p += lanes) {
      Vec<T> values[ELEMENTS];
#pragma GCC unroll 8
      for (int e = 0; e < ELEMENTS; e++) values[e] = load(x[e] + p);
#pragma GCC unroll 8
      for (int f = 0; f < FILTERS; f++) {
        const Vec<T> gradient = load(dy + f * stretch.dy_plane + p);
#pragma GCC unroll 8
        for (int e = 0; e < ELEMENTS; e++) sum[f * ELEMENTS + e] = fma(gradient, values[e], sum[f * ELEMENTS + e]);
      }
    }
  }
  T totals[batches * lanes];
#pragma GCC unroll 16
  for (int batch = 0; batch < batches; batch++) store(totals + batch * lanes, sum_rows<T>(sum + batch * lanes));
  for (int f = 0; f < FILTERS; f++) {
    for (int e = 0; e < ELEMENTS; e++) dw[f * row + e] += totals[f * ELEMENTS + e];
  }
}

template <typename T, int FILTERS = kFilters, int ELEMENTS = kElements>
INLINE void dot_tile_of(int64_t filters, int64_t elements, const Stretch<T>& stretch, const int64_t* offsets, T* dw,
                        int64_t row) {
  if constexpr (ELEMENTS > 1) {
    if (elements < ELEMENTS) return dot_tile_of<T, FILTERS, ELEMENTS - 1>(filters, elements, stretch, offsets, dw, row);
  }
  if constexpr (FILTERS > 1) {
    if (filters < FILTERS) return dot_tile_of<T, FILTERS - 1, ELEMENTS>(filters, elements, stretch, offsets, dw, row);
  }
  dot_tile<T, FILTERS, ELEMENTS>(stretch, offsets, dw, row);
}

// Adds the share of images [begin, end) to dw [groups · filters, k].
template <typename T>
void add_images(const Geometry& g, const Planes& planes, const int64_t* offsets, const Stack<const T>& x,
                const Stack<const T>& dy, int64_t begin, int64_t end, T* dw) {
  const int64_t k = g.channels * g.taps();
  const int64_t length = ceil_div((g.h.output - 1) * planes.columns + g.w.output, kLanes<T>) * kLanes<T>;
  const Planes dy_planes = {1, 1, 1, 1, g.h.output, planes.columns, 0};
  const int64_t x_image = g.channels * planes.size<T>();
  const int64_t dy_plane = dy_planes.size<T>(), dy_image = g.filters * dy_plane;
  const int64_t together = larger(kGroupBytes / static_cast<int64_t>(sizeof(T)) / (x_image + dy_image), 1);
  for (int64_t group = 0; group < g.groups; group++) {
    for (int64_t first = begin; first < end; first += together) {
      const int64_t images = smaller(together, end - first);
      T* padded = workspace<T>(Workspace::Image, images * x_image);
      T* gradient = workspace<T>(Workspace::Plane, images * dy_image);
      for (int64_t image = 0; image < images; image++) {
        for (int64_t c = 0; c < g.channels; c++) {
          pad_plane(padded + image * x_image + c * planes.size<T>(), planes,
                    x.plane(first + image, group * g.channels + c), g.h.input, g.w.input, g.h.pad, g.w.pad);
        }
        for (int64_t o = 0; o < g.filters; o++) {
          pad_plane(gradient + image * dy_image + o * dy_plane, dy_planes,
                    dy.plane(first + image, group * g.filters + o), g.h.output, g.w.output, 0, 0);
        }
      }
      for (int64_t p = 0; p < length; p += kStretch<T>) {
        for (int64_t o = 0; o < g.filters; o += kFilters) {
          const Stretch<T> stretch = {gradient + o * dy_plane + p, dy_plane, dy_image, padded + p,
                                      x_image, images, smaller(kStretch<T>, length - p)};
          T* rows = dw + (group * g.filters + o) * k;
          for (int64_t e = 0; e < k; e += kElements) {
            dot_tile_of(g.filters - o, k - e, stretch, offsets + e, rows + e, k);
          }
        }
      }
    }
  }
}

// Multiply-adds of vectors that an output takes, at half the speed of the products.
double dots_cost(const Geometry& g, int64_t lanes) { return 2.0 * g.channels * g.taps() * g.filters / lanes; }

// Adds the shares of slices of the images, in order.
template <typename T>
void sum_slices(const Geometry& g, const Stack<const T>& x, const Stack<const T>& dy, T* dw, int64_t size) {
  const Planes planes = planes_of(g);
  int64_t* offsets = workspace<int64_t>(Workspace::Offsets, g.channels * g.taps());
  window_offsets<T>(offsets, g, planes);
  const int64_t per_slice = larger(ceil_div(g.images, kSlices), 1), slices = ceil_div(g.images, per_slice);
  T* partial = workspace<T>(Workspace::Partial, slices * size);
  parallel_for(slices, 1, [&](int64_t begin, int64_t end) {
    std::memset(partial + begin * size, 0, (end - begin) * size * sizeof(T));
    for (int64_t slice = begin; slice < end; slice++) {
      add_images(g, planes, offsets, x, dy, slice * per_slice, smaller((slice + 1) * per_slice, g.images),
                 partial + slice * size);
    }
  });
  parallel_for(size, kGrain, [&](int64_t begin, int64_t end) {
    std::memset(dw + begin, 0, (end - begin) * sizeof(T));
    for (int64_t slice = 0; slice < slices; slice++) {
      for (int64_t i = begin; i < end; i++) dw[i] += partial[slice * size + i];
    }
  });
}

// db = Σ dy over images and outputs.
void sum_filters(const View& db, const View& dy) {
  Call call{};
  call.view_count = 2;
  call.views[0] = {db.data, db.dtype, dy.rank, {1, dy.shape[1], 1, 1, 1}, {0, db.strides[0]}};
  call.views[1] = dy;
  sum(call);
}

// Views: dw, x, dy, or dw, db, x, dy.
template <typename T>
void conv2d_weight_of(const Call& call) {
  const bool biased = call.view_count > 3;
  const View &images = call[1 + biased], &gradient = call[2 + biased];
  const Geometry g(gradient, images, call[0], call.numbers);
  const bool rounds = call.says(kRoundsConvolution), paired = kHasPairs<T> && rounds;
  const bool some = call[0].size() > 0 && gradient.size() > 0;
  const bool product = some && !g.depthwise() && product_cost(g, kLanes<T>, paired) < dots_cost(g, kLanes<T>);
  const bool round = rounds && !(paired && product);
  const bool summed = biased && product && !rounds && sums_gradient<T>(g);
  const View dw = writable<T>(call[0], Workspace::Output), x = operand<T>(images, Workspace::Input, round);
  const View dy = operand<T>(gradient, Workspace::Filter, round);
  const Stack<const T> read = inputs_of<T>(g, x.as<T>()), written = outputs_of<const T>(g, dy.as<T>());
  if (product) {
    const View db = summed ? writable<T>(call[1], Workspace::Bias) : View{};
    multiply_weights(g, read, written, dw.as<T>(), db.as<T>(), paired);
    if (summed) deliver<T>(db, call[1]);
  } else if (some && g.depthwise()) {
    sum_planes(g, read, written, dw.as<T>());
  } else {
    sum_slices(g, read, written, dw.as<T>(), dw.size());
  }
  deliver<T>(dw, call[0]);
  if (biased && !summed) sum_filters(call[1], gradient);
}

}  // namespace

void conv2dWeight(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { conv2d_weight_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
