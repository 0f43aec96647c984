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
  enum class Unit : bool { kRows, kBytes };

  // `wanted`: false draws nothing.
  ProgressBar(bool wanted, Unit unit, std::shared_ptr<Clock> clock);
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws at most ten times a second.
  void Update(uint64_t done, std::optional<uint64_t> total);
  // Takes the line away again.
  void Clear();

  // "[#####-----]  50.0 %  1,000 of 2,000 rows  500 rows/s" or
  // "[#####-----]  50.0 %  1.0 MiB of 2.0 MiB  512 KiB/s", without a line end.
  static std::string Line(Unit unit, uint64_t done, std::optional<uint64_t> total,
                          int64_t micros);

 private:
  bool enabled_;
  Unit unit_;
  bool drawn_ = false;
  std::shared_ptr<Clock> clock_;
  int64_t begin_micros_;
  int64_t last_micros_ = 0;
};

}  // namespace lancer::tools
