// VersionInfo: what is known of one published version of a dataset.
//
// Ownership: values. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lancer/export.h"
#include "lancer/ids.h"
#include "lancer/schema.h"

namespace lancer {

// What a commit did. Stored as a number: append only.
enum class OperationKind : uint8_t {
  kCreate = 0,
  kAppend = 1,
  kOverwrite = 2,
  kRestore = 3,
  kBarrier = 4,  // fills a version number and changes nothing
};
LANCER_EXPORT std::string_view OperationName(OperationKind kind);

struct VersionInfo {
  VersionNumber version;
  VersionNumber parent;  // 0: none
  int64_t time_us = 0;   // UTC, grows with the version
  OperationKind operation = OperationKind::kCreate;
  std::string message;  // the author's, may be empty
  uint64_t rows = 0;
  uint64_t fragments = 0;
  uint64_t data_bytes = 0;  // of all data files of the version
  uint64_t manifest_bytes = 0;
  Uuid transaction;
};

// RFC 3339 with a zone ("2026-11-21T13:17:00Z", "+02:00", fractions to microseconds) to
// microseconds since 1970. Errors: InvalidArgument, also when the zone is missing.
LANCER_EXPORT Result<int64_t> ParseTime(std::string_view text);
// "2026-11-21T13:17:00.123456Z".
LANCER_EXPORT std::string FormatTime(int64_t time_us);

}  // namespace lancer
