// ColumnOptions: what the metadata of a field asks of the writer (spec: types, "Options
// of a field").
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "encoding/encoding_tree.h"
#include "lancer/profile.h"
#include "lancer/schema.h"

namespace lancer::format {

inline constexpr std::string_view kProfileKey = "lancer.profile";
inline constexpr std::string_view kEncodingKey = "lancer.encoding";

struct ColumnOptions {
  std::optional<Profile> profile;  // absent: the file's
  std::optional<encoding::EncodingTree>
      tree;  // of the values; absent: the writer's choice

  // Takes over what a field below asks for; what cannot be understood is passed over.
  void Add(const Field& field);
};

// Can everything be honoured that the schema's fields ask for? Errors: InvalidArgument
// naming the field's path and the option.
Status CheckColumnOptions(const Schema& schema);

}  // namespace lancer::format
