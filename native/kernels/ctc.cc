// Connectionist temporal classification (Graves, Fernández, Gomez, Schmidhuber 2006, doi:10.1145/1143844.1143891, section 4.1):
// how probable it is that a sequence of classes tells the labels, and its gradient. States are the labels with a blank before,
// between and behind them; all is in logarithms.
#include "kernels/elementwise.h"
#include "simd/math.h"
#include "simd/scratch.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename T>
constexpr T kNever = -static_cast<T>(__builtin_inff());

// log(eᵃ + eᵇ + eᶜ)
template <typename T>
ADJOINT_INLINE T log_sum(T a, T b, T c) {
  const T ab = a > b ? a : b, peak = ab > c ? ab : c;
  const T shift = peak == kNever<T> || peak == -kNever<T> ? T(0) : peak;
  return shift + math::log(math::exp(a - shift) + math::exp(b - shift) + math::exp(c - shift));
}

// One sequence. Rows of states have two of room on either side that are never reached.
template <typename T>
struct Sequence {
  int64_t batch, classes, states, steps, end;
  const T* x;  // of step 0; a step is batch · classes elements
  const int32_t* labels;

  Sequence(const View& log_probabilities, const View& classes_of_states, const View& lengths, const View& targets, int64_t b)
      : batch(log_probabilities.shape[1]), classes(log_probabilities.shape[2]), states(classes_of_states.shape[1]),
        steps(lengths.as<int32_t>()[b]), end(2 * targets.as<int32_t>()[b]),
        x(log_probabilities.as<T>() + b * classes), labels(classes_of_states.as<int32_t>() + b * states) {}

  // What a step gives each state.
  void emissions(int64_t step, T* __restrict to) const {
    const T* const row = x + step * batch * classes;
    for (int64_t s = 0; s < states; s++) to[s] = row[labels[s]];
  }

  // 0 where a state may follow the one before the last, else −∞: a class another one without a blank between.
  void skips(T* to) const {
    for (int64_t s = 0; s < states; s++) to[s] = s > 1 && labels[s] != labels[s - 2] ? T(0) : kNever<T>;
  }
};

// Calls each(b, room) for every sequence; the room is for `count` rows of states.
template <typename T, typename Each>
void for_sequences(const View& x, const View& states, int64_t count, const Each& each) {
  const int64_t width = states.shape[1] + 4;
  parallel_for(x.shape[1], chunk(kGrain, 16 * x.shape[0] * width), [&](int64_t begin, int64_t end) {
    const Scratch<T> room(count * width);
    for (int64_t b = begin; b < end; b++) {
      for (int64_t i = 0; i < count * width; i++) room.data[i] = kNever<T>;
      each(b, room.data + 2, width);
    }
  });
}

template <typename T>
void forward(const Call& call) {
  const View &x = call[2], &states = call[3];
  const int64_t count = states.shape[1];
  for_sequences<T>(x, states, 3, [&](int64_t b, T* room, int64_t width) {
    const Sequence<T> sequence(x, states, call[4], call[5], b);
    T *const before = room, *const skips = room + width, *const given = room + 2 * width;
    T* alpha = call[1].as<T>() + b * (x.shape[0] + 1) * count;
    sequence.skips(skips);
    // Before the first step the telling stands before the first state: it may begin with either of the first two.
    for (int64_t s = 0; s < count; s++) alpha[s] = before[s] = s == 0 ? T(0) : kNever<T>;
    for (int64_t t = 0; t < sequence.steps; t++) {
      alpha += count;
      sequence.emissions(t, given);
      T* __restrict const to = alpha;
      for (int64_t s = 0; s < count; s++) {
        to[s] = log_sum<T>(before[s], before[s - 1], before[s - 2] + skips[s]) + given[s];
      }
      for (int64_t s = 0; s < count; s++) before[s] = to[s];
    }
    // No step is there behind a sequence's own.
    for (int64_t i = count; i < (x.shape[0] - sequence.steps + 1) * count; i++) alpha[i] = kNever<T>;
    // It ends with the last class or with the blank behind it.
    const int64_t end = sequence.end;
    call[0].as<T>()[b] = -log_sum<T>(before[end], end > 0 ? before[end - 1] : kNever<T>, kNever<T>);
  });
}

// dx = −dy · Σ e^(α + β + loss) over the states of a class; 0 where the labels cannot be told.
template <typename T>
void backward(const Call& call) {
  const View &x = call[4], &states = call[5];
  const int64_t steps = x.shape[0], batch = x.shape[1], classes = x.shape[2], count = states.shape[1];
  for_sequences<T>(x, states, 4, [&](int64_t b, T* room, int64_t width) {
    const Sequence<T> sequence(x, states, call[6], call[7], b);
    T *const behind = room, *const skips = room + width, *const given = room + 2 * width, *const beta = room + 3 * width;
    const T slope = -call[1].as<T>()[b], loss = call[2].as<T>()[b];
    const T* const alphas = call[3].as<T>() + b * (steps + 1) * count;
    sequence.skips(skips);
    T* const dx = call[0].as<T>() + b * classes;
    for (int64_t t = 0; t < steps; t++) {
      for (int64_t c = 0; c < classes; c++) dx[t * batch * classes + c] = 0;
    }
    if (loss == -kNever<T>) return;
    beta[sequence.end] = 0;
    if (sequence.end > 0) beta[sequence.end - 1] = 0;
    for (int64_t t = sequence.steps - 1; t >= 0; t--) {
      const T* __restrict const alpha = alphas + (t + 1) * count;
      T* __restrict const shares = given;
      for (int64_t s = 0; s < count; s++) shares[s] = math::exp(alpha[s] + beta[s] + loss);
      for (int64_t s = 0; s < count; s++) dx[t * batch * classes + sequence.labels[s]] += slope * shares[s];
      sequence.emissions(t, given);
      for (int64_t s = 0; s < count; s++) behind[s] = beta[s] + given[s];
      for (int64_t s = 0; s < count; s++) {
        beta[s] = log_sum<T>(behind[s], behind[s + 1], behind[s + 2] + skips[s + 2]);
      }
    }
  });
}

}  // namespace

// losses, alpha, x, states, steps, labels
void ctcLoss(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { forward<decltype(zero)>(call); });
}

// dx, dlosses, losses, alpha, x, states, steps, labels
void ctcLossGradient(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { backward<decltype(zero)>(call); });
}

}  // namespace adjoint::ADJOINT_ISA
