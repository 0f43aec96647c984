#include "tests/dataset/fault_scripts.h"

#include <algorithm>
#include <map>

#include "dataset/session.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/dataset/unexplained_files.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

constexpr std::string_view kPrototype = "/prototype";

Result<std::shared_ptr<Dataset>> Open(const Scene& scene) {
  return Dataset::Open(scene.path, {}, scene.context);
}

WriteOptions OneRowPerFile(WriteOptions options) {
  options.fragment_rows = 1;
  return options;
}

Status RightIf(bool right) {
  return right ? Status::Ok() : Status::Internal("a wrong answer");
}

State Concat(State first, const std::vector<int64_t>& second) {
  first->insert(first->end(), second.begin(), second.end());
  return first;
}

// Copies a folder and all below it, but for locks.
void CopyFolder(FileSystem& from, FileSystem& to, const std::string& source,
                const std::string& target) {
  ASSERT_TRUE(to.CreateDirectory(target).has_value()) << target;
  for (const FileInfo& entry : ValueOrFail(from.List(source))) {
    const std::string below = target + "/" + entry.name;
    if (entry.is_directory) {
      CopyFolder(from, to, source + "/" + entry.name, below);
      continue;
    }
    auto bytes = ValueOrFail(test::ReadFileBytes(from, source + "/" + entry.name));
    ASSERT_TRUE(test::PublishFile(to, below, bytes).ok()) << below;
  }
}

std::shared_ptr<FileSystem> MakePrototype(Beginning beginning) {
  std::shared_ptr<FileSystem> files = MakeMemoryFileSystem();
  const int64_t rows = beginning == Beginning::kTree ? kTreeRows : 3;
  WriteOptions options;
  options.fragment_rows = beginning == Beginning::kTree ? 1 : 100;
  auto dataset = Dataset::Create(std::string(kPrototype), NumberStream(0, rows), options,
                                 ContextOn(*files));
  EXPECT_TRUE(dataset.has_value());
  EXPECT_TRUE((*dataset)->Append(NumberStream(rows, 2)).has_value());
  return files;
}

// Does every intent say that its session held a lock? Not where a fault kept the writer
// from knowing what locks are worth: such a session is never taken for dead.
bool AllIntentsTellOfLocks(FileSystem& files, const std::string& path) {
  const std::string folder = path + "/_log/intent";
  const auto names = ValueOrFail(test::ListNames(files, folder));
  return std::ranges::all_of(names, [&](const std::string& name) {
    const auto bytes = ValueOrFail(test::ReadFileBytes(files, folder + "/" + name));
    const auto intent = ParseIntent(bytes);
    return intent && intent->locked;
  });
}

// After a write no file is left that no version names. One that was found applied has
// written nothing, so its leftovers wait for the next.
void CheckNothingIsLeft(const Scene& scene) {
  FileSystem& files = *scene.other->file_system;
  auto dataset = ValueOrFail(Dataset::Open(scene.path, {}, scene.other));
  ASSERT_NE(dataset, nullptr);
  EXPECT_TRUE(dataset->RemoveLeftovers().ok());
  if (files.LocksProveLife(scene.path) && AllIntentsTellOfLocks(files, scene.path)) {
    EXPECT_EQ(UnexplainedFiles(scene.other, scene.path), std::vector<std::string>());
  }
}

Status AppendOfAnother(const Scene& scene) {
  WriteOptions options;
  options.commit.transaction = MakeSeededRandom(12)->NextUuid();
  LANCER_ASSIGN_OR_RETURN(auto dataset, Dataset::Open(scene.path, {}, scene.other));
  return dataset->Append(NumberStream(500, 1), options).status();
}

std::vector<FaultScript> ScriptsThatCreate(int64_t files) {
  return {
      {.name = "create",
       .beginning = Beginning::kNothing,
       .after = Iota(0, 4),
       .run =
           [](const Scene& scene) {
             return Dataset::Create(scene.path, NumberStream(0, 4), scene.options,
                                    scene.context)
                 .status();
           }},
      {.name = "create of several files",
       .beginning = Beginning::kNothing,
       .after = Iota(0, files),
       .run =
           [](const Scene& scene) {
             return Dataset::Create(scene.path, NumberStream(0, scene.files),
                                    OneRowPerFile(scene.options), scene.context)
                 .status();
           }},
      {.name = "create with a large schema",
       .beginning = Beginning::kNothing,
       .after = Iota(6, 1),
       .run =
           [](const Scene& scene) {
             return Dataset::Create(scene.path, Stream({WideRow(6)}), scene.options,
                                    scene.context)
                 .status();
           }},
  };
}

