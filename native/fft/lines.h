// Discrete Fourier transforms of as many lines as a vector has lanes, side by side: what is one number to a line is a vector
// here, so that no length needs a shuffle. Real and imaginary parts lie in planes of their own, [n, lanes] each.
// Source: Stockham's sorting passes, Van Loan 1992, "Computational Frameworks for the Fast Fourier Transform", section 1.7.
#pragma once
#include "gemm/workspace.h"
#include "kernels/walk.h"
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

// Elements of a line, of which as many as a vector has lanes come to the first-level cache at once.
constexpr int64_t kShortLine = 64;

// Where the elements of lines lie: the real part of element j of line l at `at + j · step + l · lane`, the imaginary one
// `part` further.
template <typename T>
struct Access {
  T* at;
  int64_t step, part, lane;
  bool far = false;  // whether what is written there goes past the caches
};

// Past the caches where a vector is a whole line of them: the line is not read before it is written.
template <bool FAR, typename T>
ADJOINT_INLINE void put(T* to, Vec<T> v) {
#if defined(__AVX512F__)
  if (FAR && reinterpret_cast<uintptr_t>(to) % sizeof v == 0) {
    if constexpr (sizeof(T) == 4) return _mm512_stream_ps(to, v);
    else return _mm512_stream_pd(to, v);
  }
#endif
  store(to, v);
}

// [n, lanes] real and imaginary parts. Exchanged, they make the inverse transform of the forward one.
template <typename T>
struct Planes {
  T *re, *im;
  Planes exchanged() const { return {im, re}; }
};

// e^(−2πi j / n) at [j · step].
template <typename T>
struct Roots {
  const T* at;
  int64_t step;
  ADJOINT_INLINE T re(int64_t j) const { return at[2 * j * step]; }
  ADJOINT_INLINE T im(int64_t j) const { return at[2 * j * step + 1]; }
  Roots every(int64_t count) const { return {at, step * count}; }
};

// Before another thread may read what went past the caches.
inline void settle() {
#if defined(__AVX512F__)
  _mm_sfence();
#endif
}

