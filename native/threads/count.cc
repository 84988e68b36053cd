// How many threads this process may use.
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "threads/parallel.h"

namespace adjoint {
namespace {

// CPUs' worth of time that the container grants, rounded down, at least 1; 0 where there is no quota.
int cgroup_quota() {
  if (FILE* file = std::fopen("/sys/fs/cgroup/cpu.max", "r")) {  // version 2
    long long quota = 0, period = 0;
    const int fields = std::fscanf(file, "%lld %lld", &quota, &period);  // "max 100000" reads no field
    std::fclose(file);
    return fields == 2 && period > 0 ? std::max(1, static_cast<int>(quota / period)) : 0;
  }
  long long quota = -1, period = 0;
  if (FILE* file = std::fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r")) {  // version 1
    if (std::fscanf(file, "%lld", &quota) != 1) quota = -1;
    std::fclose(file);
  }
  if (FILE* file = std::fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r")) {
    if (std::fscanf(file, "%lld", &period) != 1) period = 0;
    std::fclose(file);
  }
  return quota > 0 && period > 0 ? std::max(1, static_cast<int>(quota / period)) : 0;
}

int default_count() {
  if (const char* wanted = std::getenv("ADJOINT_NUM_THREADS")) {
    const int n = std::atoi(wanted);
    if (n >= 1) return std::min(n, 256);
  }
  cpu_set_t set;
  const int cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  const int quota = cgroup_quota();
  return std::max(1, quota ? std::min(cpus, quota) : cpus);
}

std::atomic<int>& count() {
  static std::atomic<int> value{default_count()};
  return value;
}

}  // namespace

int thread_count() { return count().load(std::memory_order_relaxed); }
void set_thread_count(int n) { count().store(n, std::memory_order_relaxed); }

}  // namespace adjoint
