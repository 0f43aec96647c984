#include "tests/support/crash_file_system.h"

#include <mutex>
#include <set>

#include "io/posix.h"
#include "tests/support/crash_model.h"

namespace lancer::test {

using internal::Step;
using internal::StepKind;

namespace internal {

// The steps, in the order in which they happened. A call holds the mutex while it changes
// the live files and records the step, so both agree on the order.
struct CrashLog {
  std::mutex mutex;  // guards all below
  std::vector<Step> steps;
  uint64_t next_file = 1;

  uint64_t NewFile() { return next_file++; }
  void Append(uint64_t file, std::span<const std::byte> bytes) {
    steps.push_back({StepKind::kAppend, "", file, {bytes.begin(), bytes.end()}});
  }
  void Overwrite(const std::string& path, std::span<const std::byte> bytes) {
    steps.push_back({StepKind::kOverwrite,
                     NormalPath(path),
                     NewFile(),
                     {bytes.begin(), bytes.end()}});
  }
  void SyncFile(uint64_t file) { steps.push_back({StepKind::kSyncFile, "", file, {}}); }
  void Name(const std::string& path, uint64_t file) {
    steps.push_back({StepKind::kName, NormalPath(path), file, {}});
  }
  void SyncDirectory(const std::string& path) {
    steps.push_back({StepKind::kSyncDirectory, NormalPath(path), kNoFile, {}});
  }
  void Note(StepKind kind) { steps.push_back({kind, "", kNoFile, {}}); }
};

}  // namespace internal

namespace {

using LogPtr = std::shared_ptr<internal::CrashLog>;

class CrashStagedFile final : public StagedFile {
 public:
  CrashStagedFile(std::shared_ptr<FileSystem> live, std::unique_ptr<StagedFile> below,
                  LogPtr log, uint64_t id, std::string temporary_path)
      : live_(std::move(live)),
        below_(std::move(below)),
        log_(std::move(log)),
        id_(id),
        temporary_path_(std::move(temporary_path)) {}

  ~CrashStagedFile() override {
    if (!temporary_path_.empty()) {
      std::lock_guard lock(log_->mutex);
      RemoveTemporary();
    }
  }

  Status Append(std::span<const std::byte> bytes) override {
    std::lock_guard lock(log_->mutex);
    LANCER_RETURN_IF_ERROR(below_->Append(bytes));
    log_->Append(id_, bytes);
    return Status::Ok();
  }
  uint64_t size() const override { return below_->size(); }
  Status Sync() override {
    std::lock_guard lock(log_->mutex);
    LANCER_RETURN_IF_ERROR(below_->Sync());
    log_->SyncFile(id_);
    return Status::Ok();
  }
  Result<PublishOutcome> Publish(const std::string& path) override {
    std::lock_guard lock(log_->mutex);
    LANCER_RETURN_IF_ERROR(below_->Sync());  // of the live file only; see Stage
    LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome, below_->Publish(path));
    if (outcome == PublishOutcome::kCreated) {
      log_->Name(path, id_);
      RemoveTemporary();
    }
    return outcome;
  }
  // A new file with a copy of the bytes, synced after its name exists.
  Result<PublishOutcome> PublishExclusive(const std::string& path) override {
    std::lock_guard lock(log_->mutex);
    LANCER_RETURN_IF_ERROR(below_->Sync());
    LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome, below_->PublishExclusive(path));
    if (outcome == PublishOutcome::kCreated) {
      LANCER_ASSIGN_OR_RETURN(auto file, live_->OpenForRead(path, MapMode::kAuto));
      uint64_t copy = log_->NewFile();
      log_->Name(path, copy);
      log_->Append(copy, file->mapped());
      log_->SyncFile(copy);
    }
    return outcome;
  }

 private:
  // REQUIRES: the log's mutex is held.
  void RemoveTemporary() {
    if (!temporary_path_.empty()) {
      static_cast<void>(live_->Remove(temporary_path_));
      log_->Name(temporary_path_, internal::kNoFile);
      temporary_path_.clear();
    }
  }

  const std::shared_ptr<FileSystem> live_;
  const std::unique_ptr<StagedFile> below_;
  const LogPtr log_;
  const uint64_t id_;
  std::string temporary_path_;  // empty: it has none
};

}  // namespace

CrashRecorder::CrashRecorder(CrashRecorderOptions options)
    : options_(options),
      live_(MakeMemoryFileSystem()),
      log_(std::make_shared<internal::CrashLog>()) {}

CrashRecorder::~CrashRecorder() = default;

size_t CrashRecorder::Mark() {
  std::lock_guard lock(log_->mutex);
  log_->Note(StepKind::kMark);
  return log_->steps.size();
}

void CrashRecorder::SyncEverything() {
  std::lock_guard lock(log_->mutex);
  log_->Note(StepKind::kSyncAll);
}

