// Fourier transforms along the middle axis of [outer, n, inner]: complex to complex, of any length as a convolution, and of real
// lines of even length as complex ones of half of it.
#include "fft/lines.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Results of so many bytes leave the last cache before they are read.
constexpr int64_t kFarBytes = 1 << 24;

enum class Kind { Complex, ToHalf, FromHalf };

// A real line's even and odd elements, taken for real and imaginary parts, have the transform z of length h = n / 2, and
// with z' = conj(z[h − k]) the real line has x[k] = ½ (z + z') − ½ i w^k (z − z'), for k = 0 … h.
// Source: Press, Teukolsky, Vetterling, Flannery 2007, "Numerical Recipes", 3rd edition, section 12.3.2.
template <typename T, typename V, typename Root>
ADJOINT_INLINE void split_pair(V& re, V& im, V& mirror_re, V& mirror_im, Root root_re, Root root_im) {
  const T half = T(0.5);
  const V even_re = (re + mirror_re) * half, even_im = (im - mirror_im) * half;
  const V odd_re = (im + mirror_im) * half, odd_im = (mirror_re - re) * half;
  const V turned_re = odd_re * root_re - odd_im * root_im, turned_im = odd_re * root_im + odd_im * root_re;
  re = even_re + turned_re, im = even_im + turned_im;
  mirror_re = even_re - turned_re, mirror_im = turned_im - even_im;
}

// Back, without the halves: z[k] = (x + x') + i w^(−k) (x − x').
template <typename V, typename Root>
ADJOINT_INLINE void join_pair(V& re, V& im, V& mirror_re, V& mirror_im, Root root_re, Root root_im) {
  const V even_re = re + mirror_re, even_im = im - mirror_im;
  const V odd_re = re - mirror_re, odd_im = im + mirror_im;
  const V turned_re = odd_re * root_re + odd_im * root_im, turned_im = odd_im * root_re - odd_re * root_im;
  re = even_re - turned_im, im = even_im + turned_re;
  mirror_re = even_re + turned_im, mirror_im = turned_re - even_im;
}

// In place, h + 1 elements: load(k, re, im) and keep(k, re, im) see z[h] and x[h] too. Those from `first` to h − first alone, and
// the ends.
template <typename V, typename T, typename Load, typename Keep>
ADJOINT_INLINE void split(int64_t h, Roots<T> roots, const Load& load, const Keep& keep, int64_t first = 1) {
  V re, im, mirror_re, mirror_im;
  load(0, re, im);
  keep(0, re + im, V{});
  keep(h, re - im, V{});
  for (int64_t k = first; 2 * k <= h; k++) {
    load(k, re, im), load(h - k, mirror_re, mirror_im);
    split_pair<T>(re, im, mirror_re, mirror_im, roots.re(k), roots.im(k));
    keep(h - k, mirror_re, mirror_im), keep(k, re, im);
  }
}

template <typename V, typename T, typename Load, typename Keep>
ADJOINT_INLINE void join(int64_t h, Roots<T> roots, const Load& load, const Keep& keep, int64_t first = 1) {
  V re, im, mirror_re, mirror_im;
  load(0, re, im), load(h, mirror_re, mirror_im);
  keep(0, re + mirror_re, re - mirror_re);
  for (int64_t k = first; 2 * k <= h; k++) {
    load(k, re, im), load(h - k, mirror_re, mirror_im);
    join_pair(re, im, mirror_re, mirror_im, roots.re(k), roots.im(k));
    keep(h - k, mirror_re, mirror_im), keep(k, re, im);
  }
}

