// A program of elementwise operations in one pass over memory: block by block, whose values stay in the first-level
// cache from one operation to the next, those of arithmetic in registers. Every operation rounds to its dtype and is the
// plain kernel's own function: the bits are those of the plain kernels.
#include "kernels/arithmetic.h"
#include "kernels/elementwise.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// What the numbers have room for, and a copy for every output.
constexpr int kMaxWritten = kMaxNumbers / 5, kMaxOperations = kMaxWritten + kMaxViews;
constexpr int kMaxRegisters = 64, kMaxPlaces = kMaxViews + kMaxWritten;

int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// Elements of a block: as many as the buffers have room for in the first-level cache, beside what is read in place.
constexpr int64_t kLongest = 512, kShortest = 64;
constexpr int64_t kBudget = 16 << 10;
constexpr int64_t kMemory = kMaxPlaces * 8 * kShortest;
static_assert(kBudget < kMemory);

// Of an element of a view that is not in the cache, in additions; the grain is that of three such views.
constexpr int64_t kViewCost = 3;

// Where an operand's block lies: in a view's memory, or in a buffer, which an input of one element fills once.
enum class Kind { InPlace, Buffered, Constant };

struct Place {
  DType dtype;
  Kind kind;
  int64_t size, offset;  // bytes of an element, and where the buffer begins
  bool free;             // a buffer whose value nobody reads any more
  int64_t room;          // elements that the buffer must hold: of a block, one number, or none
};

// What runs for a whole block: operations as steps, or one operation by itself.
struct Pass {
  int operation, steps, step_count;
};

class Chain {
 public:
  // Places are the views in their order, then as many buffers as there are temporaries at a time.
  explicit Chain(const Call& call)
      : call_(call),
        outputs_(static_cast<int>(call.numbers[0])),
        inputs_(static_cast<int>(call.numbers[1])),
        views_(outputs_ + inputs_),
        walk_(call.views, views_) {
    for (int v = 0; v < views_; v++) {
      const Kind kind = dense(v) ? Kind::InPlace : v >= outputs_ && still(v) ? Kind::Constant : Kind::Buffered;
      const bool whole = kind == Kind::Buffered;
      places_[v] = {call[v].dtype, kind, kElementSize[static_cast<int>(call[v].dtype)], 0, false, whole ? kLongest : 0};
    }
    read_operations();
    keep_sources();
    make_passes();
    give_room();
  }

  void run() const {
    const int64_t size = walk_.rows() * walk_.inner();
    const int64_t grain = larger(kGrain * 3 * kViewCost / cost_, 1);
    // A whole number of cache lines: threads do not write to the same.
    parallel_for(size, (grain + kFewest - 1) / kFewest * kFewest, [&](int64_t begin, int64_t end) { run(begin, end); });
  }

 private:
  const Call& call_;
  const int outputs_, inputs_, views_;
  const Walk<kAnyNumber> walk_;
  int place_count_ = views_, operation_count_ = 0;
  int64_t cost_ = 0, block_ = 0;
  Place places_[kMaxPlaces];
  Operation operations_[kMaxOperations];
  Pass passes_[kMaxOperations];
  int pass_count_ = 0, step_count_ = 0;
  Step steps_[kMaxOperations * kStepsPerOperation];

  // Whether the view's elements lie in memory as the walk counts them.
  bool dense(int view) const {
    int64_t stride = 1;
    for (int i = walk_.rank - 1; i >= 0; i--) {
      if (walk_.strides[view][i] != stride && walk_.shape[i] != 1) return false;
      stride *= walk_.shape[i];
    }
    return true;
  }

  bool still(int view) const {
    for (int i = 0; i < walk_.rank; i++) {
      if (walk_.strides[view][i] != 0) return false;
    }
    return true;
  }

