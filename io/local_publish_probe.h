// Finds how a local directory can publish names, by doing it.
// Ownership: leaves nothing behind. Thread rule: safe for concurrent calls.
#pragma once

#include <string>

#include "lancer/file_system.h"

namespace lancer {

// Tries each method twice under one name: the first must create it, the second must find
// it there. Errors: Unsupported when no method does both; IoError and ResourceExhausted
// when the directory cannot be written at all.
Result<PublishMethod> ProbeLocalPublish(const std::string& directory);

}  // namespace lancer
