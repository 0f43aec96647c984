// Names of the files of a dataset (spec: dataset, "Folder").
//
// Ownership: values. Thread rule: pure functions; DatasetPaths are safe for concurrent
// calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lancer/ids.h"

namespace lancer::dataset {

inline constexpr std::string_view kManifestSuffix = ".mft";
inline constexpr std::string_view kTombstoneSuffix = ".skip";

// Paths below one dataset's folder, as the file system takes them.
class DatasetPaths {
 public:
  explicit DatasetPaths(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }
  // "<root>/<relative>".
  std::string Path(std::string_view relative) const;
  std::string format_file() const { return Path("FORMAT"); }
  std::string log() const { return Path("_log"); }
  std::string head() const { return Path("_log/HEAD"); }
  std::string floors() const { return Path("_log/floor"); }
  std::string intents() const { return Path("_log/intent"); }
  std::string lock() const { return Path("_log/lock"); }
  std::string data() const { return Path("data"); }
  std::string nodes() const { return Path("_tree"); }
  std::string temporaries() const { return Path("_tmp"); }
  std::string manifest(VersionNumber version) const;
  std::string tombstone(VersionNumber version) const;
  std::string intent(const Uuid& session) const;
  std::string temporary(const Uuid& session, const Uuid& file) const;

 private:
  std::string root_;
};

// "data/<ses8>-<uuid>.lancer" and "_tree/<ses8>-<uuid>.node", relative to the dataset.
std::string DataFileName(const Uuid& session, const Uuid& file);
std::string NodeFileName(const Uuid& session, const Uuid& file);

// The number in "00000000000000000042.mft": exactly 20 digits, then `suffix`; nothing for
// any other name, for 0 and for numbers of 2^63 and more.
std::optional<VersionNumber> ParseVersionName(std::string_view name,
                                              std::string_view suffix);

// OK when `path` is one that a manifest may refer to: parts of letters, digits and
// "._-" joined by '/', at most 255 bytes in all, none of them "." or "..". `where` starts
// the message. Errors: Corruption.
Status CheckReferencePath(std::string_view path, const std::string& where);

}  // namespace lancer::dataset
