// What programs do with a dataset, as scripts that tests run while storage or memory
// fails: of each script the states that it may leave are known.
//
// Ownership: values; a scene shares what it refers to. Thread rule: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lancer/dataset.h"
#include "tests/support/fault_file_system.h"

namespace lancer::dataset {

// What a dataset may look like: its rows; nothing: there is none.
using State = std::optional<std::vector<int64_t>>;

// Where a script runs.
struct Scene {
  ContextPtr context;    // of the script; its storage or memory fails
  ContextPtr other;      // of another writer, whose storage is sound
  std::string path;      // of the dataset
  WriteOptions options;  // with a transaction of the script's own
  int64_t files = 1;     // fragments that scripts of several files write
};

// What is there when a script begins.
enum class Beginning : uint8_t {
  kNothing,
  kSmall,  // the numbers 0, 1, 2 as version 1 and 3, 4 behind them as version 2
  kTree,   // as kSmall, version 1 with kTreeRows numbers, a fragment each: enough for a
           // tree
};
constexpr int64_t kTreeRows = 130;

struct FaultScript {
  std::string name;
  Beginning beginning = Beginning::kSmall;
  // Changes nothing, gives no Unknown, and a wrong answer as Internal.
  bool reads = false;
  State after;  // of a success; of a script that reads: its beginning
  std::function<Status(const Scene& scene)> run;
  // What else it may leave when it fails, besides its beginning.
  State between = {};
};

// The scripts; those of several files write `files` fragments.
std::vector<FaultScript> FaultScripts(int64_t files);

State RowsOf(Beginning beginning);
// Makes the beginning at `path`. The files are written once and copied.
void Prepare(FileSystem& files, const std::string& path, Beginning beginning);
// Opens the newest version as a new program would; nothing: there is no dataset.
Result<State> Look(const ContextPtr& context, const std::string& path);
// A context on files that it does not own, with one thread and random numbers that never
// come again.
ContextPtr ContextOn(FileSystem& files);
Scene SceneOn(FileSystem& files, FileSystem& sound, const std::string& path);

// Fails the test unless what a script left is one of the states that it may leave, and
// unless the same transaction again, on sound storage, is applied exactly once. `status`:
// the script's answer; nothing: it ended by an exception. True when the answer was
// Unknown.
bool CheckAftermath(const FaultScript& script, const Scene& scene,
                    const std::optional<Status>& status);

}  // namespace lancer::dataset
