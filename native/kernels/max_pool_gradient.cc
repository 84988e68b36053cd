// The gradient of 2-D pooling by the largest element.
#include "kernels/pool.h"
#include "simd/between.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Stores `count` pairs of neighbours, at most as many as lanes.
template <typename T>
ADJOINT_INLINE void store_pairs(T* x, Vec<T> left, Vec<T> right, int64_t count) {
  constexpr int64_t lanes = kLanes<T>;
  store_first(x, zip_low(left, right), 2 * count < lanes ? 2 * count : lanes);
  if (2 * count > lanes) store_first(x + lanes, zip_high(left, right), 2 * count - lanes);
}

template <typename T>
ADJOINT_INLINE LaneNumbers<T> load_places(const int32_t* from, int64_t count) {
  LaneNumbers<T> places{};
  if constexpr (sizeof(T) == sizeof(int32_t)) {
    const Vec<T> bits = load_first(reinterpret_cast<const T*>(from), count);
    std::memcpy(&places, &bits, sizeof bits);
  } else {
    for (int64_t j = 0; j < count; j++) places[j] = from[j];
  }
  return places;
}

// What a pool's gradient is made of, and a plane of it. `pooled` masks: a gradient that relu's gradient lets through where
// the pooled value is above 0.
template <typename T>
struct Spread {
  Plane<T> dx;
  Plane<const T> dy, pooled;
  Plane<const int32_t> indices;
  bool masks;

  T value(int64_t i, int64_t j) const { return masks && !(pooled.at(i, j) > 0) ? T(0) : dy.at(i, j); }
};

// The gradients of windows in pairs, rows without gaps: the largest element has the pooled one's, the others 0. What no
// window covers is 0 too.
template <typename T>
void spread_in_pairs(const Window& window, const Spread<T>& spread) {
  // Of its own, or the compiler would read all of it again behind every store.
  const auto [dx, dy, pooled, indices, masks] = spread;
  constexpr int64_t lanes = kLanes<T>;
  using Place = decltype(LaneNumbers<T>{}[0] + 0);
  const int64_t taps = window.h.taps, height = window.h.input, width = window.w.input;
  const int64_t down = window.h.output, across = window.w.output;
  const Vec<T> zero{};
  for (int64_t i = 0; i < down; i++) {
    for (int64_t j = 0; j < across; j += lanes) {
      const int64_t count = across - j < lanes ? across - j : lanes;
      const Vec<T> above = load_first(&pooled.at(i, j), count), given = load_first(&dy.at(i, j), count);
      const Vec<T> value = masks ? (above > zero ? given : zero) : given;
      LaneNumbers<T> place = load_places<T>(&indices.at(i, j), count) - 2 * lane_numbers<T>();
      place -= static_cast<Place>(taps * i * width + 2 * j);
      for (int64_t tap = 0; tap < taps; tap++, place -= static_cast<Place>(width)) {
        store_pairs<T>(&dx.at(taps * i + tap, 2 * j), place == 0 ? value : zero, place == 1 ? value : zero, count);
      }
    }
    for (int64_t tap = 0; tap < taps; tap++) {
      for (int64_t j = 2 * across; j < width; j++) dx.at(taps * i + tap, j) = 0;
    }
  }
  for (int64_t row = taps * down; row < height; row++) {
    for (int64_t j = 0; j < width; j++) dx.at(row, j) = 0;
  }
}

#if defined(__AVX2__)
using Lanes = LaneNumbers<float>;

// Steps of windows along an axis that the compiler knows.
template <int Taps, int Stride>
struct Steps {
  static constexpr int taps = Taps, stride = Stride;

  static bool fits(const WindowAxis& axis) {
    return axis.taps == Taps && axis.stride == Stride && axis.dilation == 1 && axis.pad <= (Taps > Stride ? 1 : 0);
  }
};