// A vector of k, from 1 on, and their mirrors at a time, of pairs from `from` to `to`: turn(re, im, mirror_re, mirror_im,
// root_re, root_im). Returns the first k that is left.
template <typename T, typename Turn>
ADJOINT_INLINE int64_t turn_mirrored(T* to, const T* from, int64_t h, const T* roots, const Turn& turn) {
  constexpr int64_t lanes = kLanes<T>;
  int64_t k = 1;
  for (; 2 * (k + lanes) <= h; k += lanes) {
    const int64_t mirror = h - k - lanes + 1;
    Vec<T> re, im, mirror_re, mirror_im, root_re, root_im;
    load_pairs(from + 2 * k, re, im), load_pairs(from + 2 * mirror, mirror_re, mirror_im);
    load_pairs(roots + 2 * k, root_re, root_im);
    mirror_re = reversed(mirror_re), mirror_im = reversed(mirror_im);
    turn(re, im, mirror_re, mirror_im, root_re, root_im);
    store_pairs(to + 2 * k, re, im), store_pairs(to + 2 * mirror, reversed(mirror_re), reversed(mirror_im));
  }
  return k;
}

template <typename T>
ADJOINT_INLINE void in_planes(const Planes<T>& planes, int64_t k, Vec<T>& re, Vec<T>& im) {
  re = load(planes.re + k * kLanes<T>), im = load(planes.im + k * kLanes<T>);
}
template <typename T>
ADJOINT_INLINE void to_planes(const Planes<T>& planes, int64_t k, Vec<T> re, Vec<T> im) {
  store(planes.re + k * kLanes<T>, re), store(planes.im + k * kLanes<T>, im);
}

// e^(−2πi j k / n) for line k = first … of [2, rows, columns], row j.
template <typename T>
struct Twist {
  const T* at;
  int64_t rows, columns;
};

// Transforms `count` lines of n elements, no more than there are lanes. `twist`, if given, turns element j of line l by its
// root (j, l) in the end.
template <Kind kind, typename T>
void transform_lines(Access<T> to, Access<T> from, int64_t n, int64_t count, Roots<T> roots, bool inverse, T scale,
                     const Twist<T>* twist = nullptr) {
  constexpr int64_t lanes = kLanes<T>;
  const int64_t room = (n + 1) * lanes;
  T* const memory = workspace<T>(Workspace::Wave, 4 * room);
  const Planes<T> x = {memory, memory + room}, y = {memory + 2 * room, memory + 3 * room};
  // Of real lines n is half of the length, whose roots are every other one.
  const Roots<T> own = kind == Kind::Complex ? roots : roots.every(2);
  if (kind == Kind::FromHalf) {
    gather(x, from, n + 1, count);
    join<Vec<T>, T>(
        n, roots, [&](int64_t k, Vec<T>& re, Vec<T>& im) ADJOINT_LAMBDA { in_planes(x, k, re, im); },
        [&](int64_t k, Vec<T> re, Vec<T> im) ADJOINT_LAMBDA { to_planes(x, k, re, im); });
  } else {
    gather(x, from, n, count);
  }
  Planes<T> z = transform(inverse ? x.exchanged() : x, inverse ? y.exchanged() : y, n, own);
  if (twist != nullptr) {
    const T *const re = twist->at, *const im = re + twist->rows * twist->columns;
    for (int64_t j = 0; j < n; j++) {
      const Vec<T> turn_re = load_first(re + j * twist->columns, count), turn_im = load_first(im + j * twist->columns, count);
      Vec<T> a, b;
      __builtin_prefetch(re + j * twist->columns + lanes), __builtin_prefetch(im + j * twist->columns + lanes);
      in_planes(z, j, a, b);
      to_planes(z, j, fma(a, turn_re, -(b * turn_im)), fma(a, turn_im, b * turn_re));
    }
  }
  if (inverse) z = z.exchanged();
  if (kind == Kind::ToHalf) {
    split<Vec<T>, T>(
        n, roots, [&](int64_t k, Vec<T>& re, Vec<T>& im) ADJOINT_LAMBDA { in_planes(z, k, re, im); },
        [&](int64_t k, Vec<T> re, Vec<T> im) ADJOINT_LAMBDA { to_planes(z, k, re, im); });
    scatter(to, z, n + 1, count, scale);
  } else {
    scatter(to, z, n, count, scale);
  }
}

// Lines of n elements in blocks of as many as there are lanes, in parallel.
template <typename T, typename Body>
void in_blocks(int64_t lines, int64_t n, const Body& body) {
  constexpr int64_t lanes = kLanes<T>;
  parallel_for((lines + lanes - 1) / lanes, chunk(kGrain, 8 * n * lanes), [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; block++) {
      const int64_t first = block * lanes;
      body(first, lines - first < lanes ? lines - first : lanes);
    }
    settle();
  });
}

