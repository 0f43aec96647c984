#include "tests/support/soak.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace lancer::test {

uint64_t SoakFactor() {
  const char* text = std::getenv("LANCER_SOAK");
  const std::string_view digits = text != nullptr ? text : "";
  uint64_t factor = 1;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), factor);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && factor >= 1 && factor <= 1000 ? factor : 1;
}

void ReportSoak(std::string_view figures) {
  if (SoakFactor() > 1) {
    fmt::print("[ soak     ] {}\n", figures);
  }
}

}  // namespace lancer::test
