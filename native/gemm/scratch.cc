#include "gemm/scratch.h"

#include <cstdio>
#include <cstdlib>

namespace adjoint::ADJOINT_ISA {
namespace {

constexpr size_t kCacheLine = 64;

struct Buffers {
  void* data[static_cast<int>(Scratch::Count)] = {};
  size_t size[static_cast<int>(Scratch::Count)] = {};
  ~Buffers() {
    for (void* each : data) std::free(each);
  }
};

thread_local Buffers buffers;

}  // namespace

void* scratch_bytes(Scratch purpose, size_t bytes) {
  const int i = static_cast<int>(purpose);
  if (buffers.size[i] < bytes) {
    std::free(buffers.data[i]);
    buffers.size[i] = (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    buffers.data[i] = std::aligned_alloc(kCacheLine, buffers.size[i]);
    if (!buffers.data[i]) {
      std::fprintf(stderr, "adjoint: no memory for %zu bytes of working space\n", buffers.size[i]);
      std::abort();
    }
  }
  return buffers.data[i];
}

}  // namespace adjoint::ADJOINT_ISA
