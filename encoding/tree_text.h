// Encoding trees from their text: the inverse of EncodingTree::ToString.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <string_view>

#include "encoding/encoding_tree.h"
#include "lancer/result.h"

namespace lancer::encoding {

// "dict(ffor)" as a tree. Text does not tell parameters: delta_base may fall, cast is
// to floats of 2 bytes, zstd takes the quick level, ffor may patch. Errors:
// InvalidArgument for text that is no tree or names an encoding that is not known.
// Whether the tree fits a type is not looked at.
Result<EncodingTree> ParseTree(std::string_view text);

}  // namespace lancer::encoding
