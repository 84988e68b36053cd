// Scaled dot-product attention, forward and backward, a tile of scores at a time: an online softmax (Milakov,
// Gimelshein 2018, arXiv:1805.02867) carries every query's peak and total from tile to tile, and the gradients compute
// the tiles again (Dao, Fu, Ermon, Rudra, Ré 2022, arXiv:2205.14135, algorithms 1 and 4), so that no memory grows with
// the square of the length.
//
// L queries of width E and S keys with values of width V, in matrices of any strides behind the same batch axes; the
// rows of results are adjacent elements.
#include "gemm/gemm.h"
#include "simd/bfloat16.h"
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

// Elements from row to row of a copy: whole tiles.
template <typename T>
int64_t pitch_of(int64_t width) {
  return ceil_div(width, kTileColumns<T>) * kTileColumns<T>;
}

// Copies rows next to each other; what lies beyond their width becomes 0.
template <typename T>
void copy_rows(T* to, const Matrix<const T>& from, int64_t rows, int64_t width) {
  pack<T>(to, pitch_of<T>(width), from.transposed(), width, rows);
}

// How products are taken: as the elements are, of operands rounded to bfloat16, or of pairs of bfloat16 that lie along the
// sums, each in the place of an element, where the instruction set has such products.
enum class Products { Plain, Rounded, Paired };

#if defined(__AVX512BF16__)
constexpr Products kBFloat16 = Products::Paired;
#else
constexpr Products kBFloat16 = Products::Rounded;
#endif

template <Products PRODUCTS, typename T>
INLINE Vec<T> multiply_add(Vec<T> a, Vec<T> b, Vec<T> sum) {
#if defined(__AVX512BF16__)
  if constexpr (PRODUCTS == Products::Paired) return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
#endif
  return fma(a, b, sum);
}

// Steps of a sum over n elements.
template <Products PRODUCTS>
int64_t depth_of(int64_t n) {
  return PRODUCTS == Products::Paired ? ceil_div(n, 2) : n;
}

// Makes a copy the operand of a product whose sums run down its rows.
template <Products PRODUCTS, typename T>
void ready_down(T* copy, int64_t pitch, int64_t rows) {
  if constexpr (PRODUCTS == Products::Rounded) {
    for (int64_t i = 0; i < rows * pitch; i++) copy[i] = to_float(to_bfloat16(copy[i]));
  }
#if defined(__AVX512BF16__)
  if constexpr (PRODUCTS == Products::Paired) {
    for (int64_t p = 0; p < rows; p += 2) {
      for (int64_t c = 0; c < pitch; c += kLanes<T>) {
        const Vec<T> second = p + 1 < rows ? load(copy + (p + 1) * pitch + c) : Vec<T>{};
        store(copy + p / 2 * pitch + c, pair(load(copy + p * pitch + c), second));
      }
    }
  }
#endif
}

// The same for sums that run along the rows.
template <Products PRODUCTS, typename T>
void ready_along(T* copy, int64_t pitch, int64_t rows, int64_t width) {
  if constexpr (PRODUCTS == Products::Rounded) ready_down<PRODUCTS>(copy, pitch, rows);
#if defined(__AVX512BF16__)
  if constexpr (PRODUCTS == Products::Paired) {
    for (int64_t r = 0; r < rows; r++) {
      T* const row = copy + r * pitch;
      if (width % 2 != 0) row[width] = 0;
      for (int64_t c = 0; c < width; c += 2 * kLanes<T>) {
        const __m512bh pairs = _mm512_cvtne2ps_pbh(load(row + c + kLanes<T>), load(row + c));
        std::memcpy(row + c / 2, &pairs, sizeof pairs);
      }
    }
  }
#endif
}

// Makes a copy ready along its rows, and returns what is ready down them: another one in `room`, where pairs differ.
template <Products PRODUCTS, typename T>
const T* ready_both(T* copy, T* room, int64_t pitch, int64_t rows, int64_t width) {
  if constexpr (PRODUCTS == Products::Paired) {
    std::memcpy(room, copy, static_cast<size_t>(rows * pitch) * sizeof(T));
    ready_down<PRODUCTS>(room, pitch, rows);
  }
  ready_along<PRODUCTS>(copy, pitch, rows, width);
  return PRODUCTS == Products::Paired ? room : copy;
}

// The tile of C that stays in registers: C = A · B or C += A · B, element (i, p) of A at a[i · a_row + p · a_depth].
template <typename T>
struct Factors {
  const T* a;
  int64_t a_row, a_depth;
  const T* b;
  int64_t b_depth, depth;
};

