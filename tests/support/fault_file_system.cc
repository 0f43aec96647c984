#include "tests/support/fault_file_system.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "lancer/context.h"

namespace lancer::test {
namespace {

struct CallKind {
  FileCall call;
  std::string_view name;
  std::vector<Fault> faults;
};

const std::vector<CallKind>& CallKinds() {
  using enum Fault;
  static const auto* kinds = new std::vector<CallKind>{
      {FileCall::kOpen, "open", {kDeviceError}},
      {FileCall::kRead, "read", {kDeviceError}},
      {FileCall::kStage, "stage", {kDeviceError, kNoSpace}},
      {FileCall::kAppend, "append", {kDeviceError, kNoSpace, kShortWrite}},
      {FileCall::kSync, "sync", {kDeviceError, kErrorButDone}},
      {FileCall::kPublish,
       "publish",
       {kNoSpace, kUnknownNotDone, kUnknownButDone, kExistsByOurself}},
      {FileCall::kOverwrite, "replace", {kDeviceError, kNoSpace, kErrorButDone}},
      {FileCall::kCreateDirectory,
       "create directory",
       {kDeviceError, kNoSpace, kErrorButDone}},
      {FileCall::kSyncDirectory, "sync directory", {kDeviceError, kErrorButDone}},
      {FileCall::kList, "list", {kDeviceError}},
      {FileCall::kStat, "stat", {kDeviceError}},
      {FileCall::kRemove, "remove", {kDeviceError, kErrorButDone}},
      {FileCall::kRemoveDirectory, "remove directory", {kDeviceError, kErrorButDone}},
      {FileCall::kLock, "lock", {kDeviceError}},
      {FileCall::kTryLock, "try to lock", {kDeviceError}},
      {FileCall::kLocksProveLife, "ask about locks", {kDeviceError}},
      {FileCall::kProbePublish, "probe publish", {kDeviceError}},
  };
  return *kinds;
}

const CallKind& KindOf(FileCall call) { return CallKinds()[static_cast<size_t>(call)]; }

bool Knows(FileCall call, Fault fault) {
  const std::vector<Fault>& faults = KindOf(call).faults;
  return std::find(faults.begin(), faults.end(), fault) != faults.end();
}

Status InjectedError(Fault fault, FileCall call, const std::string& path) {
  std::string message = path + ": cannot " + std::string(FileCallName(call)) + ": " +
                        std::string(FaultName(fault)) + " (injected)";
  bool full = fault == Fault::kNoSpace || fault == Fault::kShortWrite;
  return full ? Status::ResourceExhausted(std::move(message))
              : Status::IoError(std::move(message));
}

}  // namespace

std::string_view FileCallName(FileCall call) { return KindOf(call).name; }

std::string_view FaultName(Fault fault) {
  constexpr std::array<std::string_view, 7> kNames = {
      "EIO",
      "ENOSPC, no space left on device",
      "ENOSPC after half of the bytes, no space left on device",
      "EIO although done",
      "unknown, not done",
      "unknown although done",
      "exists by our own lost try"};
  return kNames[static_cast<size_t>(fault)];
}

std::vector<Fault> FaultsOf(FileCall call) { return KindOf(call).faults; }

namespace internal {

// Which call fails, and what was called; shared by the file system and its files.
struct FaultPlan {
  struct Order {
    size_t number = 0;
    Fault fault = Fault::kDeviceError;
  };

  // Records a call and tells how it shall fail.
  std::optional<Fault> Begin(FileCall call, const std::string& path, uint64_t bytes) {
    std::lock_guard lock(mutex);
    size_t number = calls.size();
    calls.push_back({call, path, bytes});
    if (hook) {
      hook(number, calls.back());
    }
    for (const Order& order : orders) {
      bool again = repeat && number > order.number && Knows(call, order.fault);
      if (number == order.number || again) {
        ++fired_count;
        return Knows(call, order.fault) ? order.fault : Fault::kDeviceError;
      }
    }
    return std::nullopt;
  }

