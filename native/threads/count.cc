// How many threads this process may use.

#include "threads/count.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "threads/parallel.h"

namespace adjoint {
namespace {

// CPUs' worth of time that a control group grants, rounded down, at least 1; 0 where it sets no limit.
int quota_of(const std::string& group) {
  long long quota = 0, period = 0;
  if (std::ifstream file{group + "/cpu.max"}) {  // version 2; "max 100000" reads no number
    file >> quota >> period;
  } else {  // version 1; −1 for none
    std::ifstream{group + "/cpu.cfs_quota_us"} >> quota;
    std::ifstream{group + "/cpu.cfs_period_us"} >> period;
  }
  return quota > 0 && period > 0 ? std::max(1, static_cast<int>(quota / period)) : 0;
}

int default_count() {
  if (const char* wanted = std::getenv("ADJOINT_NUM_THREADS")) {
    const int n = std::atoi(wanted);
    if (n >= 1) return std::min(n, 256);
  }
  cpu_set_t set;
  // The set has room for 1024 CPUs; the call fails where there are more.
  const int cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                               : static_cast<int>(std::thread::hardware_concurrency());
  const int quota = cpu_quota("");
  return std::clamp(quota ? std::min(cpus, quota) : cpus, 1, 256);
}

std::atomic<int>& count() {
  static std::atomic<int> value{default_count()};
  return value;
}

}  // namespace

int cpu_quota(const std::string& root) {
  int least = 0;
  std::ifstream groups{root + "/proc/self/cgroup"};
  for (std::string line; std::getline(groups, line);) {  // 0::/a/b, or 3:cpu,cpuacct:/a/b
    std::istringstream fields{line};
    std::string id, controllers, path;
    std::getline(fields, id, ':');
    std::getline(fields, controllers, ':');
    std::getline(fields, path);
    const bool is_second = controllers.empty();
    if (!is_second && ("," + controllers + ",").find(",cpu,") == std::string::npos) continue;
    const std::string mount = root + "/sys/fs/cgroup" + (is_second ? "" : "/cpu");
    // Every group around it limits it too. A container may see its own group at the mount, whatever path it has outside.
    for (;; path.resize(path.rfind('/'))) {
      const int quota = quota_of(mount + path);
      if (quota > 0) least = least > 0 ? std::min(least, quota) : quota;
      if (path.find('/') == std::string::npos) break;
    }
  }
  return least;
}

int thread_count() { return count().load(std::memory_order_relaxed); }
void set_thread_count(int n) { count().store(n, std::memory_order_relaxed); }

}  // namespace adjoint
