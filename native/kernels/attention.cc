// Scaled dot-product attention, forward and backward, a tile of scores at a time: an online softmax (Milakov, Gimelshein 2018,
// arXiv:1805.02867) carries every query's peak and total from tile to tile, and the gradients compute the tiles again (Dao, Fu,
// Ermon, Rudra, Ré 2022, arXiv:2205.14135, algorithms 1 and 4), so that no memory grows with the square of the length.
//
// L queries of width E and S keys with values of width V, in matrices of any strides behind the same batch axes.
#include "gemm/gemm.h"
#include "simd/math.h"
#include "simd/philox.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Queries and keys of a tile: its scores, 64 KiB in float32, stay in the second-level cache beside the operands.
constexpr int64_t kQueries = 128, kKeys = 128;

// From this many matrices on, their gradients are shared out whole; of fewer, twice by tiles, which computes scores twice.
constexpr int64_t kManyBatches = 8;

template <typename T>
constexpr T kHidden = -static_cast<T>(__builtin_inff());

// The last two axes of a view at an index of the axes before them.
template <typename T>
Matrix<T> matrix(const View& view, int64_t batch) {
  int64_t offset = 0;
  for (int axis = view.rank - 3; axis >= 0; axis--) {
    offset += batch % view.shape[axis] * view.strides[axis];
    batch /= view.shape[axis];
  }
  return {view.as<T>() + offset, view.strides[view.rank - 2], view.strides[view.rank - 1]};
}

template <typename T>
Matrix<const T> constant(const Matrix<T>& m) {
  return {m.data, m.row, m.column};
}

template <typename T>
constexpr Matrix<const T> kNothing = {nullptr, 0, 0};

// A result's rows are adjacent elements, here as below.
template <typename T>
void zero(const Matrix<T>& m, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++) {
    T* const row = m.at(r, 0);
    for (int64_t c = 0; c < columns; c++) row[c] = 0;
  }
}

template <typename T>
void scale_row(T* row, int64_t columns, T factor) {
  for (int64_t c = 0; c < columns; c++) row[c] *= factor;
}

// q, k, v, and a mask where there is one, at views[first] and behind; scale, causal, p, seed, counter.
template <typename T>
struct Attention {
  const View &q, &k, &v;
  const View* mask;
  int64_t batches, queries, keys, width, values;
  T scale;
  bool causal;
  double p;
  uint64_t seed, counter;

  Attention(const Call& call, int first)
      : q(call[first]), k(call[first + 1]), v(call[first + 2]),
        mask(call.view_count > first + 3 ? &call[first + 3] : nullptr),
        batches(1), queries(q.shape[q.rank - 2]), keys(k.shape[k.rank - 2]),
        width(q.shape[q.rank - 1]), values(v.shape[v.rank - 1]),
        scale(static_cast<T>(call.numbers[0])), causal(call.numbers[1] != 0), p(call.numbers[2]),
        seed(static_cast<uint64_t>(call.numbers[3])), counter(static_cast<uint64_t>(call.numbers[4])) {
    for (int axis = 0; axis < q.rank - 2; axis++) batches *= q.shape[axis];
  }

  // Keys from 0 that one of the queries up to `end` sees.
  int64_t seen(int64_t end) const { return causal ? smaller(keys, end) : keys; }

  // scores[r · kKeys + c] = scale · q · k for queries from i on and keys from j on, hidden ones −∞.
  void score(T* scores, int64_t batch, int64_t i, int64_t rows, int64_t j, int64_t n) const {
    gemm<T>(rows, n, width, matrix<const T>(q, batch).block(i, 0), matrix<const T>(k, batch).block(j, 0).transposed(),
            {scores, kKeys, 1}, kNothing<T>);
    for (int64_t r = 0; r < rows; r++) {
      T* __restrict row = scores + r * kKeys;
      const int64_t visible = causal ? smaller(larger(i + r + 1 - j, 0), n) : n;
      if (!mask) {
        for (int64_t c = 0; c < visible; c++) row[c] *= scale;
      } else if (mask->dtype == DType::Bool) {
        const Matrix<const uint8_t> m = matrix<const uint8_t>(*mask, batch).block(i + r, j);
        if (m.column == 1) {
          for (int64_t c = 0; c < visible; c++) row[c] = m.data[c] ? row[c] * scale : kHidden<T>;
        } else {
          for (int64_t c = 0; c < visible; c++) row[c] = *m.at(0, c) ? row[c] * scale : kHidden<T>;
        }
      } else {
        const Matrix<const T> m = matrix<const T>(*mask, batch).block(i + r, j);
        for (int64_t c = 0; c < visible; c++) row[c] = row[c] * scale + *m.at(0, c);
      }
      for (int64_t c = visible; c < n; c++) row[c] = kHidden<T>;
    }
  }