  // The last operation that writes an output's register writes the output.
  void read_operations() {
    const int count = static_cast<int>(call_.numbers[2]);
    const double* const first = call_.numbers + 3;
    const double* const results = first + 5 * count;
    int place_of[kMaxRegisters], last_writer[kMaxRegisters], last_reader[kMaxRegisters];
    for (int r = 0; r < kMaxRegisters; r++) place_of[r] = r < inputs_ ? outputs_ + r : -1;
    for (int i = 0; i < count; i++) {
      const double* at = first + 5 * i;
      const int sources = elementwise(static_cast<Code>(static_cast<int>(at[0]))).sources;
      last_writer[static_cast<int>(at[1])] = i;
      for (int s = 0; s < sources; s++) last_reader[static_cast<int>(at[2 + s])] = i;
    }
    const auto release = [&](int r) {
      if (place_of[r] < views_) return;
      places_[place_of[r]].free = true;
      place_of[r] = -1;
    };

    for (int i = 0; i < count; i++) {
      const double* at = first + 5 * i;
      const auto number = [at](int n) { return static_cast<int>(at[n]); };
      const Code code = static_cast<Code>(number(0));
      const Elementwise& function = elementwise(code);
      int sources[3] = {};
      for (int s = 0; s < function.sources; s++) sources[s] = place_of[number(2 + s)];
      const DType from = places_[sources[function.sources - 1]].dtype;
      const bool converts = code == Code::copy, compares = code >= Code::eq && code <= Code::ge;
      const DType to = converts ? static_cast<DType>(number(3)) : compares ? DType::Bool : from;
      for (int s = 0; s < function.sources; s++) {
        if (last_reader[number(2 + s)] == i) release(number(2 + s));
      }
      const int result = number(1);
      release(result);
      int y = outputs_;
      if (last_writer[result] == i) {
        for (y = 0; y < outputs_ && static_cast<int>(results[y]) != result;) y++;
      }
      if (y == outputs_) y = temporary(to);
      const Block block = converts ? conversion(to, from) : function.of[static_cast<int>(from)];
      const DType dtype = from == to ? to : DType::Bool;
      operations_[operation_count_++] = {code, dtype, block, y, function.sources, {sources[0], sources[1], sources[2]}};
      place_of[result] = y;
      cost_ += function.cost;
    }
    // An output that is an input, or the same as another output.
    for (int o = 0; o < outputs_; o++) {
      const int place = place_of[static_cast<int>(results[o])];
      const DType dtype = places_[o].dtype;
      if (place != o) operations_[operation_count_++] = {Code::copy, dtype, conversion(dtype, dtype), o, 1, {place}};
    }
  }

  // A free buffer of the dtype's width, or a new one.
  int temporary(DType dtype) {
    const int64_t size = kElementSize[static_cast<int>(dtype)];
    int place = views_;
    while (place < place_count_ && !(places_[place].free && places_[place].size == size)) place++;
    if (place == place_count_) places_[place_count_++].room = 0;
    places_[place] = {dtype, Kind::Buffered, size, 0, false, places_[place].room};
    return place;
  }

  // An output in the memory of an input waits in a buffer while an operation still reads that input.
  void keep_sources() {
    for (int i = 0; i < operation_count_; i++) {
      const int y = operations_[i].y;
      if (y >= outputs_) continue;
      const auto overwritten = [&](int source) {
        return source >= outputs_ && source < views_ && call_[source].data == call_[y].data;
      };
      for (int later = i + 1; later < operation_count_; later++) {
        const Operation& o = operations_[later];
        for (int s = 0; s < o.sources; s++) {
          if (overwritten(o.from[s])) hold(y);
        }
      }
    }
  }

  void hold(int place) {
    places_[place].kind = Kind::Buffered;
    places_[place].room = kLongest;
  }

  // Neighbours of arithmetic in one dtype become steps.
  void make_passes() {
    bool is_number[kMaxPlaces];
    for (int p = 0; p < place_count_; p++) is_number[p] = places_[p].kind == Kind::Constant;
    for (int i = 0; i < operation_count_;) {
      const Operation& first = operations_[i];
      int end = i;
      while (end < operation_count_ && is_arithmetic(operations_[end]) && operations_[end].dtype == first.dtype) end++;
      if (end - i < 2) {
        for (int s = 0; s < first.sources; s++) places_[first.from[s]].room = kLongest;
        places_[first.y].room = kLongest;
        passes_[pass_count_++] = {i++, 0, 0};
        continue;
      }
      Step* const steps = steps_ + step_count_;
      const int count = write_steps(operations_, operation_count_, i, end, outputs_, is_number, steps);
      for (int s = 0; s < count; s++) {
        int64_t& room = places_[steps[s].place].room;
        room = larger(room, is_number[steps[s].place] ? 1 : kLongest);
      }
      passes_[pass_count_++] = {i, step_count_, count};
      step_count_ += count;
      i = end;
    }
  }

  void give_room() {
    int64_t width = 0;
    for (int p = 0; p < place_count_; p++) {
      if (places_[p].kind != Kind::InPlace && places_[p].room == kLongest) width += places_[p].size;
      if (p < views_ && places_[p].kind != Kind::Constant) cost_ += kViewCost;
    }
    block_ = width * kLongest <= kBudget ? kLongest : larger(kBudget / width / kShortest * kShortest, kShortest);
    int64_t offset = 0;
    for (int p = 0; p < place_count_; p++) {
      Place& place = places_[p];
      if (place.kind == Kind::InPlace) continue;
      place.offset = offset;
      place.room = smaller(place.room, block_);
      offset += (place.size * place.room + 63) / 64 * 64;
    }
  }

