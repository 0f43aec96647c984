// FORMAT: what holds for a dataset for ever, written once (spec: dataset, "FORMAT").
//
// Ownership: values. Thread rule: safe for concurrent calls.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/file_image.h"
#include "lancer/file_system.h"
#include "lancer/ids.h"

namespace lancer::dataset {

struct FormatFile {
  Uuid table;
  std::string file_hash = "xxh3-128";  // of references
  std::vector<std::string> required_features;
  PublishMethod publish_method = PublishMethod::kLink;
  bool single_host = false;  // writers of several machines must not write at once
  int64_t created_us = 0;
  std::string written_by;
  friend bool operator==(const FormatFile&, const FormatFile&) = default;
};

Result<FileImage> EncodeFormatFile(const FormatFile& format);
// Does I/O. Errors: NotFound; Corruption; Unsupported for hashes and features that this
// build does not have.
Result<FormatFile> ReadFormatFile(FileSystem& file_system, const std::string& path);

}  // namespace lancer::dataset
