#include "binding/program.h"

#include <chrono>

#include "binding/atomics.h"

namespace adjoint {
namespace {

// The bytes from the storage's start that a view reaches; −1 if it reaches before it or overflows.
int64_t reach(const View& view, int64_t offset) {
  int64_t low = offset, high = offset;
  for (int i = 0; i < view.rank; i++) {
    if (view.shape[i] < 0) return -1;
    if (view.shape[i] == 0) return 0;
    int64_t step;
    if (__builtin_mul_overflow(view.shape[i] - 1, view.strides[i], &step)) return -1;
    int64_t& end = step < 0 ? low : high;
    if (__builtin_add_overflow(end, step, &end)) return -1;
  }
  int64_t bytes;
  if (low < 0 || __builtin_mul_overflow(high + 1, kElementSize[static_cast<int>(view.dtype)], &bytes)) return -1;
  return bytes;
}

// Takes numbers off a stream; past its end it gives −1 and remembers.
struct Reader {
  const double *at, *end;
  bool short_of = false;

  int64_t next() {
    if (at == end) {
      short_of = true;
      return -1;
    }
    return static_cast<int64_t>(*at++);
  }
};

double now() {
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

}  // namespace

const char* Program::read(const double* stream, size_t length, const double* changes, size_t changes_length,
                          int kernel_count) {
  Reader in{stream, stream + length};
  const int64_t calls = in.next(), slots = in.next();
  if (calls < 0 || calls > static_cast<int64_t>(length) || slots < 0 || slots > static_cast<int64_t>(changes_length / 2)) {
    return "compile: the stream's header is malformed";
  }
  changes_ = changes;
  const double* live = changes + 2 * slots;
  const int64_t live_length = static_cast<int64_t>(changes_length) - 2 * slots;
  slots_.resize(static_cast<size_t>(slots));
  steps_.resize(static_cast<size_t>(calls));
  for (int c = 0; c < calls; c++) {
    Call& call = steps_[c].call;
    const int64_t kernel = in.next(), views = in.next(), numbers = in.next(), live_at = in.next();
    if (kernel < 0 || kernel >= kernel_count || views < 0 || views > kMaxViews || numbers < 0 || numbers > kMaxNumbers) {
      return "compile: a call is malformed";
    }
    steps_[c].kernel = static_cast<int>(kernel);
    call.view_count = static_cast<int>(views);
    call.number_count = static_cast<int>(numbers);
    for (int v = 0; v < views; v++) {
      View& view = call.views[v];
      const int64_t slot = in.next(), rank = in.next(), dtype = in.next(), offset = in.next();
      if (slot < 0 || slot >= slots || rank < 0 || rank > kMaxRank || dtype < 0 || dtype > 5) {
        return "compile: a view is malformed";
      }
      view.rank = static_cast<int>(rank);
      view.dtype = static_cast<DType>(dtype);
      for (int i = 0; i < rank; i++) view.shape[i] = in.next();
      for (int i = 0; i < rank; i++) view.strides[i] = in.next();
      const int64_t bytes = reach(view, offset);
      if (bytes < 0) return "compile: a view reaches outside of its storage";
      Slot& place = slots_[slot];
      place.places.push_back({c, v, offset * kElementSize[dtype]});
      if (bytes > place.need) place.need = bytes;
    }
    if (live_at >= 0) {
      if (live_at + numbers > live_length) return "compile: live numbers are missing";
      live_.push_back({c, live + live_at});
    }
    if (in.end - in.at < numbers) return "compile: the stream is too short";
    for (int i = 0; i < numbers; i++) call.numbers[i] = *in.at++;
  }
  return in.short_of ? "compile: the stream is too short" : nullptr;
}

const char* Program::refresh() {
  const double* at = changes_;
  for (Slot& slot : slots_) {
    char* data = reinterpret_cast<char*>(static_cast<uintptr_t>(*at++));
    const int64_t bytes = static_cast<int64_t>(*at++);
    if (bytes < slot.need) return "replay: a storage is smaller than its views";
    if (slot.data == data) continue;
    slot.data = data;
    for (const Place& place : slot.places) steps_[place.call].call.views[place.view].data = data + place.offset;
  }
  for (const Live& live : live_) {
    Call& call = steps_[live.call].call;
    for (int i = 0; i < call.number_count; i++) call.numbers[i] = live.numbers[i];
  }
  return nullptr;
}

Outcome Program::run(const Kernel* kernels, double* times) {
  [[maybe_unused]] const OrderedRun ordered;
  for (size_t c = 0; c < steps_.size(); c++) {
    const Step& step = steps_[c];
    step.call.found = -1;
    if (times) times[2 * c] = now();
    kernels[step.kernel](step.call);
    if (times) times[2 * c + 1] = now();
    if (step.call.found >= 0) return {static_cast<int>(c), step.call.found};
  }
  return {};
}

}  // namespace adjoint
