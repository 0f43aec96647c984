#include "io/publish.h"

namespace lancer {

Result<PublishOutcome> PublishDurably(FileSystem& file_system, StagedFile& file,
                                      const std::string& path,
                                      const std::string& directory,
                                      PublishMethod method) {
  LANCER_RETURN_IF_ERROR(file.Sync());
  Result<PublishOutcome> outcome = method == PublishMethod::kExclusiveCreate
                                       ? file.PublishExclusive(path)
                                       : file.Publish(path);
  if (!outcome || *outcome != PublishOutcome::kCreated) {
    return outcome;
  }
  // The name exists now but may vanish in a power cut. A second try after an error proves
  // nothing (the kernel reports it once and forgets), so the answer is "unknown".
  if (!file_system.SyncDirectory(directory).ok()) {
    return PublishOutcome::kUnknown;
  }
  return PublishOutcome::kCreated;
}

}  // namespace lancer
