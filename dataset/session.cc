// spec/log.md, "Sessions": an intent is
//
//   [magic "LNCRINTN" 8] [session uuid 16] [version u64]
//   [XXH3-64 of the 32 bytes before it u64]

#include "dataset/session.h"

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "dataset/file_image.h"
#include "encoding/byte_order.h"

namespace lancer::dataset {
namespace {

constexpr std::string_view kMagic = "LNCRINTN";

}  // namespace

SealedRecord SerializeIntent(const Uuid& session, VersionNumber version) {
  SealedRecord bytes = BeginRecord(kMagic);
  std::ranges::copy(session.bytes, bytes.begin() + kMagic.size());
  encoding::StoreLe<uint64_t>(bytes.data() + 24, version.value);
  Seal(&bytes);
  return bytes;
}

std::optional<VersionNumber> ParseIntent(std::span<const std::byte> bytes) {
  return IsSealed(bytes, kMagic)
             ? std::optional(VersionNumber(encoding::LoadLe<uint64_t>(bytes.data() + 24)))
             : std::nullopt;
}

Result<std::unique_ptr<Session>> Session::Begin(const DatasetPaths& paths,
                                                ContextPtr context, PublishMethod method,
                                                VersionNumber version) {
  FileSystem& files = *context->file_system;
  std::unique_ptr<Session> session(new Session(paths, std::move(context), method));
  session->id_ = session->context_->random->NextUuid();
  std::string path = paths.intent(session->id_);
  LANCER_ASSIGN_OR_RETURN(
      PublishOutcome outcome,
      PublishImage(files, SerializeIntent(session->id_, version), path, paths.intents(),
                   session->NewTemporary(), method));
  if (outcome != PublishOutcome::kCreated) {
    // Nothing hangs on this uuid yet; the caller may begin another session.
    return Status::IoError(path + ": cannot be made certain; try again");
  }
  LANCER_RETURN_IF_ERROR(files.SyncDirectory(paths.intents()));
  return session;
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
