#include "dataset/node_file.h"

namespace lancer::dataset {

Result<format::FileRef> PublishNodes(const DatasetPaths& paths, FileSystem& files,
                                     Session* session, const FileImage& image) {
  Session::Guard guard(session);
  format::FileRef ref = image.ref;
  ref.path = NodeFileName(session->id(), session->NewFile());
  std::string path = paths.Path(ref.path);
  LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome,
                          PublishImage(files, image.bytes, path, paths.nodes(),
                                       session->NewTemporary(), session->method()));
  if (outcome != PublishOutcome::kCreated) {
    session->KeepIntent();
    // No version refers to the name, so nothing is lost with it.
    return Status::IoError(path + ": cannot be made certain; try again");
  }
  session->NoteNodes(path);
  LANCER_RETURN_IF_ERROR(files.SyncDirectory(paths.nodes()));
  return ref;
}

Result<BufferPtr> ReadSchemaFile(const DatasetPaths& paths, FileSystem& files,
                                 const format::FileRef& ref) {
  std::string path = paths.Path(ref.path);
  auto file = files.OpenForRead(path, MapMode::kNever);
  if (!file) {
    return file.error().code() == StatusCode::kNotFound
               ? Status::Corruption(path + ": the schema's file is missing")
               : file.error();
  }
  LANCER_ASSIGN_OR_RETURN(
      std::shared_ptr<const format::Container> container,
      format::Container::Open(*file, format::FileKind::kTreeNode, &ref));
  auto bytes = container->ReadSection("schema");
  if (!bytes && bytes.error().code() == StatusCode::kNotFound) {
    return Status::Corruption(std::string(bytes.error().message()));
  }
  return bytes;
}

}  // namespace lancer::dataset
