// A competitor's process: says in a line what it is, then answers lines of "seconds words…" with the time of that work.
#pragma once

#include <sys/mman.h>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

using Work = std::function<void()>;

// Milliseconds: of the clock, or where ADJOINT_BENCH_CLOCK is `cpu` those that this process computed.
inline double now() {
  static const char* const wanted = std::getenv("ADJOINT_BENCH_CLOCK");
  static const clockid_t clock = wanted && std::string(wanted) == "cpu" ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  timespec time;
  clock_gettime(clock, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

// As bench/measure.ts: samples of at least a millisecond each, after a warm-up.
inline std::string measure(const Work& work, double seconds) {
  const auto batch = [&](int n) {
    const double start = now();
    for (int i = 0; i < n; i++) work();
    return now() - start;
  };
  int repeats = 1;
  while (batch(repeats) < 1 && repeats < 1 << 20) repeats *= 2;
  std::vector<double> samples;
  for (const double end = now() + 1000 * seconds; now() < end || samples.size() < 5;) {
    samples.push_back(batch(repeats) / repeats);
  }
  std::sort(samples.begin(), samples.end());
  std::ostringstream answer;
  answer << "{\"median\": " << samples[samples.size() / 2] << ", \"minimum\": " << samples[0] << "}";
  return answer.str();
}

// `prepare` makes the work of the words; it throws where it cannot do it. The same words in a row are prepared once.
inline int serve(const std::string& about, const std::function<Work(std::istream&)>& prepare) {
  std::cout << "{\"about\": \"" << about << "\"}" << std::endl;
  std::string line, prepared;
  Work work;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    double seconds;
    std::string words;
    in >> seconds >> std::ws;
    std::getline(in, words);
    try {
      if (words != prepared) {
        work = nullptr;
        std::istringstream parts(words);
        work = prepare(parts);
        prepared = words;
      }
      std::cout << measure(work, seconds) << std::endl;
    } catch (const std::exception& error) {
      prepared.clear();
      std::cout << "{\"error\": \"" << error.what() << "\"}" << std::endl;
    }
  }
  return 0;
}

// Numbers in −0.5 … 0.5, from a 64-byte boundary on; in large pages, as adjoint's tensors are.
template <typename T>
std::shared_ptr<T> numbers(size_t count) {
  constexpr size_t page = 1 << 21;
  const size_t bytes = count * sizeof(T), boundary = bytes < page ? 64 : page;
  const size_t whole = (bytes + boundary - 1) / boundary * boundary;
  std::shared_ptr<T> memory(static_cast<T*>(std::aligned_alloc(boundary, whole)), std::free);
  if (boundary == page) madvise(memory.get(), whole, MADV_HUGEPAGE);
  unsigned state = 1;
  for (size_t i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    memory.get()[i] = static_cast<T>(static_cast<float>(state >> 8) / (1 << 24) - 0.5f);
  }
  return memory;
}

}  // namespace bench
