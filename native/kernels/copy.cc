// Copies with conversion, and fill.
#include "kernels/elementwise.h"
#include "kernels/runs.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Side of the square that is turned at once: its lines fit the first-level cache twice.
constexpr int64_t kTile = 32;

// Converts as many of n elements as make whole vectors, where an instruction does it; returns how many.
template <typename To, typename From>
ADJOINT_INLINE int64_t convert_vectors(To*, const From*, int64_t) { return 0; }

// Beyond its range the instruction gives INT32_MIN (x86) or the nearest integer (ARM), of a NaN INT32_MIN or 0.
template <>
ADJOINT_INLINE int64_t convert_vectors(int32_t* to, const float* from, int64_t n) {
  int64_t i = 0;
  for (; i + kLanes<float> <= n; i += kLanes<float>) {
    const Vec<float> x = load(from + i);
    const Vec<int32_t> whole = __builtin_convertvector(x, Vec<int32_t>);
    const Vec<int32_t> below = x >= 2147483648.0f ? broadcast<int32_t>(INT32_MAX) : whole;
    store(to + i, x == x ? below : Vec<int32_t>{});
  }
  return i;
}

template <>
ADJOINT_INLINE int64_t convert_vectors(uint8_t* to, const float* from, int64_t n) {
  typedef uint8_t Bytes __attribute__((vector_size(kLanes<float>)));
  int64_t i = 0;
  for (; i + kLanes<float> <= n; i += kLanes<float>) {
    const Vec<float> x = load(from + i), above = x > 0.0f ? x : Vec<float>{};
    const Vec<float> within = above < 255.0f ? above : broadcast(255.0f);
    const Bytes bytes = __builtin_convertvector(__builtin_convertvector(within, Vec<int32_t>), Bytes);
    std::memcpy(to + i, &bytes, sizeof bytes);
  }
  return i;
}

#if defined(__AVX512BF16__)
// The instruction takes a denormal for 0: where there is one, element by element.
template <>
ADJOINT_INLINE int64_t convert_vectors(BFloat16* to, const float* from, int64_t n) {
  constexpr int kDenormal = 0x20;
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    const __m512 low = _mm512_loadu_ps(from + i), high = _mm512_loadu_ps(from + i + 16);
    if (_mm512_fpclass_ps_mask(low, kDenormal) | _mm512_fpclass_ps_mask(high, kDenormal)) {
      for (int64_t k = i; k < i + 32; k++) to[k] = to_bfloat16(from[k]);
    } else {
      const __m512bh both = _mm512_cvtne2ps_pbh(high, low);
      std::memcpy(to + i, &both, sizeof both);
    }
  }
  return i;
}
#endif

// y = x with conversion.
template <typename To, typename From>
void convert_all(const View& y, const View& x) {
  const View views[] = {y, x};
  in_tiles(views, [](const View (&v)[2]) {
    const Walk<2> walk(v);
    const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
    for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
      To* __restrict to = v[0].as<To>() + at[0];
      const From* __restrict from = v[1].as<From>() + at[1];
      if (ys == 1 && xs == 1) {
        for (int64_t i = convert_vectors(to, from, n); i < n; i++) to[i] = convert<To>(from[i]);
      } else {
        for (int64_t i = 0; i < n; i++) to[i * ys] = convert<To>(from[i * xs]);
      }
    });
  });
}

// The axis along which x lies without gaps, where y's is another one; −1 if there is none worth a transposition.
int crossing_axis(const Walk<2>& walk) {
  if (walk.inner_step(1) == 1 || walk.inner() < 8) return -1;
  for (int axis = 0; axis < walk.rank - 1; axis++) {
    if (walk.strides[1][axis] == 1 && walk.shape[axis] >= 8) return axis;
  }
  return -1;
}

