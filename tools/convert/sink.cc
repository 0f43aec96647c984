#include "tools/convert/sink.h"

#include <filesystem>

#include "io/posix.h"
#include "tools/convert/formats.h"

namespace lancer::tools {

Result<SinkReport> Drain(BatchReader* rows, Sink* sink) {
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, rows->Next());
    if (!batch) {
      return sink->Finish();
    }
    LANCER_RETURN_IF_ERROR(sink->Write(*batch));
  }
}

namespace {

// An output is made in a folder that exists: a mistyped path is not worth new folders.
Status CheckFolder(const std::string& path) {
  const std::string folder = ParentOfPath(path);
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) {
    return Status::NotFound(path + ": its folder " + folder +
                            " does not exist; make it first");
  }
  return std::filesystem::is_directory(folder, error)
             ? Status::Ok()
             : Status::InvalidArgument(path + ": " + folder +
                                       " is not a folder; give another name");
}

}  // namespace

Result<SinkReport> WriteOutput(const std::string& path, std::unique_ptr<BatchReader> rows,
                               const SinkOptions& options) {
  const Format* format = nullptr;
  if (!options.format.empty()) {
    LANCER_ASSIGN_OR_RETURN(format, FindFormat(options.format));
  } else if (path == "-") {
    return Status::InvalidArgument("standard output needs --to FORMAT; there are " +
                                   FormatNames());
  } else if (format = FormatOfSuffix(path); format == nullptr) {
    return Status::InvalidArgument(
        path +
        ": its suffix names no format; give --to FORMAT; there "
        "are " +
        FormatNames());
  }
  if (options.mode == OutputMode::kAppend && format->name != "lancer") {
    return Status::Unsupported(path + ": only Lancer datasets can be appended to");
  }
  if (path != "-") {
    LANCER_RETURN_IF_ERROR(CheckFolder(path));
  }
  return format->write(path, std::move(rows), options);
}

}  // namespace lancer::tools
