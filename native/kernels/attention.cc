// Scaled dot-product attention, a tile of scores at a time: an online softmax (Milakov, Gimelshein 2018,
// arXiv:1805.02867) carries every query's peak and total from tile to tile, so that no memory grows with the square of
// the length (Dao, Fu, Ermon, Rudra, Ré 2022, arXiv:2205.14135, algorithm 1).
#include "kernels/attention.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
void scale_row(T* to, const T* from, int64_t width, T factor) {
  for (int64_t c = 0; c < width; c++) to[c] = from[c] * factor;
}

// A tile's scores become e^(score − peak), times dropout's factors; peaks, totals and what was summed up so far follow.
template <typename U, typename T = Accumulator<U>>
void weigh(const Attention<U>& a, T* scores, T* peaks, T* totals, T* sums, int64_t batch, int64_t i, int64_t rows,
           int64_t j, int64_t n) {
  const int64_t pitch = pitch_of<T>(a.values);
  for (int64_t r = 0; r < rows; r++) {
    T* __restrict row = scores + r * kKeys;
    a.score(row, batch, i + r, j, n);
    T peak = peaks[r];
#pragma omp simd reduction(max : peak)
    for (int64_t c = 0; c < n; c++) peak = row[c] > peak ? row[c] : peak;
    // Where no key was seen so far, any finite number keeps the weights 0.
    const T shift = peak == kHidden<T> ? 0 : peak;
    // A loop of its own: beside a sum the compiler would take it element by element.
    for (int64_t c = 0; c < n; c++) row[c] = math::exp(row[c] - shift);
    T total = 0;
#pragma omp simd reduction(+ : total)
    for (int64_t c = 0; c < n; c++) total += row[c];
    const T correction = math::exp(peaks[r] - shift);
    totals[r] = totals[r] * correction + total;
    peaks[r] = peak;
    if (j > 0 && correction != 1) scale_row(sums + r * pitch, sums + r * pitch, pitch, correction);
    if (a.p > 0) {
      T factors[kKeys];
      a.dropout(factors, batch, i + r, j, n);
      for (int64_t c = 0; c < n; c++) row[c] *= factors[c];
    }
  }
}

template <typename U>
void attend(const Call& call) {
  using T = Accumulator<U>;
  const Attention<U> a(call, 2);
  const int64_t e = pitch_of<T>(a.width), v = pitch_of<T>(a.values), blocks = ceil_div(a.queries, kQueries);
  const int64_t products = smaller(kQueries, a.queries) * a.keys * (a.width + a.values);
  parallel_for(a.matrices * blocks, grain_of(products), [&](int64_t begin, int64_t end) {
    Parts<T> parts(kQueries * (e + v + 2 * kKeys) + kKeys * (a.width + v));
    U* const queries = parts.template take<U>(kQueries * e);
    T *const sums = parts.take(kQueries * v), *const scores = parts.take(kQueries * kKeys);
    U* const weights = parts.template take<U>(kQueries * kKeys);
    U *const keys = parts.template take<U>(a.width * kKeys), *const values = parts.template take<U>(kKeys * v);
    for (int64_t task = begin; task < end; task++) {
      const int64_t batch = task / blocks, i = task % blocks * kQueries, rows = smaller(kQueries, a.queries - i);
      const int64_t seen = a.seen(i + rows);
      T peaks[kQueries], totals[kQueries];
      for (int64_t r = 0; r < rows; r++) peaks[r] = kHidden<T>, totals[r] = 0;
      for (int64_t s = 0; seen == 0 && s < rows * v; s++) sums[s] = 0;
      pack_along<U>(queries, e, a.rows_of(a.q, batch, i), rows, a.width);
      for (int64_t j = 0; j < seen; j += kKeys) {
        const int64_t n = smaller(kKeys, seen - j);
        pack_across<U>(keys, kKeys, a.rows_of(a.k, batch, j), n, a.width);
        multiply_tiles<U>(rows, n, {queries, e, 1, keys, kKeys, a.depth_of(a.width), nullptr}, scores, kKeys, false);
        weigh(a, scores, peaks, totals, sums, batch, i, rows, j, n);
        pack_across<U>(values, v, a.rows_of(a.v, batch, j).transposed(), a.values, n);
        const U* const w = a.along(scores, weights, rows, n);
        multiply_tiles<U>(rows, a.values, {w, kKeys, 1, values, v, a.depth_of(n), nullptr}, sums, v, j > 0);
      }
      const Matrix<T> y = matrix<T>(call[0], batch).block(i, 0);
      T* const statistics = call[1].as<T>() + 2 * (batch * a.queries + i);
      for (int64_t r = 0; r < rows; r++) {
        statistics[2 * r] = totals[r] == 0 ? 0 : peaks[r];
        statistics[2 * r + 1] = totals[r] == 0 ? 0 : 1 / totals[r];
        scale_row(y.at(r, 0), sums + r * v, a.values, statistics[2 * r + 1]);
      }
    }
  });
}

}  // namespace

// y [..., L, V], statistics [..., L, 2], q, k, v, [mask]; scale, causal, p, seed, counter, [0, 1 for bfloat16].
// Statistics of a query: the peak of its scores and 1 / Σ exp(score − peak); 0 and 0 where it sees no key.
void attention(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend<double>(call);
  call.says(kRoundsAttention) ? attend<HalfUnit>(call) : attend<float>(call);
}

}  // namespace adjoint::ADJOINT_ISA
