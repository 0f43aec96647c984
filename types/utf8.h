// UTF-8: is a string of bytes well formed?
//
// Ownership: looks at the caller's bytes. Thread rule: no shared state.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lancer {

// True when every byte is below 0x80.
bool IsAscii(std::span<const std::byte> bytes);

// Length of the well-formed UTF-8 sequence at the start of `bytes` (1 to 4), or 0 when
// there is none: cut short, overlong, a surrogate, or above U+10FFFF.
size_t Utf8SequenceLength(std::span<const std::byte> bytes);

// True when `bytes` is well-formed UTF-8 from end to end.
bool IsUtf8(std::span<const std::byte> bytes);
bool IsUtf8(std::string_view text);

}  // namespace lancer
