#include "tools/convert/inputs.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "lancer/file_system.h"
#include "tools/convert/formats.h"
#include "tools/open/original_lance.h"

namespace lancer::tools {
namespace {

namespace fs = std::filesystem;

// "a%20b" to "a b"; other texts as they are.
std::string PercentDecode(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

bool IsLancerFolder(const fs::path& path) {
  std::error_code error;
  return path.extension() == ".lancer" || fs::exists(path / "FORMAT", error) ||
         fs::exists(path / "_log", error);
}

class Expander {
 public:
  Status Add(const std::string& input) {
    std::error_code error;
    if (input == "-") {
      parts_.push_back({input, {}});
      return Status::Ok();
    }
    LANCER_ASSIGN_OR_RETURN(std::string path, PathFromUri(input));
    if (!fs::exists(path, error)) {
      return input.find_first_of("*?[") != input.npos
                 ? AddPattern(path)
                 : Status::NotFound(input + ": no such file or folder");
    }
    return AddExisting(path);
  }

  std::vector<InputPart> TakeParts() { return std::move(parts_); }

 private:
  Status AddPattern(const std::string& pattern) {
    glob_t found{};
    const int outcome = glob(pattern.c_str(), 0, nullptr, &found);
    std::vector<std::string> paths;
    for (size_t i = 0; outcome == 0 && i < found.gl_pathc; ++i) {
      paths.emplace_back(found.gl_pathv[i]);
    }
    globfree(&found);
    if (paths.empty()) {
      return Status::NotFound(pattern + ": no file matches this pattern");
    }
    for (const std::string& path : paths) {
      LANCER_RETURN_IF_ERROR(AddExisting(path));
    }
    return Status::Ok();
  }

  Status AddExisting(const std::string& path) {
    LANCER_RETURN_IF_ERROR(RefuseOriginalLance(path));
    std::error_code error;
    if (!fs::is_directory(path, error) || IsLancerFolder(path)) {
      parts_.push_back({path, {}});
      return Status::Ok();
    }
    const size_t before = parts_.size();
    LANCER_RETURN_IF_ERROR(AddFolder(path, {}));
    if (parts_.size() == before) {
      return Status::InvalidArgument(
          path + ": is no Lancer dataset, and holds no file of a known format (" +
          FormatNames() + ")");
    }
    return Status::Ok();
  }

  Status AddFolder(const fs::path& folder,  // NOLINT(misc-no-recursion)
                   std::vector<std::pair<std::string, std::string>> partitions) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      entries.push_back(entry->path());
    }
    if (error) {
      return Status::IoError(
          fmt::format("{}: cannot list: {}", folder.string(), error.message()));
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      const std::string name = entry.filename().string();
      if (name.starts_with('.') || name.starts_with('_')) {
        continue;
      }
      if (!fs::is_directory(entry, error)) {
        if (FormatOfSuffix(name) != nullptr) {
          parts_.push_back({entry.string(), partitions});
        }
        continue;
      }
      auto below = partitions;
      if (const size_t equals = name.find('='); equals != name.npos && equals > 0) {
        below.emplace_back(PercentDecode(name.substr(0, equals)),
                           PercentDecode(name.substr(equals + 1)));
      }
      LANCER_RETURN_IF_ERROR(AddFolder(entry, std::move(below)));
    }
    return Status::Ok();
  }

  std::vector<InputPart> parts_;
};

}  // namespace

Result<std::vector<InputPart>> ExpandInputs(const std::vector<std::string>& inputs) {
  Expander expander;
  for (const std::string& input : inputs) {
    LANCER_RETURN_IF_ERROR(expander.Add(input));
  }
  return expander.TakeParts();
}

}  // namespace lancer::tools
