// Postscript: the last 64 bytes of every file, from which reading starts.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "lancer/result.h"

namespace lancer::format {

inline constexpr size_t kMagicSize = 8;
inline constexpr size_t kPostscriptSize = 64;
inline constexpr uint16_t kMajorVersion = 1;
inline constexpr uint16_t kMinorVersion = 0;
// Bits of `required_features` that this build reads.
inline constexpr uint64_t kKnownRequiredFeatures = 0;

// "LNCR\r\n\x1a\n", at the start and at the end of every file.
std::span<const std::byte, kMagicSize> Magic();

struct Postscript {
  uint64_t required_features = 0;  // a reader that misses one must refuse the file
  uint64_t optional_features = 0;  // a reader may ignore them
  uint64_t footer_offset = 0;
  uint64_t tail_size = 0;     // unit checks, footer and postscript: what opening reads
  uint64_t footer_check = 0;  // XXH3-64
  uint32_t footer_size = 0;
  uint16_t major_version = kMajorVersion;
  uint16_t minor_version = kMinorVersion;
  friend bool operator==(const Postscript&, const Postscript&) = default;
};

std::array<std::byte, kPostscriptSize> SerializePostscript(const Postscript& postscript);

// `bytes`: the end of a file of `file_size` bytes, the whole file when it is shorter
// than a postscript. `path` starts messages.
// Errors: Corruption; Unsupported for a newer major version and for features this build
// does not read; InvalidArgument for a file of the original Lance format.
Result<Postscript> ParsePostscript(std::span<const std::byte> bytes, uint64_t file_size,
                                   const std::string& path);

// "encryption (bit 0)"; bits without a name: "bit 17".
std::string FeatureName(int bit);

}  // namespace lancer::format