std::vector<FaultScript> ScriptsThatAppend(int64_t files) {
  const State small = RowsOf(Beginning::kSmall);
  return {
      {.name = "append",
       .after = Concat(small, Iota(5, 2)),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset->Append(NumberStream(5, 2), scene.options).status();
       }},
      {.name = "append of several files",
       .after = Concat(small, Iota(5, files)),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset
             ->Append(NumberStream(5, scene.files), OneRowPerFile(scene.options))
             .status();
       }},
      {.name = "append to a tree",
       .beginning = Beginning::kTree,
       .after = Concat(RowsOf(Beginning::kTree), Iota(900, files)),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset
             ->Append(NumberStream(900, scene.files), OneRowPerFile(scene.options))
             .status();
       }},
      {.name = "append rebased over another's",
       .after = Concat(small, {500, 5, 6}),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         LANCER_RETURN_IF_ERROR(AppendOfAnother(scene));
         return dataset->Append(NumberStream(5, 2), scene.options).status();
       },
       .between = Concat(small, {500})},
      {.name = "append at an application's position",
       .after = Concat(small, Iota(5, 2)),
       .run = [](const Scene& scene) -> Status {
         WriteOptions options = scene.options;
         options.commit.transaction.reset();
         options.commit.app = AppPosition{.app = "loader", .epoch = 1, .sequence = 1};
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset->Append(NumberStream(5, 2), options).status();
       }},
      {.name = "two appends by one writer",
       .after = Concat(small, Iota(5, 4)),
       .run = [](const Scene& scene) -> Status {
         WriteOptions first = scene.options;
         first.commit.transaction = MakeSeededRandom(13)->NextUuid();
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         LANCER_RETURN_IF_ERROR(dataset->Append(NumberStream(5, 2), first).status());
         return dataset->Append(NumberStream(7, 2), scene.options).status();
       },
       .between = Concat(small, Iota(5, 2))},
  };
}

std::vector<FaultScript> ScriptsThatReplace() {
  return {
      {.name = "overwrite",
       .after = Iota(70, 2),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset->Overwrite(NumberStream(70, 2), scene.options).status();
       }},
      {.name = "overwrite by a large schema",
       .after = Iota(6, 1),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset->Overwrite(Stream({WideRow(6)}), scene.options).status();
       }},
      {.name = "restore",
       .after = Iota(0, 3),
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         return dataset->Restore(VersionNumber(1), scene.options.commit).status();
       }},
  };
}

std::vector<FaultScript> ScriptsThatRead() {
  const State small = RowsOf(Beginning::kSmall);
  const State tree = RowsOf(Beginning::kTree);
  return {
      {.name = "open an old version and scan",
       .reads = true,
       .after = small,
       .run = [](const Scene& scene) -> Status {
         OpenOptions options{.version = VersionNumber(1), .map = MapMode::kNever};
         LANCER_ASSIGN_OR_RETURN(auto dataset,
                                 Dataset::Open(scene.path, options, scene.context));
         LANCER_ASSIGN_OR_RETURN(std::vector<int64_t> rows, ReadNumbers(*dataset));
         return RightIf(rows == Iota(0, 3));
       }},
      {.name = "open and take",
       .beginning = Beginning::kTree,
       .reads = true,
       .after = tree,
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(
             auto dataset,
             Dataset::Open(scene.path, {.map = MapMode::kNever}, scene.context));
         LANCER_ASSIGN_OR_RETURN(Batch rows, dataset->Take(Positions({7, 99, 0, 131})));
         LANCER_ASSIGN_OR_RETURN(Batch same, dataset->TakeIds(std::vector{RowId(99)}));
         const auto& numbers = *rows.columns[0];
         return RightIf(rows.length == 4 && same.length == 1 &&
                        numbers.values<int64_t>()[numbers.offset() + 1] == 99);
       }},
      {.name = "refresh, versions, verify",
       .reads = true,
       .after = small,
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(
             auto dataset,
             Dataset::Open(scene.path, {.version = VersionNumber(1)}, scene.context));
         LANCER_ASSIGN_OR_RETURN(bool moved, dataset->Refresh());
         LANCER_ASSIGN_OR_RETURN(std::vector<VersionInfo> versions, dataset->Versions());
         LANCER_ASSIGN_OR_RETURN(VerifyReport report, dataset->Verify());
         LANCER_RETURN_IF_ERROR(report.faults.empty() ? Status::Ok()
                                                      : report.faults.front());
         return RightIf(moved && versions.size() == 2);
       }},
      {.name = "find and remove leftovers",
       .reads = true,
       .after = small,
       .run = [](const Scene& scene) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(scene));
         LANCER_ASSIGN_OR_RETURN(LeftoverInfo found, dataset->FindLeftovers());
         LANCER_RETURN_IF_ERROR(dataset->RemoveLeftovers());
         return RightIf(found.files == 0);
       }},
  };
}

}  // namespace

