// Sorting along an axis: elements become keys whose order as unsigned integers is theirs, which are sorted digit by digit
// from the lowest; such a pass keeps what is equal in its order. Source: Knuth, "The Art of Computer Programming", volume 3,
// section 5.2.5.
#include "kernels/keys.h"
#include "kernels/lines.h"

namespace adjoint::ADJOINT_ISA {
namespace {

template <typename K>
struct Entry {
  K key;
  int32_t place;
};

// Up to here comparing neighbours takes less time than counting digits.
constexpr int64_t kFewEntries = 32;
// Elements of a line that is near whichever of them is read.
constexpr int64_t kNearLine = 4096;
// What sorting costs an element, in elements of a plain loop.
constexpr int64_t kSortWork = 32;

template <typename K>
void insert_all(Entry<K>* entries, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    const Entry<K> entry = entries[i];
    int64_t at = i;
    for (; at > 0 && entries[at - 1].key > entry.key; at--) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
}

// Sorts entries by their keys, with `other` as room for as many; returns which of the two has the result.
template <typename K>
Entry<K>* sort_entries(Entry<K>* entries, Entry<K>* other, int64_t n) {
  if (n <= kFewEntries) {
    insert_all(entries, n);
    return entries;
  }
  constexpr int digits = static_cast<int>(sizeof(K));
  uint32_t counts[digits][256] = {};
  for (int64_t i = 0; i < n; i++) {
    const K key = entries[i].key;
#pragma GCC unroll 8
    for (int d = 0; d < digits; d++) counts[d][key >> (8 * d) & 255]++;
  }
  for (int d = 0; d < digits; d++) {
    uint32_t* const next = counts[d];
    if (next[entries[0].key >> (8 * d) & 255] == n) continue;
    uint32_t before = 0;
    for (int digit = 0; digit < 256; digit++) {
      const uint32_t count = next[digit];
      next[digit] = before;
      before += count;
    }
    for (int64_t i = 0; i < n; i++) other[next[entries[i].key >> (8 * d) & 255]++] = entries[i];
    Entry<K>* const sorted = other;
    other = entries;
    entries = sorted;
  }
  return entries;
}

// `flip` is what the keys were turned by: of a line that leaves the first-level cache they give the values, in their order, where
// x would be read across.
template <typename T, typename K>
void put(char* const* lines, const Entry<K>* entries, int64_t n, K flip) {
  T* const values = reinterpret_cast<T*>(lines[0]);
  int32_t* const places = reinterpret_cast<int32_t*>(lines[1]);
  const T* const x = reinterpret_cast<const T*>(lines[2]);
  if (n <= kNearLine) {
    for (int64_t i = 0; i < n; i++) places[i] = entries[i].place, values[i] = x[entries[i].place];
    return;
  }
  for (int64_t i = 0; i < n; i++) {
    const K key = static_cast<K>(entries[i].key ^ flip);
    const bool shared = kSharesKeys<T> && (key == key_of(T{}) || key == static_cast<K>(~K{0}));
    places[i] = entries[i].place;
    values[i] = shared ? x[entries[i].place] : from_key<T>(key);
  }
}

// The first k of n entries, few of them: each is put in its place among those so far.
template <typename K, typename KeyAt>
void select_few(Entry<K>* entries, int64_t k, int64_t n, const KeyAt& key_at) {
  for (int64_t i = 0; i < n; i++) {
    const K key = key_at(i);
    if (i >= k && key >= entries[k - 1].key) continue;
    int64_t at = i < k ? i : k - 1;
    for (; at > 0 && entries[at - 1].key > key; at--) entries[at] = entries[at - 1];
    entries[at] = {key, static_cast<int32_t>(i)};
  }
}

// The first k of n entries; what does not come before the k-th so far is passed over.
template <typename K, typename KeyAt>
Entry<K>* select(Entry<K>* entries, Entry<K>* other, int64_t room, int64_t k, int64_t n, const KeyAt& key_at) {
  if (k <= kFewEntries) {
    select_few(entries, k, n, key_at);
    return entries;
  }
  K bound{};
  bool bounded = false;
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) {
    const K key = key_at(i);
    if (bounded && key >= bound) continue;
    if (count == room) {
      Entry<K>* const sorted = sort_entries(entries, other, count);
      other = sorted == entries ? other : entries;
      entries = sorted;
      count = k, bound = entries[k - 1].key, bounded = true;
      if (key >= bound) continue;
    }
    entries[count++] = {key, static_cast<int32_t>(i)};
  }
  return sort_entries(entries, other, count);
}

// Where the entry at a rank stands, of equal ones in their order: of the keys only those are sorted whose highest digit is its.
template <typename K, typename KeyAt>
int32_t place_at_rank(Entry<K>* entries, Entry<K>* other, int64_t rank, int64_t n, const KeyAt& key_at) {
  constexpr int kBits = sizeof(K) == 1 ? 8 : 11, kShift = 8 * static_cast<int>(sizeof(K)) - kBits;
  uint32_t counts[1 << kBits] = {};
  for (int64_t i = 0; i < n; i++) counts[key_at(i) >> kShift]++;
  K digit = 0;
  for (; rank >= counts[digit]; digit++) rank -= counts[digit];
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) {
    const K key = key_at(i);
    entries[count] = {key, static_cast<int32_t>(i)};
    count += key >> kShift == digit;
  }
  return sort_entries(entries, other, count)[rank].place;
}

}  // namespace

