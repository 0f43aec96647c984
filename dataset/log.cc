#include "dataset/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace lancer::dataset {
namespace {

// How often the floor may overtake a search before it gives up.
constexpr int kMaxSearches = 16;

// "<floor>.<seq>"
std::optional<uint64_t> ParseFloorName(std::string_view name) {
  uint64_t floor = 0;
  auto [stopped, error] = std::from_chars(name.data(), name.data() + name.size(), floor);
  if (error != std::errc() || stopped == name.data() + name.size() || *stopped != '.') {
    return std::nullopt;
  }
  return floor;
}

Status GapError(const std::string& path) {
  return Status::Corruption(path +
                            ": the manifest is missing although later versions exist");
}

bool IsDamage(const Status& status) {
  return status.code() == StatusCode::kCorruption ||
         status.code() == StatusCode::kInvalidArgument;
}

}  // namespace

Status CheckParent(const StoredManifest& parent, const StoredManifest& child,
                   const std::string& path) {
  if (child.manifest.parent != parent.manifest.version ||
      child.manifest.parent_digest != parent.digest) {
    return Status::Corruption(fmt::format(
        "{}: manifest: parent is version {} with digest {}, but version {} has {}", path,
        child.manifest.parent.value, child.manifest.parent_digest.ToString(),
        parent.manifest.version.value, parent.digest.ToString()));
  }
  return Status::Ok();
}

Result<LogNames> Log::ListNames() const {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries,
                          context_->file_system->List(paths_.log()));
  LogNames names;
  for (const FileInfo& entry : entries) {
    if (auto version = ParseVersionName(entry.name, kManifestSuffix)) {
      names.manifests.push_back(*version);
    } else if (auto voided = ParseVersionName(entry.name, kTombstoneSuffix)) {
      names.tombstones.push_back(*voided);
    }
  }
  // Names have one width, so their order is that of the numbers.
  return names;
}

Result<VersionNumber> Log::ReadFloor() const {
  auto entries = context_->file_system->List(paths_.floors());
  if (!entries) {
    return entries.error().code() == StatusCode::kNotFound
               ? Result<VersionNumber>(VersionNumber(0))
               : entries.error();
  }
  uint64_t floor = 0;
  for (const FileInfo& entry : *entries) {
    floor = std::max(floor, ParseFloorName(entry.name).value_or(0));
  }
  return VersionNumber(floor);
}

Result<bool> Log::IsVoid(VersionNumber version) const {
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> tombstone,
                          context_->file_system->Stat(paths_.tombstone(version)));
  return tombstone.has_value();
}

Result<StoredManifestPtr> Log::ReadVersion(VersionNumber version) const {
  auto stored =
      ReadManifestFile(*context_->file_system, paths_.manifest(version), table_, version);
  if (!stored && stored.error().code() == StatusCode::kInvalidArgument) {
    // The name is ours, so whatever else stands there is damage.
    return Status::Corruption(std::string(stored.error().message()));
  }
  return stored;
}

Result<StoredManifestPtr> Log::Load(VersionNumber version) const {
  LANCER_ASSIGN_OR_RETURN(VersionNumber floor, ReadFloor());
  if (version.value != 0 && version <= floor) {
    return Status::Expired(fmt::format("{}: version {} was retired; the oldest is {}",
                                       paths_.root(), version.value, floor.value + 1));
  }
  auto stored = ReadVersion(version);
  if (!stored && stored.error().code() == StatusCode::kNotFound) {
    return Status::NotFound(
        fmt::format("{}: there is no version {}", paths_.root(), version.value));
  }
  return stored;
}

std::optional<HeadHint> Log::ReadHint() const {
  auto record = ReadRecord(*context_->file_system, paths_.head());
  return record ? ParseHeadHint(*record) : std::nullopt;
}

// The hinted version, or null when the hint says nothing that holds.
Result<StoredManifestPtr> Log::LoadHinted(VersionNumber floor) const {
  std::optional<HeadHint> hint = ReadHint();
  if (!hint || hint->version <= floor) {
    return StoredManifestPtr();
  }
  auto stored = ReadVersion(hint->version);
  if (!stored) {
    if (stored.error().code() != StatusCode::kNotFound) {
      return stored.error();
    }
    // The hint is written when the manifest is durable.
    LANCER_ASSIGN_OR_RETURN(const bool is_void, IsVoid(hint->version));
    return is_void ? Result<StoredManifestPtr>(StoredManifestPtr())
                   : Status::Corruption(fmt::format(
                         "{}: the manifest is missing although {} names its version; "
                         "restore it, or allow a rollback to an older version",
                         paths_.manifest(hint->version), paths_.head()));
  }
  if ((*stored)->digest != hint->digest) {
    return Status::Corruption(
        fmt::format("{}: manifest: digest expected {} (from {}), computed {}",
                    paths_.manifest(hint->version), hint->digest.ToString(),
                    paths_.head(), (*stored)->digest.ToString()));
  }
  return stored;
}

Result<std::vector<VersionNumber>> Log::List() const {
  LANCER_ASSIGN_OR_RETURN(VersionNumber floor, ReadFloor());
  LANCER_ASSIGN_OR_RETURN(LogNames names, ListNames());
  std::erase_if(names.manifests, [&](VersionNumber version) { return version <= floor; });
  std::vector<VersionNumber> versions;
  VersionNumber expected(floor.value + 1);
  for (VersionNumber version : names.manifests) {
    while (expected < version && std::ranges::binary_search(names.tombstones, expected)) {
      ++expected.value;
    }
    if (expected != version) {
      return GapError(paths_.manifest(expected));
    }
    if (!std::ranges::binary_search(names.tombstones, version)) {
      versions.push_back(version);
    }
    ++expected.value;
  }
  return versions;
}

