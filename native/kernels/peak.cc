// Nothing but fused multiply-adds in registers: what a core can do, for benchmarks to state shares of.
#include "kernels/kernels.h"
#include "simd/vec.h"

namespace adjoint::ADJOINT_ISA {

// Independent chains that hide the instruction's latency: 4 to 5 cycles, two a cycle.
constexpr int kChains = 12;

// y += rounds · (multiply-adds) in each of y's vectors, kChains of them at a time; y [threads · n], float32.
void peak(const Call& call) {
  const View& y = call[0];
  const int64_t rounds = static_cast<int64_t>(call.numbers[0]);
  constexpr int64_t block = kChains * kLanes<float>;
  parallel_for(y.size() / block, 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      float* at = y.as<float>() + b * block;
      Vec<float> chains[kChains];
      for (int i = 0; i < kChains; i++) chains[i] = load(at + i * kLanes<float>);
      const Vec<float> scale = broadcast(0.999f), shift = broadcast(0.001f);
      for (int64_t round = 0; round < rounds; round++) {
        for (int i = 0; i < kChains; i++) chains[i] = fma(chains[i], scale, shift);
      }
      for (int i = 0; i < kChains; i++) store(at + i * kLanes<float>, chains[i]);
    }
  });
}

}  // namespace adjoint::ADJOINT_ISA
