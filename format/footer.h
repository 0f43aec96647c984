// Footer: where the parts of a file lie, and what concerns the file as a whole. Its size
// does not depend on the number of columns.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "format/column_meta.h"
#include "format/container.h"
#include "format/footer_part.h"

namespace lancer::format {

struct Section {
  std::string name;
  Part part;
  friend bool operator==(const Section&, const Section&) = default;
};

struct Footer {
  FileKind kind = FileKind::kData;
  uint64_t row_count = 0;
  uint32_t leaf_count = 0;
  std::string written_by;
  // The checks of directory and name index stand in `unit_checks`, not in their ranges.
  Part directory = {}, name_index = {}, unit_checks = {}, schema = {};
  std::vector<Section> sections = {};  // no two of one name
  EncodingDictionary encodings = {};
};

std::vector<std::byte> SerializeFooter(const Footer& footer);

// Verifies, and checks that every part lies before `footer_offset` and has the size that
// leaf_count asks for. `where` starts messages. Errors: Corruption; Unsupported for a
// codec this build does not know.
Result<Footer> ParseFooter(std::span<const std::byte> bytes, uint64_t footer_offset,
                           const std::string& where);

}  // namespace lancer::format
