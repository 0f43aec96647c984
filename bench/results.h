// Results: a benchmark's tables, on the terminal and as JSON for bench/report.py.
//
// Ownership: keeps copies of outcomes. Thread rule: one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench/harness.h"

namespace lancer::bench {

class Results {
 public:
  // `name`: "take", "scan", ...; `facts`: see DescribeMachine.
  Results(std::string name, std::vector<std::pair<std::string, std::string>> facts,
          HarnessOptions options);

  // Runs the group unless `only` leaves it out, prints its table and keeps it.
  void Measure(const Group& group);
  // A sentence for the reader, printed and kept.
  void Note(std::string text);
  // Writes <folder>/<name>.json.
  Status Save(const std::string& folder) const;

  const HarnessOptions& options() const { return options_; }
  bool Wants(const std::string& title) const;

 private:
  std::string name_;
  std::vector<std::pair<std::string, std::string>> facts_;
  HarnessOptions options_;
  std::vector<GroupOutcome> groups_;
  std::vector<std::string> notes_;
};

// The table of one group as it is printed.
std::string FormatTable(const GroupOutcome& group);

}  // namespace lancer::bench