template <typename T>
ADJOINT_INLINE Access<T> from_line(Access<T> access, int64_t line) {
  access.at += line * access.lane;
  return access;
}

// One line of n1 · n2 elements in two steps, which go through memory twice: transforms of length n1 along columns, turns,
// transforms of length n2 along rows, x[j1 n2 + j2] to y[k1 + n1 k2].
// Source: Bailey 1990, "FFTs in external or hierarchical memory", Journal of Supercomputing 4.
template <typename T>
void in_two_steps(Access<T> to, Access<T> from, Roots<T> roots, const Twist<T>& twist, bool inverse, T scale) {
  const int64_t n1 = twist.rows, n2 = twist.columns;
  T* const between = workspace<T>(Workspace::Line, 2 * n1 * n2);
  const Access<T> columns = {from.at, from.step * n2, from.part, from.step}, turned = {between, 2 * n2, 1, 2};
  in_blocks<T>(n2, n1, [&](int64_t first, int64_t count) {
    const Twist<T> own = {twist.at + first, n1, n2};
    transform_lines<Kind::Complex, T>(from_line(turned, first), from_line(columns, first), n1, count, roots.every(n2), inverse,
                                      T(1), &own);
  });
  const Access<T> rows = {between, 2, 1, 2 * n2}, sorted = {to.at, to.step * n1, to.part, to.step, to.far};
  in_blocks<T>(n1, n2, [&](int64_t first, int64_t count) {
    transform_lines<Kind::Complex, T>(from_line(sorted, first), from_line(rows, first), n2, count, roots.every(n1), inverse, scale);
  });
}

// The same of a real line, or to one; `half` has room for n / 2 + 1 numbers.
template <Kind kind, typename T>
void line_in_two_steps(Access<T> to, Access<T> from, Roots<T> roots, const Twist<T>& twist, bool inverse, T scale) {
  if constexpr (kind == Kind::Complex) return in_two_steps(to, from, roots, twist, inverse, scale);
  const int64_t h = twist.rows * twist.columns;
  if constexpr (kind == Kind::ToHalf) {
    in_two_steps(to, from, roots.every(2), twist, false, scale);
    const auto turn = [](auto&... parts) ADJOINT_LAMBDA { split_pair<T>(parts...); };
    const int64_t first = to.step == 2 ? turn_mirrored(to.at, to.at, h, roots.at, turn) : 1;
    split<T, T>(
        h, roots,
        [&](int64_t k, T& re, T& im) ADJOINT_LAMBDA { re = to.at[k * to.step], im = to.at[k * to.step + to.part]; },
        [&](int64_t k, T re, T im) ADJOINT_LAMBDA { to.at[k * to.step] = re, to.at[k * to.step + to.part] = im; }, first);
  } else {
    T* const half = workspace<T>(Workspace::Half, 2 * (h + 1));
    const auto turn = [](auto&... parts) ADJOINT_LAMBDA { join_pair(parts...); };
    const int64_t first = from.step == 2 ? turn_mirrored(half, from.at, h, roots.at, turn) : 1;
    join<T, T>(
        h, roots,
        [&](int64_t k, T& re, T& im) ADJOINT_LAMBDA { re = from.at[k * from.step], im = from.at[k * from.step + from.part]; },
        [&](int64_t k, T re, T im) ADJOINT_LAMBDA { half[2 * k] = re, half[2 * k + 1] = im; }, first);
    in_two_steps(to, {half, 2, 1, 0}, roots.every(2), twist, true, scale);
  }
}

// What makes a transform of any length n a convolution of length m, that is a product of transforms of a length which has
// passes: with turns c[j] = e^(∓πi j² / n), y[k] = c[k] · Σ_j (x[j] c[j]) · conj(c[k − j]). `filter` is the transform of
// conj(c), around the ends of m ≥ 2n − 1 places.
// Source: Bluestein 1970, "A linear filtering approach to the computation of discrete Fourier transform", IEEE Transactions on
// Audio and Electroacoustics 18.
template <typename T>
struct Chirp {
  const T *turns, *filter;
  int64_t n, m;
};

