// Matrix products by a BLAS that is loaded by name: blas LIBRARY THREADS. Asked "gemm float32 NT batch m n k".
#include <dlfcn.h>

#include "serve.h"

namespace {

enum { kRowMajor = 101, kPlain = 111, kTransposed = 112 };

template <typename T>
using Gemm = void (*)(int order, int transposeA, int transposeB, int m, int n, int k, T alpha, const T* a, int lda,
                      const T* b, int ldb, T beta, T* c, int ldc);

void* library;

template <typename Function>
Function* function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

template <typename T>
bench::Work product(const char* name, const std::string& transposed, int batch, int m, int n, int k) {
  const auto gemm = reinterpret_cast<Gemm<T>>(dlsym(library, name));
  if (!gemm) throw std::runtime_error("no such function");
  const auto area = [](int rows, int columns) { return static_cast<size_t>(rows) * columns; };
  const size_t sizeA = area(m, k), sizeB = area(k, n), sizeC = area(m, n);
  const auto a = bench::numbers<T>(batch * sizeA), b = bench::numbers<T>(batch * sizeB);
  const auto c = bench::numbers<T>(batch * sizeC);
  const bool ta = transposed[0] == 'T', tb = transposed[1] == 'T';
  return [=] {
    for (int i = 0; i < batch; i++) {
      gemm(kRowMajor, ta ? kTransposed : kPlain, tb ? kTransposed : kPlain, m, n, k, 1, a.get() + i * sizeA, ta ? m : k,
           b.get() + i * sizeB, tb ? k : n, 0, c.get() + i * sizeC, n);
    }
  };
}

// What the library says of itself, and the kernels that it chose for this CPU.
std::string about() {
  if (const auto core = function<const char*()>("openblas_get_corename")) {
    std::string config = function<const char*()>("openblas_get_config")();
    std::istringstream words(config);
    std::string name, version;
    words >> name >> version;
    return name + " " + version + " " + core();
  }
  const auto version = function<const char*()>("bli_info_get_version_str");
  const auto arch = function<int()>("bli_arch_query_id");
  const auto arch_name = function<const char*(int)>("bli_arch_string");
  return std::string("BLIS ") + (version ? version() : "") + " " + (arch && arch_name ? arch_name(arch()) : "");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const int threads = std::atoi(arguments[2]);
  if (const auto set = function<void(int)>("openblas_set_num_threads")) set(threads);
  if (const auto set = function<void(long)>("bli_thread_set_num_threads")) set(threads);
  return bench::serve(about(), [](std::istream& in) -> bench::Work {
    std::string op, dtype, transposed;
    int batch, m, n, k;
    in >> op >> dtype >> transposed >> batch >> m >> n >> k;
    if (op != "gemm" || !in) throw std::runtime_error("only matrix products");
    if (dtype == "float32") return product<float>("cblas_sgemm", transposed, batch, m, n, k);
    if (dtype == "float64") return product<double>("cblas_dgemm", transposed, batch, m, n, k);
    throw std::runtime_error("no " + dtype);
  });
}
