// Elements picked and added by index along one axis. The indices were checked before the call.
#include "kernels/lines.h"
#include "kernels/runs.h"
#include "simd/integers.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// A vector of indices along one axis as a view of `like`'s shape, still along the others.
View along(const View& index, const View& like, int axis) {
  View view = like;
  view.data = index.data;
  view.dtype = index.dtype;
  for (int i = 0; i < view.rank; i++) view.strides[i] = i == axis ? index.strides[0] : 0;
  return view;
}

// Rows that lie without gaps, each of one index. No hardware foresees where the next ones are: they are fetched ahead.
template <typename T>
void pick_rows(const View& y, const View& x, const View& index, const Walk<3>& walk, int64_t step) {
  constexpr int64_t kLine = 64 / sizeof(T), kAhead = 4, kFetched = 16 * kLine;
  parallel_for(walk.rows(), chunk(kGrain, walk.inner()), [&](int64_t begin, int64_t end) {
    // Read before the first row is written, which the compiler must suppose to be among them.
    T* const to = y.as<T>();
    const T* const from = x.as<T>();
    const int32_t* const indices = index.as<int32_t>();
    const int64_t to_step = walk.strides[0][0], index_step = walk.strides[1][0], from_step = walk.strides[2][0];
    const auto each = [=](auto n) ADJOINT_LAMBDA {
      const auto source = [=](int64_t row) ADJOINT_LAMBDA {
        return from + row * from_step + indices[row * index_step] * step;
      };
      const int64_t fetched = n < kFetched ? static_cast<int64_t>(n) : kFetched;
      for (int64_t row = begin; row < end; row++) {
        if (row + kAhead < end) {
          const T* const next = source(row + kAhead);
          for (int64_t i = 0; i < fetched; i += kLine) __builtin_prefetch(next + i);
        }
        copy_run<T>(to + row * to_step, source(row), n);
      }
    };
    if (walk.inner() == 64) each(Constant<64>{});
    else each(walk.inner());
  });
}

// Elements picked one by one: indices are read in pairs, which an instruction that gathers a vector is slower than.
template <typename T>
void pick_each(T* __restrict to, const T* __restrict from, const int32_t* __restrict indices, int64_t n) {
  constexpr int kPairs = 4;
  int64_t i = 0;
  for (; i + 2 * kPairs <= n; i += 2 * kPairs) {
    uint64_t pairs[kPairs];
    std::memcpy(pairs, indices + i, sizeof pairs);
#pragma GCC unroll 4
    for (int k = 0; k < kPairs; k++) {
      const uint64_t pair = pairs[k];
      to[i + 2 * k] = from[static_cast<uint32_t>(pair)];
      to[i + 2 * k + 1] = from[pair >> 32];
    }
  }
  for (; i < n; i++) to[i] = from[indices[i]];
}

// y[…, i, …] = x[…, index[…, i, …], …], index as wide as y.
void pick(const View& y, const View& x, const View& index, int axis) {
  if (y.size() == 0) return;
  View base = y;
  base.data = x.data;
  for (int i = 0; i < y.rank; i++) base.strides[i] = i == axis ? 0 : x.strides[i];
  const View views[] = {y, index, base};
  const Walk<3> walk(views);
  const int64_t ys = walk.inner_step(0), is = walk.inner_step(1), xs = walk.inner_step(2);
  const int64_t step = x.strides[axis];
  with_width(y.dtype, [&](auto element) {
    using T = decltype(element);
    if (is == 0 && ys == 1 && xs == 1 && walk.rank == 2) return pick_rows<T>(y, x, index, walk, step);
    for_segments<3>(walk, [&](const int64_t (&at)[3], int64_t n) {
      T* __restrict to = y.as<T>() + at[0];
      const int32_t* __restrict indices = index.as<int32_t>() + at[1];
      const T* __restrict from = x.as<T>() + at[2];
      if (is == 0) {
        from += *indices * step;
        if (ys == 1 && xs == 1) {
          for (int64_t i = 0; i < n; i++) to[i] = from[i];
        } else {
          for (int64_t i = 0; i < n; i++) to[i * ys] = from[i * xs];
        }
      } else if (ys == 1 && is == 1 && xs == 0 && step == 1) {
        pick_each(to, from, indices, n);
      } else {
        for (int64_t i = 0; i < n; i++) to[i * ys] = from[i * xs + indices[i * is] * step];
      }
    });
  });
}