// y = x where y's rows are x's columns: in tiles, so that each cache line is used whole while it is near.
template <typename T>
void transpose(const View& y, const View& x, const Walk<2>& walk, int axis) {
  const int64_t height = walk.shape[axis], width = walk.inner();
  const int64_t y_down = walk.strides[0][axis], y_along = walk.inner_step(0), x_along = walk.inner_step(1);
  const Walk<2> others = walk.without(axis);
  const int64_t bands = (height + kTile - 1) / kTile;
  parallel_for(others.rows() * bands, chunk(kGrain, kTile * width), [&](int64_t begin, int64_t end) {
    for (int64_t band = begin; band < end; band++) {
      const Walk<2>::Position p = others.seek(band / bands);
      const int64_t top = band % bands * kTile, rows = top + kTile < height ? kTile : height - top;
      T* to = y.as<T>() + p.at[0] + top * y_down;
      const T* from = x.as<T>() + p.at[1] + top;
      for (int64_t left = 0; left < width; left += kTile) {
        const int64_t columns = left + kTile < width ? kTile : width - left;
        transpose_block(to + left * y_along, y_down, y_along, from + left * x_along, x_along, rows, columns);
      }
    }
  });
}

// The axis of two to four elements that alternate in x, as the colours of a picture, and lie in planes in y; −1 for none.
int alternating_axis(const Walk<2>& walk) {
  const int64_t count = walk.inner_step(1);
  if (count < 2 || count > 4 || walk.inner_step(0) != 1 || walk.inner() < kFewest) return -1;
  for (int axis = 0; axis < walk.rank - 1; axis++) {
    if (walk.strides[1][axis] == 1 && walk.shape[axis] == count) return axis;
  }
  return -1;
}

// y = x along such an axis: a run of x to all planes at once, lest each of them read it anew.
template <int COUNT, typename T>
void separate(const View& y, const View& x, const Walk<2>& walk, int axis) {
  constexpr int64_t room = kGrain / COUNT;
  const int64_t plane = walk.strides[0][axis], width = walk.inner();
  const int64_t runs = (width + room - 1) / room;
  const Walk<2> others = walk.without(axis);
  parallel_for(others.rows() * runs, chunk(room, width), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const Walk<2>::Position p = others.seek(i / runs);
      const int64_t left = i % runs * room, n = left + room < width ? room : width - left;
      const T* __restrict from = x.as<T>() + p.at[1] + left * COUNT;
      T* const to = y.as<T>() + p.at[0] + left;
      T *__restrict a = to, *__restrict b = to + plane, *__restrict c = to + 2 * plane, *__restrict d = to + 3 * plane;
      for (int64_t k = 0; k < n; k++) {
        a[k] = from[k * COUNT];
        b[k] = from[k * COUNT + 1];
        if (COUNT > 2) c[k] = from[k * COUNT + 2];
        if (COUNT > 3) d[k] = from[k * COUNT + 3];
      }
    }
  });
}

// Makes an axis of many elements along which x lies without gaps the inner one, if that has only a few.
void lengthen(Walk<2>& walk) {
  const int last = walk.rank - 1;
  if (walk.inner() >= 8) return;
  for (int axis = 0; axis < last; axis++) {
    if (walk.strides[1][axis] != 1 || walk.shape[axis] < kFewest) continue;
    const int64_t size = walk.shape[axis];
    walk.shape[axis] = walk.shape[last];
    walk.shape[last] = size;
    for (int v = 0; v < 2; v++) {
      const int64_t stride = walk.strides[v][axis];
      walk.strides[v][axis] = walk.strides[v][last];
      walk.strides[v][last] = stride;
    }
    return;
  }
}

