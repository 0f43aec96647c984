// The scale of a run of floats: how many digits stand behind the point of most of them.
//
// Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lancer::encoding {

// The scale under which alp stores `count` floats of `width` = 4 or 8 bytes in the fewest
// bytes, judged by a sample of them.
unsigned ChooseDecimalScale(unsigned width, const std::byte* in, uint64_t count);

}  // namespace lancer::encoding
