// zstd's working memory, kept per thread: making it costs more than a small block does.
//
// Ownership: the thread's, until it ends. Thread rule: each thread sees its own.
#pragma once

#include <zstd.h>

namespace lancer::encoding {

struct FreeZstd {
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Null when memory is out. Whoever was here before may have left parameters in it.
ZSTD_CCtx* ZstdCompressor();
ZSTD_DCtx* ZstdDecompressor();

}  // namespace lancer::encoding
