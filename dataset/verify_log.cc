#include "dataset/verify_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lancer::dataset {
namespace {

class LogVerifier {
 public:
  LogVerifier(const Log& log, FileSystem& files, const StoredManifest& opened,
              const LogVisitor& visitor)
      : log_(log), files_(files), opened_(opened), visitor_(visitor) {}

  Status Run() {
    // The hint first: a commit writes it last, so it cannot be ahead of the listing.
    hint_ = log_.ReadHint();
    LANCER_ASSIGN_OR_RETURN(floor_, log_.ReadFloor());
    LANCER_ASSIGN_OR_RETURN(names_, log_.ListNames());
    if (opened_.manifest.version <= floor_) {
      return log_.Load(opened_.manifest.version).status();
    }
    next_ = VersionNumber(floor_.value + 1);
    parent_known_ = floor_.value == 0;
    for (VersionNumber version : names_.manifests) {
      if (version >= next_) {
        LANCER_RETURN_IF_ERROR(WalkTo(version));
        LANCER_RETURN_IF_ERROR(CheckVersion(version));
        next_ = VersionNumber(version.value + 1);
      }
    }
    return CheckEnd();
  }

 private:
  bool IsVoid(VersionNumber version) const {
    return std::ranges::binary_search(names_.tombstones, version);
  }

  // Moves `next_` up to a version that the listing found. What lies below it was
  // published since, is void, or is missing.
  Status WalkTo(VersionNumber version) {
    while (next_ < version) {
      std::string path = log_.paths().manifest(next_);
      LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> now, files_.Stat(path));
      if (now.has_value()) {
        LANCER_RETURN_IF_ERROR(CheckVersion(next_));
        ++next_.value;
        continue;
      }
      if (IsVoid(next_)) {
        ++next_.value;
        continue;
      }
      auto found = std::ranges::lower_bound(names_.tombstones, next_);
      VersionNumber end =
          found == names_.tombstones.end() ? version : std::min(*found, version);
      LANCER_RETURN_IF_ERROR(visitor_.note(Status::Corruption(fmt::format(
          "{}: the manifest is missing although later versions exist{}", path,
          end.value - next_.value == 1
              ? std::string()
              : fmt::format("; so are {} behind it", end.value - next_.value - 1)))));
      parent_known_ = false;
      next_ = end;
    }
    return Status::Ok();
  }

  Status CheckVersion(VersionNumber version) {
    LANCER_RETURN_IF_ERROR(visitor_.cancel.Check());
    if (IsVoid(version)) {
      return Status::Ok();
    }
    std::string path = log_.paths().manifest(version);
    StoredManifestPtr parent = std::exchange(parent_, nullptr);
    bool parent_known = std::exchange(parent_known_, false);
    if (Status bytes = visitor_.check_bytes(path); !bytes.ok()) {
      return visitor_.note(bytes);
    }
    auto stored = log_.ReadVersion(version);
    if (!stored) {
      return visitor_.note(stored.error());
    }
    parent_ = *stored;
    parent_known_ = true;
    if (parent_known) {
      LANCER_RETURN_IF_ERROR(CheckChain(parent.get(), **stored, path));
    }
    return CheckDigest(**stored, path);
  }

  Status CheckChain(const StoredManifest* parent, const StoredManifest& child,
                    const std::string& path) {
    if (parent != nullptr) {
      Status chained = CheckParent(*parent, child, path);
      return chained.ok() ? chained : visitor_.note(chained);
    }
    if (child.manifest.parent.value != 0) {
      return visitor_.note(Status::Corruption(
          fmt::format("{}: manifest: parent expected none, found version {}", path,
                      child.manifest.parent.value)));
    }
    return Status::Ok();
  }

  // The file must be the one that the reader and HEAD know.
  Status CheckDigest(const StoredManifest& stored, const std::string& path) {
    VersionNumber version = stored.manifest.version;
    if (version == opened_.manifest.version && stored.digest != opened_.digest) {
      return visitor_.note(Status::Corruption(
          fmt::format("{}: manifest: digest expected {}, computed {}: it was replaced",
                      path, opened_.digest.ToString(), stored.digest.ToString())));
    }
    if (hint_ && version == hint_->version && stored.digest != hint_->digest) {
      return visitor_.note(Status::Corruption(fmt::format(
          "{}: manifest: digest expected {} (from {}), computed {}", path,
          hint_->digest.ToString(), log_.paths().head(), stored.digest.ToString())));
    }
    return Status::Ok();
  }

  // HEAD is written after its version is durable: one above all versions tells that some
  // were lost.
  Status CheckEnd() {
    if (hint_ && hint_->version >= next_ && !IsVoid(hint_->version)) {
      return visitor_.note(Status::Corruption(fmt::format(
          "{}: tells of version {}, but the newest manifest is that of version {}: later "
          "ones were lost",
          log_.paths().head(), hint_->version.value, next_.value - 1)));
    }
    if (opened_.manifest.version >= next_) {
      return visitor_.note(Status::Corruption(
          log_.paths().manifest(opened_.manifest.version) + ": the manifest is missing"));
    }
    return Status::Ok();
  }

  const Log& log_;
  FileSystem& files_;
  const StoredManifest& opened_;
  const LogVisitor& visitor_;
  std::optional<HeadHint> hint_;
  VersionNumber floor_;
  LogNames names_;
  VersionNumber next_;  // all versions below it were looked at
  // The last version looked at; known but null: none stands below.
  StoredManifestPtr parent_;
  bool parent_known_ = false;
};

}  // namespace

Status VerifyLog(const Log& log, FileSystem& files, const StoredManifest& opened,
                 const LogVisitor& visitor) {
  return LogVerifier(log, files, opened, visitor).Run();
}

}  // namespace lancer::dataset
