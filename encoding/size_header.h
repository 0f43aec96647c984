// The header of encodings that say how many bytes they hold:
//
//   [flags u8: 1 wide, else 0][size u32, or u64 if wide]
//
// Ownership: views of the caller's bytes. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/encoding.h"

namespace lancer::encoding {

// A size has eight bytes from here on.
constexpr bool IsWideSize(uint64_t size) { return size > UINT32_MAX; }

void WriteSizeHeader(uint64_t size, std::vector<std::byte>* headers);

// Leaves the bytes of the size in node->header. Errors: Corruption.
Status ReadSizeHeader(const Encoding& encoding, ByteReader* reader, ParsedNode* node);

// What ReadSizeHeader left there: eight bytes or four, and the size.
inline bool HasWideSize(const ParsedNode& node) { return node.header.size() == 8; }
uint64_t SizeInHeader(const ParsedNode& node);

}  // namespace lancer::encoding
