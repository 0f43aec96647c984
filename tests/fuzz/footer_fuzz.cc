// A footer of any bytes whose checksum matched: an error, or one that is written and read
// back to the same parts.
#include <cstdlib>
#include <span>

#include "format/footer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lancer::format;
  constexpr uint64_t kFooterOffset = uint64_t{1} << 40;
  auto parsed = ParseFooter(std::as_bytes(std::span(data, size)), kFooterOffset, "fuzz");
  if (!parsed) {
    return 0;
  }
  auto again = ParseFooter(SerializeFooter(*parsed), kFooterOffset, "fuzz");
  if (!again || again->sections != parsed->sections ||
      again->directory != parsed->directory ||
      again->encodings.names != parsed->encodings.names) {
    std::abort();
  }
  return 0;
}
