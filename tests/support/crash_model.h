// The durability model behind CrashRecorder: steps, what of them is safe, and the states
// that a power cut can leave.
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/file_system.h"
#include "tests/support/crash_file_system.h"

namespace lancer::test::internal {

constexpr uint64_t kNoFile = 0;              // the name stands for nothing
constexpr uint64_t kDirectory = UINT64_MAX;  // the name stands for a directory
enum class StepKind : uint8_t {
  kAppend,         // bytes to the end of `file`
  kOverwrite,      // bytes in place of those of `path`, which is `file` if it is new
  kSyncFile,       // the bytes of `file` so far
  kName,           // `path` stands for `file` from now on
  kSyncDirectory,  // the names in `path`
  kSyncAll,        // everything
  kMark,           // nothing; a place that a test refers to
};

struct Step {
  StepKind kind;
  std::string path;
  uint64_t file = kNoFile;
  std::vector<std::byte> bytes;
};

// "/a/b" for "a//b/" and "/a/./b".
std::string NormalPath(const std::string& path);

// What stands after some steps: which part is safe and which may be lost.
class CrashModel {
 public:
  void Apply(const Step& step);

  // One way in which the unsafe parts came out: the value of each name, and for each
  // unsafe file which variant of its bytes.
  struct Choice {
    std::map<std::string, size_t> names;  // index into the values of unsafe names
    std::map<uint64_t, size_t> contents;  // index into VariantsOf
    friend auto operator<=>(const Choice&, const Choice&) = default;
  };
  // All choices, or `limit` drawn ones if there are more.
  std::vector<Choice> Choices(const CrashOptions& options, uint64_t seed) const;

  // What a choice looks like from outside; equal texts are equal states.
  std::string Fingerprint(const Choice& choice, const CrashOptions& options) const;
  std::string Describe(const Choice& choice, const CrashOptions& options) const;
  std::shared_ptr<FileSystem> Materialise(const Choice& choice,
                                          const CrashOptions& options) const;

 private:
  struct Name {
    uint64_t safe = kNoFile;
    std::vector<uint64_t> later;  // values since the directory's last sync
  };
  struct File {
    std::vector<std::byte> bytes;
    size_t safe_size = 0;
    std::vector<std::vector<std::byte>> older;  // that an unsynced overwrite replaced
  };
  // How the unsafe bytes of a file came out: the file has `size` bytes, of which
  // [zero_begin, zero_end) read as zeros; or it holds what was there before.
  struct Variant {
    size_t size = 0;
    size_t zero_begin = 0;
    size_t zero_end = 0;
    std::string text;
    std::optional<std::vector<std::byte>> before = std::nullopt;
  };

  void Overwrite(const Step& step);
  static std::vector<Variant> VariantsOf(const File& file, const CrashOptions& options);
  std::map<std::string, uint64_t> VisibleNames(const Choice& choice) const;
  std::optional<Variant> ChosenVariant(uint64_t file, const Choice& choice,
                                       const CrashOptions& options) const;

  std::map<std::string, Name> names_;  // by normal path, without "/"
  std::map<uint64_t, File> files_;
};

}  // namespace lancer::test::internal
