// Progress of a long operation, told through a callback.
//
// The callback runs on the thread that called the operation, at most some ten times a
// second. It must not call back into the object that reports. Lifetime: called only while
// the operation runs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace lancer {

struct Progress {
  std::string_view phase;  // "reading", "writing", "verifying"; static lifetime
  uint64_t rows_done = 0;
  uint64_t bytes_done = 0;
  std::optional<uint64_t> rows_total = {};   // when known
  std::optional<uint64_t> bytes_total = {};  // when known
};

using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace lancer
