#define LANCER_SIMD_CLONES
#define simd simd_plain
#include "encoding/simd/pack_kernels.cc"
#include "tests/encoding/simd/pack_twins.h"

namespace lancer::encoding {

PackKernels PlainPackKernels() { return LANCER_PACK_KERNELS("plain", true); }

}  // namespace lancer::encoding
