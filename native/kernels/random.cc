// Random numbers from (seed, counter): element i comes from a word that i alone determines. y is contiguous.
#include "kernels/elementwise.h"
#include "simd/gamma.h"
#include "simd/math.h"
#include "simd/philox.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// Fills y from the stream numbers[0] at block numbers[1]: `make(words, elements)` turns the words of kBlocks blocks into
// `per_turn` elements.
template <typename T, typename Make>
void generate(const Call& call, int per_turn, const Make& make) {
  const View& y = call[0];
  const int64_t size = y.size(), turns = (size + per_turn - 1) / per_turn;
  const uint64_t seed = static_cast<uint64_t>(call.numbers[0]), counter = static_cast<uint64_t>(call.numbers[1]);
  parallel_for(turns, kGrain / (8 * kWords), [&](int64_t begin, int64_t end) {
    uint32_t words[kWords];
    T elements[kWords];
    for (int64_t turn = begin; turn < end; turn++) {
      philox<kBlocks>(seed, counter + static_cast<uint64_t>(turn) * kBlocks, words);
      make(words, elements);
      const int64_t first = turn * per_turn, rest = size - first;
      T* __restrict to = y.as<T>() + first;
      if (rest >= per_turn) {
        for (int64_t i = 0; i < per_turn; i++) to[i] = elements[i];
      } else {
        for (int64_t i = 0; i < rest; i++) to[i] = elements[i];
      }
    }
  });
}

struct Direction {
  double cos, sin;
};

// The cosine and sine of 2π · word / 2³², by Taylor polynomials of degree 16 and 17 in the nearest quadrant: exact
// reduction, since the angle is a whole number.
ADJOINT_INLINE Direction direction(uint32_t word) {
  const uint32_t quadrant = (word + (1u << 29)) >> 30;
  const double r = static_cast<int32_t>(word - (quadrant << 30)) * (6.28318530717958647693 * 0x1p-32), z = r * r;
  double s = 1.0 / 355687428096000;
  s = s * z - 1.0 / 1307674368000;
  s = s * z + 1.0 / 6227020800;
  s = s * z - 1.0 / 39916800;
  s = s * z + 1.0 / 362880;
  s = s * z - 1.0 / 5040;
  s = s * z + 1.0 / 120;
  s = s * z - 1.0 / 6;
  s = r + r * (z * s);
  double c = 1.0 / 20922789888000;
  c = c * z - 1.0 / 87178291200;
  c = c * z + 1.0 / 479001600;
  c = c * z - 1.0 / 3628800;
  c = c * z + 1.0 / 40320;
  c = c * z - 1.0 / 720;
  c = c * z + 1.0 / 24;
  c = c * z - 0.5;
  c = 1 + z * c;
  const double across = quadrant & 1 ? s : c, along = quadrant & 1 ? c : s;
  return {(quadrant + 1) & 2 ? -across : across, quadrant & 2 ? -along : along};
}

// Fills y with draws that depend on x, of y's shape: `draw(x, words, value)` says whether the words of a block gave a value.
// Element i takes block numbers[1] + i, and until one gives it the block's further branches.
template <typename T, typename Draw>
void generate_from(const Call& call, const Draw& draw) {
  const int64_t size = call[0].size(), turns = (size + kBlocks - 1) / kBlocks;
  const uint64_t seed = static_cast<uint64_t>(call.numbers[0]), counter = static_cast<uint64_t>(call.numbers[1]);
  parallel_for(turns, kGrain / (32 * kBlocks), [&](int64_t begin, int64_t end) {
    uint32_t words[kWords];
    for (int64_t turn = begin; turn < end; turn++) {
      const int64_t first = turn * kBlocks, rest = size - first;
      philox<kBlocks>(seed, counter + static_cast<uint64_t>(first), words);
      for (int64_t i = 0; i < (rest < kBlocks ? rest : kBlocks); i++) {
        const double x = call[1].as<T>()[first + i];
        uint32_t own[4] = {words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]};
        double value;
        for (uint32_t branch = 1; !draw(x, own, value); branch++) {
          philox<1>(seed, counter + static_cast<uint64_t>(first + i), own, branch);
        }
        call[0].as<T>()[first + i] = static_cast<T>(value);
      }
    }
  });
}

// The middle of the word's part of (0, 1), and that of two words', of which 53 bits count.
ADJOINT_INLINE double fraction(uint32_t word) { return (word + 0.5) * 0x1p-32; }
ADJOINT_INLINE double fraction(uint32_t high, uint32_t low) {
  return ((high >> 5) * 0x1p26 + (low >> 6) + 0.5) * 0x1p-53;
}

