// ProgressBar: one line on a terminal that tells how far a long operation is.
//
// Draws on standard error, and only when that is a terminal. Thread rule: one thread at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lancer/context.h"

namespace lancer::tools {

class ProgressBar {
 public:
  // `wanted`: false draws nothing.
  ProgressBar(bool wanted, std::shared_ptr<Clock> clock);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws at most ten times a second.
  void Update(uint64_t done, std::optional<uint64_t> total);
  // Takes the line away again.
  void Clear();

  // "[#####-----]  50.0 %  1,000 of 2,000 rows  500 rows/s" without a line end.
  static std::string Line(uint64_t done, std::optional<uint64_t> total, int64_t micros);

 private:
  bool enabled_;
  bool drawn_ = false;
  std::shared_ptr<Clock> clock_;
  int64_t begin_micros_;
  int64_t last_micros_ = 0;
};

}  // namespace lancer::tools
