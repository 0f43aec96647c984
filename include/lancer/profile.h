// Profile: what a file is written for (spec: encodings, "Profiles").
//
// Ownership: a plain value. Thread rule: no shared state.
#pragma once

#include <cstdint>
#include <string_view>

#include "lancer/export.h"

namespace lancer {

enum class Profile : uint8_t {
  kRandom = 0,   // default: any value is one short read away
  kCompact = 1,  // smaller: 64 KiB blocks under zstd
  kArchive = 2,  // smallest: 256 KiB blocks; quick random reads are not promised
};

// "random", "compact", "archive".
LANCER_EXPORT std::string_view ProfileName(Profile profile);

}  // namespace lancer
