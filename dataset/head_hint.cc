// spec/log.md, "HEAD":
//
//   [magic "LNCRHEAD" 8] [version u64] [digest low u64] [digest high u64]
//   [XXH3-64 of the 32 bytes before it u64]

#include "dataset/head_hint.h"

#include <string_view>

#include "encoding/byte_order.h"

namespace lancer::dataset {
namespace {

constexpr std::string_view kMagic = "LNCRHEAD";

}  // namespace

SealedRecord SerializeHeadHint(const HeadHint& hint) {
  SealedRecord bytes = BeginRecord(kMagic);
  encoding::StoreLe<uint64_t>(bytes.data() + 8, hint.version.value);
  encoding::StoreLe<uint64_t>(bytes.data() + 16, hint.digest.low);
  encoding::StoreLe<uint64_t>(bytes.data() + 24, hint.digest.high);
  Seal(&bytes);
  return bytes;
}

std::optional<HeadHint> ParseHeadHint(std::span<const std::byte> bytes) {
  if (!IsSealed(bytes, kMagic)) {
    return std::nullopt;
  }
  HeadHint hint;
  hint.version = VersionNumber(encoding::LoadLe<uint64_t>(bytes.data() + 8));
  hint.digest = {.low = encoding::LoadLe<uint64_t>(bytes.data() + 16),
                 .high = encoding::LoadLe<uint64_t>(bytes.data() + 24)};
  if (hint.version.value == 0 || hint.version.value >> 63 != 0) {
    return std::nullopt;
  }
  return hint;
}

}  // namespace lancer::dataset
