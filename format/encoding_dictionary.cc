// Spec: container, "Encoding dictionary": files name encodings, columns number them.

#include <algorithm>

#include "encoding/encoding.h"
#include "format/column_meta.h"

namespace lancer::format {

std::optional<encoding::EncodingId> EncodingDictionary::Find(uint16_t file_id,
                                                             std::string* name) const {
  if (file_id >= names.size()) {
    *name = "number " + std::to_string(file_id);
    return std::nullopt;
  }
  *name = names[file_id];
  const encoding::RegistryRow* row = encoding::FindEncodingByName(*name);
  return row == nullptr ? std::nullopt : std::optional(row->id);
}

uint16_t EncodingDictionary::FileIdOf(encoding::EncodingId id) {
  const encoding::RegistryRow* row = encoding::FindEncoding(id);
  std::string_view name = row == nullptr ? std::string_view("unknown") : row->name;
  auto place = std::ranges::find(names, name);
  auto file_id = static_cast<uint16_t>(place - names.begin());
  if (place == names.end()) {
    names.emplace_back(name);
  }
  return file_id;
}

}  // namespace lancer::format