  // What dropout multiplies the weights of query i for keys from j on by: element (batch, i, j) of the stream `bernoulli` would
  // draw for all weights.
  void dropout(T* factors, int64_t batch, int64_t i, int64_t j, int64_t n) const {
    const uint64_t bound = static_cast<uint64_t>(__builtin_ceil((1 - p) * 0x1p32));
    const T kept = static_cast<T>(1 / (1 - p));
    uint64_t position = static_cast<uint64_t>((batch * queries + i) * keys + j);
    uint32_t words[kWords];
    for (int64_t c = 0; c < n;) {
      philox(seed, counter + position / 4, words);
      const int64_t skipped = static_cast<int64_t>(position % 4), count = smaller(kWords - skipped, n - c);
      for (int64_t w = 0; w < count; w++) factors[c + w] = words[skipped + w] < bound ? kept : 0;
      c += count;
      position += static_cast<uint64_t>(count);
    }
  }
};

template <typename T>
void attend(const Call& call) {
  const Attention<T> a(call, 2);
  T* const statistics = call[1].as<T>();
  const int64_t blocks = ceil_div(a.queries, kQueries);
  const int64_t products = smaller(kQueries, a.queries) * a.keys * (a.width + a.values);
  parallel_for(a.batches * blocks, grain_of(products), [&](int64_t begin, int64_t end) {
    T* const scores = scratch<T>(Scratch::Scores, kQueries * kKeys);
    for (int64_t task = begin; task < end; task++) {
      const int64_t batch = task / blocks, i = task % blocks * kQueries, rows = smaller(kQueries, a.queries - i);
      const Matrix<T> y = matrix<T>(call[0], batch).block(i, 0);
      const Matrix<const T> values = matrix<const T>(a.v, batch);
      T peaks[kQueries], totals[kQueries];
      for (int64_t r = 0; r < rows; r++) peaks[r] = kHidden<T>, totals[r] = 0;
      const int64_t seen = a.seen(i + rows);
      if (seen == 0) zero(y, rows, a.values);
      for (int64_t j = 0; j < seen; j += kKeys) {
        const int64_t n = smaller(kKeys, seen - j);
        a.score(scores, batch, i, rows, j, n);
        for (int64_t r = 0; r < rows; r++) {
          T* __restrict row = scores + r * kKeys;
          T peak = peaks[r];
#pragma omp simd reduction(max : peak)
          for (int64_t c = 0; c < n; c++) peak = row[c] > peak ? row[c] : peak;
          // Where no key was seen so far, any finite number keeps the weights 0.
          const T shift = peak == kHidden<T> ? 0 : peak;
          T total = 0;
#pragma omp simd reduction(+ : total)
          for (int64_t c = 0; c < n; c++) {
            row[c] = math::exp(row[c] - shift);
            total += row[c];
          }
          const T correction = math::exp(peaks[r] - shift);
          totals[r] = totals[r] * correction + total;
          peaks[r] = peak;
          if (j > 0 && correction != 1) scale_row(y.at(r, 0), a.values, correction);
          if (a.p > 0) {
            T factors[kKeys];
            a.dropout(factors, batch, i + r, j, n);
            for (int64_t c = 0; c < n; c++) row[c] *= factors[c];
          }
        }
        gemm<T>(rows, a.values, n, {scores, kKeys, 1}, values.block(j, 0), y, j > 0 ? constant(y) : kNothing<T>);
      }
      for (int64_t r = 0; r < rows; r++) {
        T* const to = statistics + 2 * (batch * a.queries + i + r);
        to[0] = totals[r] == 0 ? 0 : peaks[r];
        to[1] = totals[r] == 0 ? 0 : 1 / totals[r];
        scale_row(y.at(r, 0), a.values, to[1]);
      }
    }
  });
}

// Half-open.
struct Span {
  int64_t begin, end;
};

// With w the weights, z the factors of dropout, ds the gradient of the scores:
//   ds = w · (z · (dy · vᵀ) − Σ dy · y)      dq = scale · ds · k      dk = scale · dsᵀ · q      dv = (z · w)ᵀ · dy
template <typename T>
struct Gradients {
  const Attention<T> a;
  const View &dq, &dk, &dv, &dy, &y;
  const T* const statistics;

  explicit Gradients(const Call& call)
      : a(call, 6), dq(call[0]), dk(call[1]), dv(call[2]), dy(call[3]), y(call[4]), statistics(call[5].as<T>()) {}

  // From w, in `weights`, and dy · vᵀ, in `slopes`: z · w and scale · ds.
  void tile(T* weights, T* slopes, int64_t batch, int64_t i, int64_t rows, int64_t j, int64_t n) const {
    const Matrix<const T> dys = matrix<const T>(dy, batch).block(i, 0), ys = matrix<const T>(y, batch).block(i, 0);
    T factors[kKeys];
    for (int64_t c = 0; c < n; c++) factors[c] = 1;
    for (int64_t r = 0; r < rows; r++) {
      T mean = 0;
#pragma omp simd reduction(+ : mean)
      for (int64_t c = 0; c < a.values; c++) mean += *dys.at(r, c) * *ys.at(r, c);
      const T* const of = statistics + 2 * (batch * a.queries + i + r);
      const T peak = of[0], normal = of[1], scale = a.scale;
      if (a.p > 0) a.dropout(factors, batch, i + r, j, n);
      T *__restrict w = weights + r * kKeys, *__restrict ds = slopes + r * kKeys;
      for (int64_t c = 0; c < n; c++) {
        const T weight = math::exp(w[c] - peak) * normal;
        ds[c] = weight * (factors[c] * ds[c] - mean) * scale;
        w[c] = weight * factors[c];
      }
    }
  }

