#if defined(__x86_64__)
#define LANCER_SIMD_CLONES __attribute__((target("avx2")))
#endif
#define simd simd_avx2
#include "encoding/simd/pack_kernels.cc"
#include "tests/encoding/simd/pack_twins.h"

namespace lancer::encoding {

PackKernels Avx2PackKernels() {
#if defined(__x86_64__)
  return LANCER_PACK_KERNELS("avx2", __builtin_cpu_supports("avx2") != 0);
#else
  return LANCER_PACK_KERNELS("avx2", false);
#endif
}

}  // namespace lancer::encoding
