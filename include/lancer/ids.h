// Identifiers as distinct types, so that a row id and a position, or a column and a page,
// cannot be swapped by mistake. All are plain values that own nothing; thread rule: no
// shared state.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "lancer/export.h"
#include "lancer/result.h"

namespace lancer {

// A number of one kind. `Tag` is never defined; it only tells kinds apart.
template <typename Tag, typename Rep>
struct StrongId {
  using rep = Rep;
  Rep value{};

  constexpr StrongId() = default;
  constexpr explicit StrongId(Rep v) : value(v) {}
  friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

// Stable identity of a row through updates and compaction; below 2^63, never reused.
using RowId = StrongId<struct RowIdTag, uint64_t>;
// Ordinal of a live row in one version, in manifest order.
using RowPosition = StrongId<struct RowPositionTag, uint64_t>;
// Identity of a (possibly nested) field in a dataset; never reused. -1: not assigned yet.
struct FieldId : StrongId<struct FieldIdTag, int32_t> {
  using StrongId::StrongId;
  constexpr FieldId() : StrongId(-1) {}
  constexpr bool assigned() const { return value >= 0; }
};
// Identity of a fragment in a dataset; never reused.
using FragmentId = StrongId<struct FragmentIdTag, uint32_t>;
// Ordinal of a leaf column in one file's column directory.
using LeafId = StrongId<struct LeafIdTag, uint32_t>;
// Ordinal of a page in one leaf.
using PageIndex = StrongId<struct PageIndexTag, uint32_t>;
// Number of a published version of a dataset, from 1.
using VersionNumber = StrongId<struct VersionNumberTag, uint64_t>;

// 128 random bits (RFC 4122 version 4 when made by Context::random).
struct LANCER_EXPORT Uuid {
  std::array<std::byte, 16> bytes{};
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  bool is_nil() const { return *this == Uuid{}; }
  // 8-4-4-4-12 lower-case hexadecimal digits.
  std::string ToString() const;
  // The first 8 bytes as 16 hexadecimal digits: the prefix of a session's file names.
  std::string Prefix() const;
  // Errors: InvalidArgument when `text` is not of the form that ToString gives.
  static Result<Uuid> Parse(std::string_view text);
};

// An XXH3-128 digest, as two halves.
struct LANCER_EXPORT Digest {
  uint64_t low = 0;
  uint64_t high = 0;
  friend auto operator<=>(const Digest&, const Digest&) = default;
  // 32 lower-case hexadecimal digits, high half first.
  std::string ToString() const;
};

}  // namespace lancer

template <typename Tag, typename Rep>
struct std::hash<lancer::StrongId<Tag, Rep>> {
  size_t operator()(lancer::StrongId<Tag, Rep> id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
template <>
struct std::hash<lancer::Uuid> {
  size_t operator()(const lancer::Uuid& id) const noexcept {
    size_t mixed = 0;
    for (std::byte b : id.bytes) {
      mixed = mixed * 131 + static_cast<size_t>(b);
    }
    return mixed;
  }
};
