// The column that a .npy file becomes, and the header that a column gets.
//
// Thread rule: plain values and functions without state.
#pragma once

#include <cstdint>
#include <string_view>

#include "lancer/schema.h"
#include "tools/convert/npy_header.h"

namespace lancer::tools {

// Field metadata that keeps a file's header, so that it can be written back byte for
// byte: "MAJOR.MINOR" and then the header text as it stands in the file.
inline constexpr std::string_view kNpyHeaderKey = "lancer.npy.header";

// The column that a file with this header becomes.
Result<Field> FieldOfNpy(const NpyHeader& header);
// The header for `rows` rows of a column: the kept one if it still fits, else a new one.
// Errors: InvalidArgument for a column that is not made of numbers of fixed shape.
Result<NpyHeader> NpyHeaderOf(const Field& field, uint64_t rows);

}  // namespace lancer::tools
