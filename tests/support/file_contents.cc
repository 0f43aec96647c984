#include "tests/support/file_contents.h"

#include <cstring>

#include "io/posix.h"
#include "io/publish.h"

namespace lancer::test {

std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

Status PublishFile(FileSystem& file_system, const std::string& path,
                   std::span<const std::byte> bytes) {
  std::string directory = ParentOfPath(path);
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> file,
                          file_system.Stage(directory, path + ".staged"));
  LANCER_RETURN_IF_ERROR(file->Append(bytes));
  LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome,
                          PublishDurably(file_system, *file, path, directory));
  switch (outcome) {
    case PublishOutcome::kCreated:
      return Status::Ok();
    case PublishOutcome::kExists:
      return Status::AlreadyExists(path + ": exists already");
    case PublishOutcome::kUnknown:
      break;
  }
  return Status::Unknown(path + ": may or may not have been published");
}

Status PublishFile(FileSystem& file_system, const std::string& path,
                   std::string_view text) {
  return PublishFile(file_system, path, BytesOf(text));
}

Result<std::vector<std::byte>> ReadFileBytes(FileSystem& file_system,
                                             const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                          file_system.OpenForRead(path, MapMode::kNever));
  std::vector<std::byte> bytes(static_cast<size_t>(file->size()));
  ReadRange range{0, bytes};
  LANCER_RETURN_IF_ERROR(file->ReadBatch({&range, 1}));
  return bytes;
}

Result<std::string> ReadFileText(FileSystem& file_system, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::vector<std::byte> bytes, ReadFileBytes(file_system, path));
  std::string text(bytes.size(), '\0');
  if (!bytes.empty()) {
    std::memcpy(text.data(), bytes.data(), bytes.size());
  }
  return text;
}

Result<std::vector<std::string>> ListNames(FileSystem& file_system,
                                           const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::vector<FileInfo> entries, file_system.List(path));
  std::vector<std::string> names;
  for (const FileInfo& entry : entries) {
    names.push_back(entry.is_directory ? entry.name + "/" : entry.name);
  }
  return names;
}

}  // namespace lancer::test
