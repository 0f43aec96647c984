// Every call of every script fails once in every way: the dataset is as before or as
// after, never anything else, and an unknown outcome is settled by the same transaction.
#include <gtest/gtest.h>

#include "tests/dataset/dataset_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"

namespace lancer::dataset {
namespace {

using test::FaultFileSystem;

// What a dataset may look like: its rows; nothing: there is none.
using State = std::optional<std::vector<int64_t>>;

ContextPtr ContextOn(FileSystem& files) {
  std::shared_ptr<FileSystem> shared(&files, [](FileSystem*) {});
  static uint64_t seed = 0;  // sessions never meet again
  return test::MakeTestContext({.file_system = shared, .seed = ++seed}).context;
}

Result<State> Look(const ContextPtr& context) {
  auto dataset = Dataset::Open("/t", {}, context);
  if (!dataset) {
    return dataset.error().code() == StatusCode::kNotFound ? Result<State>(State())
                                                           : dataset.error();
  }
  LANCER_ASSIGN_OR_RETURN(std::vector<int64_t> numbers, ReadNumbers(**dataset));
  return State(std::move(numbers));
}

struct Script {
  std::string name;
  bool fresh;  // begins without a dataset
  State after;
  std::function<Status(const ContextPtr&, const WriteOptions&)> run;
};

std::shared_ptr<FileSystem> OldDataset(bool fresh) {
  auto files = MakeMemoryFileSystem();
  if (!fresh) {
    ContextPtr context = ContextOn(*files);
    auto dataset = Dataset::Create("/t", NumberStream(0, 3), {}, context);
    EXPECT_TRUE(dataset.has_value());
    EXPECT_TRUE((*dataset)->Append(NumberStream(3, 2)).has_value());
  }
  return files;
}

Result<std::shared_ptr<Dataset>> Open(const ContextPtr& context) {
  return Dataset::Open("/t", {}, context);
}

std::vector<Script> Scripts() {
  return {
      {"create", true, Iota(0, 4),
       [](const ContextPtr& context, const WriteOptions& options) {
         return Dataset::Create("/t", NumberStream(0, 4), options, context).status();
       }},
      {"append", false, Iota(0, 7),
       [](const ContextPtr& context, const WriteOptions& options) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(context));
         return dataset->Append(NumberStream(5, 2), options).status();
       }},
      {"append of several files", false, Iota(0, 8),
       [](const ContextPtr& context, WriteOptions options) -> Status {
         options.fragment_rows = 1;
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(context));
         return dataset->Append(NumberStream(5, 3), options).status();
       }},
      {"overwrite", false, Iota(70, 2),
       [](const ContextPtr& context, const WriteOptions& options) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(context));
         return dataset->Overwrite(NumberStream(70, 2), options).status();
       }},
      {"restore", false, Iota(0, 3),
       [](const ContextPtr& context, const WriteOptions& options) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(context));
         return dataset->Restore(VersionNumber(1), options.commit).status();
       }},
      {"create with a large schema", true, Iota(6, 1),
       [](const ContextPtr& context, const WriteOptions& options) {
         return Dataset::Create("/t", Stream({WideRow(6)}), options, context).status();
       }},
      {"overwrite by a large schema", false, Iota(6, 1),
       [](const ContextPtr& context, const WriteOptions& options) -> Status {
         LANCER_ASSIGN_OR_RETURN(auto dataset, Open(context));
         return dataset->Overwrite(Stream({WideRow(6)}), options).status();
       }},
  };
}

class FaultsTest : public ::testing::TestWithParam<size_t> {};

TEST_P(FaultsTest, LeaveTheStateBeforeOrAfter) {
  Script script = Scripts()[GetParam()];
  State before = script.fresh ? State() : State(Iota(0, 5));
  WriteOptions options;
  options.commit.transaction = MakeSeededRandom(11)->NextUuid();
  size_t unknown = 0;
  size_t injected = test::ForEachFault(
      [&] { return OldDataset(script.fresh); },
      [&](FaultFileSystem& files, const std::string& fault) {
        SCOPED_TRACE(script.name + ": " + fault);
        ContextPtr context = ContextOn(files);
        Status status = script.run(context, options);
        files.FailNothing();
        auto state = Look(context);
        ASSERT_TRUE(state.has_value()) << state.status().ToString();
        if (status.ok()) {
          EXPECT_EQ(*state, script.after);
        } else if (status.code() == StatusCode::kUnknown) {
          ++unknown;
          EXPECT_TRUE(*state == before || *state == script.after);
        } else {
          EXPECT_EQ(*state, before) << status.ToString();
        }
        // The same transaction again, on sound storage: applied exactly once.
        Status again = script.run(context, options);
        ASSERT_TRUE(again.ok()) << status.ToString() << "\n" << again.ToString();
        EXPECT_EQ(*Look(context), script.after);
      });
  EXPECT_GT(injected, 20u);
  EXPECT_GT(unknown, 0u);
}

TEST_P(FaultsTest, AFullDeviceStaysFullAndNothingIsLost) {
  Script script = Scripts()[GetParam()];
  State before = script.fresh ? State() : State(Iota(0, 5));
  for (size_t call = 0;; ++call) {
    ASSERT_LT(call, 500u);
    auto below = OldDataset(script.fresh);
    FaultFileSystem files(below);
    files.FailCall(call, test::Fault::kNoSpace, /*repeat=*/true);
    ContextPtr context = ContextOn(files);
    Status status = script.run(context, {});
    bool fired = files.fired();
    files.FailNothing();
    auto state = Look(context);
    ASSERT_TRUE(state.has_value()) << state.status().ToString();
    bool after = *state == script.after;
    EXPECT_TRUE(after || *state == before) << script.name << " " << call;
    if (status.code() != StatusCode::kUnknown) {
      EXPECT_EQ(after, status.ok()) << script.name << " " << call << status.ToString();
    }
    if (!fired) {
      break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scripts, FaultsTest, ::testing::Range<size_t>(0, 7));

}  // namespace
}  // namespace lancer::dataset