// ADJACENT: a_row is 1, which makes addresses constants.
template <Products PRODUCTS, bool ADJACENT, int ROWS, typename T>
void tile(const Factors<T>& f, T* c, int64_t c_row, bool add) {
  constexpr int lanes = kLanes<T>;
  const int64_t a_row = ADJACENT ? 1 : f.a_row;
  const T *__restrict a = f.a, *__restrict b = f.b;
  Vec<T> sum[ROWS][kTileVectors] = {};
  for (int64_t p = 0; p < f.depth; p++, a += f.a_depth, b += f.b_depth) {
    Vec<T> row[kTileVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kTileVectors; v++) row[v] = load(b + v * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
      const Vec<T> element = broadcast(a[i * a_row]);
#pragma GCC unroll 4
      for (int v = 0; v < kTileVectors; v++) sum[i][v] = multiply_add<PRODUCTS, T>(element, row[v], sum[i][v]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < kTileVectors; v++) {
      T* const to = c + i * c_row + v * lanes;
      store(to, add ? load(to) + sum[i][v] : sum[i][v]);
    }
  }
}

template <Products PRODUCTS, bool ADJACENT, typename T, int ROWS = kTileRows>
INLINE void tile_of(int64_t rows, const Factors<T>& f, T* c, int64_t c_row, bool add) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return tile_of<PRODUCTS, ADJACENT, T, ROWS - 1>(rows, f, c, c_row, add);
  }
  tile<PRODUCTS, ADJACENT, ROWS>(f, c, c_row, add);
}

