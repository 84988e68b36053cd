// Scaled dot-product attention, forward and backward, a tile of scores at a time: an online softmax (Milakov,
// Gimelshein 2018, arXiv:1805.02867) carries every query's peak and total from tile to tile, and the gradients compute
// the tiles again (Dao, Fu, Ermon, Rudra, Ré 2022, arXiv:2205.14135, algorithms 1 and 4), so that no memory grows with
// the square of the length.
//
// L queries of width E and S keys with values of width V, in matrices of any strides behind the same batch axes; the
// rows of results are adjacent elements.
#include "gemm/gemm.h"
#include "gemm/microkernel.h"
#include "simd/math.h"
#include "simd/philox.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Queries and keys of a tile: its scores, 64 KiB in float32, stay in the second-level cache beside the operands.
constexpr int64_t kQueries = 128, kKeys = 128;

// From this many matrices on, their gradients are shared out whole; of fewer by tiles, in two rounds that both compute
// scores.
constexpr int64_t kManyMatrices = 8;

// Whether a call says that products are taken in bfloat16.
bool rounds(const Call& call) { return call.number_count > 6 && call.numbers[6] == 1; }

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

// C[m × n] = A · B or C += A · B in tiles; C and the rows of B are whole vectors.
template <typename U>
void multiply_tiles(int64_t m, int64_t n, const Panels<U>& all, Sum<U>* c, int64_t c_row, bool add) {
  const int64_t step = panel_rows(m);
  for (int64_t j = 0; j < n; j += kTileColumns<U>) {
    for (int64_t i = 0; i < m; i += step) {
      const U *const a = all.a + i * all.a_row, *const b = all.b + j;
      const Panels<U> panels = {a, all.a_row, all.a_depth, b, all.b_depth, all.depth, nullptr};
      Sum<U>* const to = c + i * c_row + j;
      const auto tile = tile_of<U>(smaller(step, m - i), n - j, all.a_row == 1, false);
      tile(panels, to, c_row, {add ? to : nullptr, c_row});
    }
  }
}

// Working memory of a thread, handed out in turn: sums, and as large units.
template <typename T>
class Parts {
  T* next;

 public:
  explicit Parts(int64_t count) : next(scratch<T>(Scratch::Attention, count)) {}
  template <typename U = T>
  U* take(int64_t count) {
    static_assert(sizeof(U) == sizeof(T));
    T* const part = next;
    next += count;
    return reinterpret_cast<U*>(part);
  }
};

// q, k, v, and a mask where there is one, at views[first] and behind; scale, causal, p, seed, counter; 0, and 1 where
// products are taken in bfloat16. Products are of units U.
template <typename U>
struct Attention {
  using T = Sum<U>;

  const View &q, &k, &v;
  const View* mask;
  int64_t matrices, queries, keys, width, values;
  T scale;
  bool causal;
  double p;
  uint64_t seed, counter;
  Reading reading;

  Attention(const Call& call, int first)
      : q(call[first]), k(call[first + 1]), v(call[first + 2]),
        mask(call.view_count > first + 3 ? &call[first + 3] : nullptr),
        matrices(1), queries(q.shape[q.rank - 2]), keys(k.shape[k.rank - 2]),
        width(q.shape[q.rank - 1]), values(v.shape[v.rank - 1]),
        scale(static_cast<T>(call.numbers[0])), causal(call.numbers[1] != 0), p(call.numbers[2]),
        seed(static_cast<uint64_t>(call.numbers[3])), counter(static_cast<uint64_t>(call.numbers[4])),
        reading(rounds(call) ? Reading::RoundedFloat : Reading::Plain) {
    for (int axis = 0; axis < q.rank - 2; axis++) matrices *= q.shape[axis];
  }

  // Units of a sum over n elements.
  static int64_t depth_of(int64_t n) { return ceil_div(n, kUnitElements<U>); }

  // Whether units are the elements as they are.
  bool plain() const { return kSame<U, T> && reading == Reading::Plain; }

  // The rows of the matrix `view` at `batch` from `first` on.
  Operand<U> rows_of(const View& view, int64_t batch, int64_t first) const {
    const Matrix<const T> rows = matrix<const T>(view, batch).block(first, 0);
    return {rows.data, rows.row, rows.column, reading};
  }

