// Scaled dot-product attention, forward and backward, a tile of scores at a time: an online softmax (Milakov,
// Gimelshein 2018, arXiv:1805.02867) carries every query's peak and total from tile to tile, and the gradients compute
// the tiles again (Dao, Fu, Ermon, Rudra, Ré 2022, arXiv:2205.14135, algorithms 1 and 4), so that no memory grows with
// the square of the length.
//
// L queries of width E and S keys with values of width V, in matrices of any strides behind the same batch axes; the
// rows of results are adjacent elements.
#include "gemm/gemm.h"
#include "simd/math.h"
#include "simd/philox.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Queries and keys of a tile: its scores, 64 KiB in float32, stay in the second-level cache beside the operands.
constexpr int64_t kQueries = 128, kKeys = 128;

// From this many matrices on, their gradients are shared out whole; of fewer by tiles, in two rounds that both compute
// scores.
constexpr int64_t kManyMatrices = 8;

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

// Elements from row to row of a copy: whole vectors.
template <typename T>
int64_t pitch_of(int64_t width) {
  return ceil_div(width, kLanes<T>) * kLanes<T>;
}

// Copies rows next to each other; the rest of the last vector of each becomes 0.
template <typename T>
void copy_rows(T* to, const Matrix<const T>& from, int64_t rows, int64_t width) {
  pack<T>(to, pitch_of<T>(width), from.transposed(), width, rows);
}

// C = A · B or C += A · B of copies, C and B in whole vectors. Element (i, p) of A: a[i · a_row + p · a_depth].
template <typename T>
void multiply(int64_t m, int64_t n, int64_t depth, const T* a, int64_t a_row, int64_t a_depth, const T* b,
              int64_t b_depth, T* c, int64_t c_row, bool add) {
  const int64_t step = panel_rows(m);
  for (int64_t j = 0; j < n; j += kTileColumns<T>) {
    const int64_t columns = smaller(kTileColumns<T>, n - j);
    for (int64_t i = 0; i < m; i += step) {
      const Panels<T> panels = {a + i * a_row, a_row, a_depth, b + j, b_depth, nullptr, depth};
      T* const to = c + i * c_row + j;
      const Before<T> before = {add ? to : nullptr, c_row};
      const int64_t rows = smaller(step, m - i);
      if (a_row == 1) tile_of_shape<T, Reads::Adjacent>(rows, columns, panels, to, c_row, before);
      else tile_of_shape<T, Reads::Strided>(rows, columns, panels, to, c_row, before);
    }
  }
}

// Working memory of a thread, handed out in turn.
template <typename T>
class Parts {
  T* next;

 public:
  explicit Parts(int64_t count) : next(scratch<T>(Scratch::Attention, count)) {}
  T* take(int64_t count) {
    T* const part = next;
    next += count;
    return part;
  }
};

// q, k, v, and a mask where there is one, at views[first] and behind; scale, causal, p, seed, counter.
template <typename T>
struct Attention {
  const View &q, &k, &v;
  const View* mask;
  int64_t matrices, queries, keys, width, values;
  T scale;
  bool causal;
  double p;
  uint64_t seed, counter;

  Attention(const Call& call, int first)
      : q(call[first]), k(call[first + 1]), v(call[first + 2]),
        mask(call.view_count > first + 3 ? &call[first + 3] : nullptr),
        matrices(1), queries(q.shape[q.rank - 2]), keys(k.shape[k.rank - 2]),
        width(q.shape[q.rank - 1]), values(v.shape[v.rank - 1]),
        scale(static_cast<T>(call.numbers[0])), causal(call.numbers[1] != 0), p(call.numbers[2]),
        seed(static_cast<uint64_t>(call.numbers[3])), counter(static_cast<uint64_t>(call.numbers[4])) {
    for (int axis = 0; axis < q.rank - 2; axis++) matrices *= q.shape[axis];
  }

  // How many keys, from 0, the queries before `end` see.
  int64_t seen(int64_t end) const { return causal ? smaller(keys, end) : keys; }

  // scale · queries, from i on.
  void copy_queries(T* to, int64_t batch, int64_t i, int64_t rows) const {
    copy_rows(to, matrix<const T>(q, batch).block(i, 0), rows, width);
    for (int64_t e = 0; e < rows * pitch_of<T>(width); e++) to[e] *= scale;
  }

  // Scores of query i and the keys from j on, of which some are hidden: −∞.
  void hide(T* __restrict row, int64_t batch, int64_t i, int64_t j, int64_t n) const {
    const int64_t visible = causal ? smaller(larger(i + 1 - j, 0), n) : n;
    for (int64_t c = visible; c < n; c++) row[c] = kHidden<T>;
    if (!mask) return;
    if (mask->dtype == DType::Bool) {
      const Matrix<const uint8_t> m = matrix<const uint8_t>(*mask, batch).block(i, j);
      if (m.column == 1) {
        for (int64_t c = 0; c < visible; c++) row[c] = m.data[c] ? row[c] : kHidden<T>;
      } else {
        for (int64_t c = 0; c < visible; c++) row[c] = *m.at(0, c) ? row[c] : kHidden<T>;
      }
    } else {
      const Matrix<const T> m = matrix<const T>(*mask, batch).block(i, j);
      for (int64_t c = 0; c < visible; c++) row[c] += *m.at(0, c);
    }
  }

