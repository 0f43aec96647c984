#include "io/local_publish_probe.h"

#include <unistd.h>

#include <array>

#include "io/local_staged_file.h"
#include "lancer/context.h"

namespace lancer {
namespace {

struct Attempt {
  std::string_view name;
  PublishMethod method;
  StagingMethods staging;
};

// From the best to the poorest.
constexpr std::array<Attempt, 4> kAttempts = {{
    {"O_TMPFILE and link", PublishMethod::kLink, {true, true, false}},
    {"a named file and link", PublishMethod::kLink, {false, true, false}},
    {"renameat2", PublishMethod::kRenameNoReplace, {false, false, true}},
    {"exclusive creation", PublishMethod::kExclusiveCreate, {false, false, false}},
}};

Result<PublishOutcome> PublishOnce(const Attempt& attempt, const std::string& directory,
                                   const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<StagedFile> file,
      LocalStagedFile::Open(directory, path + ".tmp", attempt.staging, nullptr));
  constexpr std::array<std::byte, 1> kByte = {std::byte{0}};
  LANCER_RETURN_IF_ERROR(file->Append(kByte));
  LANCER_RETURN_IF_ERROR(file->Sync());
  return attempt.method == PublishMethod::kExclusiveCreate ? file->PublishExclusive(path)
                                                           : file->Publish(path);
}

// OK when the method creates a new name and refuses to replace it.
Status Try(const Attempt& attempt, const std::string& directory,
           const std::string& path) {
  for (PublishOutcome expected : {PublishOutcome::kCreated, PublishOutcome::kExists}) {
    LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome,
                            PublishOnce(attempt, directory, path));
    if (outcome != expected) {
      return Status::Unsupported(path + ": the method does not keep its promise");
    }
  }
  return Status::Ok();
}

}  // namespace

Result<PublishMethod> ProbeLocalPublish(const std::string& directory) {
  std::string path = directory + "/.probe-" + MakeSystemRandom()->NextUuid().Prefix();
  std::string refusals;
  for (const Attempt& attempt : kAttempts) {
    Status status = Try(attempt, directory, path);
    unlink(path.c_str());
    if (status.ok()) {
      return attempt.method;
    }
    // A directory that is missing, full or read-only says nothing about methods.
    if (status.code() == StatusCode::kNotFound ||
        status.code() == StatusCode::kResourceExhausted) {
      return status;
    }
    if (attempt.method == PublishMethod::kExclusiveCreate &&
        status.code() == StatusCode::kIoError) {
      return status;
    }
    refusals.append("; ").append(attempt.name).append(": ").append(status.ToString());
  }
  return Status::Unsupported(directory +
                             ": this file system cannot publish a file without replacing "
                             "another; choose one that can" +
                             refusals);
}

}  // namespace lancer
