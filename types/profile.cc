#include "lancer/profile.h"

namespace lancer {

std::string_view ProfileName(Profile profile) {
  switch (profile) {
    case Profile::kRandom:
      return "random";
    case Profile::kCompact:
      return "compact";
    case Profile::kArchive:
      return "archive";
  }
  return "unknown";
}

}  // namespace lancer
