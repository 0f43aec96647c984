// lancer-bench: one benchmark at a time; see bench/README.md.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>

#include "bench/commands.h"
#include "bench/machine.h"
#include "bench/serve.h"

namespace {

using lancer::Status;
using lancer::bench::Results;
using lancer::bench::Setting;

const std::map<std::string, Status (*)(const Setting&, Results*)>& Benchmarks() {
  using namespace lancer::bench;  // the table below names its functions
  static const std::map<std::string, Status (*)(const Setting&, Results*)> benchmarks = {
      {"take", BenchTake},       {"scan", BenchScan},      {"size", BenchSize},
      {"write", BenchWrite},     {"open", BenchOpen},      {"commit", BenchCommit},
      {"kernels", BenchKernels}, {"tensors", BenchTensors}};
  return benchmarks;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares Lancer with other ways to store a table");
  Setting setting;
  lancer::bench::HarnessOptions harness;
  std::string output = ".";
  app.add_option("--work", setting.work_folder, "Folder for the files that are measured")
      ->required();
  app.add_option("--data", setting.tables.data_folder, "Folder with the real tables");
  app.add_option("--tpchgen", setting.tables.generator, "Path of tpchgen-cli");
  app.add_option("--output", output, "Folder for <name>.json");
  app.add_option("--only", harness.only, "Only groups whose title holds this");
  app.add_option("--repetitions", harness.repetitions, "Measurements of each contender");
  app.add_flag("--quick", setting.quick, "Small tables, few repetitions: a smoke test");
  for (const auto& [name, function] : Benchmarks()) {
    app.add_subcommand(name);
  }
  app.add_subcommand("serve", "Answers requests on standard input (bench/serve.h)");
  app.require_subcommand(1);
  CLI11_PARSE(app, argc, argv);

  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "serve") {
    lancer::bench::Serve(std::cin, std::cout);
    return 0;
  }

  setting.tables.work_folder = setting.work_folder;
  setting.tables.quick = harness.quick = setting.quick;
  if (setting.quick && app.count("--repetitions") == 0) {
    harness.repetitions = 3;
  }
  std::filesystem::create_directories(setting.work_folder);
  std::filesystem::create_directories(output);
  Results results(name, lancer::bench::DescribeMachine(setting.work_folder), harness);
  Status status = Benchmarks().at(name)(setting, &results);
  if (status.ok()) {
    status = results.Save(output);
  }
  if (!status.ok()) {
    std::cerr << "lancer-bench " << name << ": " << status.ToString() << "\n";
    return 1;
  }
  return 0;
}
