// Encoding trees as text, and from it: EncodingTree::ToString and its inverse.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "encoding/encoding_tree.h"
#include "lancer/result.h"

namespace lancer::encoding {

// The name of a node's parameter, as "bits" in "shuffle:bits"; the number where it has
// none, and nothing for what a name without a parameter means.
std::string ParameterText(const EncodingNode& node);

// "dict(ffor)" or "zstd:5(shuffle:bits)" as a tree. Without a parameter a node has the
// first one of its encoding, but cast is to floats of 2 bytes, and zstd has
// kLevelOfProfile. Errors: InvalidArgument for text that is no tree or names an encoding
// or a parameter that is not known. Whether the tree fits a type is not looked at.
Result<EncodingTree> ParseTree(std::string_view text);

}  // namespace lancer::encoding
