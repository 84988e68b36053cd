// Random numbers from (seed, counter): element i comes from a word that i alone determines. y is contiguous.
#include "kernels/elementwise.h"
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
      philox(seed, counter + static_cast<uint64_t>(turn) * kBlocks, words);
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
  if (call[0].dtype == DType::Float32) return normals<float>(call);
  normals<double>(call);
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

}  // namespace adjoint::ADJOINT_ISA