std::vector<FaultScript> FaultScripts(int64_t files) {
  std::vector<FaultScript> all = ScriptsThatCreate(files);
  for (std::vector<FaultScript>& more :
       std::vector{ScriptsThatAppend(files), ScriptsThatReplace(), ScriptsThatRead()}) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

State RowsOf(Beginning beginning) {
  switch (beginning) {
    case Beginning::kNothing:
      return {};
    case Beginning::kSmall:
      return Iota(0, 5);
    case Beginning::kTree:
      return Iota(0, kTreeRows + 2);
  }
  return {};
}

void Prepare(FileSystem& files, const std::string& path, Beginning beginning) {
  if (beginning == Beginning::kNothing) {
    return;
  }
  static auto* prototypes = new std::map<Beginning, std::shared_ptr<FileSystem>>();
  std::shared_ptr<FileSystem>& prototype = (*prototypes)[beginning];
  if (prototype == nullptr) {
    prototype = MakePrototype(beginning);
  }
  CopyFolder(*prototype, files, std::string(kPrototype), path);
}

Result<State> Look(const ContextPtr& context, const std::string& path) {
  auto dataset = Dataset::Open(path, {}, context);
  if (!dataset) {
    return dataset.error().code() == StatusCode::kNotFound ? Result<State>(State())
                                                           : dataset.error();
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<int64_t> numbers, ReadNumbers(**dataset));
  return State(std::move(numbers));
}

ContextPtr ContextOn(FileSystem& files) {
  std::shared_ptr<FileSystem> shared(&files, [](FileSystem*) {});
  static uint64_t seed = 0;  // sessions never meet again
  return test::MakeTestContext({.file_system = shared, .seed = ++seed}).context;
}

Scene SceneOn(FileSystem& files, FileSystem& sound, const std::string& path) {
  Scene scene{.context = ContextOn(files), .other = ContextOn(sound), .path = path};
  scene.options.commit.transaction = MakeSeededRandom(11)->NextUuid();
  return scene;
}

bool CheckAftermath(const FaultScript& script, const Scene& scene,
                    const std::optional<Status>& status) {
  const State before = RowsOf(script.beginning);
  const std::string answer = status ? status->ToString() : "bad_alloc";
  const bool unknown = status && status->code() == StatusCode::kUnknown;
  auto state = Look(scene.other, scene.path);
  EXPECT_TRUE(state.has_value()) << state.status().ToString() << "\n" << answer;
  if (!state) {
    return unknown;
  }
  const bool is_before = *state == before || (script.between && *state == script.between);
  const bool is_after = *state == script.after;
  if (status && status->ok()) {
    EXPECT_TRUE(is_after);
  } else if (!status || unknown) {
    EXPECT_TRUE(is_before || is_after) << answer;
  } else {
    EXPECT_TRUE(is_before) << answer;
  }
  if (script.reads && status && !status->ok()) {
    EXPECT_TRUE(status->code() == StatusCode::kIoError ||
                status->code() == StatusCode::kResourceExhausted)
        << answer;
  }
  // The same transaction again: applied exactly once.
  Status again = script.run(scene);
  EXPECT_TRUE(again.ok()) << answer << "\n" << again.ToString();
  EXPECT_EQ(ValueOrFail(Look(scene.other, scene.path)), script.after) << answer;
  CheckNothingIsLeft(scene);
  return unknown;
}

}  // namespace lancer::dataset