// A number of the gamma distribution of concentration a and rate 1, by a squeezed cube of a normal one (Marsaglia, Tsang
// 2000, doi:10.1145/358407.358414, sections 3 and 6). NaN where a is no number > 0.
ADJOINT_INLINE bool draw_gamma(double a, const uint32_t (&words)[4], double& value) {
  if (!(a > 0 && a < __builtin_inf())) {
    value = __builtin_nan("");
    return true;
  }
  const double d = (a < 1 ? a + 1 : a) - 1.0 / 3;
  const double x = math::sqrt(-2 * math::log_normal((words[0] + 1.0) * 0x1p-32)) * direction(words[1]).cos;
  const double root = 1 + x / math::sqrt(9 * d), v = root * root * root, u = fraction(words[2]), square = x * x;
  if (!(v > 0)) return false;
  if (u >= 1 - 0.0331 * square * square &&
      math::log_normal(u) >= 0.5 * square + d * (1 - v + math::log_normal(v))) {
    return false;
  }
  const double raised = d * v;
  value = a < 1 ? raised * math::exp(math::log_normal(fraction(words[3])) / a) : raised;
  return true;
}

// A number of the Poisson distribution. Below a rate of 10 by search from 0 in one uniform number's place among the
// probabilities, from there by transformed rejection (Hörmann 1993, doi:10.1016/0167-6687(93)90997-4, algorithm PTRS). NaN
// where the rate is no number ≥ 0.
ADJOINT_INLINE bool draw_poisson(double rate, const uint32_t (&words)[4], double& value) {
  const double u = fraction(words[0], words[1]);
  if (!(rate >= 10)) {
    value = rate >= 0 ? 0 : __builtin_nan("");
    double probability = math::exp(-rate), left = u;
    // Beyond 100 is less than 1e-60.
    for (; left > probability && value < 100; probability *= rate / value) {
      left -= probability;
      value += 1;
    }
    return true;
  }
  value = rate;
  if (rate == __builtin_inf()) return true;
  const double v = fraction(words[2], words[3]), centred = u - 0.5, us = 0.5 - __builtin_fabs(centred);
  const double b = 0.931 + 2.53 * math::sqrt(rate), a = -0.059 + 0.02483 * b;
  value = math::floor((2 * a / us + b) * centred + rate + 0.43);
  if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return true;
  if (value < 0 || (us < 0.013 && v > us)) return false;
  const double height = math::log_normal(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (us * us) + b));
  return height <= value * math::log_normal(rate) - rate - math::lgamma(value + 1);
}

// Pairs of standard normal numbers from pairs of words (Box, Muller 1958), scaled.
template <typename T>
void normals(const Call& call) {
  const double mean = call.numbers[2], std = call.numbers[3];
  generate<T>(call, kWords, [=](const uint32_t (&words)[kWords], T (&elements)[kWords]) {
    for (int i = 0; i < kWords / 2; i++) {
      const double radius = math::sqrt(-2 * math::log_normal((words[2 * i] + 1.0) * 0x1p-32));
      const Direction d = direction(words[2 * i + 1]);
      elements[2 * i] = static_cast<T>(mean + std * (radius * d.cos));
      elements[2 * i + 1] = static_cast<T>(mean + std * (radius * d.sin));
    }
  });
}

}  // namespace

// y; seed, counter, low, high
void uniform(const Call& call) {
  const double low = call.numbers[2], width = call.numbers[3] - low;
  if (call[0].dtype == DType::Float32) {
    return generate<float>(call, kWords, [=](const uint32_t (&words)[kWords], float (&elements)[kWords]) {
      for (int i = 0; i < kWords; i++) {
        elements[i] = static_cast<float>(low + width * (static_cast<int32_t>(words[i] >> 8) * 0x1p-24));
      }
    });
  }
  generate<double>(call, kWords / 2, [=](const uint32_t (&words)[kWords], double (&elements)[kWords]) {
    for (int i = 0; i < kWords / 2; i++) {
      const double high = words[2 * i] >> 5, rest = words[2 * i + 1] >> 6;
      elements[i] = low + width * ((high * 0x1p26 + rest) * 0x1p-53);
    }
  });
}

// y; seed, counter, mean, std
void normal(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { normals<decltype(zero)>(call); });
}

// y bool; seed, counter, p
void bernoulli(const Call& call) {
  const uint64_t bound = static_cast<uint64_t>(__builtin_ceil(call.numbers[2] * 0x1p32));
  generate<uint8_t>(call, kWords, [=](const uint32_t (&words)[kWords], uint8_t (&elements)[kWords]) {
    for (int i = 0; i < kWords; i++) elements[i] = words[i] < bound;
  });
}

// y int32; seed, counter, low, high
void randint(const Call& call) {
  const double low = call.numbers[2], width = call.numbers[3] - low;
  generate<int32_t>(call, kWords, [=](const uint32_t (&words)[kWords], int32_t (&elements)[kWords]) {
    for (int i = 0; i < kWords; i++) {
      elements[i] = static_cast<int32_t>(low + static_cast<double>(static_cast<int64_t>(words[i] * width * 0x1p-32)));
    }
  });
}

// y, concentration of its shape; seed, counter
void standardGamma(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { generate_from<decltype(zero)>(call, draw_gamma); });
}

// y, rate of its shape; seed, counter
void poisson(const Call& call) {
  with_float(call[0].dtype, [&](auto zero) { generate_from<decltype(zero)>(call, draw_poisson); });
}

}  // namespace adjoint::ADJOINT_ISA
