// Name and version of this library, as files that it writes state them.
//
// Ownership: static lifetime. Thread rule: safe for concurrent calls.
#pragma once

#include <string_view>

namespace lancer {

// "lancer 0.1.0", from the version of the CMake project.
std::string_view LibraryVersion();

}  // namespace lancer
