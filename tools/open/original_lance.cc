#include "tools/open/original_lance.h"

#include <array>
#include <filesystem>
#include <fstream>

namespace lancer::tools {
namespace {

namespace fs = std::filesystem;

bool EndsWithMagic(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4> tail{};
  file.seekg(-4, std::ios::end);
  return static_cast<bool>(file.read(tail.data(), tail.size())) &&
         std::string_view(tail.data(), tail.size()) == "LANC";
}

bool HoldsLanceFile(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".lance") {
      return true;
    }
  }
  return false;
}

}  // namespace

bool IsOriginalLance(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return !fs::exists(fs::path(path) / "FORMAT", error) &&
           (fs::is_directory(fs::path(path) / "_versions", error) ||
            HoldsLanceFile(fs::path(path) / "data"));
  }
  return fs::is_regular_file(path, error) && EndsWithMagic(path);
}

Status RefuseOriginalLance(const std::string& path) {
  if (!IsOriginalLance(path)) {
    return Status::Ok();
  }
  return Status::InvalidArgument(
      path +
      ": is of the original Lance format, which Lancer does not read; write it as "
      "parquet "
      "with pylance first: pyarrow.parquet.write_table(lance.dataset(PATH).to_table(), "
      "\"out.parquet\")");
}

}  // namespace lancer::tools
