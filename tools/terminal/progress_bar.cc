#include "tools/terminal/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tools/terminal/sizes.h"

namespace lancer::tools {
namespace {

constexpr int64_t kIntervalMicros = 100'000;
constexpr uint64_t kBarWidth = 30;

}  // namespace

ProgressBar::ProgressBar(bool wanted, Unit unit, std::shared_ptr<Clock> clock)
    : enabled_(wanted && isatty(STDERR_FILENO) == 1),
      unit_(unit),
      clock_(std::move(clock)),
      begin_micros_(clock_->MonotonicMicros()) {}

std::string ProgressBar::Line(Unit unit, uint64_t done, std::optional<uint64_t> total,
                              int64_t micros) {
  const bool rows = unit == Unit::kRows;
  const auto amount = [&](uint64_t n) { return rows ? FormatCount(n) : FormatSize(n); };
  const std::string_view suffix = rows ? " rows" : "";
  std::string line;
  if (total && *total > 0) {
    const uint64_t shown = std::min(done, *total);
    const double share = static_cast<double>(shown) / static_cast<double>(*total);
    const auto filled = static_cast<uint64_t>(share * static_cast<double>(kBarWidth));
    line = fmt::format("[{}{}] {:5.1f} %  {} of {}{}", std::string(filled, '#'),
                       std::string(kBarWidth - filled, '-'), 100 * share, amount(done),
                       amount(*total), suffix);
  } else {
    line = fmt::format("{}{}", amount(done), suffix);
  }
  const double seconds = static_cast<double>(std::max<int64_t>(micros, 1)) / 1e6;
  const auto rate = static_cast<uint64_t>(static_cast<double>(done) / seconds);
  return line + fmt::format("  {}{}/s", amount(rate), suffix);
}

void ProgressBar::Update(uint64_t done, std::optional<uint64_t> total) {
  if (!enabled_) {
    return;
  }
  const int64_t now = clock_->MonotonicMicros();
  if (drawn_ && now - last_micros_ < kIntervalMicros) {
    return;
  }
  drawn_ = true;
  last_micros_ = now;
  fmt::print(stderr, "\r\x1b[K{}", Line(unit_, done, total, now - begin_micros_));
  std::fflush(stderr);
}

void ProgressBar::Clear() {
  if (drawn_) {
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    drawn_ = false;
  }
}

}  // namespace lancer::tools
