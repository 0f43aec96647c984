// spec/log.md, "Sessions": an intent is
//
//   [magic "LNCRINTN" 8] [session uuid 16] [version, and bit 63: locked u64]
//   [XXH3-64 of the 32 bytes before it u64]

#include "dataset/session.h"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "dataset/file_image.h"
#include "encoding/byte_order.h"

namespace lancer::dataset {
namespace {

constexpr std::string_view kMagic = "LNCRINTN";
constexpr uint64_t kLockedBit = uint64_t{1} << 63;  // version numbers are below it
// How often a session begins anew because another writer took it for dead between the
// naming of its intent and its lock: some microseconds.
constexpr int kMaxBeginnings = 8;

}  // namespace

SealedRecord SerializeIntent(const Intent& intent) {
  SealedRecord bytes = BeginRecord(kMagic);
  std::ranges::copy(intent.session.bytes, bytes.begin() + kMagic.size());
  encoding::StoreLe<uint64_t>(bytes.data() + 24,
                              intent.begin.value | (intent.locked ? kLockedBit : 0));
  Seal(&bytes);
  return bytes;
}

std::optional<Intent> ParseIntent(std::span<const std::byte> bytes) {
  if (!IsSealed(bytes, kMagic)) {
    return std::nullopt;
  }
  Intent intent;
  std::ranges::copy(bytes.subspan(kMagic.size(), intent.session.bytes.size()),
                    intent.session.bytes.begin());
  const auto version = encoding::LoadLe<uint64_t>(bytes.data() + 24);
  intent.begin = VersionNumber(version & ~kLockedBit);
  intent.locked = (version & kLockedBit) != 0;
  return intent;
}

Session::Session(DatasetPaths paths, ContextPtr context, PublishMethod method)
    : paths_(std::move(paths)),
      context_(std::move(context)),
      method_(method),
      process_(getpid()) {}

Result<std::unique_ptr<Session>> Session::Begin(const DatasetPaths& paths,
                                                ContextPtr context, PublishMethod method,
                                                VersionNumber version) {
  FileSystem& files = *context->file_system;
  const bool locked = files.LocksProveLife(paths.intents());
  std::unique_ptr<Session> session(new Session(paths, std::move(context), method));
  bool begun = false;
  for (int i = 0; i < kMaxBeginnings && !begun; ++i) {
    session->id_ = session->context_->random->NextUuid();
    LANCER_ASSIGN_OR_RETURN(begun, session->TryBegin(version, locked));
  }
  if (!begun) {
    return Status::IoError(paths.intents() +
                           ": other writers take each new session for a dead one; try "
                           "again");
  }
  LANCER_RETURN_IF_ERROR(files.SyncDirectory(paths.intents()));
  return session;
}

// Names the intent and locks it. False when another writer holds it for that of a dead
// session: it removes it, and no file hangs on its uuid.
Result<bool> Session::TryBegin(VersionNumber version, bool locked) {
  FileSystem& files = *context_->file_system;
  const std::string path = paths_.intent(id_);
  LANCER_ASSIGN_OR_RETURN(
      PublishOutcome outcome,
      PublishImage(files,
                   SerializeIntent({.session = id_, .begin = version, .locked = locked}),
                   path, paths_.intents(), NewTemporary(), method_));
  if (outcome != PublishOutcome::kCreated) {
    // Nothing hangs on this uuid yet; the caller may begin another session.
    return Status::IoError(path + ": cannot be made certain; try again");
  }
  if (!locked) {
    return true;
  }
  auto lock = files.TryLock(path);
  if (!lock && lock.error().code() != StatusCode::kNotFound) {
    return lock.error();
  }
  lock_ = lock ? *std::move(lock) : nullptr;
  return lock_ != nullptr;
}

bool Session::usable() const { return process_ == getpid() && !given_up_; }

Status Session::CheckIntent() {
  if (lock_ == nullptr) {
    return Status::Ok();  // nobody takes such a session for dead
  }
  const std::string path = paths_.intent(id_);
  LANCER_ASSIGN_OR_RETURN(std::optional<FileInfo> intent,
                          context_->file_system->Stat(path));
  if (!intent.has_value()) {
    given_up_ = true;
    return Status::Fenced(path +
                          ": this writer was taken for dead, because its lock was lost, "
                          "and its new files were removed; nothing was committed: write "
                          "again");
  }
  return Status::Ok();
}

void Session::DiscardNodes() {
  if (nodes_.empty()) {
    return;
  }
  FileSystem& files = *context_->file_system;
  for (const std::string& path : nodes_) {
    Status removed = files.Remove(path);
    if (!removed.ok() && removed.code() != StatusCode::kNotFound) {
      keep_intent_ = true;
    }
  }
  nodes_.clear();
  // After a power cut a file must not come back without the intent that explains it.
  if (!files.SyncDirectory(paths_.nodes()).ok()) {
    keep_intent_ = true;
  }
}

Session::~Session() {
  if (process_ != getpid()) {
    return;  // the copy of a forked child: the session is its parent's
  }
  try {
    DiscardNodes();
    if (!keep_intent_ && !id_.is_nil()) {
      (void)context_->file_system->Remove(paths_.intent(id_));
    }
  } catch (const std::bad_alloc&) {
    // The intent stays, and explains what does.
  }
}

std::string Session::NewTemporary() {
  return paths_.temporary(id_, context_->random->NextUuid());
}

}  // namespace lancer::dataset
