// Raw bytes as a stream of their own: how what a leaf's pages share is stored compressed
// (spec: encodings, "Dictionaries", "zstd, lz4").
//
// Ownership: the caller's bytes. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lancer/result.h"

namespace lancer::encoding {

// Appends `raw` as values of 1 opaque byte under zstd, whose level is that of
// `level_class` (its parameter). Errors: ResourceExhausted.
Status EncodeRawBytes(std::span<const std::byte> raw, uint8_t level_class,
                      std::vector<std::byte>* out);

// The `size` bytes that fill the stream. Takes memory for them before it looks at the
// stream: the caller bounds what it asks for. Errors: Corruption.
Result<std::vector<std::byte>> DecodeRawBytes(std::span<const std::byte> stored,
                                              size_t size);

}  // namespace lancer::encoding