  // What dropout multiplies the weights of query i for keys from j on by: element (batch, i, j) of the stream that
  // `bernoulli` would draw for all weights.
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
void scale_row(T* to, const T* from, int64_t width, T factor) {
  for (int64_t c = 0; c < width; c++) to[c] = from[c] * factor;
}

// A tile's scores become e^(score − peak), times dropout's factors; peaks, totals and what was summed up so far follow.
template <typename T>
void weigh(const Attention<T>& a, T* scores, T* peaks, T* totals, T* sums, int64_t batch, int64_t i, int64_t rows,
           int64_t j, int64_t n) {
  const int64_t pitch = pitch_of<T>(a.values);
  for (int64_t r = 0; r < rows; r++) {
    T* __restrict row = scores + r * kKeys;
    a.hide(row, batch, i + r, j, n);
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
    if (j > 0 && correction != 1) scale_row(sums + r * pitch, sums + r * pitch, pitch, correction);
    if (a.p > 0) {
      T factors[kKeys];
      a.dropout(factors, batch, i + r, j, n);
      for (int64_t c = 0; c < n; c++) row[c] *= factors[c];
    }
  }
}

template <typename T>
void attend(const Call& call) {
  const Attention<T> a(call, 2);
  const int64_t e = pitch_of<T>(a.width), v = pitch_of<T>(a.values), blocks = ceil_div(a.queries, kQueries);
  const int64_t products = smaller(kQueries, a.queries) * a.keys * (a.width + a.values);
  parallel_for(a.matrices * blocks, grain_of(products), [&](int64_t begin, int64_t end) {
    Parts<T> parts(kQueries * (e + v + kKeys) + kKeys * (a.width + v));
    T *const queries = parts.take(kQueries * e), *const sums = parts.take(kQueries * v);
    T *const scores = parts.take(kQueries * kKeys);
    T *const keys = parts.take(a.width * kKeys), *const values = parts.take(kKeys * v);
    for (int64_t task = begin; task < end; task++) {
      const int64_t batch = task / blocks, i = task % blocks * kQueries, rows = smaller(kQueries, a.queries - i);
      const int64_t seen = a.seen(i + rows);
      T peaks[kQueries], totals[kQueries];
      for (int64_t r = 0; r < rows; r++) peaks[r] = kHidden<T>, totals[r] = 0;
      for (int64_t s = 0; seen == 0 && s < rows * v; s++) sums[s] = 0;
      a.copy_queries(queries, batch, i, rows);
      for (int64_t j = 0; j < seen; j += kKeys) {
        const int64_t n = smaller(kKeys, seen - j);
        pack<T>(keys, kKeys, matrix<const T>(a.k, batch).block(j, 0), n, a.width);
        multiply(rows, n, a.width, queries, e, 1, keys, kKeys, scores, kKeys, false);
        weigh(a, scores, peaks, totals, sums, batch, i, rows, j, n);
        copy_rows(values, matrix<const T>(a.v, batch).block(j, 0), n, a.values);
        multiply(rows, a.values, n, scores, kKeys, 1, values, v, sums, v, j > 0);
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

  // The scores become z · w, and dy · vᵀ becomes ds.
  void weigh(T* scores, T* slopes, const T* dys, int64_t batch, int64_t i, int64_t rows, int64_t j, int64_t n) const {
    const Matrix<const T> ys = matrix<const T>(y, batch).block(i, 0);
    // Of all rows first: they come from far, and their loads overlap.
    T means[kQueries], factors[kKeys];
    for (int64_t r = 0; r < rows; r++) {
      const T *__restrict down = dys + r * pitch_of<T>(a.values), *__restrict result = ys.at(r, 0);
      T mean = 0;
#pragma omp simd reduction(+ : mean)
      for (int64_t c = 0; c < a.values; c++) mean += down[c] * result[c];
      means[r] = mean;
    }
    for (int64_t c = 0; c < n; c++) factors[c] = 1;
    for (int64_t r = 0; r < rows; r++) {
      const T* const of = statistics + 2 * (batch * a.queries + i + r);
      const T peak = of[0], normal = of[1], mean = means[r];
      if (a.p > 0) a.dropout(factors, batch, i + r, j, n);
      T *__restrict w = scores + r * kKeys, *__restrict ds = slopes + r * kKeys;
      a.hide(w, batch, i + r, j, n);
#pragma omp simd
      for (int64_t c = 0; c < n; c++) {
        const T weight = math::exp(w[c] - peak) * normal;
        ds[c] = weight * (factors[c] * ds[c] - mean);
        w[c] = weight * factors[c];
      }
    }
  }

  // What these tiles of one matrix give: all tiles of a query in order for dq, all tiles of a key for dk and dv.
  void add(int64_t batch, Span queries, Span keys, bool to_queries, bool to_keys) const {
    const int64_t e = pitch_of<T>(a.width), v = pitch_of<T>(a.values);
    Parts<T> parts(4 * kQueries * e + 2 * kQueries * v + (a.width + a.values + 2 * kQueries) * kKeys);
    T *const q = parts.take(kQueries * e), *const down = parts.take(kQueries * v);
    T *const k = parts.take(kKeys * e), *const columns_of_k = parts.take(a.width * kKeys);
    T *const columns_of_v = parts.take(a.values * kKeys);
    T *const scores = parts.take(kQueries * kKeys), *const slopes = parts.take(kQueries * kKeys);
    T *const of_k = parts.take(kKeys * e), *const of_v = parts.take(kKeys * v), *const of_q = parts.take(kQueries * e);
    const Matrix<const T> ks = matrix<const T>(a.k, batch), vs = matrix<const T>(a.v, batch);
    const Matrix<T> to_q = matrix<T>(dq, batch), to_k = matrix<T>(dk, batch), to_v = matrix<T>(dv, batch);
    for (int64_t i = queries.begin; to_queries && a.keys == 0 && i < queries.end; i++) {
      for (int64_t c = 0; c < a.width; c++) *to_q.at(i, c) = 0;
    }
    for (int64_t j = keys.begin; j < keys.end; j += kKeys) {
      const int64_t n = smaller(kKeys, keys.end - j);
      pack<T>(columns_of_k, kKeys, ks.block(j, 0), n, a.width);
      pack<T>(columns_of_v, kKeys, vs.block(j, 0), n, a.values);
      copy_rows(k, ks.block(j, 0), n, a.width);
      bool first = true;
      for (int64_t i = queries.begin; i < queries.end; i += kQueries) {
        const int64_t rows = smaller(kQueries, queries.end - i);
        if (a.seen(i + rows) <= j) continue;
        a.copy_queries(q, batch, i, rows);
        copy_rows(down, matrix<const T>(dy, batch).block(i, 0), rows, a.values);
        multiply(rows, n, a.width, q, e, 1, columns_of_k, kKeys, scores, kKeys, false);
        multiply(rows, n, a.values, down, v, 1, columns_of_v, kKeys, slopes, kKeys, false);
        weigh(scores, slopes, down, batch, i, rows, j, n);
        if (to_keys) {
          multiply(n, a.values, rows, scores, 1, kKeys, down, v, of_v, v, !first);
          multiply(n, a.width, rows, slopes, 1, kKeys, q, e, of_k, e, !first);
        }
        if (to_queries) {
          multiply(rows, a.width, n, slopes, kKeys, 1, k, e, of_q, e, false);
          for (int64_t r = 0; r < rows; r++) {
            T* __restrict to = to_q.at(i + r, 0);
            if (j == 0) scale_row(to, of_q + r * e, a.width, a.scale);
            else for (int64_t c = 0; c < a.width; c++) to[c] += of_q[r * e + c] * a.scale;
          }
        }
        first = false;
      }
      // Keys that no query sees have the gradient 0.
      for (int64_t r = 0; to_keys && r < n; r++) {
        for (int64_t c = 0; c < a.width; c++) *to_k.at(j + r, c) = first ? 0 : of_k[r * e + c];
        for (int64_t c = 0; c < a.values; c++) *to_v.at(j + r, c) = first ? 0 : of_v[r * v + c];
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
  const int64_t key_blocks = ceil_div(a.keys, kKeys), query_blocks = ceil_div(a.queries, kQueries);
  if (a.matrices >= kManyMatrices || (key_blocks <= 1 && query_blocks <= 1)) {
    return parallel_for(a.matrices, grain_of(products), [&](int64_t begin, int64_t end) {
      for (int64_t batch = begin; batch < end; batch++) gradients.add(batch, all_queries, all_keys, true, true);
    });
  }
  // Every task has all tiles of its keys, then of its queries: nothing is added up across threads.
  const int64_t of_keys = products / larger(key_blocks, 1), of_queries = products / larger(query_blocks, 1);
  parallel_for(a.matrices * key_blocks, grain_of(of_keys), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t j = task % key_blocks * kKeys;
      gradients.add(task / key_blocks, all_queries, {j, smaller(j + kKeys, a.keys)}, false, true);
    }
  });
  parallel_for(a.matrices * query_blocks, grain_of(of_queries), [&](int64_t begin, int64_t end) {
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