size_t CrashRecorder::ForEachCrashState(
    const CrashOptions& options,
    const std::function<void(const CrashState&)>& visit) const {
  std::vector<Step> steps;
  {
    std::lock_guard lock(log_->mutex);
    steps = log_->steps;
  }
  internal::CrashModel model;
  std::set<std::string> seen;  // since the last mark: from there on more is expected
  size_t visited = 0;
  for (size_t position = 0; position <= steps.size(); ++position) {
    if (position > 0) {
      model.Apply(steps[position - 1]);
      if (steps[position - 1].kind == StepKind::kMark) {
        seen.clear();
      }
    }
    if (position < options.first_position || position > options.last_position) {
      continue;
    }
    for (const auto& choice : model.Choices(options, options.seed + position)) {
      if (seen.insert(model.Fingerprint(choice, options)).second) {
        visit({model.Materialise(choice, options), position,
               "cut after step " + std::to_string(position) + " of " +
                   std::to_string(steps.size()) + model.Describe(choice, options)});
        ++visited;
      }
    }
  }
  return visited;
}

Result<std::shared_ptr<const ReadableFile>> CrashRecorder::OpenForRead(
    const std::string& path, MapMode map) {
  return live_->OpenForRead(path, map);
}

Result<std::unique_ptr<StagedFile>> CrashRecorder::Stage(
    const std::string& directory, const std::string& temporary_path) {
  std::lock_guard lock(log_->mutex);
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> below,
                          live_->Stage(directory, temporary_path));
  uint64_t id = log_->NewFile();
  std::string name;
  if (options_.named_temporaries) {
    name = temporary_path;
    std::string parent = ParentOfPath(name);
    LANCER_ASSIGN_OR_RETURN(bool created, live_->CreateDirectory(parent));
    if (created) {
      log_->Name(parent, internal::kDirectory);
    }
    LANCER_RETURN_IF_ERROR(live_->Overwrite(name, {}));
    log_->Name(name, id);
  }
  return std::unique_ptr<StagedFile>(std::make_unique<CrashStagedFile>(
      live_, std::move(below), log_, id, std::move(name)));
}

Status CrashRecorder::Overwrite(const std::string& path,
                                std::span<const std::byte> bytes) {
  std::lock_guard lock(log_->mutex);
  LANCER_RETURN_IF_ERROR(live_->Overwrite(path, bytes));
  log_->Overwrite(path, bytes);
  return Status::Ok();
}

Result<bool> CrashRecorder::CreateDirectory(const std::string& path) {
  std::lock_guard lock(log_->mutex);
  std::string normal = internal::NormalPath(path);
  bool created = false;
  for (size_t end = 1; end <= normal.size(); ++end) {
    if (end < normal.size() && normal[end] != '/') {
      continue;
    }
    std::string part = normal.substr(0, end);
    if (created) {  // a parent made on the way is synced
      std::string parent = ParentOfPath(part);
      log_->SyncDirectory(ParentOfPath(parent));
    }
    LANCER_ASSIGN_OR_RETURN(created, live_->CreateDirectory(part));
    if (created) {
      log_->Name(part, internal::kDirectory);
    }
  }
  return created;
}

Status CrashRecorder::SyncDirectory(const std::string& path) {
  std::lock_guard lock(log_->mutex);
  LANCER_RETURN_IF_ERROR(live_->SyncDirectory(path));
  log_->SyncDirectory(path);
  return Status::Ok();
}

Result<std::vector<FileInfo>> CrashRecorder::List(const std::string& path) {
  return live_->List(path);
}

Result<std::optional<FileInfo>> CrashRecorder::Stat(const std::string& path) {
  return live_->Stat(path);
}

Status CrashRecorder::Remove(const std::string& path) {
  std::lock_guard lock(log_->mutex);
  LANCER_RETURN_IF_ERROR(live_->Remove(path));
  log_->Name(path, internal::kNoFile);
  return Status::Ok();
}

Status CrashRecorder::RemoveDirectory(const std::string& path) {
  std::lock_guard lock(log_->mutex);
  LANCER_RETURN_IF_ERROR(live_->RemoveDirectory(path));
  log_->Name(path, internal::kNoFile);
  return Status::Ok();
}

Result<std::unique_ptr<FileLock>> CrashRecorder::Lock(const std::string& path) {
  {
    std::lock_guard guard(log_->mutex);
    LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> info, live_->Stat(path));
    if (!info.has_value()) {
      LANCER_RETURN_IF_ERROR(live_->Overwrite(path, {}));
      log_->Name(path, log_->NewFile());
    }
  }
  return live_->Lock(path);  // waits, so the log stays free meanwhile
}

Result<std::unique_ptr<FileLock>> CrashRecorder::TryLock(const std::string& path) {
  return live_->TryLock(path);
}

bool CrashRecorder::LocksProveLife(const std::string& path) {
  return live_->LocksProveLife(path);
}

Result<PublishMethod> CrashRecorder::ProbePublish(const std::string& directory) {
  return live_->ProbePublish(directory);
}

}  // namespace lancer::test
