// Schema: the ordered fields of a table, with metadata and stable field ids.
//
// Ownership: a value that shares its types. Thread rule: safe for concurrent const calls.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/export.h"
#include "lancer/type.h"

namespace lancer {

// Names of one field from the root: {"a", "b"} is field b of struct a. A list's item is
// a step with its field's name. Names are bytes; dots and slashes have no meaning.
using FieldPath = std::vector<std::string>;

// For messages: parts joined by '.', each quoted when it is empty or holds anything but
// letters, digits, '_', '-' or non-ASCII UTF-8.
LANCER_EXPORT std::string FormatFieldPath(std::span<const std::string> path);

class LANCER_EXPORT Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields, Metadata metadata = {})
      : fields_(std::move(fields)), metadata_(std::move(metadata)) {}

  const std::vector<Field>& fields() const { return fields_; }
  const Field& field(size_t i) const { return fields_[i]; }
  size_t field_count() const { return fields_.size(); }
  const Metadata& metadata() const { return metadata_; }

  // Ordinal of the top-level field `name`, or nothing.
  std::optional<size_t> FindField(std::string_view name) const;
  // A schema of the named top-level fields, in the order asked. Keeps ids and metadata.
  // Errors: NotFound naming the field and listing near names;
  // InvalidArgument for a name asked twice.
  Result<Schema> Select(std::span<const std::string> names) const;

  // Checks what a table may hold: no duplicate names at one level, no reserved top-level
  // name (_rowid, _version, _change, _ordinal), valid UTF-8 names, supported types,
  // nesting depth at most 64. Errors: InvalidArgument or Unsupported naming the path.
  Status Validate() const;
  // A copy whose unassigned ids, children included, are numbered in pre-order from
  // `*next`;
  // `*next` is moved past them.
  Schema WithFieldIds(int32_t* next) const;

  // Same fields and metadata; field ids do not count.
  bool Equals(const Schema& other) const;
  // One line per field, children indented.
  std::string ToString() const;

 private:
  std::vector<Field> fields_;
  Metadata metadata_;
};

}  // namespace lancer
