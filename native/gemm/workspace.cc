#include "gemm/workspace.h"

#include <cstdio>
#include <cstdlib>

#include "dispatch/working_space.h"

namespace adjoint::ADJOINT_ISA {
namespace {

constexpr size_t kCacheLine = 64;

void count(int64_t bytes) { __atomic_fetch_add(&working_space, bytes, __ATOMIC_RELAXED); }

struct Buffers {
  void* data[static_cast<int>(Workspace::Count)] = {};
  size_t size[static_cast<int>(Workspace::Count)] = {};
  ~Buffers() {
    for (void* each : data) std::free(each);
    for (size_t each : size) count(-static_cast<int64_t>(each));
  }
};

thread_local Buffers buffers;

}  // namespace

void* workspace_bytes(Workspace purpose, size_t bytes) {
  const int i = static_cast<int>(purpose);
  if (buffers.size[i] < bytes) {
    std::free(buffers.data[i]);
    const size_t before = buffers.size[i];
    buffers.size[i] = (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    count(static_cast<int64_t>(buffers.size[i] - before));
    buffers.data[i] = std::aligned_alloc(kCacheLine, buffers.size[i]);
    if (!buffers.data[i]) {
      std::fprintf(stderr, "adjoint: no memory for %zu bytes of working space\n", buffers.size[i]);
      std::abort();
    }
  }
  return buffers.data[i];
}

}  // namespace adjoint::ADJOINT_ISA