  // For calls that either happen or not: runs `act` unless told to fail; a fault that
  // says "done" runs it and fails all the same.
  template <typename Act>
  auto Run(FileCall call, const std::string& path, uint64_t bytes, Act act)
      -> decltype(act()) {
    std::optional<Fault> chosen = Begin(call, path, bytes);
    if (!chosen.has_value()) {
      return act();
    }
    if (*chosen == Fault::kErrorButDone) {
      if (auto done = act(); !StatusOf(done).ok()) {
        return done;
      }
    }
    return InjectedError(*chosen, call, path);
  }
  static Status StatusOf(const Status& status) { return status; }
  template <typename T>
  static Status StatusOf(const Result<T>& result) {
    return result.status();
  }

  mutable std::mutex mutex;  // guards all below
  std::vector<RecordedCall> calls;
  std::vector<Order> orders;
  bool repeat = false;
  std::function<void(size_t number, const RecordedCall& call)> hook;
  size_t fired_count = 0;
  std::optional<size_t> last_armed;  // calls made before the first FailNothing
};

}  // namespace internal

namespace {

using PlanPtr = std::shared_ptr<internal::FaultPlan>;

class FaultReadableFile final : public ReadableFile {
 public:
  FaultReadableFile(std::shared_ptr<const ReadableFile> below, PlanPtr plan)
      : below_(std::move(below)), plan_(std::move(plan)) {}

  const std::string& path() const override { return below_->path(); }
  uint64_t size() const override { return below_->size(); }
  Status ReadBatch(std::span<const ReadRange> ranges) const override {
    uint64_t bytes = 0;
    for (const ReadRange& range : ranges) {
      bytes += range.destination.size();
    }
    return plan_->Run(FileCall::kRead, path(), bytes,
                      [&] { return below_->ReadBatch(ranges); });
  }
  std::span<const std::byte> mapped() const override { return below_->mapped(); }
  void WillNeed(uint64_t offset, uint64_t size) const override {
    below_->WillNeed(offset, size);
  }

 private:
  const std::shared_ptr<const ReadableFile> below_;
  const PlanPtr plan_;
};

class FaultStagedFile final : public StagedFile {
 public:
  FaultStagedFile(std::unique_ptr<StagedFile> below, std::string path, PlanPtr plan)
      : below_(std::move(below)), path_(std::move(path)), plan_(std::move(plan)) {}

  Status Append(std::span<const std::byte> bytes) override {
    std::optional<Fault> fault = plan_->Begin(FileCall::kAppend, path_, bytes.size());
    LANCER_RETURN_IF_ERROR(poison_);
    if (!fault.has_value()) {
      return below_->Append(bytes);
    }
    if (*fault == Fault::kShortWrite) {
      LANCER_RETURN_IF_ERROR(below_->Append(bytes.first(bytes.size() / 2)));
    }
    return poison_ = InjectedError(*fault, FileCall::kAppend, path_);
  }
  uint64_t size() const override { return below_->size(); }
  Status Sync() override {
    Status status = plan_->Run(FileCall::kSync, path_, 0,
                               [&] { return poison_.ok() ? below_->Sync() : poison_; });
    if (!status.ok()) {
      poison_ = status;
    }
    return status;
  }
  Result<PublishOutcome> Publish(const std::string& path) override {
    return PublishBy(path, &StagedFile::Publish);
  }
  Result<PublishOutcome> PublishExclusive(const std::string& path) override {
    return PublishBy(path, &StagedFile::PublishExclusive);
  }

 private:
  using Method = Result<PublishOutcome> (StagedFile::*)(const std::string&);

  Result<PublishOutcome> PublishBy(const std::string& path, Method method) {
    std::optional<Fault> fault = plan_->Begin(FileCall::kPublish, path, size());
    LANCER_RETURN_IF_ERROR(poison_);
    if (!fault.has_value()) {
      return (below_.get()->*method)(path);
    }
    if (*fault == Fault::kUnknownNotDone) {
      return PublishOutcome::kUnknown;
    }
    if (*fault != Fault::kUnknownButDone && *fault != Fault::kExistsByOurself) {
      return InjectedError(*fault, FileCall::kPublish, path);
    }
    LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome, (below_.get()->*method)(path));
    if (outcome == PublishOutcome::kExists || *fault == Fault::kExistsByOurself) {
      return PublishOutcome::kExists;
    }
    return PublishOutcome::kUnknown;
  }

