// The gradients of scaled dot-product attention, whose tiles of scores are computed again (Dao, Fu, Ermon, Rudra, Ré
// 2022, arXiv:2205.14135, algorithm 4).
#include "kernels/attention.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Half-open.
struct Span {
  int64_t begin, end;
};

// With w the weights, z the factors of dropout, ds the gradient of the scores:
//   ds = scale · w · (z · (dy · vᵀ) − Σ dy · y)      dq = ds · k      dk = dsᵀ · q      dv = (z · w)ᵀ · dy
template <typename U>
struct Gradients {
  using T = Accumulator<U>;

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
  // Matrices are shared out whole, unless threads would wait longer than it takes to share out tiles, in two rounds that both
  // compute scores: half as long again. Sums have the same order either way.
  const int64_t threads = thread_count(), turns = ceil_div(a.matrices, threads);
  if (2 * turns * threads <= 3 * a.matrices || (key_blocks <= 1 && query_blocks <= 1)) {
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

// dq, dk, dv, dy, y, statistics, q, k, v, [mask]; the same numbers
void attentionGradient(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend_gradient<double>(call);
  call.says(kRoundsAttention) ? attend_gradient<HalfUnit>(call) : attend_gradient<float>(call);
}

}  // namespace adjoint::ADJOINT_ISA
