// Extension types: what a field's metadata says its values are. Names that Lancer does
// not know are kept and mean nothing to it.
//
// Ownership: looks at the caller's fields. Thread rule: pure functions.
#pragma once

#include <string_view>

#include "lancer/result.h"
#include "lancer/type.h"

namespace lancer {

inline constexpr std::string_view kExtensionNameKey = "ARROW:extension:name";
inline constexpr std::string_view kExtensionMetadataKey = "ARROW:extension:metadata";
// Numbers with the sign, the exponent and the first 7 bits of the fraction of a float, in
// fixed_size_binary(2), little-endian.
inline constexpr std::string_view kBfloat16Name = "lancer.bfloat16";
// A row is a tensor (tensor_shape.h).
inline constexpr std::string_view kTensorName = "arrow.fixed_shape_tensor";

// The first value of the key; empty when there is none.
std::string_view MetadataValue(const Metadata& metadata, std::string_view key);

// Are the field's values bfloat16 numbers?
bool IsBfloat16(const Field& field);

// Errors: InvalidArgument for an extension type that Lancer knows on a field that cannot
// hold its values; the message says why and not where.
Status CheckExtension(const Field& field);

}  // namespace lancer
