// A manifest's table behind its checksum: whatever it says, parsing gives a manifest that
// can be written and read again, or an error.
#include <cstddef>
#include <cstdint>
#include <span>

#include "dataset/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto manifest =
      lancer::dataset::ParseManifest(std::as_bytes(std::span(data, size)), "fuzz");
  if (manifest.has_value()) {
    auto again = lancer::dataset::ParseManifest(
        lancer::dataset::SerializeManifest(*manifest), "again");
    if (!again.has_value() || !(*again == *manifest)) {
      __builtin_trap();
    }
  }
  return 0;
}
