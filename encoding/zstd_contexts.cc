#include "encoding/zstd_contexts.h"

#include <memory>

namespace lancer::encoding {

ZSTD_CCtx* ZstdCompressor() {
  static thread_local std::unique_ptr<ZSTD_CCtx, FreeZstd> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* ZstdDecompressor() {
  static thread_local std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  return context.get();
}

}  // namespace lancer::encoding