  // Elements begin … end − 1.
  void run(int64_t begin, int64_t end) const {
    alignas(64) char memory[kMemory];
    char* at[kMaxPlaces];
    bool gathers = false, scatters = false;
    for (int p = 0; p < place_count_; p++) {
      const Place& place = places_[p];
      if (place.kind == Kind::InPlace) continue;
      at[p] = memory + place.offset;
      if (place.kind == Kind::Constant) gather(p, 0, at[p], smaller(place.room, end - begin));
      else if (p < outputs_) scatters = true;
      else if (p < views_) gathers = true;
    }
    for (int64_t start = begin; start < end; start += block_) {
      const int64_t n = smaller(block_, end - start);
      for (int v = 0; v < views_; v++) {
        if (places_[v].kind == Kind::InPlace) at[v] = call_[v].as<char>() + start * places_[v].size;
      }
      if (gathers) {
        for_rows(start, n, [&](const int64_t* offsets, int64_t done, int64_t count) {
          for (int v = outputs_; v < views_; v++) {
            if (places_[v].kind == Kind::Buffered) gather(v, offsets[v], at[v] + done * places_[v].size, count);
          }
        });
      }
      const int64_t ahead = smaller(block_, end - start - n);
      for (int i = 0; i < pass_count_; i++) {
        const Pass& pass = passes_[i];
        const Operation& o = operations_[pass.operation];
        ask_for(at, n, ahead * i / pass_count_, ahead * (i + 1) / pass_count_);
        if (pass.step_count > 0) run_steps(o.dtype, steps_ + pass.steps, pass.step_count, at, n);
        else o.run(at[o.y], at[o.from[0]], at[o.from[1]], at[o.from[2]], n);
      }
      if (scatters) {
        for_rows(start, n, [&](const int64_t* offsets, int64_t done, int64_t count) {
          for (int v = 0; v < outputs_; v++) {
            if (places_[v].kind == Kind::Buffered) scatter(v, offsets[v], at[v] + done * places_[v].size, count);
          }
        });
      }
    }
  }

  // Asks for a part of the next block, n elements on. A block is read operand by operand, each too short for the hardware to
  // foresee the one behind it.
  void ask_for(char* const* at, int64_t n, int64_t first, int64_t last) const {
    for (int v = 0; v < views_; v++) {
      if (places_[v].kind != Kind::InPlace) continue;
      const char* const next = at[v] + n * places_[v].size;
      for (int64_t line = first * places_[v].size / 64; line < last * places_[v].size / 64; line++) {
        __builtin_prefetch(next + 64 * line);
      }
    }
  }

  // Calls piece(the views' offsets, elements before, elements) for every part of a row that lies in the block.
  template <typename Piece>
  void for_rows(int64_t start, int64_t n, const Piece& piece) const {
    const int64_t inner = walk_.inner();
    Walk<kAnyNumber>::Position p = walk_.seek(start / inner);
    int64_t column = start % inner;
    for (int64_t done = 0; done < n;) {
      const int64_t count = smaller(inner - column, n - done);
      int64_t offsets[kMaxViews];
      for (int v = 0; v < walk_.size(); v++) offsets[v] = p.at[v] + column * walk_.inner_step(v);
      piece(offsets, done, count);
      done += count;
      column = 0;
      walk_.advance(p);
    }
  }

  void gather(int view, int64_t offset, char* buffer, int64_t n) const {
    const int64_t step = walk_.inner_step(view);
    with_width(call_[view].dtype, [&](auto element) {
      using T = decltype(element);
      const T* from = call_[view].as<T>() + offset;
      T* __restrict to = reinterpret_cast<T*>(buffer);
      if (step == 0) {
        const T value = *from;
        for (int64_t i = 0; i < n; i++) to[i] = value;
      } else if (step == 1) {
        for (int64_t i = 0; i < n; i++) to[i] = from[i];
      } else {
        for (int64_t i = 0; i < n; i++) to[i] = from[i * step];
      }
    });
  }

  void scatter(int view, int64_t offset, const char* buffer, int64_t n) const {
    const int64_t step = walk_.inner_step(view);
    with_width(call_[view].dtype, [&](auto element) {
      using T = decltype(element);
      const T* from = reinterpret_cast<const T*>(buffer);
      T* __restrict to = call_[view].as<T>() + offset;
      if (step == 1) {
        for (int64_t i = 0; i < n; i++) to[i] = from[i];
      } else {
        for (int64_t i = 0; i < n; i++) to[i * step] = from[i];
      }
    });
  }
};

}  // namespace

void chain(const Call& call) {
  if (call[0].size() > 0) Chain(call).run();
}

}  // namespace adjoint::ADJOINT_ISA
