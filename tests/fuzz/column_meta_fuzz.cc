// Column metadata of any bytes whose checksum matched: an error, or pages that lie in the
// file. The first four bytes say which leaf is expected: kind, field id, width and rows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "format/column_meta.h"

namespace {

using lancer::format::LeafShape;
using lancer::format::LevelKind;

constexpr size_t kHead = 4;

LeafShape ShapeOf(std::span<const uint8_t, kHead> head) {
  const uint8_t kind = head[0];
  LeafShape shape;
  shape.path = {"x"};
  shape.field_ids = {lancer::FieldId(head[1])};
  shape.type = {.kind = static_cast<lancer::encoding::PhysicalKind>(kind % 3),
                .number = static_cast<lancer::encoding::NumberKind>(kind / 3 % 4),
                .width = kind % 3 == 1 ? head[2] : 0u};
  if (kind >= 128) {
    shape.levels.push_back({.kind = LevelKind::kList});
  }
  return shape;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kHead) {
    return 0;
  }
  constexpr uint64_t kFileSize = 1 << 20;
  const std::span all(data, size);
  const LeafShape shape = ShapeOf(all.first<kHead>());
  auto bytes = std::as_bytes(all.subspan(kHead));
  // Golden files number few encodings; the last of these no build knows.
  const lancer::format::EncodingDictionary encodings{
      {"plain", "constant", "ffor", "dict", "unheard_of"}};
  auto parsed = lancer::format::ParseColumnMeta(bytes, encodings, shape, kFileSize,
                                                data[kHead - 1], "fuzz");
  if (parsed) {
    for (const auto& page : (*parsed)->pages) {
      if (page.offset > kFileSize || page.size > kFileSize - page.offset) {
        std::abort();
      }
    }
  }
  (void)lancer::format::ParseColumnPath(bytes, "fuzz").has_value();
  return 0;
}