// C[m × n] = A · B or C += A · B of operands that are ready; C and B in whole tiles.
template <Products PRODUCTS, typename T>
void multiply(int64_t m, int64_t n, const Factors<T>& f, T* c, int64_t c_row, bool add) {
  const int64_t step = panel_rows(m);
  for (int64_t j = 0; j < n; j += kTileColumns<T>) {
    for (int64_t i = 0; i < m; i += step) {
      const Factors<T> part = {f.a + i * f.a_row, f.a_row, f.a_depth, f.b + j, f.b_depth, f.depth};
      const int64_t rows = smaller(step, m - i);
      if (f.a_row == 1) tile_of<PRODUCTS, true>(rows, part, c + i * c_row + j, c_row, add);
      else tile_of<PRODUCTS, false>(rows, part, c + i * c_row + j, c_row, add);
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
template <typename T>
void weigh(const Attention<T>& a, T* scores, T* peaks, T* totals, T* sums, int64_t batch, int64_t i, int64_t rows,
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

template <typename T, Products PRODUCTS>
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
      copy_rows(queries, matrix<const T>(a.q, batch).block(i, 0), rows, a.width);
      ready_along<PRODUCTS>(queries, e, rows, a.width);
      for (int64_t j = 0; j < seen; j += kKeys) {
        const int64_t n = smaller(kKeys, seen - j);
        pack<T>(keys, kKeys, matrix<const T>(a.k, batch).block(j, 0), n, a.width);
        ready_down<PRODUCTS>(keys, kKeys, a.width);
        multiply<PRODUCTS, T>(rows, n, {queries, e, 1, keys, kKeys, depth_of<PRODUCTS>(a.width)}, scores, kKeys, false);
        weigh(a, scores, peaks, totals, sums, batch, i, rows, j, n);
        copy_rows(values, matrix<const T>(a.v, batch).block(j, 0), n, a.values);
        ready_down<PRODUCTS>(values, v, n);
        ready_along<PRODUCTS>(scores, kKeys, rows, n);
        multiply<PRODUCTS, T>(rows, a.values, {scores, kKeys, 1, values, v, depth_of<PRODUCTS>(n)}, sums, v, j > 0);
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
template <typename T, Products PRODUCTS>
struct Gradients {
  const Attention<T> a;
  const View &dq, &dk, &dv, &dy, &y;
  const T* const statistics;

  explicit Gradients(const Call& call)
      : a(call, 6), dq(call[0]), dk(call[1]), dv(call[2]), dy(call[3]), y(call[4]), statistics(call[5].as<T>()) {}

  // Σ dy · y of every query: of all of them at once, because they come from far, and their loads overlap.
  void means_of(T* means, const T* up, int64_t batch, int64_t i, int64_t rows) const {
    const Matrix<const T> ys = matrix<const T>(y, batch).block(i, 0);
    for (int64_t r = 0; r < rows; r++) {
      const T *__restrict slope = up + r * pitch_of<T>(a.values), *__restrict result = ys.at(r, 0);
      T mean = 0;
#pragma omp simd reduction(+ : mean)
      for (int64_t c = 0; c < a.values; c++) mean += slope[c] * result[c];
      means[r] = mean;
    }
  }

  // q · k becomes z · w, and dy · vᵀ becomes ds.
  void weigh(T* weights, T* slopes, const T* means, int64_t batch, int64_t i, int64_t rows, int64_t j, int64_t n) const {
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
    Parts<T> parts(kQueries * (3 * e + 2 * v + 3 * kKeys) + kKeys * (2 * e + v + a.width + a.values));
    T *const q = parts.take(kQueries * e), *const other_q = parts.take(kQueries * e);
    T *const up = parts.take(kQueries * v), *const other_up = parts.take(kQueries * v);
    T *const weights = parts.take(kQueries * kKeys);
    T *const slopes = parts.take(kQueries * kKeys), *const other_slopes = parts.take(kQueries * kKeys);
    T *const k = parts.take(kKeys * e), *const k_columns = parts.take(a.width * kKeys);
    T* const v_columns = parts.take(a.values * kKeys);
    T *const of_q = parts.take(kQueries * e), *const of_k = parts.take(kKeys * e), *const of_v = parts.take(kKeys * v);
    T means[kQueries];
    const Matrix<const T> ks = matrix<const T>(a.k, batch), vs = matrix<const T>(a.v, batch);
    const Matrix<T> to_q = matrix<T>(dq, batch), to_k = matrix<T>(dk, batch), to_v = matrix<T>(dv, batch);
    const int64_t along_q = depth_of<PRODUCTS>(a.width), along_v = depth_of<PRODUCTS>(a.values);
    for (int64_t i = queries.begin; to_queries && a.keys == 0 && i < queries.end; i++) {
      for (int64_t c = 0; c < a.width; c++) *to_q.at(i, c) = 0;
    }
    for (int64_t j = keys.begin; j < keys.end; j += kKeys) {
      const int64_t n = smaller(kKeys, keys.end - j);
      pack<T>(k_columns, kKeys, ks.block(j, 0), n, a.width);
      ready_down<PRODUCTS>(k_columns, kKeys, a.width);
      pack<T>(v_columns, kKeys, vs.block(j, 0), n, a.values);
      ready_down<PRODUCTS>(v_columns, kKeys, a.values);
      copy_rows(k, ks.block(j, 0), n, a.width);
      ready_down<PRODUCTS>(k, e, n);
      bool first = true;
      for (int64_t i = queries.begin; i < queries.end; i += kQueries) {
        const int64_t rows = smaller(kQueries, queries.end - i), down = depth_of<PRODUCTS>(rows);
        if (a.seen(i + rows) <= j) continue;
        copy_rows(q, matrix<const T>(a.q, batch).block(i, 0), rows, a.width);
        copy_rows(up, matrix<const T>(dy, batch).block(i, 0), rows, a.values);
        means_of(means, up, batch, i, rows);
        const T* const q_down = ready_both<PRODUCTS>(q, other_q, e, rows, a.width);
        const T* const up_down = ready_both<PRODUCTS>(up, other_up, v, rows, a.values);
        multiply<PRODUCTS, T>(rows, n, {q, e, 1, k_columns, kKeys, along_q}, weights, kKeys, false);
        multiply<PRODUCTS, T>(rows, n, {up, v, 1, v_columns, kKeys, along_v}, slopes, kKeys, false);
        weigh(weights, slopes, means, batch, i, rows, j, n);
        ready_down<PRODUCTS>(weights, kKeys, rows);
        const T* const slopes_down = ready_both<PRODUCTS>(slopes, other_slopes, kKeys, rows, n);
        if (to_keys) {
          multiply<PRODUCTS, T>(n, a.values, {weights, 1, kKeys, up_down, v, down}, of_v, v, !first);
          multiply<PRODUCTS, T>(n, a.width, {slopes_down, 1, kKeys, q_down, e, down}, of_k, e, !first);
        }
        if (to_queries) {
          multiply<PRODUCTS, T>(rows, a.width, {slopes, kKeys, 1, k, e, depth_of<PRODUCTS>(n)}, of_q, e, false);
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

template <typename T, Products PRODUCTS>
void attend_gradient(const Call& call) {
  const Gradients<T, PRODUCTS> gradients(call);
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

bool rounds(const Call& call) { return call.number_count > 5 && call.numbers[5] == 1; }

}  // namespace

// y [..., L, V], statistics [..., L, 2], q, k, v, [mask]; scale, causal, p, seed, counter, [1 for products in bfloat16].
// Statistics of a query: the peak of its scores and 1 / Σ exp(score − peak); 0 and 0 where it sees no key.
void attention(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend<double, Products::Plain>(call);
  rounds(call) ? attend<float, kBFloat16>(call) : attend<float, Products::Plain>(call);
}

// dq, dk, dv, dy, y, statistics, q, k, v, [mask]; the same numbers
void attentionGradient(const Call& call) {
  if (call[0].dtype == DType::Float64) return attend_gradient<double, Products::Plain>(call);
  rounds(call) ? attend_gradient<float, kBFloat16>(call) : attend_gradient<float, Products::Plain>(call);
}

}  // namespace adjoint::ADJOINT_ISA
