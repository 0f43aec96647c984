// The table of formats: one row per format, looked up by name, suffix or content.
//
// Lifetime: the table is static. Thread rule: safe for concurrent calls.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/convert/sink.h"
#include "tools/convert/source.h"

namespace lancer::tools {

struct Format {
  std::string_view name;                   // as --from and --to spell it
  std::vector<std::string_view> suffixes;  // with the dot; the first one is the usual one
  // Opens one file (or "-").
  Result<std::unique_ptr<Source>> (*open)(const std::string& path,
                                          const SourceOptions& options);
  Result<SinkReport> (*write)(const std::string& path, std::unique_ptr<BatchReader> rows,
                              const SinkOptions& options);
};

std::span<const Format> Formats();
// "parquet, arrow, ...": for messages.
std::string FormatNames();
// Errors: InvalidArgument naming the formats there are.
Result<const Format*> FindFormat(std::string_view name);
// The format of a path by its suffix (letter case does not count); null when none fits.
const Format* FormatOfSuffix(std::string_view path);
// The format of an existing file by its suffix, else by its first bytes; null when
// neither tells.
const Format* FormatOfFile(const std::string& path);

// The functions in the table, each in a file of its own.
Result<std::unique_ptr<Source>> OpenParquet(const std::string& path,
                                            const SourceOptions& options);
Result<SinkReport> WriteParquet(const std::string& path,
                                std::unique_ptr<BatchReader> rows,
                                const SinkOptions& options);
Result<std::unique_ptr<Source>> OpenArrow(const std::string& path,
                                          const SourceOptions& options);
// The IPC file format (a stream to "-").
Result<SinkReport> WriteArrow(const std::string& path, std::unique_ptr<BatchReader> rows,
                              const SinkOptions& options);
// The IPC stream format.
Result<SinkReport> WriteArrowStream(const std::string& path,
                                    std::unique_ptr<BatchReader> rows,
                                    const SinkOptions& options);
Result<std::unique_ptr<Source>> OpenCsv(const std::string& path,
                                        const SourceOptions& options);
Result<SinkReport> WriteCsv(const std::string& path, std::unique_ptr<BatchReader> rows,
                            const SinkOptions& options);
Result<std::unique_ptr<Source>> OpenJsonl(const std::string& path,
                                          const SourceOptions& options);
Result<SinkReport> WriteJsonl(const std::string& path, std::unique_ptr<BatchReader> rows,
                              const SinkOptions& options);
Result<std::unique_ptr<Source>> OpenNpy(const std::string& path,
                                        const SourceOptions& options);
Result<SinkReport> WriteNpy(const std::string& path, std::unique_ptr<BatchReader> rows,
                            const SinkOptions& options);
Result<std::unique_ptr<Source>> OpenLancer(const std::string& path,
                                           const SourceOptions& options);
Result<SinkReport> WriteLancer(const std::string& path, std::unique_ptr<BatchReader> rows,
                               const SinkOptions& options);

}  // namespace lancer::tools