  // What these tiles of one matrix give: all tiles of a query in order for dq, all tiles of a key for dk and dv.
  void add(int64_t batch, Span queries, Span keys, bool to_queries, bool to_keys) const {
    T* const weights = scratch<T>(Scratch::Scores, kQueries * kKeys);
    T* const slopes = scratch<T>(Scratch::Slopes, kQueries * kKeys);
    const Matrix<const T> q = matrix<const T>(a.q, batch), k = matrix<const T>(a.k, batch),
                          v = matrix<const T>(a.v, batch), up = matrix<const T>(dy, batch);
    const Matrix<T> to_q = matrix<T>(dq, batch), to_k = matrix<T>(dk, batch), to_v = matrix<T>(dv, batch);
    if (to_queries && a.keys == 0) zero(to_q, a.queries, a.width);
    for (int64_t j = keys.begin; j < keys.end; j += kKeys) {
      const int64_t n = smaller(kKeys, keys.end - j);
      const Matrix<T> dk_j = to_k.block(j, 0), dv_j = to_v.block(j, 0);
      bool first = true;
      for (int64_t i = queries.begin; i < queries.end; i += kQueries) {
        const int64_t rows = smaller(kQueries, queries.end - i);
        if (a.seen(i + rows) <= j) continue;
        a.score(weights, batch, i, rows, j, n);
        gemm<T>(rows, n, a.values, up.block(i, 0), v.block(j, 0).transposed(), {slopes, kKeys, 1}, kNothing<T>);
        tile(weights, slopes, batch, i, rows, j, n);
        const Matrix<const T> w = {weights, kKeys, 1}, ds = {slopes, kKeys, 1};
        if (to_keys) {
          gemm<T>(n, a.values, rows, w.transposed(), up.block(i, 0), dv_j, first ? kNothing<T> : constant(dv_j));
          gemm<T>(n, a.width, rows, ds.transposed(), q.block(i, 0), dk_j, first ? kNothing<T> : constant(dk_j));
        }
        if (to_queries) {
          const Matrix<T> dq_i = to_q.block(i, 0);
          gemm<T>(rows, a.width, n, ds, k.block(j, 0), dq_i, j == 0 ? kNothing<T> : constant(dq_i));
        }
        first = false;
      }
      if (to_keys && first) {
        zero(dk_j, n, a.width);
        zero(dv_j, n, a.values);
      }
    }
  }
};

template <typename T>
void attend_gradient(const Call& call) {
  const Gradients<T> gradients(call);
  const Attention<T>& a = gradients.a;
  const Span all_queries = {0, a.queries}, all_keys = {0, a.keys};
  const int64_t products = a.queries * a.keys * (a.width + a.values);
  if (a.batches >= kManyBatches || (a.queries <= kQueries && a.keys <= kKeys)) {
    return parallel_for(a.batches, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t batch = begin; batch < end; batch++) gradients.add(batch, all_queries, all_keys, true, true);
    });
  }
  // Every task has all tiles of its keys, then of its queries: nothing is added up across threads.
  const int64_t key_blocks = ceil_div(a.keys, kKeys), query_blocks = ceil_div(a.queries, kQueries);
  parallel_for(a.batches * key_blocks, grain_of(a.queries * kKeys * (a.width + a.values)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t j = task % key_blocks * kKeys;
      gradients.add(task / key_blocks, all_queries, {j, smaller(j + kKeys, a.keys)}, false, true);
    }
  });
  parallel_for(a.batches * query_blocks, grain_of(kQueries * a.keys * (a.width + a.values)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t i = task % query_blocks * kQueries;
      gradients.add(task / query_blocks, {i, smaller(i + kQueries, a.queries)}, all_keys, true, false);
    }
  });
}

}  // namespace

// y [..., L, V], statistics [..., L, 2], q, k, v, [mask]; scale, causal, p, seed, counter.
// Statistics of a query: the peak of its scores and 1 / Σ exp(score − peak); 0 and 0 where it sees no key.
void attention(const Call& call) { call[0].dtype == DType::Float32 ? attend<float>(call) : attend<double>(call); }

// dq, dk, dv, dy, y, statistics, q, k, v, [mask]; the same numbers
void attentionGradient(const Call& call) {
  call[0].dtype == DType::Float32 ? attend_gradient<float>(call) : attend_gradient<double>(call);
}

}  // namespace adjoint::ADJOINT_ISA