// `count` elements of a row, of which each vector has one in Stride.
template <int Stride>
ADJOINT_INLINE void store_columns(float* to, const Vec<float> (&columns)[Stride], int64_t count) {
  constexpr int64_t lanes = kLanes<float>;
  static_assert(Stride <= 2);
  if constexpr (Stride == 1) {
    if (count >= lanes) store(to, columns[0]);
    else store_first(to, columns[0], count);
  } else {
    const Vec<float> low = zip_low(columns[0], columns[1]), high = zip_high(columns[0], columns[1]);
    if (count >= 2 * lanes) {
      store(to, low);
      store(to + lanes, high);
      return;
    }
    store_first(to, low, count < lanes ? count : lanes);
    if (count > lanes) store_first(to + lanes, high, count - lanes);
  }
}

// Every element of dx takes what the windows that it lies in have for it, in the order of memory, as if each window added to
// its element: a vector of columns at a time, down the rows.
template <int kPadding, typename Down, typename Across>
void gather_plane(const Window& window, const Spread<float>& spread) {
  constexpr int64_t lanes = kLanes<float>, stride = Across::stride;
  // Of its own, or the compiler would read all of it again behind every store.
  const auto [dx, dy, pooled, indices, masks] = spread;
  const int64_t width = window.w.input, height = window.h.input, pad = window.h.pad;
  const int64_t across = window.w.output, down = window.h.output;
  Lanes targets[Down::taps][stride];
#pragma GCC unroll 3
  for (int p = 0; p < Down::taps; p++) {
#pragma GCC unroll 2
    for (int r = 0; r < stride; r++) {
      targets[p][r] = static_cast<int32_t>(stride) * lane_numbers<float>() + static_cast<int32_t>(p * width + r);
    }
  }
  const auto march = [&](int64_t k, auto vectors) ADJOINT_LAMBDA {
    constexpr int kVectors = decltype(vectors)::value;
    Vec<float> sums[kVectors][Down::taps][stride] = {};
    const auto put = [&](int64_t row, int p) ADJOINT_LAMBDA {
      if (row < 0 || row >= height) return;
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) {
        const int64_t column = (k + v * lanes) * stride;
        store_columns<stride>(&dx.at(row, column), sums[v][p], width - column);
      }
    };
    const auto pass_down = [&] ADJOINT_LAMBDA {
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) {
#pragma GCC unroll 3
        for (int p = 0; p < Down::taps; p++) {
#pragma GCC unroll 2
          for (int r = 0; r < stride; r++) {
            sums[v][p][r] = p + Down::stride < Down::taps ? sums[v][p + Down::stride][r] : Vec<float>{};
          }
        }
      }
    };
    for (int64_t i = 0; i < down; i++) {
      const int32_t base = static_cast<int32_t>((i * Down::stride - pad) * width + k * stride);
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) {
        // The later column of an element's window is the earlier window's.
#pragma GCC unroll 3
        for (int q = Across::taps - 1; q >= 0; q--) {
          constexpr int ahead = 2 * stride;  // to divide what is not negative
          const int offset = kPadding - q + ahead;
          const int r = (stride - offset % stride) % stride;
          const int64_t j = k + v * lanes + (offset + r) / stride - 2;
          const Vec<float> given = load_inside(&dy.at(i, 0), j, across), zero{};
          const Lanes found = (Lanes)load_inside(reinterpret_cast<const float*>(&indices.at(i, 0)), j, across);
          const Lanes at = found - (base + static_cast<int32_t>(v * lanes * stride));
          const Vec<float> value = masks ? (load_inside(&pooled.at(i, 0), j, across) > zero ? given : zero) : given;
#pragma GCC unroll 3
          for (int p = 0; p < Down::taps; p++) {
            sums[v][p][r] = at == targets[p][r] ? sums[v][p][r] + value : sums[v][p][r];
          }
        }
      }
#pragma GCC unroll 2
      for (int p = 0; p < Down::stride; p++) put(i * Down::stride - pad + p, p);
      pass_down();
    }
    int64_t row = down * Down::stride - pad;