  const std::unique_ptr<StagedFile> below_;
  const std::string path_;  // of the temporary file, for messages
  const PlanPtr plan_;
  Status poison_;
};

}  // namespace

FaultFileSystem::FaultFileSystem(std::shared_ptr<FileSystem> below)
    : below_(std::move(below)), plan_(std::make_shared<internal::FaultPlan>()) {}

FaultFileSystem::~FaultFileSystem() = default;

void FaultFileSystem::FailCall(size_t number, Fault fault, bool repeat) {
  std::lock_guard lock(plan_->mutex);
  plan_->orders = {{number, fault}};
  plan_->repeat = repeat;
  plan_->fired_count = 0;
}

void FaultFileSystem::AlsoFailCall(size_t number, Fault fault) {
  std::lock_guard lock(plan_->mutex);
  plan_->orders.push_back({number, fault});
}

void FaultFileSystem::FailNothing() {
  std::lock_guard lock(plan_->mutex);
  plan_->orders.clear();
  if (!plan_->last_armed.has_value()) {
    plan_->last_armed = plan_->calls.size();
  }
}

void FaultFileSystem::BeforeEachCall(
    std::function<void(size_t number, const RecordedCall& call)> hook) {
  std::lock_guard lock(plan_->mutex);
  plan_->hook = std::move(hook);
}

std::vector<RecordedCall> FaultFileSystem::armed_calls() const {
  std::lock_guard lock(plan_->mutex);
  std::vector<RecordedCall> armed = plan_->calls;
  armed.resize(plan_->last_armed.value_or(armed.size()));
  return armed;
}

bool FaultFileSystem::fired() const { return fired_count() > 0; }

size_t FaultFileSystem::fired_count() const {
  std::lock_guard lock(plan_->mutex);
  return plan_->fired_count;
}

std::vector<RecordedCall> FaultFileSystem::calls() const {
  std::lock_guard lock(plan_->mutex);
  return plan_->calls;
}

size_t FaultFileSystem::CountCalls(FileCall call) const {
  std::lock_guard lock(plan_->mutex);
  return static_cast<size_t>(
      std::count_if(plan_->calls.begin(), plan_->calls.end(),
                    [&](const RecordedCall& made) { return made.call == call; }));
}

void FaultFileSystem::ForgetCalls() {
  std::lock_guard lock(plan_->mutex);
  plan_->calls.clear();
  plan_->last_armed.reset();
}

Result<std::shared_ptr<const ReadableFile>> FaultFileSystem::OpenForRead(
    const std::string& path, MapMode map) {
  return plan_->Run(FileCall::kOpen, path, 0,
                    [&]() -> Result<std::shared_ptr<const ReadableFile>> {
                      LANCER_ASSIGN_OR_RETURN(auto file, below_->OpenForRead(path, map));
                      return std::shared_ptr<const ReadableFile>(
                          std::make_shared<FaultReadableFile>(std::move(file), plan_));
                    });
}

Result<std::unique_ptr<StagedFile>> FaultFileSystem::Stage(
    const std::string& directory, const std::string& temporary_path) {
  return plan_->Run(
      FileCall::kStage, directory, 0, [&]() -> Result<std::unique_ptr<StagedFile>> {
        LANCER_ASSIGN_OR_RETURN(auto file, below_->Stage(directory, temporary_path));
        return std::unique_ptr<StagedFile>(
            std::make_unique<FaultStagedFile>(std::move(file), temporary_path, plan_));
      });
}

Status FaultFileSystem::Overwrite(const std::string& path,
                                  std::span<const std::byte> bytes) {
  return plan_->Run(FileCall::kOverwrite, path, bytes.size(),
                    [&] { return below_->Overwrite(path, bytes); });
}

Result<bool> FaultFileSystem::CreateDirectory(const std::string& path) {
  return plan_->Run(FileCall::kCreateDirectory, path, 0,
                    [&] { return below_->CreateDirectory(path); });
}

