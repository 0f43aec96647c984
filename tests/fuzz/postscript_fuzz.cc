// The end of a file, of any bytes: an error or a postscript that is written back the
// same.
#include <algorithm>
#include <cstdlib>
#include <span>

#include "format/postscript.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lancer::format;
  auto bytes = std::as_bytes(std::span(data, size));
  auto parsed = ParsePostscript(bytes, size, "fuzz");
  if (parsed &&
      !std::ranges::equal(SerializePostscript(*parsed), bytes.last(kPostscriptSize))) {
    std::abort();
  }
  return 0;
}
