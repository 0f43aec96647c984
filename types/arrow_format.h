// Format strings of the Arrow C Data interface: "l" for int64, "+w:3" for a fixed-size
// list of 3, and so on.
//
// Ownership: values. Thread rule: no shared state.
#pragma once

#include <string>
#include <string_view>

#include "lancer/type.h"

namespace lancer {

struct ArrowFormat {
  TypeKind kind = TypeKind::kNull;
  DataType::Parameters parameters = {};  // those that stand in the format string
};

// Errors: Unsupported for unions, InvalidArgument for what is not a format.
Result<ArrowFormat> ParseArrowFormat(std::string_view format);

// The format of a type; for a dictionary that of its indices.
std::string FormatArrowType(const DataType& type);

}  // namespace lancer
