// PickedValues: some of a run's values, copied one behind the other, for encodings that
// store fewer values than they are given.
//
// Ownership: owns the copies; views live as long. Thread rule: safe for concurrent const
// calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "encoding/values.h"

namespace lancer::encoding {

class PickedValues {
 public:
  // Copies the values at `places`, in that order. REQUIRES: each place < from.count.
  PickedValues(const Values& from, std::span<const uint32_t> places);

  Values view() const;

 private:
  PhysicalType type_;
  uint64_t count_;
  std::vector<std::byte> data_;
  std::vector<uint64_t> offsets_;
};

}  // namespace lancer::encoding
