// Key-value metadata as the Arrow C Data interface carries it.
//
// Ownership: copies. Thread rule: no shared state.
#pragma once

#include <string>

#include "lancer/type.h"

namespace lancer {

// Empty for empty metadata (an ArrowSchema then has a null pointer).
std::string EncodeArrowMetadata(const Metadata& metadata);
// `encoded` may be null. Its end is not known: lengths are taken at their word unless
// they are negative. Errors: InvalidArgument.
Result<Metadata> DecodeArrowMetadata(const char* encoded);

}  // namespace lancer
