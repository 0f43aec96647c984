// Parquet cannot hold a fixed-size list with null rows in a way that its readers read
// back (they expect `size` items in null rows too, and find none), nor lists of size 0.
// Such a list is written as a list whose field metadata says what it was, and is given
// back when it is read.
//
// Thread rule: functions without state.
#pragma once

#include <string_view>

#include "lancer/array.h"

namespace lancer::tools {

// Field metadata of a list that stands for a fixed-size list: its size in decimal digits.
inline constexpr std::string_view kFixedSizeListKey = "lancer.fixed_size_list";

// Stands before the keys of an extension type whose storage is another one in list form;
// readers would refuse the name together with that storage.
inline constexpr std::string_view kSetAsidePrefix = "lancer.set_aside.";

// True when the field or one below it is a fixed-size list of size 0.
bool HasEmptyFixedList(const Field& field);
// True when the field or one below it is a fixed-size list that may hold null rows.
bool HasNullableFixedList(const Field& field);
// True when a row of such a list, at any depth, is null.
bool HasNullInFixedList(const Array& array);

// The field with every fixed-size list in it as a marked list.
Field ToListForm(const Field& field);
// The field with every marked list in it as the fixed-size list that it stands for.
Field FromListForm(const Field& field);

// The same rows with lists as fixed-size lists or the other way round, where `type`
// differs from the array's own in that. Errors: InvalidArgument when a list of another
// length is to become a fixed-size list, or when types differ in another way.
Result<ArrayPtr> ConvertLists(const ArrayPtr& array, const TypePtr& type);
// True when ConvertLists can turn `from` into `to`.
bool CanConvertLists(const DataType& from, const DataType& to);

}  // namespace lancer::tools
