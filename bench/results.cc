#include "bench/results.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace lancer::bench {
namespace {

using nlohmann::ordered_json;

// Three significant digits, without an exponent for what a table holds.
std::string Number(double value) {
  if (value == 0) {
    return "0";
  }
  const int digits = 2 - static_cast<int>(std::floor(std::log10(std::fabs(value))));
  return fmt::format("{:.{}f}", value, std::max(0, std::min(digits, 6)));
}

const char* KindText(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::kTimesOursAtLeast:
      return "times ours at least";
    case Target::Kind::kTimesOursAtMost:
      return "times ours at most";
    default:
      return "cost at most";
  }
}

ordered_json Json(const Spread& spread) {
  return {{"median", spread.median}, {"low", spread.low}, {"high", spread.high}};
}

ordered_json Json(const Outcome& outcome) {
  ordered_json json = {{"name", outcome.name}, {"setting", outcome.setting}};
  if (!outcome.failure.empty()) {
    json["failure"] = outcome.failure;
    return json;
  }
  json["cost"] = Json(outcome.cost);
  json["cpu"] = Json(outcome.cpu);
  json["times_ours"] = Json(outcome.times_ours);
  json["costs"] = outcome.costs;
  return json;
}

ordered_json Json(const GroupOutcome& group) {
  ordered_json json = {{"title", group.title},
                       {"unit", group.unit},
                       {"state", group.state},
                       {"bytes", group.bytes}};
  json["contenders"] = ordered_json::array();
  for (const Outcome& outcome : group.outcomes) {
    json["contenders"].push_back(Json(outcome));
  }
  json["targets"] = ordered_json::array();
  for (const TargetOutcome& outcome : group.targets) {
    json["targets"].push_back({{"contender", outcome.target.contender},
                               {"kind", KindText(outcome.target.kind)},
                               {"limit", outcome.target.limit},
                               {"reached", outcome.reached},
                               {"met", outcome.met}});
  }
  return json;
}

std::string FormatRow(const Outcome& outcome, double bytes) {
  if (!outcome.failure.empty()) {
    return fmt::format("  {:<24} failed: {}\n", outcome.name, outcome.failure);
  }
  const std::string rate =
      bytes > 0 ? Number(bytes / 1e9 / outcome.cost.median) + " GB/s" : "";
  return fmt::format(
      "  {:<24} {:>10} {:>22} {:>10} {:>9} {:>18} {:>11}\n", outcome.name,
      Number(outcome.cost.median),
      fmt::format("{} .. {}", Number(outcome.cost.low), Number(outcome.cost.high)),
      Number(outcome.cpu.median), Number(outcome.times_ours.median),
      fmt::format("{} .. {}", Number(outcome.times_ours.low),
                  Number(outcome.times_ours.high)),
      rate);
}

std::string FormatTarget(const TargetOutcome& outcome) {
  return fmt::format("  {}: {}, {} {}, reached {}\n", outcome.met ? "met   " : "MISSED",
                     outcome.target.contender, KindText(outcome.target.kind),
                     Number(outcome.target.limit), Number(outcome.reached));
}

}  // namespace

std::string FormatTable(const GroupOutcome& group) {
  std::string out = fmt::format("\n{} [{}], {}\n", group.title, group.state, group.unit);
  out += fmt::format("  {:<24} {:>10} {:>22} {:>10} {:>9} {:>18} {:>11}\n", "", "median",
                     "quartiles", "cpu", "x ours", "quartiles", "rate");
  for (const Outcome& outcome : group.outcomes) {
    out += FormatRow(outcome, group.bytes);
  }
  for (const TargetOutcome& target : group.targets) {
    out += FormatTarget(target);
  }
  return out;
}

Results::Results(std::string name, std::vector<std::pair<std::string, std::string>> facts,
                 HarnessOptions options)
    : name_(std::move(name)), facts_(std::move(facts)), options_(std::move(options)) {
  std::cout << "== " << name_ << " ==\n";
  for (const auto& [key, value] : facts_) {
    std::cout << fmt::format("  {:<18} {}\n", key, value);
  }
}

bool Results::Wants(const std::string& title) const {
  return title.find(options_.only) != std::string::npos;
}

void Results::Measure(const Group& group) {
  if (!Wants(group.title)) {
    return;
  }
  groups_.push_back(RunGroup(group, options_));
  std::cout << FormatTable(groups_.back()) << std::flush;
}

void Results::Note(std::string text) {
  std::cout << "  note: " << text << "\n";
  notes_.push_back(std::move(text));
}

Status Results::Save(const std::string& folder) const {
  ordered_json json = {{"benchmark", name_}, {"quick", options_.quick}};
  for (const auto& [key, value] : facts_) {
    json["machine"][key] = value;
  }
  json["notes"] = notes_;
  json["groups"] = ordered_json::array();
  for (const GroupOutcome& group : groups_) {
    json["groups"].push_back(Json(group));
  }
  const std::string path = folder + "/" + name_ + ".json";
  std::ofstream out(path);
  out << json.dump(1) << "\n";
  out.flush();
  return out ? Status::Ok() : Status::IoError(path + ": cannot write");
}

}  // namespace lancer::bench