Result<LogHead> Log::HeadByListing(VersionNumber floor, bool allow_rollback) const {
  LANCER_ASSIGN_OR_RETURN(std::vector<VersionNumber> versions, List());
  LogHead head;
  head.next = VersionNumber(floor.value + 1);
  if (versions.empty()) {
    if (floor.value > 0) {
      return GapError(paths_.manifest(head.next));
    }
    return head;
  }
  Status newest;
  for (size_t i = versions.size(); i-- > 0;) {
    auto stored = ReadVersion(versions[i]);
    if (stored) {
      head.manifest = *stored;
      head.next = VersionNumber(versions.back().value + 1);
      return head;
    }
    if (!allow_rollback || !IsDamage(stored.error())) {
      return stored.error();
    }
    newest = head.rolled_back ? newest : stored.error();
    head.rolled_back = true;
  }
  return newest.WithContext(paths_.log() + ": every manifest is damaged; the newest");
}

// Moves past a void version. False when nothing follows `*version` - 1 any more.
Result<bool> Log::StepOver(VersionNumber* version) const {
  LANCER_ASSIGN_OR_RETURN(bool is_void, IsVoid(*version));
  if (is_void) {
    ++version->value;
    return true;
  }
  FileSystem& files = *context_->file_system;
  VersionNumber after(version->value + 1);
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> later,
                          files.Stat(paths_.manifest(after)));
  if (!later.has_value()) {
    return false;
  }
  // Both may have been published since `*version` was looked for.
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> now,
                          files.Stat(paths_.manifest(*version)));
  return now.has_value() ? Result<bool>(true) : GapError(paths_.manifest(*version));
}

Status Log::ProbeUpwards(bool allow_rollback, LogHead* head) const {
  bool parent_known = true;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(bool is_void, IsVoid(head->next));
    if (is_void) {
      ++head->next.value;
      continue;
    }
    auto stored = ReadVersion(head->next);
    if (!stored && stored.error().code() == StatusCode::kNotFound) {
      LANCER_ASSIGN_OR_RETURN(bool more, StepOver(&head->next));
      if (!more) {
        return Status::Ok();
      }
      continue;
    }
    if (!stored) {
      if (!allow_rollback || !IsDamage(stored.error())) {
        return stored.error();
      }
      head->rolled_back = true;
      parent_known = false;
      ++head->next.value;
      continue;
    }
    if (parent_known) {
      LANCER_RETURN_IF_ERROR(
          CheckParent(*head->manifest, **stored, paths_.manifest(head->next)));
    }
    parent_known = true;
    head->rolled_back = false;
    head->manifest = *stored;
    head->passed.push_back(*std::move(stored));
    ++head->next.value;
  }
}

Result<LogHead> Log::FindHeadOnce(const StoredManifestPtr& known, VersionNumber floor,
                                  bool allow_rollback) const {
  LogHead head;
  if (known != nullptr) {
    if (known->manifest.version <= floor) {
      return Status::Expired(
          fmt::format("{}: version {} was retired meanwhile; open the dataset again",
                      paths_.root(), known->manifest.version.value));
    }
    head.manifest = known;
  } else {
    auto hinted = LoadHinted(floor);
    if (hinted) {
      head.manifest = *hinted;
    } else if (!allow_rollback || !IsDamage(hinted.error())) {
      return hinted.error();
    }
  }
  if (head.manifest == nullptr) {
    LANCER_ASSIGN_OR_RETURN(head, HeadByListing(floor, allow_rollback));
    if (head.manifest == nullptr || head.rolled_back) {
      return head;
    }
  } else {
    head.next = VersionNumber(head.manifest->manifest.version.value + 1);
  }
  LANCER_RETURN_IF_ERROR(ProbeUpwards(allow_rollback, &head));
  return head;
}

Result<LogHead> Log::FindHead(const StoredManifestPtr& known, bool allow_rollback) const {
  for (int i = 0; i < kMaxSearches; ++i) {
    LANCER_ASSIGN_OR_RETURN(VersionNumber before, ReadFloor());
    auto head = FindHeadOnce(known, before, allow_rollback);
    // The floor may have passed by meanwhile and manifests below it be gone.
    LANCER_ASSIGN_OR_RETURN(VersionNumber after, ReadFloor());
    bool overtaken = after != before && (!head || head->manifest == nullptr ||
                                         head->manifest->manifest.version <= after);
    if (!overtaken) {
      return head;
    }
  }
  return Status::Conflict(paths_.root() +
                          ": versions are retired faster than they can "
                          "be opened; try again");
}

Result<StoredManifestPtr> Log::FindByTime(const StoredManifestPtr& head,
                                          int64_t time_us) const {
  if (head->manifest.time_us <= time_us) {
    return head;
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<VersionNumber> versions, List());
  // After a rollback damaged versions stand above the head.
  std::erase_if(versions,
                [&](VersionNumber version) { return version > head->manifest.version; });
  // Times grow with the versions, so a binary search reads few manifests.
  size_t low = 0;
  size_t high = versions.size();
  StoredManifestPtr best;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    LANCER_ASSIGN_OR_RETURN(StoredManifestPtr stored, ReadVersion(versions[middle]));
    if (stored->manifest.time_us <= time_us) {
      best = std::move(stored);
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (best == nullptr) {
    return Status::NotFound(fmt::format("{}: no version is as old as {}", paths_.root(),
                                        FormatTime(time_us)));
  }
  return best;
}

void Log::WriteHint(const StoredManifest& manifest) const {
  auto bytes = SerializeHeadHint(
      {.version = manifest.manifest.version, .digest = manifest.digest});
  // A hint: a commit does not fail for it.
  (void)context_->file_system->Overwrite(paths_.head(), bytes);
}

}  // namespace lancer::dataset