  // Copies rows for sums along them, and for sums down them; where units are plain, that is the same.
  struct Both {
    const U *along, *down;
  };
  Both copy_both(U* along, U* down, const Operand<U>& from, int64_t rows, int64_t width) const {
    const int64_t pitch = pitch_of<T>(width);
    pack_across<U>(down, pitch, from.transposed(), width, rows);
    if (plain()) return {down, down};
    pack_along<U>(along, pitch, from, rows, width);
    return {along, down};
  }

  // Units of a tile along its rows, and down its columns.
  const U* along(const T* tile, U* room, int64_t rows, int64_t n) const {
    if (plain()) return reinterpret_cast<const U*>(tile);
    pack_along<U>(room, kKeys, {tile, kKeys, 1, reading}, rows, n);
    return room;
  }
  const U* down(const T* tile, U* room, int64_t rows, int64_t n) const {
    if (plain()) return reinterpret_cast<const U*>(tile);
    pack_across<U>(room, kKeys, {tile, 1, kKeys, reading}, n, rows);
    return room;
  }

  // How many keys, from 0, the queries before `end` see.
  int64_t seen(int64_t end) const { return causal ? smaller(keys, end) : keys; }

  // From q · k of query i and the keys from j on to their scores, of which some are hidden: −∞.
  void score(T* __restrict row, int64_t batch, int64_t i, int64_t j, int64_t n) const {
    const int64_t visible = causal ? smaller(larger(i + 1 - j, 0), n) : n;
    for (int64_t c = 0; c < visible; c++) row[c] *= scale;
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
template <typename U, typename T = Sum<U>>
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

template <typename U>
void attend(const Call& call) {
  using T = Sum<U>;
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

// Half-open.
struct Span {
  int64_t begin, end;
};

// With w the weights, z the factors of dropout, ds the gradient of the scores:
//   ds = scale · w · (z · (dy · vᵀ) − Σ dy · y)      dq = ds · k      dk = dsᵀ · q      dv = (z · w)ᵀ · dy
template <typename U>
struct Gradients {
  using T = Sum<U>;

  const Attention<U> a;
  const View &dq, &dk, &dv, &dy, &y;
  const T* const statistics;

  explicit Gradients(const Call& call)
      : a(call, 6), dq(call[0]), dk(call[1]), dv(call[2]), dy(call[3]), y(call[4]), statistics(call[5].as<T>()) {}

  // Σ dy · y of every query: of all of them at once, because they come from far, and their loads overlap.
  void means_of(T* means, int64_t batch, int64_t i, int64_t rows) const {
    const Matrix<const T> slopes = matrix<const T>(dy, batch).block(i, 0), ys = matrix<const T>(y, batch).block(i, 0);
    for (int64_t r = 0; r < rows; r++) {
      const T *__restrict slope = slopes.at(r, 0), *__restrict result = ys.at(r, 0);
      T mean = 0;
      if (slopes.column == 1) {
#pragma omp simd reduction(+ : mean)
        for (int64_t c = 0; c < a.values; c++) mean += slope[c] * result[c];
      } else {
        for (int64_t c = 0; c < a.values; c++) mean += slope[c * slopes.column] * result[c];
      }
      means[r] = mean;
    }
  }

  // q · k becomes z · w, and dy · vᵀ becomes ds.
  void weigh(T* weights, T* slopes, const T* means, int64_t batch, int64_t i, int64_t rows, int64_t j,
             int64_t n) const {
    T factors[kKeys];
    for (int64_t c = 0; c < n; c++) factors[c] = 1;
    for (int64_t r = 0; r < rows; r++) {
      const T* const of = statistics + 2 * (batch * a.queries + i + r);
      const T peak = of[0], normal = of[1], mean = means[r], scale = a.scale;
      if (a.p > 0) a.dropout(factors, batch, i + r, j, n);
      T *__restrict w = weights + r * kKeys, *__restrict ds = slopes + r * kKeys;
      a.score(w, batch, i + r, j, n);
#pragma omp simd
      for (int64_t c = 0; c < n; c++) {
        const T weight = math::exp(w[c] - peak) * normal;
        ds[c] = weight * (factors[c] * ds[c] - mean) * scale;
        w[c] = weight * factors[c];
      }
    }
  }

  // What these tiles of one matrix give: all tiles of a query in order for dq, all tiles of a key for dk and dv.
  void add(int64_t batch, Span queries, Span keys, bool to_queries, bool to_keys) const {
    const int64_t e = pitch_of<T>(a.width), v = pitch_of<T>(a.values);
    Parts<T> parts(kQueries * (3 * e + 2 * v + 4 * kKeys) + kKeys * (2 * e + v + a.width + a.values));
    U *const q_along = parts.template take<U>(kQueries * e), *const q_down = parts.template take<U>(kQueries * e);
    U *const up_along = parts.template take<U>(kQueries * v), *const up_down = parts.template take<U>(kQueries * v);
    T *const weights = parts.take(kQueries * kKeys), *const slopes = parts.take(kQueries * kKeys);
    U *const room = parts.template take<U>(kQueries * kKeys), *const room_2 = parts.template take<U>(kQueries * kKeys);
    U *const k = parts.template take<U>(kKeys * e), *const k_columns = parts.template take<U>(a.width * kKeys);
    U* const v_columns = parts.template take<U>(a.values * kKeys);
    T *const of_q = parts.take(kQueries * e), *const of_k = parts.take(kKeys * e), *const of_v = parts.take(kKeys * v);
    T means[kQueries];
    const Matrix<T> to_q = matrix<T>(dq, batch), to_k = matrix<T>(dk, batch), to_v = matrix<T>(dv, batch);
    const int64_t along_q = a.depth_of(a.width), along_v = a.depth_of(a.values);
    for (int64_t i = queries.begin; to_queries && a.keys == 0 && i < queries.end; i++) {
      for (int64_t c = 0; c < a.width; c++) *to_q.at(i, c) = 0;
    }
    for (int64_t j = keys.begin; j < keys.end; j += kKeys) {
      const int64_t n = smaller(kKeys, keys.end - j);
      pack_across<U>(k_columns, kKeys, a.rows_of(a.k, batch, j), n, a.width);
      pack_across<U>(v_columns, kKeys, a.rows_of(a.v, batch, j), n, a.values);
      pack_across<U>(k, e, a.rows_of(a.k, batch, j).transposed(), a.width, n);
      bool first = true;
      for (int64_t i = queries.begin; i < queries.end; i += kQueries) {
        const int64_t rows = smaller(kQueries, queries.end - i), depth = a.depth_of(rows);
        if (a.seen(i + rows) <= j) continue;
        const auto q = a.copy_both(q_along, q_down, a.rows_of(a.q, batch, i), rows, a.width);
        const auto up = a.copy_both(up_along, up_down, a.rows_of(dy, batch, i), rows, a.values);
        means_of(means, batch, i, rows);
        multiply_tiles<U>(rows, n, {q.along, e, 1, k_columns, kKeys, along_q, nullptr}, weights, kKeys, false);
        multiply_tiles<U>(rows, n, {up.along, v, 1, v_columns, kKeys, along_v, nullptr}, slopes, kKeys, false);
        weigh(weights, slopes, means, batch, i, rows, j, n);
        if (to_keys) {
          const U *const w = a.down(weights, room, rows, n), *const ds = a.down(slopes, room_2, rows, n);
          multiply_tiles<U>(n, a.values, {w, 1, kKeys, up.down, v, depth, nullptr}, of_v, v, !first);
          multiply_tiles<U>(n, a.width, {ds, 1, kKeys, q.down, e, depth, nullptr}, of_k, e, !first);
        }
        if (to_queries) {
          const U* const ds = a.along(slopes, room, rows, n);
          multiply_tiles<U>(rows, a.width, {ds, kKeys, 1, k, e, a.depth_of(n), nullptr}, of_q, e, false);
          for (int64_t r = 0; r < rows; r++) {
            T* const to = to_q.at(i + r, 0);
            for (int64_t c = 0; c < a.width; c++) to[c] = j == 0 ? of_q[r * e + c] : to[c] + of_q[r * e + c];
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

template <typename U>
void attend_gradient(const Call& call) {
  const Gradients<U> gradients(call);
  const Attention<U>& a = gradients.a;
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

// y [..., L, V], statistics [..., L, 2], q, k, v, [mask]; scale, causal, p, seed, counter, [0, 1 for bfloat16].
// Statistics of a query: the peak of its scores and 1 / Σ exp(score − peak); 0 and 0 where it sees no key.
void attention(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend<double>(call);
  rounds(call) ? attend<HalfUnit>(call) : attend<float>(call);
}

// dq, dk, dv, dy, y, statistics, q, k, v, [mask]; the same numbers
void attentionGradient(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend_gradient<double>(call);
  rounds(call) ? attend_gradient<HalfUnit>(call) : attend_gradient<float>(call);
}

}  // namespace adjoint::ADJOINT_ISA
