// Which values are in hand from one arithmetic operation to the next.
#include "kernels/arithmetic.h"

namespace adjoint::ADJOINT_ISA {
namespace {

// A value of a place; unsaved: memory does not have it.
struct Value {
  int place = -1;
  bool unsaved = false;
};

class Writer {
 public:
  Writer(const Operation* operations, int count, int last, int outputs, const bool* is_number, Step* to)
      : operations_(operations), count_(count), last_(last), outputs_(outputs), is_number_(is_number), to_(to) {}

  void add(int i) {
    const Operation& o = operations_[i];
    const int x = o.from[0], z = o.sources == 2 ? o.from[1] : x;
    if (hand_.place != x && hand_.place != z) {
      if (aside_.place == x || aside_.place == z) {
        emit(Action::Swap, 0);
        const Value value = hand_;
        hand_ = aside_;
        aside_ = value;
      } else {
        leave(i, -1);
        emit(is_number_[x] ? Action::Fill : Action::Load, x);
        hand_ = {x, false};
      }
    }
    const int other = hand_.place == x ? z : x;
    if (hand_.place != o.y) leave(i + 1, other);
    if (o.code != Code::copy) apply(o, x, z, other);
    if (aside_.place == o.y) aside_ = {};
    hand_ = {o.y, true};
  }

  int finish() {
    leave_aside(last_);
    if (is_missing(hand_, last_)) emit(Action::Store, hand_.place);
    return written_;
  }

 private:
  const Operation* const operations_;
  const int count_, last_, outputs_;
  const bool* const is_number_;
  Step* const to_;
  int written_ = 0;
  Value hand_, aside_;

  void emit(Action action, int place) { to_[written_++] = {static_cast<int>(action), place}; }

  void apply(const Operation& o, int x, int z, int other) {
    if (o.sources == 1) return emit_function(o.code, Form::Place, x);
    if (x == z) return emit_function(Code::square, Form::Place, x);
    const bool first = hand_.place == x;
    if (other == aside_.place) return emit_function(o.code, first ? Form::Aside : Form::AsideFirst, 0);
    if (is_number_[other]) return emit_function(o.code, first ? Form::Number : Form::NumberFirst, other);
    emit_function(o.code, first ? Form::Place : Form::PlaceFirst, other);
  }

  void emit_function(Code code, Form form, int place) { to_[written_++] = {action_of(code, form), place}; }

  // Whether operations `from` … `end` − 1 read the value that the place has before them.
  bool is_read(int place, int from, int end) const {
    for (int i = from; i < end; i++) {
      const Operation& o = operations_[i];
      for (int s = 0; s < o.sources; s++) {
        if (o.from[s] == place) return true;
      }
      if (o.y == place) return false;
    }
    return end == count_ && place < outputs_;
  }

  bool is_missing(Value value, int from) const {
    return value.place >= 0 && value.unsaved && is_read(value.place, from, count_);
  }

  // The value in hand is about to be lost, before operation `from`; `other` is still to be read.
  void leave(int from, int other) {
    if (!is_missing(hand_, from)) return;
    const bool room = aside_.place < 0 || (aside_.place != other && !is_read(aside_.place, from, last_));
    if (is_read(hand_.place, from, last_) && room) {
      leave_aside(from);
      emit(Action::SetAside, 0);
      aside_ = hand_;
    } else {
      emit(Action::Store, hand_.place);
    }
  }

  void leave_aside(int from) {
    if (is_missing(aside_, from)) emit(Action::StoreAside, aside_.place);
    aside_ = {};
  }
};

}  // namespace

int write_steps(const Operation* operations, int count, int first, int last, int outputs, const bool* is_number,
                Step* to) {
  Writer writer(operations, count, last, outputs, is_number, to);
  for (int i = first; i < last; i++) writer.add(i);
  return writer.finish();
}

}  // namespace adjoint::ADJOINT_ISA
