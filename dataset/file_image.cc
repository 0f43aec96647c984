#include "dataset/file_image.h"

#include <utility>

namespace lancer::dataset {
namespace {

// Takes bytes into memory; has no name and never gets one.
class MemoryStage final : public StagedFile {
 public:
  Status Append(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return Status::Ok();
  }
  uint64_t size() const override { return bytes_.size(); }
  Status Sync() override { return Status::Ok(); }
  Result<PublishOutcome> Publish(const std::string& path) override {
    return Status::Internal(path + ": an image in memory cannot be published");
  }
  Result<PublishOutcome> PublishExclusive(const std::string& path) override {
    return Publish(path);
  }
  std::vector<std::byte> TakeBytes() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

Result<FileImage> MakeFileImage(format::FileKind kind, const ImageBody& body) {
  MemoryStage stage;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<format::ContainerWriter> writer,
                          format::ContainerWriter::Begin(&stage, kind));
  LANCER_RETURN_IF_ERROR(body(*writer));
  FileImage image;
  LANCER_ASSIGN_OR_RETURN(image.ref, writer->Finish(Schema(), 0));
  image.bytes = stage.TakeBytes();
  return image;
}

Result<FileImage> MakeSectionImage(format::FileKind kind, std::string_view section,
                                   std::span<const std::byte> bytes) {
  return MakeFileImage(kind, [&](format::ContainerWriter& writer) {
    return writer.AddSection(section, bytes);
  });
}

Result<PublishOutcome> PublishName(StagedFile& file, const std::string& path,
                                   PublishMethod method) {
  return method == PublishMethod::kExclusiveCreate ? file.PublishExclusive(path)
                                                   : file.Publish(path);
}

Result<PublishOutcome> PublishImage(FileSystem& file_system,
                                    std::span<const std::byte> bytes,
                                    const std::string& path, const std::string& directory,
                                    const std::string& temporary, PublishMethod method) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> file,
                          file_system.Stage(directory, temporary));
  LANCER_RETURN_IF_ERROR(file->Append(bytes));
  LANCER_RETURN_IF_ERROR(file->Sync());
  return PublishName(*file, path, method);
}

}  // namespace lancer::dataset
