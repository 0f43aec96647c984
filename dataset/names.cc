#include "dataset/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lancer/status.h"

namespace lancer::dataset {
namespace {

constexpr size_t kVersionDigits = 20;
constexpr size_t kMaxReferencePath = 255;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '.' || c == '_' || c == '-';
}

bool IsPlainPart(std::string_view part) {
  return !part.empty() && part != "." && part != ".." &&
         std::ranges::all_of(part, IsPlain);
}

}  // namespace

std::string DatasetPaths::Path(std::string_view relative) const {
  std::string path = root_;
  if (!path.empty() && path.back() != '/') {
    path += '/';
  }
  path += relative;
  return path;
}

std::string DatasetPaths::manifest(VersionNumber version) const {
  return Path(fmt::format("_log/{:020}{}", version.value, kManifestSuffix));
}
std::string DatasetPaths::tombstone(VersionNumber version) const {
  return Path(fmt::format("_log/{:020}{}", version.value, kTombstoneSuffix));
}
std::string DatasetPaths::intent(const Uuid& session) const {
  return Path("_log/intent/" + session.ToString());
}
std::string DatasetPaths::temporary(const Uuid& session, const Uuid& file) const {
  return Path(fmt::format("_tmp/{}-{}", session.Prefix(), file.ToString()));
}

std::string DataFileName(const Uuid& session, const Uuid& file) {
  return fmt::format("data/{}-{}.lancer", session.Prefix(), file.ToString());
}
std::string NodeFileName(const Uuid& session, const Uuid& file) {
  return fmt::format("_tree/{}-{}.node", session.Prefix(), file.ToString());
}

std::optional<VersionNumber> ParseVersionName(std::string_view name,
                                              std::string_view suffix) {
  if (name.size() != kVersionDigits + suffix.size() || !name.ends_with(suffix)) {
    return std::nullopt;
  }
  uint64_t number = 0;
  const char* end = name.data() + kVersionDigits;
  auto [stopped, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || stopped != end || number == 0 || number >> 63 != 0) {
    return std::nullopt;
  }
  return VersionNumber(number);
}

Status CheckReferencePath(std::string_view path, const std::string& where) {
  bool plain = !path.empty() && path.size() <= kMaxReferencePath;
  for (size_t begin = 0; plain && begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    plain = IsPlainPart(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (!plain) {
    return Status::Corruption(
        fmt::format("{}: a reference of {} bytes is no plain path inside the dataset",
                    where, path.size()));
  }
  return Status::Ok();
}

}  // namespace lancer::dataset