// A line's elements added one by one, in their order: four of them and their indices, in pairs, are read before the first sum is
// written, which the compiler must suppose to be among them.
template <typename T>
void add_line(T* sums, const int32_t* indices, const T* from, int64_t n) {
  constexpr int kPairs = 2;
  const auto add = [sums](uint32_t at, T value) ADJOINT_LAMBDA {
    sums[at] = static_cast<T>(wrapping(sums[at]) + wrapping(value));
  };
  int64_t i = 0;
  for (; i + 2 * kPairs <= n; i += 2 * kPairs) {
    uint64_t pairs[kPairs];
    T values[2 * kPairs];
    std::memcpy(pairs, indices + i, sizeof pairs);
    std::memcpy(values, from + i, sizeof values);
#pragma GCC unroll 2
    for (int k = 0; k < kPairs; k++) {
      add(static_cast<uint32_t>(pairs[k]), values[2 * k]);
      add(static_cast<uint32_t>(pairs[k] >> 32), values[2 * k + 1]);
    }
  }
  for (; i < n; i++) add(static_cast<uint32_t>(indices[i]), from[i]);
}

// Rows of a source, `from_step` apart, added to those of their indices, `to_step` apart: of each the n elements from there on.
template <typename T>
void add_rows(T* to, int64_t to_step, const int32_t* indices, int64_t index_step, const T* from, int64_t from_step,
              int64_t rows, int64_t n) {
  // Half a register of AVX-512, which is quicker where the memory is the limit.
  typedef decltype(wrapping(T{})) Lanes __attribute__((vector_size(32)));
  constexpr int64_t lanes = 32 / sizeof(T), kLine = 64 / sizeof(T), kAhead = 4, kFetched = 16 * kLine;
  const auto each = [=](auto n) ADJOINT_LAMBDA {
    const int64_t fetched = n < kFetched ? static_cast<int64_t>(n) : kFetched;
    for (int64_t row = 0; row < rows; row++) {
      if (row + kAhead < rows) {
        const T* const next = to + indices[(row + kAhead) * index_step] * to_step;
        for (int64_t i = 0; i < fetched; i += kLine) __builtin_prefetch(next + i);
      }
      T* const sums = to + indices[row * index_step] * to_step;
      const T* const line = from + row * from_step;
      int64_t i = 0;
      for (; i + lanes <= n; i += lanes) {
        Lanes sum, added;
        std::memcpy(&sum, sums + i, sizeof sum);
        std::memcpy(&added, line + i, sizeof added);
        sum += added;
        std::memcpy(sums + i, &sum, sizeof sum);
      }
      for (; i < n; i++) sums[i] = static_cast<T>(wrapping(sums[i]) + wrapping(line[i]));
    }
  };
  if (n == 64) each(Constant<64>{});
  else each(n);
}

// Columns that a thread has at the least: two cache lines of float32.
constexpr int64_t kShare = 32;

// y[…, index[…, i, …], …] += source[…, i, …], index giving the shape. What falls on one element comes from one line along
// the axis and is added in its order.
template <typename T>
void add_at(const View& y, const View& index, const View& source, int axis) {
  const View views[] = {index, source, y};
  const Lines<3> lines(views, axis);
  const int64_t is = lines.walk.inner_step(0), ss = lines.walk.inner_step(1), ys = lines.walk.inner_step(2);
  const bool by_rows = is == 0 && ss == 1 && ys == 1;
  if (by_rows && lines.walk.rows() == 1) {
    // Columns are added apart from each other, so that their shares may depend on the threads; a row has few.
    const int64_t n = lines.walk.inner(), most = n * lines.length <= kGrain ? n : (n + thread_count() - 1) / thread_count();
    const int64_t share = (most + kShare - 1) / kShare * kShare;
    return parallel_for(n, share, [&](int64_t begin, int64_t end) {
      add_rows(y.as<T>() + begin, lines.strides[2], index.as<int32_t>(), lines.strides[0], source.as<T>() + begin,
               lines.strides[1], lines.length, end - begin);
    });
  }
  // Lines that lie along memory are gone through one by one; of others one element of each in turn.
  const bool is_run = lines.strides[0] == 1 && lines.strides[1] == 1 && lines.strides[2] == 1;
  const bool lengthwise = is != 0 ? lines.strides[0] < is : lines.strides[1] < ss;
  for_segments<3>(
      lines.walk,
      [&](const int64_t (&at)[3], int64_t n) {
        const int32_t* indices = index.as<int32_t>() + at[0];
        const T* from = source.as<T>() + at[1];
        T* to = y.as<T>() + at[2];
        if (lengthwise && is_run) {
          for (int64_t i = 0; i < n; i++) add_line(to + i * ys, indices + i * is, from + i * ss, lines.length);
          return;
        }
        const auto add = [&](int64_t k, int64_t i) ADJOINT_LAMBDA {
          T& sum = to[i * ys + indices[k * lines.strides[0] + i * is] * lines.strides[2]];
          sum = static_cast<T>(wrapping(sum) + wrapping(from[k * lines.strides[1] + i * ss]));
        };
        if (lengthwise) {
          for (int64_t i = 0; i < n; i++) {
            for (int64_t k = 0; k < lines.length; k++) add(k, i);
          }
        } else if (is != 0) {
          for (int64_t k = 0; k < lines.length; k++) {
            for (int64_t i = 0; i < n; i++) add(k, i);
          }
        } else if (by_rows) {
          add_rows(to, lines.strides[2], indices, lines.strides[0], from, lines.strides[1], lines.length, n);
        } else {
          for (int64_t k = 0; k < lines.length; k++) {
            const T* __restrict line = from + k * lines.strides[1];
            T* __restrict sum = to + indices[k * lines.strides[0]] * lines.strides[2];
            for (int64_t i = 0; i < n; i++) sum[i * ys] = static_cast<T>(wrapping(sum[i * ys]) + wrapping(line[i * ss]));
          }
        }
      },
      lines.length);
}

