// A pool that claims: chunks are taken one by one from a shared counter, and the caller takes them too. It waits only for
// chunks that a worker has already claimed, so workers that the system keeps off their CPU cost nothing. An OpenMP region
// waits for its whole team: with one busy neighbour on two CPUs, 0.25 ms of work takes 8 ms there and 0.49 ms here
// (0.49 on one thread).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "threads/parallel.h"

#if defined(__x86_64__) || defined(__i386__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() std::this_thread::yield()
#endif

namespace adjoint {
namespace {

using Clock = std::chrono::steady_clock;

// About 50 µs of looking for the next region before a worker sleeps: the regions of a training step follow closely.
constexpr int kSpins = 2000;

// Half of it in, whoever else is ready on this CPU goes first now and then: it may be the one that is waited for.
void look_again(int spin) {
  if (spin >= kSpins / 2 && spin % 64 == 0) std::this_thread::yield();
  else PAUSE();
}

// How many threads to leave out while other programs want the CPUs. A worker that loses its CPU within a chunk keeps the
// caller waiting for a slice of the scheduler's, 3 ms; with a thread fewer there is a CPU for everybody. Moments that are lost
// now and then cost less than the thread would: only more than a third of the time, and some at once, is too much. The thread
// is tried again after four times what it lost last, and where that was in vain, after twice as long as before, up to a second.
class Restraint {
 public:
  // Asked before each region.
  int left_out() {
    if (count_ > 0 && Clock::now() >= until_) {
      count_--;
      until_ += pause_;
    }
    return count_;
  }

  // A region took so much longer than its chunks do; `most` threads can be left out.
  void add(Clock::duration lost, int most) {
    const Clock::time_point now = Clock::now();
    const Clock::duration forgiven = std::max(now - forgiven_until_, Clock::duration::zero()) / 3;
    forgiven_until_ = std::max(now, forgiven_until_);
    lost_ = std::max(lost_ - forgiven, Clock::duration::zero()) + lost;
    if (lost_ < kPatience) return;
    lost_ = kPatience;
    pause_ = std::min<Clock::duration>(now < until_ + pause_ ? 2 * pause_ : 4 * lost, std::chrono::seconds(1));
    forgiven_until_ = until_ = now + pause_;
    count_ = std::min(count_ + 1, most);
  }

 private:
  static constexpr Clock::duration kPatience = std::chrono::milliseconds(10);
  int count_ = 0;
  Clock::time_point until_{}, forgiven_until_{};
  Clock::duration pause_{}, lost_{};
};

// A wait that is so much longer than expected tells of a worker that was taken off its CPU.
constexpr auto kOffCpu = std::chrono::microseconds(200);

struct Region {
  Range range;
  void* context;
  int64_t n, grain;
  uint32_t chunks;
};

thread_local bool inside = false;

class Pool {
 public:
  // Returns false if the caller is to work alone: a region is running already, so that worker threads of Node that train
  // side by side do not multiply teams; or other programs want the CPUs.
  bool run(const Region& region, int threads) {
    if (!owner_.try_lock()) return false;
    std::lock_guard<std::mutex> hold(owner_, std::adopt_lock);
    const int helpers = threads - 1 - restraint_.left_out();
    if (helpers <= 0) return false;
    try {
      for (; workers_ < threads - 1; workers_++) std::thread([this, id = workers_ + 1] { work(id); }).detach();
    } catch (const std::system_error&) {
      // A limit on threads, as containers have: the work is done by those that are there.
    }
    region_ = region;
    done_.store(0, std::memory_order_relaxed);
    helpers_.store(helpers, std::memory_order_relaxed);
    const uint32_t epoch = static_cast<uint32_t>(claim_.load(std::memory_order_relaxed) >> 32) + 1;
    claim_.store(uint64_t{epoch} << 32 | region.chunks);
    if (sleeping_.load() > 0) {
      { std::lock_guard<std::mutex> lock(mutex_); }
      wake_.notify_all();
    }
    const Clock::time_point start = Clock::now();
    const uint32_t own = take(epoch);
    if (!is_done(region.chunks)) {
      const Clock::time_point end = Clock::now();
      for (int spin = 0; !is_done(region.chunks); spin++) look_again(spin);
      // What was missing had been begun by others, and should take no longer than what this thread did.
      const Clock::duration chunk = (end - start) / std::max(own, 1u), lost = Clock::now() - end - 2 * chunk;
      if (lost > kOffCpu) restraint_.add(lost, threads - 1);
    }
    return true;
  }

 private:
  // Upper half: number of the region; lower half: chunks not yet claimed. One word, so that a late worker's claim on a
  // region that is over cannot take a chunk of the next. Each of what several threads write has a cache line of its own.
  alignas(64) std::atomic<uint64_t> claim_{0};
  alignas(64) std::atomic<uint32_t> done_{0};
  alignas(64) std::atomic<int> helpers_{0};
  std::atomic<int> sleeping_{0};
  Region region_{};
  Restraint restraint_;
  int workers_ = 0;
  std::mutex owner_, mutex_;
  std::condition_variable wake_;

  bool is_done(uint32_t chunks) const { return done_.load(std::memory_order_acquire) == chunks; }

  // Works on a region until no chunk is left to claim; returns how many it did.
  uint32_t take(uint32_t epoch) {
    inside = true;
    uint32_t count = 0;
    uint64_t claim = claim_.load(std::memory_order_acquire);
    while (claim >> 32 == epoch && static_cast<uint32_t>(claim) > 0) {
      if (!claim_.compare_exchange_weak(claim, claim - 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      // From here the region cannot end, and its description cannot change, before this thread says that it is done.
      const int64_t begin = static_cast<int64_t>(region_.chunks - static_cast<uint32_t>(claim)) * region_.grain;
      const int64_t end = begin + region_.grain;
      region_.range(region_.context, begin, end < region_.n ? end : region_.n);
      count++;
      claim = claim_.load(std::memory_order_acquire);
    }
    if (count > 0) done_.fetch_add(count, std::memory_order_release);
    inside = false;
    return count;
  }

  void work(int id) {
    for (uint32_t seen = 0;;) {
      uint32_t epoch = current();
      for (int spin = 0; epoch == seen && spin < kSpins; spin++) {
        look_again(spin);
        epoch = current();
      }
      if (epoch == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        sleeping_.fetch_add(1);
        wake_.wait(lock, [&] { return (epoch = current()) != seen; });
        sleeping_.fetch_sub(1);
      }
      seen = epoch;
      if (id <= helpers_.load(std::memory_order_relaxed)) take(epoch);
    }
  }

  uint32_t current() const { return static_cast<uint32_t>(claim_.load() >> 32); }
};

// Never destroyed: its threads outlive every destructor that runs at exit.
Pool& pool() {
  static Pool* instance = new Pool;
  return *instance;
}

}  // namespace

void parallel_chunks(int64_t n, int64_t grain, Range range, void* context) {
  const uint32_t chunks = static_cast<uint32_t>((n + grain - 1) / grain);
  const int threads = thread_count();
  if (threads > 1 && !inside && pool().run({range, context, n, grain, chunks}, threads)) return;
  for (int64_t begin = 0; begin < n; begin += grain) range(context, begin, begin + grain < n ? begin + grain : n);
}

}  // namespace adjoint
