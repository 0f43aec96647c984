// Writes one JSON object per row, one row per line: {"a":1,"b":[2,3]}.
#include <nlohmann/json.hpp>

#include "tools/convert/formats.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {
namespace {

class JsonlSink final : public Sink {
 public:
  JsonlSink(std::unique_ptr<OutputFile> file, const Schema& schema)
      : file_(std::move(file)) {
    for (const Field& field : schema.fields()) {
      std::string name = names_.empty() ? "" : ",";
      name += nlohmann::json(field.name)
                  .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      names_.push_back(name + ":");
    }
  }

  Status Write(const Batch& batch) override {
    std::string line;
    for (int64_t row = 0; row < batch.length; ++row) {
      line.assign(1, '{');
      for (size_t i = 0; i < names_.size(); ++i) {
        line += names_[i];
        line += batch.columns[i]->FormatValue(row, batch.schema->field(i));
      }
      line += "}\n";
      LANCER_RETURN_IF_ERROR(file_->Write(line));
    }
    return Status::Ok();
  }

  Result<SinkReport> Finish() override {
    LANCER_RETURN_IF_ERROR(file_->Commit());
    return SinkReport{.version = std::nullopt, .bytes = file_->size()};
  }

 private:
  std::unique_ptr<OutputFile> file_;
  std::vector<std::string> names_;  // quoted, with ',' before and ':' behind
};

}  // namespace

Result<SinkReport> WriteJsonl(const std::string& path, std::unique_ptr<BatchReader> rows,
                              const SinkOptions& options) {
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<OutputFile> file,
      OutputFile::Create(path, options.mode == OutputMode::kOverwrite));
  JsonlSink sink(std::move(file), *rows->schema());
  return Drain(rows.get(), &sink);
}

}  // namespace lancer::tools
