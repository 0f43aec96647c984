#include "tests/support/crash_model.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "io/posix.h"
#include "lancer/context.h"

namespace lancer::test::internal {
namespace {

// How many earlier contents of an overwritten file may come back: the last ones.
constexpr size_t kMaxOlder = 3;

// One thing that can come out in several ways.
struct Unit {
  std::string name;  // of a name; empty for a file
  uint64_t file = kNoFile;
  size_t way_count = 1;
};

CrashModel::Choice ChoiceOf(const std::vector<Unit>& units,
                            const std::vector<size_t>& ways) {
  CrashModel::Choice choice;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].name.empty()) {
      choice.contents[units[i].file] = ways[i];
    } else {
      choice.names[units[i].name] = ways[i];
    }
  }
  return choice;
}

// The number of combinations, or `limit + 1` when there are more.
size_t CountCombinations(const std::vector<Unit>& units, size_t limit) {
  size_t count = 1;
  for (const Unit& unit : units) {
    count *= unit.way_count;
    if (count > limit) {
      return limit + 1;
    }
  }
  return count;
}

}  // namespace

std::string NormalPath(const std::string& path) {
  std::string normal = std::filesystem::path("/" + path).lexically_normal().string();
  normal.erase(0, normal.find_first_not_of('/') == std::string::npos
                      ? normal.size() - 1
                      : normal.find_first_not_of('/') - 1);
  while (normal.size() > 1 && normal.back() == '/') {
    normal.pop_back();
  }
  return normal;
}

void CrashModel::Apply(const Step& step) {
  switch (step.kind) {
    case StepKind::kAppend: {
      std::vector<std::byte>& bytes = files_[step.file].bytes;
      bytes.insert(bytes.end(), step.bytes.begin(), step.bytes.end());
      break;
    }
    case StepKind::kOverwrite:
      Overwrite(step);
      break;
    case StepKind::kSyncFile:
      files_[step.file].safe_size = files_[step.file].bytes.size();
      files_[step.file].older.clear();
      break;
    case StepKind::kName:
      names_[step.path].later.push_back(step.file);
      break;
    case StepKind::kSyncDirectory:
    case StepKind::kSyncAll:
      for (auto& [path, name] : names_) {
        bool covered = step.kind == StepKind::kSyncAll || ParentOfPath(path) == step.path;
        if (covered && !name.later.empty()) {
          name.safe = name.later.back();
          name.later.clear();
        }
      }
      if (step.kind == StepKind::kSyncAll) {
        for (auto& [id, file] : files_) {
          file.safe_size = file.bytes.size();
          file.older.clear();
        }
      }
      break;
    case StepKind::kMark:
      break;
  }
}

void CrashModel::Overwrite(const Step& step) {
  Name& name = names_[step.path];
  uint64_t current = name.later.empty() ? name.safe : name.later.back();
  if (current == kNoFile) {
    name.later.push_back(step.file);
    files_[step.file].bytes = step.bytes;
    return;
  }
  File& file = files_[current];
  file.older.push_back(std::exchange(file.bytes, step.bytes));
  if (file.older.size() > kMaxOlder) {
    file.older.erase(file.older.begin());
  }
  file.safe_size = 0;
}

std::vector<CrashModel::Variant> CrashModel::VariantsOf(const File& file,
                                                        const CrashOptions& options) {
  size_t safe = file.safe_size;
  size_t full = file.bytes.size();
  if (safe == full) {
    return {};
  }
  std::vector<Variant> variants = {{safe, 0, 0, "unsynced bytes dropped"},
                                   {full, 0, 0, "all bytes kept"},
                                   {full, safe, full, "unsynced bytes zeroed"}};
  for (size_t i = 0; i < file.older.size(); ++i) {
    variants.push_back(
        {file.older[i].size(), 0, 0,
         "bytes of " + std::to_string(file.older.size() - i) + " overwrites before",
         file.older[i]});
  }
  for (size_t sector : options.tear_sizes) {
    size_t first_end = (safe / sector + 1) * sector;
    size_t last_begin = (full - 1) / sector * sector;
    if (first_end >= full) {
      continue;  // one sector holds all that is unsafe
    }
    std::string unit = std::to_string(sector);
    size_t middle = (first_end + (full - first_end) / 2) / sector * sector;
    variants.push_back({first_end, 0, 0, "cut after the first sector of " + unit});
    variants.push_back({full, safe, first_end, "first sector of " + unit + " lost"});
    variants.push_back(
        {full, std::max(last_begin, safe), full, "last sector of " + unit + " lost"});
    if (middle > first_end) {
      variants.push_back({middle, 0, 0, "cut in the middle at a sector of " + unit});
      variants.push_back({full, middle, full, "second half lost, sectors of " + unit});
    }
  }
  return variants;
}