// x[j] = x[j] · by[j], j < n, of pairs `by`.
template <typename T>
void turn_planes(Planes<T> x, const T* by, int64_t n) {
  for (int64_t j = 0; j < n; j++) {
    const Vec<T> re = broadcast(by[2 * j]), im = broadcast(by[2 * j + 1]);
    Vec<T> a, b;
    in_planes(x, j, a, b);
    to_planes(x, j, fma(a, re, -(b * im)), fma(a, im, b * re));
  }
}

// The transform of x, times m, as `transform` has it: the lines stay in the cache from the first to the last turn.
template <typename T>
Planes<T> convolve(Planes<T> x, Planes<T> y, Roots<T> roots, const Chirp<T>& chirp) {
  const int64_t n = chirp.n, m = chirp.m;
  turn_planes(x, chirp.turns, n);
  for (int64_t j = n; j < m; j++) to_planes(x, j, Vec<T>{}, Vec<T>{});
  const Planes<T> z = transform(x, y, m, roots);
  turn_planes(z, chirp.filter, m);
  const Planes<T> other = z.re == x.re ? y : x;
  const Planes<T> back = transform(z.exchanged(), other.exchanged(), m, roots).exchanged();
  turn_planes(back, chirp.turns, n);
  return back;
}

// Transforms `count` lines, no more than there are lanes; of real ones the first half alone is written. Two of these in one,
// as its real and imaginary part, would be twice as fast, but a NaN or large numbers of one would reach the other.
template <Kind kind, typename T>
void transform_whole(Access<T> to, Access<T> from, int64_t n, int64_t count, Roots<T> roots, const Chirp<T>* chirp, T scale) {
  const int64_t room = ((chirp == nullptr ? n : chirp->m) + 1) * kLanes<T>;
  T* const memory = workspace<T>(Workspace::Wave, 4 * room);
  const Planes<T> x = {memory, memory + room}, y = {memory + 2 * room, memory + 3 * room};
  if (kind == Kind::ToHalf) gather_real(x, from, n, count);
  else gather(x, from, n, count);
  const Planes<T> z = chirp == nullptr ? transform(x, y, n, roots) : convolve(x, y, roots, *chirp);
  scatter(to, z, kind == Kind::ToHalf ? n / 2 + 1 : n, count, scale);
}

// to[j] = from[j] · by[j] · scale of n pairs.
template <typename T>
void turn_line(Access<T> to, Access<T> from, const T* by, int64_t n, T scale) {
  parallel_for(n, chunk(kGrain, 8), [&](int64_t begin, int64_t end) {
    for (int64_t j = begin; j < end; j++) {
      const T re = by[2 * j] * scale, im = by[2 * j + 1] * scale;
      const T *const x = from.at + j * from.step, a = x[0], b = x[from.part];
      T* const y = to.at + j * to.step;
      y[0] = a * re - b * im, y[to.part] = a * im + b * re;
    }
  });
}

// The same of one line in two steps each way.
template <typename T>
void convolve_in_two_steps(Access<T> to, Access<T> from, Roots<T> roots, const Chirp<T>& chirp, const Twist<T>& twist, T scale) {
  const int64_t n = chirp.n, m = chirp.m;
  T* const memory = workspace<T>(Workspace::Half, 4 * m);
  const Access<T> x = {memory, 2, 1, 0}, z = {memory + 2 * m, 2, 1, 0};
  turn_line(x, from, chirp.turns, n, T(1));
  for (int64_t j = 2 * n; j < 2 * m; j++) memory[j] = 0;
  in_two_steps(z, x, roots, twist, false, T(1));
  turn_line(z, z, chirp.filter, m, T(1));
  in_two_steps(x, z, roots, twist, true, T(1));
  turn_line(to, x, chirp.turns, n, scale);
}

