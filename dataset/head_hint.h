// The hint `_log/HEAD`: which version was the newest a while ago, so that opening need
// not list the log. It may be stale, torn or absent.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "lancer/ids.h"

namespace lancer::dataset {

inline constexpr size_t kHeadHintSize = 40;

struct HeadHint {
  VersionNumber version;
  Digest digest;  // of the version's manifest
  friend bool operator==(const HeadHint&, const HeadHint&) = default;
};

std::array<std::byte, kHeadHintSize> SerializeHeadHint(const HeadHint& hint);
// Nothing when the bytes are not a whole hint.
std::optional<HeadHint> ParseHeadHint(std::span<const std::byte> bytes);

}  // namespace lancer::dataset
