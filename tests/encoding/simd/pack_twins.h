// Twins: the kernels of pack_kernels.cc compiled once more for one machine alone, beside
// the build that chooses at start-up.
//
// Ownership: functions. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding {

template <typename T>
using MoveChunks = void (*)(const std::byte* in, uint64_t chunks, unsigned width,
                            T reference, std::byte* out);

struct PackKernels {
  const char* machine;
  bool runs_here;
  MoveChunks<uint8_t> pack8, unpack8;
  MoveChunks<uint16_t> pack16, unpack16;
  MoveChunks<uint32_t> pack32, unpack32;
  MoveChunks<uint64_t> pack64, unpack64;
  void (*unpack128)(const std::byte* in, uint64_t chunks, unsigned width, uint64_t low,
                    uint64_t high, std::byte* out);
};

PackKernels PlainPackKernels();  // what every machine of the kind has
PackKernels Avx2PackKernels();

}  // namespace lancer::encoding

// The table of the kernels in namespace `simd` as a twin sees it.
#define LANCER_PACK_KERNELS(machine, runs_here)                                     \
  {                                                                                 \
    machine, runs_here, simd::PackChunks8, simd::UnpackChunks8, simd::PackChunks16, \
        simd::UnpackChunks16, simd::PackChunks32, simd::UnpackChunks32,             \
        simd::PackChunks64, simd::UnpackChunks64, simd::UnpackChunks128             \
  }