// Lines of [outer, n, inner], of pairs or of real numbers.
template <typename T>
Access<T> lines_of(const View& view, bool pairs) {
  const int64_t inner = view.shape[2];
  T* const at = view.as<T>();
  if (pairs) return {at, 2 * inner, 1, inner == 1 ? 2 * view.shape[1] : 2};
  return {at, 2 * inner, inner, inner == 1 ? view.shape[1] : 1};
}

template <Kind kind>
void run(const Call& call, bool inverse, double scale_of_all) {
  const View &y = call[0], &x = call[1];
  const int64_t length = kind == Kind::FromHalf ? y.shape[1] : x.shape[1], n = kind == Kind::Complex ? length : length / 2;
  const int64_t inner = y.shape[2], outer = inner == 1 ? 1 : y.shape[0], lines = inner == 1 ? y.shape[0] : inner;
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    const T scale = static_cast<T>(scale_of_all);
    Access<T> to = lines_of<T>(y, kind != Kind::FromHalf);
    const Access<T> from = lines_of<T>(x, kind != Kind::ToHalf);
    to.far = y.size() * static_cast<int64_t>(sizeof(T)) >= kFarBytes;
    const int64_t to_pitch = y.size() / outer, from_pitch = x.size() / outer;
    const Roots<T> roots = {call[2].as<T>(), 1};
    const auto at = [](Access<T> access, int64_t o, int64_t pitch, int64_t line) {
      access.at += o * pitch + line * access.lane;
      return access;
    };
    const bool by_convolution = call.view_count >= 5, by_steps = call.view_count % 2 == 0;
    const bool whole = by_convolution || (kind == Kind::ToHalf && length % 2 == 1);
    const int64_t size = whole ? call[2].shape[0] : n;
    Chirp<T> chirp = {};
    if (by_convolution) chirp = {call[3].as<T>(), call[4].as<T>(), length, size};
    const T own_scale = by_convolution ? static_cast<T>(scale_of_all / static_cast<double>(size)) : scale;
    if (by_steps) {
      const View& turns = call[call.view_count - 1];
      const Twist<T> twist = {turns.as<T>(), turns.shape[1], turns.shape[2]};
      parallel_for(outer * lines, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
          const int64_t o = i / lines, line = i % lines;
          const Access<T> target = at(to, o, to_pitch, line), source = at(from, o, from_pitch, line);
          if (by_convolution) convolve_in_two_steps(target, source, roots, chirp, twist, own_scale);
          else line_in_two_steps<kind, T>(target, source, roots, twist, inverse, scale);
        }
      });
      return;
    }
    const int64_t blocks = (lines + kLanes<T> - 1) / kLanes<T>;
    parallel_for(outer * blocks, chunk(kGrain, 8 * size * kLanes<T>), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t o = i / blocks, line = i % blocks * kLanes<T>;
        const int64_t count = lines - line < kLanes<T> ? lines - line : kLanes<T>;
        const Access<T> target = at(to, o, to_pitch, line), source = at(from, o, from_pitch, line);
        if (whole) transform_whole<kind, T>(target, source, length, count, roots, by_convolution ? &chirp : nullptr, own_scale);
        else transform_lines<kind, T>(target, source, n, count, roots, inverse, scale);
      }
      settle();
    });
  });
}

}  // namespace

// y [outer, n, inner, 2], x, roots [n, 2], [twist [2, n1, n2]]; of any n, with roots and twist of m ≥ 2n − 1, also turns [n, 2]
// and filter [m, 2] before the twist; inverse, scale
void fft(const Call& call) { run<Kind::Complex>(call, call.says(0), call.numbers[1]); }

// y [outer, n / 2 + 1, inner, 2], x [outer, n, inner], roots [n, 2], [twist of n / 2]; scale. Of an odd n, or with turns and
// filter of any n, inner is 1 and there is no twist
void rfft(const Call& call) { run<Kind::ToHalf>(call, false, call.numbers[0]); }

// y [outer, n, inner], x [outer, n / 2 + 1, inner, 2], roots [n, 2], [twist of n / 2]; scale
void irfft(const Call& call) { run<Kind::FromHalf>(call, true, call.numbers[0]); }

}  // namespace adjoint::ADJOINT_ISA
