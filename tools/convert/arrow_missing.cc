// Stands in for the files that need Arrow C++ in builds without it.
#include "tools/convert/formats.h"

namespace lancer::tools {
namespace {

Status Missing(const std::string& path) {
  return Status::Unsupported(
      path +
      ": this build has no Parquet and Arrow support; install pyarrow into the build's "
      "environment (`make build` does) or Arrow C++ with Parquet, and build again");
}

}  // namespace

Result<std::unique_ptr<Source>> OpenParquet(const std::string& path,
                                            const SourceOptions& /*options*/) {
  return Missing(path);
}

Result<SinkReport> WriteParquet(const std::string& path,
                                std::unique_ptr<BatchReader> /*rows*/,
                                const SinkOptions& /*options*/) {
  return Missing(path);
}

Result<std::unique_ptr<Source>> OpenArrow(const std::string& path,
                                          const SourceOptions& /*options*/) {
  return Missing(path);
}

Result<SinkReport> WriteArrow(const std::string& path,
                              std::unique_ptr<BatchReader> /*rows*/,
                              const SinkOptions& /*options*/) {
  return Missing(path);
}

Result<SinkReport> WriteArrowStream(const std::string& path,
                                    std::unique_ptr<BatchReader> /*rows*/,
                                    const SinkOptions& /*options*/) {
  return Missing(path);
}

}  // namespace lancer::tools
