#include "dataset/fragment_writer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dataset/file_image.h"

namespace lancer::dataset {
namespace {

// The same rows under the schema's types, which differ in metadata and in what may be
// null.
Batch Relabel(const Batch& batch, const std::shared_ptr<const Schema>& schema) {
  Batch relabelled{schema, batch.length, batch.columns};
  for (size_t i = 0; i < relabelled.columns.size(); ++i) {
    const TypePtr& type = schema->field(i).type;
    if (relabelled.columns[i]->type() != type) {
      relabelled.columns[i] = relabelled.columns[i]->WithType(type);
    }
  }
  return relabelled;
}

}  // namespace

uint64_t FragmentWriter::bytes_written() const {
  uint64_t bytes = file_ == nullptr ? 0 : file_->bytes_written();
  for (const NewFragment& fragment : fragments_) {
    bytes += fragment.file.size;
  }
  return bytes;
}

Status FragmentWriter::BeginFile() {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> staged,
                          store_->context->file_system->Stage(store_->paths.data(),
                                                              session_->NewTemporary()));
  WriterOptions writer = options_.writer;
  if (writer.progress) {
    // Numbers go on from file to file.
    writer.progress = [callback = options_.writer.progress, rows = rows_,
                       bytes = bytes_written()](const Progress& progress) {
      Progress sum = progress;
      sum.rows_done += rows;
      sum.bytes_done += bytes;
      callback(sum);
    };
  }
  LANCER_ASSIGN_OR_RETURN(file_, FileWriter::Create(std::move(staged), *schema_,
                                                    std::move(writer), store_->context));
  return Status::Ok();
}

Status FragmentWriter::EndFile() {
  LANCER_ASSIGN_OR_RETURN(FileSummary summary, file_->Finish());
  NewFragment fragment;
  fragment.rows = summary.rows;
  fragment.file = {.path = DataFileName(session_->id(), session_->NewFile()),
                   .size = summary.size_bytes,
                   .digest = summary.digest};
  fragments_.push_back(std::move(fragment));
  waiting_.push_back(file_->TakeStagedFile());
  file_.reset();
  return waiting_.size() >= kMaxWaiting ? PublishWaiting() : Status::Ok();
}

Status FragmentWriter::WriteBatch(const Batch& batch) {
  uint64_t most_rows =
      std::clamp<uint64_t>(options_.fragment_rows, 1, kFragmentRowsEnd - 1);
  int64_t first = 0;
  while (first < batch.length) {
    if (file_ == nullptr) {
      LANCER_RETURN_IF_ERROR(BeginFile());
    }
    auto room = static_cast<int64_t>(most_rows - file_->rows_written());
    int64_t n = std::min(batch.length - first, room);
    const Status written =
        file_->Write(first == 0 && n == batch.length ? batch : batch.Slice(first, n));
    if (written.code() == StatusCode::kInvalidArgument && rows_ > 0) {
      return written.WithContext("rows counted from " + std::to_string(rows_));
    }
    LANCER_RETURN_IF_ERROR(written);
    first += n;
    rows_ += static_cast<uint64_t>(n);
    if (file_->rows_written() >= most_rows ||
        file_->bytes_written() >= options_.fragment_bytes) {
      LANCER_RETURN_IF_ERROR(EndFile());
    }
  }
  return Status::Ok();
}

Status FragmentWriter::WriteAll(BatchReader* rows) {
  while (true) {
    LANCER_RETURN_IF_ERROR(options_.writer.cancel.Check());
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      return Status::Ok();
    }
    LANCER_RETURN_IF_ERROR(WriteBatch(Relabel(*batch, schema_)));
  }
}

Status FragmentWriter::Finish() { return file_ == nullptr ? Status::Ok() : EndFile(); }

Status FragmentWriter::PublishWaiting() {
  for (std::unique_ptr<StagedFile>& file : waiting_) {
    std::string path = store_->paths.Path(fragments_[published_].file.path);
    LANCER_ASSIGN_OR_RETURN(PublishOutcome outcome,
                            PublishName(*file, path, session_->method()));
    if (outcome != PublishOutcome::kCreated) {
      // No version refers to a file of ours yet, so the rows can be written again. The
      // name may be there or not; it is left to collection.
      session_->KeepIntent();
      return Status::IoError(path +
                             ": the new file's name cannot be made certain; try "
                             "again");
    }
    ++published_;
    file.reset();
  }
  waiting_.clear();
  return Status::Ok();
}

Status FragmentWriter::Publish() {
  LANCER_RETURN_IF_ERROR(PublishWaiting());
  return fragments_.empty()
             ? Status::Ok()
             : store_->context->file_system->SyncDirectory(store_->paths.data());
}

void FragmentWriter::Discard() {
  if (published_ == 0) {
    return;
  }
  for (size_t i = 0; i < published_; ++i) {
    std::string path = store_->paths.Path(fragments_[i].file.path);
    Status removed = store_->context->file_system->Remove(path);
    if (!removed.ok() && removed.code() != StatusCode::kNotFound) {
      session_->KeepIntent();
    }
  }
  // After a power cut a file must not come back without the intent that explains it.
  if (!store_->context->file_system->SyncDirectory(store_->paths.data()).ok()) {
    session_->KeepIntent();
  }
}

}  // namespace lancer::dataset
