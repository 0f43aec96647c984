#include "types/library_version.h"

namespace lancer {

std::string_view LibraryVersion() { return "lancer " LANCER_VERSION; }

}  // namespace lancer
