// Column metadata of any bytes whose checksum matched: an error, or pages that lie in the
// file. The first byte chooses the leaf that is expected.
#include <cstdlib>
#include <span>

#include "format/column_meta.h"

namespace {

using lancer::format::LeafShape;
using lancer::format::LevelKind;

LeafShape ShapeOf(uint8_t choice) {
  LeafShape shape;
  shape.path = {"x"};
  shape.field_ids = {lancer::FieldId(5)};
  shape.type = {.kind = static_cast<lancer::encoding::PhysicalKind>(choice % 3),
                .number = static_cast<lancer::encoding::NumberKind>(choice / 3 % 4),
                .width = choice % 3 == 1 ? 8u : 0u};
  if (choice >= 128) {
    shape.levels.push_back({.kind = LevelKind::kList});
  }
  return shape;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  constexpr uint64_t kFileSize = 1 << 20;
  auto bytes = std::as_bytes(std::span(data + 1, size - 1));
  lancer::format::EncodingDictionary encodings{{"plain", "ffor", "unheard_of"}};
  for (uint64_t rows : {uint64_t{0}, uint64_t{10}, uint64_t{20}}) {
    auto parsed = lancer::format::ParseColumnMeta(bytes, encodings, ShapeOf(data[0]),
                                                  kFileSize, rows, "fuzz");
    if (!parsed) {
      continue;
    }
    for (const auto& page : (*parsed)->pages) {
      if (page.offset > kFileSize || page.size > kFileSize - page.offset) {
        std::abort();
      }
    }
  }
  (void)lancer::format::ParseColumnPath(bytes, "fuzz").has_value();
  return 0;
}