#pragma GCC unroll 2
    for (int p = 0; p < Down::taps - Down::stride; p++, row++) put(row, p);
    for (int p = 0; p < Down::taps; p += Down::stride) pass_down();
    for (; row < height; row++) put(row, 0);
  };
  // Of two vectors at a time the sums need not wait for each other, as long as all of them have a register.
  constexpr int64_t most = kVectorBytes == 64 && stride == 1 ? 2 : 1;
  for (int64_t k = 0; k * stride < width; k += most * lanes) {
    if (most == 2 && (k + lanes) * stride < width) march(k, Constant<most>{});
    else march(k, Constant<1>{});
  }
}

// The function for the windows that are used most, if theirs are.
using Gather = void (*)(const Window&, const Spread<float>&);

Gather gather_for(const Window& window) {
  using Still = Steps<1, 1>;
  using Pairs = Steps<2, 2>;
  using Dense = Steps<3, 1>;
  using Halving = Steps<3, 2>;
  const auto &[h, w] = window;
  const bool padded = w.pad == 1;
  if (Pairs::fits(w)) {
    if (Pairs::fits(h)) return gather_plane<0, Pairs, Pairs>;
  } else if (Still::fits(w)) {
    if (Pairs::fits(h)) return gather_plane<0, Pairs, Still>;
    if (Dense::fits(h)) return gather_plane<0, Dense, Still>;
    if (Halving::fits(h)) return gather_plane<0, Halving, Still>;
  } else if (Dense::fits(w)) {
    // Nine windows an element are as quickly scattered as gathered through half of this register.
    if (Dense::fits(h) && kVectorBytes == 64) return padded ? gather_plane<1, Dense, Dense> : gather_plane<0, Dense, Dense>;
    if (Still::fits(h)) return padded ? gather_plane<1, Still, Dense> : gather_plane<0, Still, Dense>;
  } else if (Halving::fits(w)) {
    if (Halving::fits(h)) return padded ? gather_plane<1, Halving, Halving> : gather_plane<0, Halving, Halving>;
    if (Still::fits(h)) return padded ? gather_plane<1, Still, Halving> : gather_plane<0, Still, Halving>;
  }
  return nullptr;
}
#endif

// Each element of dy is added to its place of a plane of zeros.
template <typename T>
void scatter_plane(const Call& call, const Spread<T>& spread) {
  const auto& [to, from, pooled, indices, masks] = spread;
  const int64_t width = call[0].shape[3], height = call[1].shape[2], across = call[1].shape[3];
  fill_zero(to, call[0].shape[2], width);
  const auto dense = [](const auto& plane, int64_t columns) { return plane.column == 1 && plane.row == columns; };
  if (!masks && dense(to, width) && dense(from, across) && dense(indices, across)) {
    for (int64_t i = 0; i < height * across; i++) to.data[indices.data[i]] += from.data[i];
    return;
  }
  for (int64_t i = 0; i < height; i++) {
    for (int64_t j = 0; j < across; j++) {
      const int64_t index = indices.at(i, j);
      to.at(index / width, index % width) += spread.value(i, j);
    }
  }
}

// Whether rows are runs in memory.
bool in_rows(const Call& call) {
  for (int v = 0; v < call.view_count; v++) {
    if (call[v].strides[3] != 1) return false;
  }
  return true;
}

template <typename T>
void max_pool_input_of(const Call& call) {
  const View &dx = call[0], &dy = call[1];
  const bool masks = call.view_count > 3;
  const Window window = call.number_count > 0 ? max_window(dy, dx, call.numbers) : Window{};
  const bool known = call.number_count > 0 && in_rows(call);
  for_planes(dx, [&](int64_t plane) {
    const Spread<T> spread{plane_of<T>(dx, plane), plane_of<const T>(dy, plane), plane_of<const T>(call[masks ? 3 : 1], plane),
                           plane_of<const int32_t>(call[2], plane), masks};
#if defined(__AVX2__)
    if constexpr (sizeof(T) == sizeof(float)) {
      if (const Gather gather = known ? gather_for(window) : nullptr) return gather(window, spread);
    }
#endif
    if (known && window.pairs_across()) return spread_in_pairs(window, spread);
    scatter_plane<T>(call, spread);
  });
}

}  // namespace

void maxPool2dInput(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { max_pool_input_of<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
