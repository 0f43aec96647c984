// Writes a Lancer dataset, or one Lancer file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "io/posix.h"
#include "lancer/dataset.h"
#include "lancer/file_writer.h"
#include "tools/convert/formats.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {
namespace {

namespace fs = std::filesystem;

WriterOptions WriterOptionsOf(const SinkOptions& options) {
  WriterOptions writer;
  writer.profile = options.profile;
  writer.written_by = "lance-convert";
  writer.cancel = options.cancel;
  return writer;
}

// A file that is being written has no name yet, so that the writer's errors name its
// folder: gives them the path.
Status NameTheFile(const Status& status, const std::string& path) {
  const std::string folder = ParentOfPath(path) + ": ";
  const std::string_view message = status.message();
  return message.starts_with(folder)
             ? Status(status.code(),
                      fmt::format("{}: {}", path, message.substr(folder.size())))
             : status;
}

// Takes the new file's bytes from a temporary name beside it.
class SingleFileSink final : public Sink {
 public:
  SingleFileSink(std::unique_ptr<FileWriter> writer, std::string temporary,
                 std::string path)
      : writer_(std::move(writer)),
        temporary_(std::move(temporary)),
        path_(std::move(path)) {}

  Status Write(const Batch& batch) override {
    return NameTheFile(writer_->Write(batch), path_);
  }
  Result<SinkReport> Finish() override {
    Result<FileSummary> summary = writer_->Finish();
    if (!summary.has_value()) {
      return NameTheFile(summary.error(), path_);
    }
    if (temporary_ != path_) {
      std::error_code error;
      fs::rename(temporary_, path_, error);
      if (error) {
        std::error_code ignored;
        fs::remove(temporary_, ignored);
        return Status::IoError(path_ + ": cannot replace it: " + error.message());
      }
      const Status synced =
          DefaultContext()->file_system->SyncDirectory(ParentOfPath(path_));
      if (!synced.ok()) {
        return Status::Unknown(
            fmt::format("{}: {}; it is complete, but a power cut may bring back what it "
                        "replaced",
                        path_, synced.message()));
      }
    }
    return SinkReport{.version = std::nullopt, .bytes = summary->size_bytes};
  }

 private:
  std::unique_ptr<FileWriter> writer_;
  std::string temporary_;
  std::string path_;
};

Result<SinkReport> WriteSingleFile(const std::string& path, BatchReader* rows,
                                   const SinkOptions& options) {
  if (options.mode == OutputMode::kAppend) {
    return Status::Unsupported(
        path +
        ": a single file cannot be appended to; make a dataset (without "
        "--single-file)");
  }
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return Status::InvalidArgument(path +
                                   ": is a folder; leave --single-file out, or give "
                                   "another name");
  }
  LANCER_ASSIGN_OR_RETURN(std::string target,
                          OutputTarget(path, options.mode == OutputMode::kOverwrite));
  std::string temporary = target;
  if (fs::exists(target, error)) {
    temporary = TemporaryOf(target);
    fs::remove(temporary, error);  // of a run that was killed
  }
  Result<std::unique_ptr<FileWriter>> writer =
      FileWriter::Create(temporary, *rows->schema(), WriterOptionsOf(options));
  if (!writer.has_value()) {
    return NameTheFile(writer.error(), target);
  }
  SingleFileSink sink(*std::move(writer), temporary, target);
  return Drain(rows, &sink);
}

// Standard output as what a file is written into. It has no name to publish.
class StandardOutput final : public StagedFile {
 public:
  explicit StandardOutput(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}

  Status Append(std::span<const std::byte> bytes) override { return file_->Write(bytes); }
  uint64_t size() const override { return file_->size(); }
  Status Sync() override { return file_->Commit(); }
  Result<PublishOutcome> Publish(const std::string& path) override {
    return Status::Unsupported(path + ": standard output has no name");
  }
  Result<PublishOutcome> PublishExclusive(const std::string& path) override {
    return Publish(path);
  }

 private:
  std::unique_ptr<OutputFile> file_;
};

Result<SinkReport> WriteToStandardOutput(BatchReader* rows, const SinkOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<OutputFile> file,
                          OutputFile::Create("-", false));
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<FileWriter> writer,
      FileWriter::Create(std::make_unique<StandardOutput>(std::move(file)),
                         *rows->schema(), WriterOptionsOf(options), DefaultContext()));
  SingleFileSink sink(std::move(writer), "-", "-");
  return Drain(rows, &sink);
}

// True when a dataset, complete enough to be opened, is at `path`.
Result<bool> DatasetExists(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    return false;
  }
  Result<std::shared_ptr<Dataset>> dataset = Dataset::Open(path);
  if (dataset.has_value()) {
    return true;
  }
  if (dataset.error().code() == StatusCode::kNotFound) {
    return false;
  }
  return dataset.error();
}