Status FaultFileSystem::SyncDirectory(const std::string& path) {
  return plan_->Run(FileCall::kSyncDirectory, path, 0,
                    [&] { return below_->SyncDirectory(path); });
}

Result<std::vector<FileInfo>> FaultFileSystem::List(const std::string& path) {
  return plan_->Run(FileCall::kList, path, 0, [&] { return below_->List(path); });
}

Result<std::optional<FileInfo>> FaultFileSystem::Stat(const std::string& path) {
  return plan_->Run(FileCall::kStat, path, 0, [&] { return below_->Stat(path); });
}

Status FaultFileSystem::Remove(const std::string& path) {
  return plan_->Run(FileCall::kRemove, path, 0, [&] { return below_->Remove(path); });
}

Status FaultFileSystem::RemoveDirectory(const std::string& path) {
  return plan_->Run(FileCall::kRemoveDirectory, path, 0,
                    [&] { return below_->RemoveDirectory(path); });
}

Result<std::unique_ptr<FileLock>> FaultFileSystem::Lock(const std::string& path) {
  return plan_->Run(FileCall::kLock, path, 0, [&] { return below_->Lock(path); });
}

Result<std::unique_ptr<FileLock>> FaultFileSystem::TryLock(const std::string& path) {
  return plan_->Run(FileCall::kTryLock, path, 0, [&] { return below_->TryLock(path); });
}

bool FaultFileSystem::LocksProveLife(const std::string& path) {
  return !plan_->Begin(FileCall::kLocksProveLife, path, 0) &&
         below_->LocksProveLife(path);
}

Result<PublishMethod> FaultFileSystem::ProbePublish(const std::string& directory) {
  return plan_->Run(FileCall::kProbePublish, directory, 0,
                    [&] { return below_->ProbePublish(directory); });
}

namespace {

struct NumberedFault {
  size_t number = 0;
  Fault fault = Fault::kDeviceError;
  std::string description;
};

// Every way in which the calls from `first` on can fail.
std::vector<NumberedFault> FaultsFrom(const std::vector<RecordedCall>& calls,
                                      size_t first) {
  std::vector<NumberedFault> faults;
  for (size_t number = first; number < calls.size(); ++number) {
    const RecordedCall& call = calls[number];
    for (Fault fault : FaultsOf(call.call)) {
      faults.push_back({number, fault,
                        "call " + std::to_string(number) + ", " +
                            std::string(FileCallName(call.call)) + " of " + call.path +
                            ": " + std::string(FaultName(fault))});
    }
  }
  return faults;
}

std::vector<NumberedFault> FaultsOfScript(const MakeFileSystem& make_below,
                                          const FaultVisitor& script) {
  FaultFileSystem clean(make_below());
  script(clean, "no fault");
  return FaultsFrom(clean.armed_calls(), 0);
}

}  // namespace

size_t ForEachFault(const MakeFileSystem& make_below, const FaultVisitor& script) {
  size_t injected = 0;
  for (const NumberedFault& fault : FaultsOfScript(make_below, script)) {
    FaultFileSystem faulty(make_below());
    faulty.FailCall(fault.number, fault.fault);
    script(faulty, fault.description);
    injected += faulty.fired() ? 1 : 0;
  }
  return injected;
}

PairCount ForEachPairOfFaults(const MakeFileSystem& make_below,
                              const FaultVisitor& script, uint64_t one_in,
                              uint64_t seed) {
  PairCount count;
  std::shared_ptr<Random> random = MakeSeededRandom(seed);
  for (const NumberedFault& first : FaultsOfScript(make_below, script)) {
    FaultFileSystem alone(make_below());
    alone.FailCall(first.number, first.fault);
    script(alone, first.description);
    for (const NumberedFault& second :
         FaultsFrom(alone.armed_calls(), first.number + 1)) {
      if (random->Next() % one_in != 0) {
        continue;
      }
      FaultFileSystem faulty(make_below());
      faulty.FailCall(first.number, first.fault);
      faulty.AlsoFailCall(second.number, second.fault);
      script(faulty, first.description + "; " + second.description);
      ++count.visited;
      count.injected += faulty.fired_count() == 2 ? 1 : 0;
    }
  }
  return count;
}

}  // namespace lancer::test