std::vector<CrashModel::Choice> CrashModel::Choices(const CrashOptions& options,
                                                    uint64_t seed) const {
  std::vector<Unit> units;
  std::set<uint64_t> named;
  for (const auto& [path, name] : names_) {
    named.insert(name.safe);
    named.insert(name.later.begin(), name.later.end());
    if (!name.later.empty()) {
      units.push_back({path, kNoFile, name.later.size() + 1});
    }
  }
  for (const auto& [id, file] : files_) {
    size_t variant_count = VariantsOf(file, options).size();
    if (variant_count > 0 && named.count(id) != 0) {
      units.push_back({"", id, variant_count});
    }
  }
  size_t limit = std::max<size_t>(options.max_states_per_position, 2);
  size_t count = CountCombinations(units, limit);
  std::vector<Choice> choices;
  std::vector<size_t> ways(units.size(), 0);
  if (count <= limit) {
    for (size_t number = 0; number < count; ++number) {
      choices.push_back(ChoiceOf(units, ways));
      for (size_t i = 0; i < units.size() && ++ways[i] == units[i].way_count; ++i) {
        ways[i] = 0;
      }
    }
    return choices;
  }
  choices.push_back(ChoiceOf(units, ways));  // nothing kept
  for (size_t i = 0; i < units.size(); ++i) {
    ways[i] = units[i].name.empty() ? 1 : units[i].way_count - 1;
  }
  choices.push_back(ChoiceOf(units, ways));  // all kept
  std::shared_ptr<Random> random = MakeSeededRandom(seed);
  while (choices.size() < limit) {
    for (size_t i = 0; i < units.size(); ++i) {
      ways[i] = static_cast<size_t>(random->Next() % units[i].way_count);
    }
    choices.push_back(ChoiceOf(units, ways));
  }
  return choices;
}

std::map<std::string, uint64_t> CrashModel::VisibleNames(const Choice& choice) const {
  std::map<std::string, uint64_t> visible;
  // In order of path, so that a parent is decided before what lies in it.
  for (const auto& [path, name] : names_) {
    auto chosen = choice.names.find(path);
    size_t way = chosen == choice.names.end() ? 0 : chosen->second;
    uint64_t value = way == 0 ? name.safe : name.later[way - 1];
    std::string parent = ParentOfPath(path);
    auto above = visible.find(parent);
    bool parent_exists =
        parent == "/" || (above != visible.end() && above->second == kDirectory);
    if (value != kNoFile && parent_exists) {
      visible[path] = value;
    }
  }
  return visible;
}

std::optional<CrashModel::Variant> CrashModel::ChosenVariant(
    uint64_t file, const Choice& choice, const CrashOptions& options) const {
  auto chosen = choice.contents.find(file);
  if (chosen == choice.contents.end()) {
    return std::nullopt;
  }
  return VariantsOf(files_.at(file), options)[chosen->second];
}

std::string CrashModel::Fingerprint(const Choice& choice,
                                    const CrashOptions& options) const {
  std::string text;
  for (const auto& [path, value] : VisibleNames(choice)) {
    text += path + '\0' + std::to_string(value);
    if (value != kDirectory) {
      size_t size = files_.count(value) != 0 ? files_.at(value).bytes.size() : 0;
      std::optional<Variant> variant = ChosenVariant(value, choice, options);
      text += variant.has_value() ? variant->text : std::to_string(size);
    }
    text += '\0';
  }
  return text;
}

std::string CrashModel::Describe(const Choice& choice,
                                 const CrashOptions& options) const {
  std::string text;
  for (const auto& [path, way] : choice.names) {
    size_t last = names_.at(path).later.size();
    text += "; name " + path +
            (way == 0 ? " lost"
             : way == last
                 ? " kept"
                 : " at change " + std::to_string(way) + " of " + std::to_string(last));
  }
  std::map<std::string, uint64_t> visible = VisibleNames(choice);
  for (const auto& [path, value] : visible) {
    std::optional<Variant> variant =
        value == kDirectory ? std::nullopt : ChosenVariant(value, choice, options);
    if (variant.has_value()) {
      text += "; bytes of " + path + ": " + variant->text;
    }
  }
  return text;
}

std::shared_ptr<FileSystem> CrashModel::Materialise(const Choice& choice,
                                                    const CrashOptions& options) const {
  std::shared_ptr<FileSystem> made = MakeMemoryFileSystem();
  for (const auto& [path, value] : VisibleNames(choice)) {
    if (value == kDirectory) {
      static_cast<void>(made->CreateDirectory(path));
      continue;
    }
    auto found = files_.find(value);
    std::vector<std::byte> bytes;
    if (found != files_.end()) {
      bytes = found->second.bytes;
    }
    if (std::optional<Variant> variant = ChosenVariant(value, choice, options)) {
      bytes = variant->before.value_or(std::move(bytes));
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(variant->zero_begin),
                bytes.begin() + static_cast<std::ptrdiff_t>(variant->zero_end),
                std::byte{0});
      bytes.resize(variant->size);
    }
    static_cast<void>(made->Overwrite(path, bytes));
  }
  return made;
}

}  // namespace lancer::test::internal
