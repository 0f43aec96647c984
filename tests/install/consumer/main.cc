// A user's first program: it prints a schema, and writes and lists a file in memory.
#include <lancer/lancer.h>

#include <array>
#include <cstdio>

int main() {
  const auto file_system = lancer::MakeMemoryFileSystem();
  const std::array<std::byte, 3> bytes = {};
  if (!file_system->CreateDirectory("/table").has_value() ||
      !file_system->Overwrite("/table/rows", bytes).ok()) {
    return 1;
  }
  const auto entries = file_system->List("/table");
  if (!entries.has_value() || entries->size() != 1) {
    return 1;
  }
  const auto missing = file_system->List("/nothing");
  std::printf("%s %s\n", entries->front().name.c_str(),
              missing.error().ToString().c_str());
  return missing.has_value() ? 1 : 0;
}