// The last lane first.
template <typename V>
ADJOINT_INLINE V reversed(V v) {
  constexpr int lanes = sizeof(V) / sizeof(v[0]);
  if constexpr (lanes == 2) return __builtin_shufflevector(v, v, 1, 0);
  else if constexpr (lanes == 4) return __builtin_shufflevector(v, v, 3, 2, 1, 0);
  else if constexpr (lanes == 8) return __builtin_shufflevector(v, v, 7, 6, 5, 4, 3, 2, 1, 0);
  else return __builtin_shufflevector(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

// Pairs that follow each other, their parts apart and together.
template <typename T>
ADJOINT_INLINE void load_pairs(const T* from, Vec<T>& re, Vec<T>& im) {
  const Vec<T> a = load(from), b = load(from + kLanes<T>);
  re = evens(a, b), im = odds(a, b);
}
template <typename T>
ADJOINT_INLINE void store_pairs(T* to, Vec<T> re, Vec<T> im) {
  store(to, zip_low(re, im)), store(to + kLanes<T>, zip_high(re, im));
}

// The transform of R numbers in place: of an odd number by sums and differences of those that mirror each other.
template <int R, typename T>
struct Butterfly {
  T cosines[R], sines[R];  // of −2π j / R

  Butterfly(const Roots<T>& roots, int64_t n) {
    for (int j = 0; j < R; j++) cosines[j] = roots.re(n / R * j), sines[j] = roots.im(n / R * j);
  }

  ADJOINT_INLINE void operator()(Vec<T> (&re)[R], Vec<T> (&im)[R]) const {
    constexpr int half = (R - 1) / 2;
    Vec<T> sum_re[half], sum_im[half], difference_re[half], difference_im[half];
    Vec<T> all_re = re[0], all_im = im[0];
#pragma GCC unroll 8
    for (int k = 0; k < half; k++) {
      sum_re[k] = re[k + 1] + re[R - 1 - k], sum_im[k] = im[k + 1] + im[R - 1 - k];
      difference_re[k] = re[k + 1] - re[R - 1 - k], difference_im[k] = im[k + 1] - im[R - 1 - k];
      all_re += sum_re[k], all_im += sum_im[k];
    }
    const Vec<T> first_re = re[0], first_im = im[0];
    re[0] = all_re, im[0] = all_im;
#pragma GCC unroll 8
    for (int j = 1; j <= half; j++) {
      Vec<T> even_re = first_re, even_im = first_im, odd_re = {}, odd_im = {};
#pragma GCC unroll 8
      for (int k = 0; k < half; k++) {
        const int turn = j * (k + 1) % R;
        const Vec<T> cosine = broadcast(cosines[turn]), sine = broadcast(sines[turn]);
        even_re = fma(cosine, sum_re[k], even_re), even_im = fma(cosine, sum_im[k], even_im);
        odd_re = fma(sine, difference_re[k], odd_re), odd_im = fma(sine, difference_im[k], odd_im);
      }
      re[j] = even_re - odd_im, im[j] = even_im + odd_re;
      re[R - j] = even_re + odd_im, im[R - j] = even_im - odd_re;
    }
  }
};

template <typename T>
struct Butterfly<2, T> {
  Butterfly(const Roots<T>&, int64_t) {}
  ADJOINT_INLINE void operator()(Vec<T> (&re)[2], Vec<T> (&im)[2]) const {
    const Vec<T> a = re[0], b = im[0];
    re[0] = a + re[1], im[0] = b + im[1];
    re[1] = a - re[1], im[1] = b - im[1];
  }
};

template <typename T>
struct Butterfly<4, T> {
  Butterfly(const Roots<T>&, int64_t) {}
  ADJOINT_INLINE void operator()(Vec<T> (&re)[4], Vec<T> (&im)[4]) const {
    const Vec<T> a = re[0] + re[2], b = im[0] + im[2], c = re[0] - re[2], d = im[0] - im[2];
    const Vec<T> e = re[1] + re[3], f = im[1] + im[3], g = re[1] - re[3], h = im[1] - im[3];
    re[0] = a + e, im[0] = b + f;
    re[1] = c + h, im[1] = d - g;
    re[2] = a - e, im[2] = b - f;
    re[3] = c - h, im[3] = d + g;
  }
};

// Of those of the even and of the odd numbers, these turned by eighths.
template <typename T>
struct Butterfly<8, T> {
  Butterfly<4, T> half;

  Butterfly(const Roots<T>& roots, int64_t n) : half(roots, n) {}
  ADJOINT_INLINE void operator()(Vec<T> (&re)[8], Vec<T> (&im)[8]) const {
    Vec<T> even_re[4] = {re[0], re[2], re[4], re[6]}, even_im[4] = {im[0], im[2], im[4], im[6]};
    Vec<T> odd_re[4] = {re[1], re[3], re[5], re[7]}, odd_im[4] = {im[1], im[3], im[5], im[7]};
    half(even_re, even_im), half(odd_re, odd_im);
    const T side = T(0.70710678118654752440);  // cos(π / 4)
    const Vec<T> turned_re[4] = {odd_re[0], (odd_re[1] + odd_im[1]) * side, odd_im[2], (odd_im[3] - odd_re[3]) * side};
    const Vec<T> turned_im[4] = {odd_im[0], (odd_im[1] - odd_re[1]) * side, -odd_re[2], (odd_re[3] + odd_im[3]) * -side};
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      re[k] = even_re[k] + turned_re[k], im[k] = even_im[k] + turned_im[k];
      re[k + 4] = even_re[k] - turned_re[k], im[k + 4] = even_im[k] - turned_im[k];
    }
  }
};

// One pass: `done` transforms of length n, interleaved, become R · done of length n / R.
//   y[q + done · (R p + j)] = w_n^(p j) · Σ_k w_R^(j k) · x[q + done · (p + n / R · k)]
template <int R, typename T>
void pass(Planes<T> y, Planes<T> x, int64_t n, int64_t done, Roots<T> roots) {
  constexpr int64_t lanes = kLanes<T>;
  const int64_t m = n / R;
  const Butterfly<R, T> butterfly(roots, n * done);
  for (int64_t p = 0; p < m; p++) {
    Vec<T> turn_re[R], turn_im[R];
    for (int j = 1; j < R; j++) {
      turn_re[j] = broadcast(roots.re(p * j * done)), turn_im[j] = broadcast(roots.im(p * j * done));
    }
    const auto each = [&](auto turns) ADJOINT_LAMBDA {
      for (int64_t q = 0; q < done; q++) {
        Vec<T> re[R], im[R];
#pragma GCC unroll 16
        for (int k = 0; k < R; k++) {
          const int64_t from = (q + done * (p + m * k)) * lanes;
          re[k] = load(x.re + from), im[k] = load(x.im + from);
        }
        butterfly(re, im);
#pragma GCC unroll 16
        for (int j = 0; j < R; j++) {
          const int64_t to = (q + done * (R * p + j)) * lanes;
          if (turns == 1 && j > 0) {
            store(y.re + to, fma(re[j], turn_re[j], -(im[j] * turn_im[j])));
            store(y.im + to, fma(re[j], turn_im[j], im[j] * turn_re[j]));
          } else {
            store(y.re + to, re[j]);
            store(y.im + to, im[j]);
          }
        }
      }
    };
    if (p == 0) each(Still{});  // all turns are 1
    else each(Unit{});
  }
}

// The transform of x, which is lost: in x or in y, whichever is returned. The factors of n are 2, 3, 5, 7, 11 and 13.
template <typename T>
Planes<T> transform(Planes<T> x, Planes<T> y, int64_t n, Roots<T> roots) {
  int64_t done = 1;
  for (int64_t left = n; left > 1;) {
    int64_t radix = 13;
    // As few passes as can be: of factors 2 three go together, or two.
    const int twos = __builtin_ctzll(static_cast<uint64_t>(left));
    if (twos > 0 && twos % 3 == 0) radix = 8, pass<8>(y, x, left, done, roots);
    else if (left % 4 == 0) radix = 4, pass<4>(y, x, left, done, roots);
    else if (left % 2 == 0) radix = 2, pass<2>(y, x, left, done, roots);
    else if (left % 3 == 0) radix = 3, pass<3>(y, x, left, done, roots);
    else if (left % 5 == 0) radix = 5, pass<5>(y, x, left, done, roots);
    else if (left % 7 == 0) radix = 7, pass<7>(y, x, left, done, roots);
    else if (left % 11 == 0) radix = 11, pass<11>(y, x, left, done, roots);
    else pass<13>(y, x, left, done, roots);
    left /= radix, done *= radix;
    const Planes<T> swapped = x;
    x = y, y = swapped;
  }
  return x;
}

// Brings `count` lines of n elements to planes; the lanes that are left over become 0.
template <typename T>
void gather(Planes<T> to, Access<T> from, int64_t n, int64_t count) {
  constexpr int64_t lanes = kLanes<T>;
  int64_t j = 0;
  if (count == lanes && from.lane == 2 && from.part == 1) {
    for (; j < n; j++) {
      const T* const pairs = from.at + j * from.step;
      const Vec<T> a = load(pairs), b = load(pairs + lanes);
      __builtin_prefetch(pairs + 2 * lanes), __builtin_prefetch(pairs + 3 * lanes);
      store(to.re + j * lanes, evens(a, b)), store(to.im + j * lanes, odds(a, b));
    }
  } else if (count == lanes && from.step == 2 && from.part == 1) {
    // Short lines follow each other: asked for in their order, before they are read across.
    const int64_t all = n <= kShortLine ? lanes * from.lane : 0;
    for (int64_t i = 0; i < all; i += 64 / static_cast<int64_t>(sizeof(T))) __builtin_prefetch(from.at + i);
    for (; j + lanes / 2 <= n; j += lanes / 2) {
      Vec<T> rows[lanes];
      for (int64_t l = 0; l < lanes; l++) rows[l] = load(from.at + l * from.lane + 2 * j);
      transpose<T>(rows);
      for (int64_t k = 0; k < lanes / 2; k++) {
        store(to.re + (j + k) * lanes, rows[2 * k]), store(to.im + (j + k) * lanes, rows[2 * k + 1]);
      }
    }
  }
  for (; j < n; j++) {
    T *const re = to.re + j * lanes, *const im = to.im + j * lanes;
    if (count < lanes) store(re, Vec<T>{}), store(im, Vec<T>{});
    const T* const first = from.at + j * from.step;
    for (int64_t l = 0; l < count; l++) re[l] = first[l * from.lane], im[l] = first[l * from.lane + from.part];
  }
}

// The same of real lines, each without gaps.
template <typename T>
void gather_real(Planes<T> to, Access<T> from, int64_t n, int64_t count) {
  constexpr int64_t lanes = kLanes<T>;
  int64_t j = 0;
  for (; count == lanes && j + lanes <= n; j += lanes) {
    Vec<T> rows[lanes];
    for (int64_t l = 0; l < lanes; l++) rows[l] = load(from.at + l * from.lane + j);
    transpose<T>(rows);
    for (int64_t k = 0; k < lanes; k++) store(to.re + (j + k) * lanes, rows[k]);
  }
  for (; j < n; j++) {
    T* const re = to.re + j * lanes;
    if (count < lanes) store(re, Vec<T>{});
    for (int64_t l = 0; l < count; l++) re[l] = from.at[j + l * from.lane];
  }
  for (j = 0; j < n; j++) store(to.im + j * lanes, Vec<T>{});
}

// Writes the first `count` lanes of planes as lines of n elements, multiplied by `scale`.
template <bool FAR, typename T>
void scatter_to(Access<T> to, Planes<T> from, int64_t n, int64_t count, T scale) {
  constexpr int64_t lanes = kLanes<T>;
  int64_t j = 0;
  if (count == lanes && to.lane == 2 && to.part == 1) {
    for (; j < n; j++) {
      T* const pairs = to.at + j * to.step;
      const Vec<T> re = load(from.re + j * lanes) * scale, im = load(from.im + j * lanes) * scale;
      put<FAR>(pairs, zip_low(re, im)), put<FAR>(pairs + lanes, zip_high(re, im));
      if (!FAR) __builtin_prefetch(pairs + 2 * lanes, 1), __builtin_prefetch(pairs + 3 * lanes, 1);
    }
  } else if (count == lanes && to.step == 2 && to.part == 1) {
    for (; j + lanes / 2 <= n; j += lanes / 2) {
      Vec<T> rows[lanes];
      for (int64_t k = 0; k < lanes / 2; k++) {
        rows[2 * k] = load(from.re + (j + k) * lanes) * scale, rows[2 * k + 1] = load(from.im + (j + k) * lanes) * scale;
      }
      transpose<T>(rows);
      for (int64_t l = 0; l < lanes; l++) put<FAR>(to.at + l * to.lane + 2 * j, rows[l]);
    }
  }
  for (; j < n; j++) {
    const T *const re = from.re + j * lanes, *const im = from.im + j * lanes;
    T* const first = to.at + j * to.step;
    for (int64_t l = 0; l < count; l++) first[l * to.lane] = re[l] * scale, first[l * to.lane + to.part] = im[l] * scale;
  }
}

template <typename T>
void scatter(Access<T> to, Planes<T> from, int64_t n, int64_t count, T scale) {
  to.far ? scatter_to<true>(to, from, n, count, scale) : scatter_to<false>(to, from, n, count, scale);
}

}  // namespace adjoint::ADJOINT_ISA
