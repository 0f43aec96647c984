// Packed structs: a struct of fixed-width fields stored row by row as one leaf, so that
// all fields of a row are one read (spec: types, "Packed structs").
//
// A row is a fixed-size value; arrays of structs are made into arrays of such values
// before they are shredded, and back after they were assembled. Ownership: arrays own
// their memory. Thread rule: pure functions.
#pragma once

#include <string_view>

#include "lancer/array.h"
#include "lancer/schema.h"

namespace lancer::format {

inline constexpr std::string_view kPackedKey = "lancer.packed";

// Is the field a struct that is stored packed?
bool IsPacked(const Field& field);
// Errors: InvalidArgument naming the child that a packed struct cannot hold.
Status CheckPacked(const Field& field);

// The field as it is stored: fixed-size binary, a value a row. REQUIRES: IsPacked(field).
Field PackedField(const Field& field);
// Rows of the struct as rows of PackedField(field).
ArrayPtr PackRows(const Field& field, const Array& rows);
// The inverse. REQUIRES: `packed` has the layout of PackedField(field) and offset 0.
ArrayPtr UnpackRows(const Field& field, const Array& packed);

}  // namespace lancer::format
