#include "dispatch/dispatch.h"

#define DECLARE(isa)                              \
  namespace isa {                                 \
  extern const ::adjoint::Kernel kernels[];       \
  }

namespace adjoint {
DECLARE(baseline)
#ifdef ADJOINT_X86
DECLARE(avx2)
DECLARE(avx512)
DECLARE(avx512bf16)
#endif

int supported_isas(Isa isas[kMaxIsas]) {
  int n = 0;
  isas[n++] = {"baseline", baseline::kernels};
#ifdef ADJOINT_X86
  // The compiler's builtin asks CPUID and, by XGETBV, whether the system saves the wide registers.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    isas[n++] = {"avx2", avx2::kernels};
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq")) {
      isas[n++] = {"avx512", avx512::kernels};
      if (__builtin_cpu_supports("avx512bf16")) isas[n++] = {"avx512bf16", avx512bf16::kernels};
    }
  }
#endif
  return n;
}

}  // namespace adjoint