// y = x along rows without gaps, which are so short that what is done once a row counts.
template <typename T>
void move_rows(const View& y, const View& x, const Walk<2>& walk) {
  const int64_t n = walk.inner(), ys = walk.strides[0][walk.rank - 2], xs = walk.strides[1][walk.rank - 2];
  for_rows_of<2>(walk, [&](const int64_t (&at)[2], int64_t rows) {
    T* to = y.as<T>() + at[0];
    const T* from = x.as<T>() + at[1];
    const auto each = [&](auto n) ADJOINT_LAMBDA {
      for (int64_t row = 0; row < rows; row++, to += ys, from += xs) copy_run<T>(to, from, n);
    };
    if (n == 64) each(Constant<64>{});
    else each(n);
  });
}

// Every second element of `to`, those between left as they are: half a vector at a time; returns how many were stored.
template <typename E>
ADJOINT_INLINE int64_t store_every_second(E* to, const E* from, int64_t n) {
  int64_t i = 0;
#if defined(__AVX512F__)
  if constexpr (sizeof(E) == 4) {
    const __m512i apart = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    for (; i + 8 <= n; i += 8) {
      const __m512i near = _mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + i)));
      _mm512_mask_storeu_epi32(to + 2 * i, 0x5555, _mm512_permutexvar_epi32(apart, near));
    }
  }
#else
  (void)to, (void)from, (void)n;
#endif
  return i;
}

using Two = Constant<2>;
using Back = Constant<-1>;

// y = x of one dtype.
template <typename T>
void move_all(const View& y, const View& x) {
  const View views[] = {y, x};
  Walk<2> walk(views);
  if (const int axis = crossing_axis(walk); axis >= 0) return transpose<T>(y, x, walk, axis);
  if (const int axis = alternating_axis(walk); axis >= 0) {
    if (walk.inner_step(1) == 2) return separate<2, T>(y, x, walk, axis);
    if (walk.inner_step(1) == 3) return separate<3, T>(y, x, walk, axis);
    return separate<4, T>(y, x, walk, axis);
  }
  lengthen(walk);
  const int64_t ys = walk.inner_step(0), xs = walk.inner_step(1);
  if (ys == 1 && xs == 1 && walk.rank > 1 && walk.inner() <= kShortRun) return move_rows<T>(y, x, walk);
  for_segments<2>(walk, [&](const int64_t (&at)[2], int64_t n) {
    T* __restrict to = y.as<T>() + at[0];
    const T* __restrict from = x.as<T>() + at[1];
    const auto each = [=](auto ys, auto xs) ADJOINT_LAMBDA {
      for (int64_t i = 0; i < n; i++) to[i * ys] = from[i * xs];
    };
    if (ys == 1 && xs == 1) each(Unit{}, Unit{});
    else if (ys == 1 && xs == 2) each(Unit{}, Two{});
    else if (ys == 1 && xs == -1) each(Unit{}, Back{});
    else if (ys == 2 && xs == 1) for (int64_t i = store_every_second(to, from, n); i < n; i++) to[2 * i] = from[i];
    else if (xs == 1) each(ys, Unit{});
    else each(ys, xs);
  });
}

}  // namespace

void copy(const Call& call) {
  const View &y = call[0], &x = call[1];
  if (y.dtype == x.dtype) return with_width(y.dtype, [&](auto element) { move_all<decltype(element)>(y, x); });
  with_type(x.dtype, [&](auto from) {
    with_type(y.dtype, [&](auto to) {
      if constexpr (!__is_same(decltype(to), decltype(from))) convert_all<decltype(to), decltype(from)>(y, x);
    });
  });
}

void fill(const Call& call) {
  const View& y = call[0];
  const Walk<1> walk(call.views);
  const int64_t stride = walk.inner_step(0);
  with_type(y.dtype, [&](auto to) {
    using T = decltype(to);
    const T value = convert<T>(call.numbers[0]);
    for_segments<1>(walk, [&](const int64_t (&at)[1], int64_t n) {
      T* __restrict out = y.as<T>() + at[0];
      if (stride == 1) {
        for (int64_t i = 0; i < n; i++) out[i] = value;
      } else {
        for (int64_t i = 0; i < n; i++) out[i * stride] = value;
      }
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
