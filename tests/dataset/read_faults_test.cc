// Every call of every reading script fails once in every way: the answer is right or an
// I/O error, never other rows and never a report of damage, and the same objects answer
// rightly once the storage does. And the writer of single files: a whole file or none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lancer/file_reader.h"
#include "lancer/file_writer.h"
#include "tests/dataset/dataset_fixture.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/file_contents.h"
#include "tests/support/soak.h"

namespace lancer::dataset {
namespace {

using test::FaultFileSystem;
using test::FileCall;
using test::RecordedCall;

ContextPtr ContextOn(FileSystem& files, uint64_t seed = 5) {
  std::shared_ptr<FileSystem> shared(&files, [](FileSystem*) {});
  return test::MakeTestContext({.file_system = shared, .seed = seed}).context;
}

// Fragments of two rows each, enough of them for a tree.
const int64_t kFragments = test::SoakFactor() > 1 ? 240 : 120;
const int64_t kFewFragments = kFragments / 10;  // where every answer reads all files
const int64_t kRows = 2 * kFragments + 2;

const std::shared_ptr<FileSystem>& Table() {
  static const auto* files = new std::shared_ptr<FileSystem>([] {
    auto made = MakeMemoryFileSystem();
    ContextPtr context = ContextOn(*made);
    WriteOptions options;
    options.fragment_rows = 2;
    for (int64_t fragments : {kFragments, kFewFragments}) {
      auto dataset = *Dataset::Create(fragments == kFragments ? "/t" : "/few",
                                      NumberStream(0, 2 * fragments), options, context);
      EXPECT_TRUE(dataset->Append(NumberStream(2 * fragments, 2)).has_value());
    }
    return made;
  }());
  return *files;
}

Status RightIf(bool right) {
  return right ? Status::Ok() : Status::Internal("a wrong answer");
}

struct Question {
  std::string name;
  std::optional<VersionNumber> version;      // to begin at
  std::function<Status(Dataset&)> ask = {};  // Internal for a wrong answer
  std::string path = "/t";
};

Result<std::shared_ptr<Dataset>> Open(FileSystem& files, const Question& question) {
  return Dataset::Open(question.path,
                       {.version = question.version, .map = MapMode::kNever},
                       ContextOn(files));
}

Status AskScan(const Dataset& dataset) {
  LANCER_ASSIGN_OR_RETURN(std::vector<int64_t> rows, ReadNumbers(dataset));
  return RightIf(rows == Iota(0, kRows));
}

Status AskTake(const Dataset& dataset) {
  std::vector<uint64_t> wanted;
  for (int64_t i = kRows - 1; i >= 0; i -= 7) {
    wanted.push_back(static_cast<uint64_t>(i));
  }
  LANCER_ASSIGN_OR_RETURN(Batch rows, dataset.Take(Positions(wanted)));
  bool right = rows.length == static_cast<int64_t>(wanted.size());
  for (int64_t i = 0; right && i < rows.length; ++i) {
    right = rows.columns[0]->values<int64_t>()[rows.columns[0]->offset() + i] ==
            static_cast<int64_t>(wanted[static_cast<size_t>(i)]);
  }
  return RightIf(right);
}

std::vector<Question> Questions() {
  return {
      {"scan", {}, [](Dataset& dataset) { return AskScan(dataset); }},
      {"take", {}, [](Dataset& dataset) { return AskTake(dataset); }},
      {"take by id",
       {},
       [](Dataset& dataset) -> Status {
         std::vector<RowId> ids = {RowId(0), RowId(static_cast<uint64_t>(kRows - 1))};
         LANCER_ASSIGN_OR_RETURN(Batch rows, dataset.TakeIds(ids));
         return RightIf(rows.length == 2);
       }},
      {"head",
       {},
       [](Dataset& dataset) -> Status {
         LANCER_ASSIGN_OR_RETURN(Batch rows, dataset.Head(9));
         return RightIf(rows.length == 9);
       }},
      {"verify",
       {},
       [](Dataset& dataset) -> Status {
         LANCER_ASSIGN_OR_RETURN(VerifyReport report, dataset.Verify());
         return report.faults.empty() ? Status::Ok() : report.faults.front();
       },
       "/few"},
      {"refresh", VersionNumber(1),
       [](Dataset& dataset) -> Status {
         LANCER_RETURN_IF_ERROR(dataset.Refresh().status());
         return RightIf(dataset.version() == VersionNumber(2) &&
                        dataset.row_count() == static_cast<uint64_t>(kRows));
       }},
      {"versions",
       {},
       [](Dataset& dataset) -> Status {
         LANCER_ASSIGN_OR_RETURN(std::vector<VersionInfo> versions, dataset.Versions());
         return RightIf(versions.size() == 2);
       }},
      {"fragments and leftovers",
       {},
       [](Dataset& dataset) -> Status {
         LANCER_ASSIGN_OR_RETURN(std::vector<FragmentInfo> fragments,
                                 dataset.Fragments());
         LANCER_ASSIGN_OR_RETURN(LeftoverInfo leftovers, dataset.FindLeftovers());
         return RightIf(leftovers.files == 0 &&
                        fragments.size() == static_cast<size_t>(kFragments + 1));
       }},
  };
}

class ReadFaultsTest : public ::testing::TestWithParam<size_t> {};

TEST_P(ReadFaultsTest, GiveTheRightAnswerOrAnError) {
  const Question question = Questions()[GetParam()];
  const size_t injected = test::ForEachFault(
      [] { return Table(); },
      [&](FaultFileSystem& files, const std::string& fault) {
        SCOPED_TRACE(question.name + ": " + fault);
        auto dataset = Open(files, question);
        Status status = dataset ? question.ask(**dataset) : dataset.status();
        if (!status.ok()) {
          ASSERT_EQ(status.code(), StatusCode::kIoError) << status.ToString();
        }
        if (!files.fired()) {
          ASSERT_TRUE(status.ok()) << status.ToString();
          return;
        }
        files.FailNothing();
        if (!dataset) {
          dataset = Open(files, question);
        }
        ASSERT_TRUE(dataset.has_value()) << dataset.status().ToString();
        Status again = question.ask(**dataset);
        ASSERT_TRUE(again.ok()) << again.ToString();
      });
  EXPECT_GE(injected, 6u);
  RecordProperty("faults", static_cast<int>(injected));
  test::ReportSoak(fmt::format("{}: {} faults", question.name, injected));
}

INSTANTIATE_TEST_SUITE_P(Questions, ReadFaultsTest,
                         ::testing::Range<size_t>(0, Questions().size()));

Status WriteFile(const ContextPtr& context, int64_t batches) {
  WriterOptions options;
  options.page_rows = 50;
  LANCER_ASSIGN_OR_RETURN(
      auto writer, FileWriter::Create("/f.lancer", *NumbersSchema(), options, context));
  for (int64_t i = 0; i < batches; ++i) {
    LANCER_RETURN_IF_ERROR(writer->Write(Numbers(i * 50, 50)));
  }
  return writer->Finish().status();
}

// The rows of the file; nothing when there is none.
Result<std::optional<int64_t>> CountRows(const ContextPtr& context) {
  auto reader = FileReader::Open("/f.lancer", {}, context);
  if (!reader) {
    return reader.error().code() == StatusCode::kNotFound
               ? Result<std::optional<int64_t>>(std::optional<int64_t>())
               : reader.error();
  }
  LANCER_ASSIGN_OR_RETURN(VerifyReport report, (*reader)->Verify());
  LANCER_RETURN_IF_ERROR(report.faults.empty() ? Status::Ok() : report.faults.front());
  return std::optional(static_cast<int64_t>((*reader)->row_count()));
}

TEST(FileWriterFaults, LeaveAWholeFileOrNone) {
  const int64_t batches =
      static_cast<int64_t>(20 * std::min<uint64_t>(test::SoakFactor(), 20));
  const size_t injected =
      test::ForEachFault([] { return MakeMemoryFileSystem(); },
                         [&](FaultFileSystem& files, const std::string& fault) {
                           SCOPED_TRACE(fault);
                           ContextPtr context = ContextOn(files);
                           Status status = WriteFile(context, batches);
                           const bool fired = files.fired();
                           files.FailNothing();
                           if (!fired) {
                             ASSERT_TRUE(status.ok()) << status.ToString();
                           }
                           auto rows = CountRows(ContextOn(files));
                           ASSERT_TRUE(rows.has_value()) << rows.status().ToString();
                           if (rows->has_value()) {
                             EXPECT_EQ(**rows, 50 * batches);
                           }
                           if (status.ok()) {
                             EXPECT_TRUE(rows->has_value());
                           } else if (status.code() != StatusCode::kUnknown) {
                             EXPECT_FALSE(rows->has_value()) << status.ToString();
                             Status again = WriteFile(context, batches);
                             EXPECT_TRUE(again.ok()) << again.ToString();
                           }
                         });
  EXPECT_GT(injected, 20u);
  test::ReportSoak(fmt::format("single-file writer: {} faults", injected));
}

TEST(FileWriterFaults, TakeALostReplyForWhatItIs) {
  FaultFileSystem counted(MakeMemoryFileSystem());
  ASSERT_TRUE(WriteFile(ContextOn(counted), 1).ok());
  const std::vector<test::RecordedCall> calls = counted.calls();
  const auto publish = std::ranges::find(calls, FileCall::kPublish, &RecordedCall::call);
  FaultFileSystem files(MakeMemoryFileSystem());
  files.FailCall(static_cast<size_t>(publish - calls.begin()),
                 test::Fault::kExistsByOurself);
  Status status = WriteFile(ContextOn(files), 1);
  EXPECT_TRUE(files.fired());
  EXPECT_TRUE(status.ok()) << status.ToString();
  // The name was made durable before anyone was told.
  EXPECT_EQ(files.calls().back().call, FileCall::kSyncDirectory);
}

// Somebody else's file takes the name while ours is written.
TEST(FileWriterFaults, LeaveTheFileOfAnotherWriter) {
  for (const std::string other : {"rows", "text"}) {
    FaultFileSystem files(MakeMemoryFileSystem());
    ContextPtr context = ContextOn(files);
    auto writer = *FileWriter::Create("/f.lancer", *NumbersSchema(), {}, context);
    ASSERT_TRUE(writer->Write(Numbers(0, 3)).ok());
    ASSERT_TRUE(other == "rows" ? WriteFile(context, 1).ok()
                                : test::PublishFile(files, "/f.lancer", other).ok());
    const auto before = *test::ReadFileBytes(files, "/f.lancer");
    Status status = writer->Finish().status();
    EXPECT_EQ(status.code(), StatusCode::kAlreadyExists) << status.ToString();
    EXPECT_EQ(*test::ReadFileBytes(files, "/f.lancer"), before);
  }
}

}  // namespace
}  // namespace lancer::dataset