// values, places, x; axis, descending
void sort(const Call& call) {
  const int axis = static_cast<int>(call.numbers[0]);
  const bool descending = call.says(1);
  const int64_t n = call[2].shape[axis];
  if (n == 0) return;
  with_ordered(call[2].dtype, [&](auto zero) {
    using T = decltype(zero);
    using K = decltype(key_of(zero));
    for_each_line<3, 2>(call.views, axis, kSortWork * n, [&](char* const* lines) {
      const Scratch<Entry<K>> entries(2 * n);
      const T* const x = reinterpret_cast<const T*>(lines[2]);
      const K flip = descending ? static_cast<K>(~K{0}) : K{0};
      for (int64_t i = 0; i < n; i++) entries.data[i] = {static_cast<K>(key_of(x[i]) ^ flip), static_cast<int32_t>(i)};
      put<T>(lines, sort_entries(entries.data, entries.data + n, n), n, flip);
    });
  });
}

// values, places, x; axis, largest, sorted
void topK(const Call& call) {
  const int axis = static_cast<int>(call.numbers[0]);
  const bool largest = call.says(1), sorted = call.says(2);
  const int64_t n = call[2].shape[axis], k = call[0].shape[axis], room = 2 * k + 64 < n ? 2 * k + 64 : n;
  if (k == 0) return;
  with_ordered(call[2].dtype, [&](auto zero) {
    using T = decltype(zero);
    using K = decltype(key_of(zero));
    for_each_line<3, 2>(call.views, axis, 4 * n + kSortWork * k, [&](char* const* lines) {
      const Scratch<Entry<K>> entries(2 * room);
      const T* const x = reinterpret_cast<const T*>(lines[2]);
      const K flip = largest ? static_cast<K>(~K{0}) : K{0};
      const auto key_at = [=](int64_t i) ADJOINT_LAMBDA { return static_cast<K>(key_of(x[i]) ^ flip); };
      const Entry<K>* const first = select<K>(entries.data, entries.data + room, room, k, n, key_at);
      if (sorted) return put<T>(lines, first, k, flip);
      const Scratch<Entry<uint32_t>> places(2 * k);
      for (int64_t i = 0; i < k; i++) places.data[i] = {static_cast<uint32_t>(first[i].place), first[i].place};
      const Entry<uint32_t>* const order = sort_entries(places.data, places.data + k, k);
      T* const values = reinterpret_cast<T*>(lines[0]);
      for (int64_t i = 0; i < k; i++) {
        reinterpret_cast<int32_t*>(lines[1])[i] = order[i].place;
        values[i] = x[order[i].place];
      }
    });
  });
}

// places, x; axis, 1 to pass over NaN
void argmedian(const Call& call) {
  const int axis = static_cast<int>(call.numbers[0]);
  const bool passes = call.says(1);
  const int64_t n = call[1].shape[axis];
  with_ordered(call[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    using K = decltype(key_of(zero));
    for_each_line<2, 1>(call.views, axis, 8 * n, [&](char* const* lines) {
      const Scratch<Entry<K>> entries(2 * n);
      const T* const x = reinterpret_cast<const T*>(lines[1]);
      int64_t nans = 0;
      for (int64_t i = 0; i < n; i++) nans += x[i] != x[i];
      const int64_t middle = n - nans > 0 ? (n - nans - 1) / 2 : 0, rank = passes || nans == 0 ? middle : n - nans;
      const auto key_at = [=](int64_t i) ADJOINT_LAMBDA { return key_of(x[i]); };
      *reinterpret_cast<int32_t*>(lines[0]) = place_at_rank<K>(entries.data, entries.data + n, rank, n, key_at);
    });
  });
}

}  // namespace adjoint::ADJOINT_ISA