void add_to(const View& y, const View& index, const View& source, int axis) {
  with_number(y.dtype, [&](auto zero) { add_at<decltype(zero)>(y, index, source, axis); });
}

// Whether a condition holds of any element of a run. Not inlined: among what surrounds it no compiler makes vectors of it.
template <typename T, typename F>
__attribute__((noinline)) bool holds_in_run(const T* x, int64_t step, int64_t n, F condition) {
  int any = 0;
  if (step == 1) for (int64_t i = 0; i < n; i++) any |= condition(x[i]);
  else for (int64_t i = 0; i < n; i++) any |= condition(x[i * step]);
  return any;
}

template <typename T, typename F>
bool holds(const View& x, const Walk<1>& walk, F condition) {
  int any = 0;
  for_segments<1>(walk, [&](const int64_t (&at)[1], int64_t n) {
    if (holds_in_run(x.as<T>() + at[0], walk.inner_step(0), n, condition)) __atomic_store_n(&any, 1, __ATOMIC_RELAXED);
  });
  return any;
}

int axis_of(const Call& call) { return static_cast<int>(call.numbers[0]); }

}  // namespace

// y, x, index; axis
void gather(const Call& call) { pick(call[0], call[1], call[2], axis_of(call)); }
void indexSelect(const Call& call) {
  pick(call[0], call[1], along(call[2], call[0], axis_of(call)), axis_of(call));
}

// y, index, source; axis
void scatterAdd(const Call& call) { add_to(call[0], call[1], call[2], axis_of(call)); }
void indexAdd(const Call& call) {
  add_to(call[0], along(call[1], call[2], axis_of(call)), call[2], axis_of(call));
}

void findOutside(const Call& call) {
  const View& x = call[0];
  const double low = call.numbers[0], high = call.numbers[1], except = call.numbers[2];
  const Walk<1> walk(call.views);
  const int64_t inner = walk.inner(), step = walk.inner_step(0);
  with_type(x.dtype, [&](auto element) {
    using T = decltype(element);
    if constexpr (!__is_same(T, BFloat16) && !__is_same(T, Bool)) {
      const auto outside = [=](T value) ADJOINT_LAMBDA {
        const double v = static_cast<double>(value);
        return !((v >= low) & (v <= high)) & (v != except);
      };
      bool any = true;
      if constexpr (__is_same(T, int32_t)) {
        // Indices are compared as they are, in a third of the time.
        const bool indices = low == 0 && high >= 0 && high <= INT32_MAX && except != except;
        const uint32_t last = indices ? static_cast<uint32_t>(high) : 0;
        if (indices) any = holds<T>(x, walk, [last](T value) ADJOINT_LAMBDA { return wrapping(value) > last; });
      }
      if (!any || !holds<T>(x, walk, outside)) return;
      auto p = walk.seek(0);
      for (int64_t row = 0; row < walk.rows(); row++, walk.advance(p)) {
        for (int64_t i = 0; i < inner; i++) {
          if (!outside(x.as<T>()[p.at[0] + i * step])) continue;
          call.found = row * inner + i;
          return;
        }
      }
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
