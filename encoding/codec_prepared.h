// What codecs keep ready of a CodecDictionary. For codec_*.cc only.
//
// Ownership: the dictionary's. Thread rule: immutable after its own `once`.
#pragma once

#include <lz4.h>
#include <zstd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/zstd_contexts.h"
#include "encoding/zstd_window.h"

namespace lancer::encoding {

// zstd levels by the parameter of a node.
inline constexpr std::array<int, 4> kZstdLevels = {3, 5, 15, 1};
// The last of them looks for matches of 7 bytes and more only: short ones in bytes that
// have a distribution but no text cost more than their literals.
inline constexpr size_t kZstdFewMatches = 3;

struct CodecDictionary::Prepared {
  explicit Prepared(std::vector<std::byte> all)
      : bytes(std::move(all)), zstd_windows(bytes) {}

  const std::vector<std::byte> bytes;
  uint64_t window_bytes = 0;  // of one window
  uint64_t id = 0;            // never 0 and never reused in a process, unlike addresses
  ZstdWindows zstd_windows;

  // Writers only; made on first use.
  struct ZstdWriter {
    std::once_flag once;
    std::unique_ptr<ZSTD_CDict, FreeZstd> dictionary;
  };
  mutable std::array<ZstdWriter, kZstdLevels.size()> zstd_writers;
  mutable std::once_flag lz4_once;
  mutable std::unique_ptr<LZ4_stream_t> lz4_writer;

  // Null when zstd refuses the bytes or memory is out.
  const ZSTD_CDict* ZstdFor(size_t level_class) const {
    ZstdWriter& writer = zstd_writers[level_class];
    std::call_once(writer.once, [&] {
      writer.dictionary.reset(
          ZSTD_createCDict(bytes.data(), bytes.size(), kZstdLevels[level_class]));
    });
    return writer.dictionary.get();
  }

  const LZ4_stream_t& Lz4() const {
    std::call_once(lz4_once, [&] {
      lz4_writer = std::make_unique<LZ4_stream_t>();
      LZ4_initStream(lz4_writer.get(), sizeof(LZ4_stream_t));
      const char* text = static_cast<const char*>(static_cast<const void*>(bytes.data()));
      LZ4_loadDict(lz4_writer.get(), text, static_cast<int>(bytes.size()));
    });
    return *lz4_writer;
  }
};

}  // namespace lancer::encoding
