// Schemas as bytes (spec/schemas/schema.fbs), used by files and by manifests.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "lancer/result.h"
#include "lancer/schema.h"

namespace lancer::format {

// Same schema, same bytes; field ids and metadata included.
std::vector<std::byte> SerializeSchema(const Schema& schema);
// `where` starts messages: "a.lancer: schema at 4096". Memory is bounded by the size of
// the bytes. Errors: Corruption; Unsupported for a type this build does not know.
Result<Schema> ParseSchema(std::span<const std::byte> bytes, const std::string& where);

}  // namespace lancer::format
