// The hint `_log/HEAD`: which version was the newest a while ago, so that opening need
// not list the log. It may be stale, torn or absent.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>

#include "dataset/sealed_record.h"
#include "lancer/ids.h"

namespace lancer::dataset {

struct HeadHint {
  VersionNumber version;
  Digest digest;  // of the version's manifest
  friend bool operator==(const HeadHint&, const HeadHint&) = default;
};

SealedRecord SerializeHeadHint(const HeadHint& hint);
// Nothing when the bytes are not a whole hint.
std::optional<HeadHint> ParseHeadHint(std::span<const std::byte> bytes);

}  // namespace lancer::dataset