Result<SinkReport> CreateDataset(const std::string& path,
                                 std::unique_ptr<BatchReader> rows,
                                 const WriteOptions& write) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<Dataset> dataset,
                          Dataset::Create(path, std::move(rows), write));
  return SinkReport{.version = dataset->version().value,
                    .bytes = dataset->info().data_bytes + dataset->info().manifest_bytes};
}

std::vector<std::string> NamesOf(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    names.push_back(field.name);
  }
  return names;
}

// What to do when rows do not fit a dataset; empty when that is not for their columns.
std::string AppendRemedy(const Schema& dataset, const Schema& rows) {
  constexpr size_t kShownBytes = 200;
  const std::vector<std::string> wanted = NamesOf(dataset);
  if (const std::vector<std::string> found = NamesOf(rows); wanted != found) {
    const std::string names = fmt::format("{}", fmt::join(wanted, ","));
    return rows.Select(wanted).has_value() && names.size() <= kShownBytes
               ? "; --columns " + names + " gives them in the dataset's order"
               : "; an append has the dataset's columns in its order (--columns and "
                 "--rename choose them)";
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!rows.field(i).type->Equals(*dataset.field(i).type)) {
      return "; write the input with that type, or make another dataset";
    }
  }
  return {};
}

Result<SinkReport> AddVersion(const std::string& path, std::unique_ptr<BatchReader> rows,
                              OutputMode mode, const WriteOptions& write) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<Dataset> dataset, Dataset::Open(path));
  (void)dataset->RemoveLeftovers();  // a write does not fail for what is left
  const std::shared_ptr<const Schema> schema = rows->schema();
  Result<CommitResult> commit = mode == OutputMode::kAppend
                                    ? dataset->Append(std::move(rows), write)
                                    : dataset->Overwrite(std::move(rows), write);
  if (commit.has_value()) {
    return SinkReport{.version = commit->version.value, .bytes = commit->bytes_written};
  }
  const Status& error = commit.error();
  const std::string message(error.message());
  const bool misfit = mode == OutputMode::kAppend &&
                      error.code() == StatusCode::kInvalidArgument &&
                      message.find("; ") == message.npos;
  return misfit
             ? Status(error.code(), message + AppendRemedy(*dataset->schema(), *schema))
             : error;
}

// Rows that stay when the writer they were lent to lets them go.
class LentRows final : public BatchReader {
 public:
  explicit LentRows(BatchReader* rows, bool* begun) : rows_(rows), begun_(begun) {}

  const std::shared_ptr<const Schema>& schema() const override { return rows_->schema(); }
  Result<std::optional<Batch>> Next() override {
    *begun_ = true;
    return rows_->Next();
  }

 private:
  BatchReader* rows_;
  bool* begun_;
};

// Makes the dataset, or adds to the one that another run has made meanwhile.
Result<SinkReport> CreateOrAddVersion(const std::string& path,
                                      std::unique_ptr<BatchReader> rows, OutputMode mode,
                                      const WriteOptions& write) {
  bool begun = false;
  Result<SinkReport> created =
      CreateDataset(path, std::make_unique<LentRows>(rows.get(), &begun), write);
  const bool lost = !created.has_value() &&
                    created.error().code() == StatusCode::kAlreadyExists &&
                    DatasetExists(path).value_or(false);
  if (!lost) {
    return created;
  }
  if (begun) {  // the rows cannot be read a second time
    return Status::Conflict(path + ": another run made it meanwhile; run this one again");
  }
  return AddVersion(path, std::move(rows), mode, write);
}

}  // namespace

Result<SinkReport> WriteLancer(const std::string& path, std::unique_ptr<BatchReader> rows,
                               const SinkOptions& options) {
  if (path == "-" && !options.single_file) {
    return Status::Unsupported(
        "standard output: a Lancer dataset is a folder; give its path, or --single-file "
        "to write one Lancer file");
  }
  LANCER_RETURN_IF_ERROR(rows->schema()->Validate().WithContext(path));
  if (path == "-") {
    return WriteToStandardOutput(rows.get(), options);
  }
  std::error_code error;
  if (options.single_file) {
    return WriteSingleFile(path, rows.get(), options);
  }
  if (fs::exists(path, error) && !fs::is_directory(path, error)) {
    return Status::AlreadyExists(
        path +
        ": is a file; give --single-file with --mode overwrite to replace it, or "
        "another name");
  }
  WriteOptions write;
  write.writer = WriterOptionsOf(options);
  LANCER_ASSIGN_OR_RETURN(bool exists, DatasetExists(path));
  if (!exists) {
    // Create refuses folders of other things and goes on over its own leftovers.
    return options.mode == OutputMode::kCreate
               ? CreateDataset(path, std::move(rows), write)
               : CreateOrAddVersion(path, std::move(rows), options.mode, write);
  }
  if (options.mode == OutputMode::kCreate) {
    return Status::AlreadyExists(
        path +
        ": exists already; give --mode append or --mode overwrite, or another name");
  }
  return AddVersion(path, std::move(rows), options.mode, write);
}

}  // namespace lancer::tools
