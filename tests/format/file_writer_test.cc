#include "lancer/file_writer.h"

#include <algorithm>

#include "tests/format/file_fixture.h"
#include "tests/support/fault_file_system.h"

namespace lancer::format {
namespace {

TEST(FileWriter, GivesTheSameBytesWithAnyNumberOfThreads) {
  std::vector<std::vector<std::byte>> files;
  for (int threads : {1, 2, 7}) {
    ContextPtr context = MemoryContext(threads);
    WriteFile(
        context, "a.lancer", {NumberedRows(0, 70000), NumberedRows(70000, 3000)},
        {.memory_budget_bytes = 1 << 20, .threads = threads, .page_bytes = 64 << 10});
    files.push_back(BytesOfFile(context, "a.lancer"));
  }
  EXPECT_EQ(files[0], files[1]);
  EXPECT_EQ(files[0], files[2]);
}

TEST(FileWriter, PageBoundariesDoNotDependOnBatchBoundaries) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "whole.lancer", {NumberedRows(0, 30000)}, {.page_bytes = 64 << 10});
  std::vector<Batch> pieces;
  for (int64_t first = 0; first < 30000; first += 1500) {
    pieces.push_back(NumberedRows(first, 1500));
  }
  WriteFile(context, "pieces.lancer", pieces, {.page_bytes = 64 << 10});
  EXPECT_EQ(BytesOfFile(context, "whole.lancer"), BytesOfFile(context, "pieces.lancer"));
}

TEST(FileWriter, RefusesMoreColumnsThanTheBudgetCanHold) {
  std::vector<Field> fields;
  for (int i = 0; i < 100; ++i) {
    fields.push_back(
        {.name = "c" + std::to_string(i), .type = DataType::Make(TypeKind::kInt64)});
  }
  ContextPtr context = MemoryContext();
  auto few = FileWriter::Create("a.lancer", Schema(fields),
                                {.memory_budget_bytes = 204799}, context);
  EXPECT_EQ(few.status().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(few.status().message().find("100 leaf columns needs at least 204800 bytes"),
            std::string::npos)
      << few.status().ToString();
  auto enough = FileWriter::Create("a.lancer", Schema(fields),
                                   {.memory_budget_bytes = 204800}, context);
  EXPECT_TRUE(enough.has_value()) << enough.status().ToString();
}

TEST(FileWriter, NamesTheApplicationBehindTheLibrary) {
  ContextPtr context = MemoryContext();
  std::string longest(255, 'a');
  WriteFile(context, "none.lancer", {NumberedRows(0, 3)}, {});
  WriteFile(context, "a.lancer", {NumberedRows(0, 3)}, {.written_by = longest});
  auto none = FileReader::Open("none.lancer", {}, context);
  auto named = FileReader::Open("a.lancer", {}, context);
  ASSERT_TRUE(none.has_value() && named.has_value());
  std::pair<std::string, std::string> library = (*none)->Describe()[1];
  EXPECT_EQ(library.first, "written_by");
  EXPECT_EQ((*named)->Describe()[1].second, library.second + " (" + longest + ")");
  EXPECT_EQ(FileWriter::Create("b.lancer", *NumberedRows(0, 3).schema,
                               {.written_by = longest + "a"}, context)
                .status()
                .code(),
            StatusCode::kInvalidArgument);
}

TEST(FileWriter, RefusesNullsInFieldsThatAreNotNullable) {
  ContextPtr context = MemoryContext();
  Batch batch = NumberedRows(0, 3);
  batch.columns[0] = Array::Nulls(DataType::Make(TypeKind::kInt64), 3);
  auto writer = FileWriter::Create("a.lancer", *batch.schema, {}, context);
  ASSERT_TRUE(writer.has_value());
  Status status = (*writer)->Write(batch);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("id"), std::string_view::npos) << status.ToString();
}

TEST(FileWriter, RefusesAnExistingName) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {NumberedRows(0, 3)});
  auto again = FileWriter::Create("a.lancer", *NumberedRows(0, 1).schema, {}, context);
  EXPECT_EQ(again.status().code(), StatusCode::kAlreadyExists);
}

TEST(FileWriter, LeavesNothingWithoutFinish) {
  ContextPtr context = MemoryContext();
  {
    auto writer = FileWriter::Create("a.lancer", *NumberedRows(0, 1).schema, {}, context);
    ASSERT_TRUE(writer.has_value());
    ASSERT_TRUE((*writer)->Write(NumberedRows(0, 100)).ok());
  }
  auto entries = context->file_system->List(".");
  EXPECT_TRUE(!entries.has_value() || entries->empty());
}

TEST(FileWriter, AFailedSyncOfTheFolderIsAnUnknownOutcome) {
  auto faults = std::make_shared<test::FaultFileSystem>(MakeMemoryFileSystem());
  Context context = *MemoryContext();
  context.file_system = faults;
  auto shared = std::make_shared<const Context>(context);
  WriteFile(shared, "a.lancer", {NumberedRows(0, 3)});
  std::vector<test::RecordedCall> calls = faults->calls();
  auto sync =
      std::ranges::find(calls, test::FileCall::kSyncDirectory, &test::RecordedCall::call);
  ASSERT_NE(sync, calls.end());

  faults->ForgetCalls();
  faults->FailCall(static_cast<size_t>(sync - calls.begin()), test::Fault::kDeviceError);
  auto writer = FileWriter::Create("b.lancer", *NumberedRows(0, 1).schema, {}, shared);
  ASSERT_TRUE(writer.has_value());
  ASSERT_TRUE((*writer)->Write(NumberedRows(0, 3)).ok());
  EXPECT_EQ((*writer)->Finish().status().code(), StatusCode::kUnknown);
  EXPECT_TRUE(faults->fired());
}

TEST(FileWriter, NamesTheColumnWhoseTypeDiffers) {
  ContextPtr context = MemoryContext();
  auto writer = FileWriter::Create("a.lancer", *NumberedRows(0, 1).schema, {}, context);
  ASSERT_TRUE(writer.has_value());
  Batch batch = NumberedRows(0, 1);
  batch.columns[1] = Int64s({1});
  Status status = (*writer)->Write(batch);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("name"), std::string_view::npos);
  EXPECT_EQ((*writer)->Finish().status().code(), StatusCode::kInvalidArgument);
}

TEST(FileWriter, WritesTablesWithoutRowsOrColumns) {
  ContextPtr context = MemoryContext();
  WriteFile(context, "no_rows.lancer", {NumberedRows(0, 0)});
  EXPECT_EQ(OpenOrFail(context, "no_rows.lancer")->row_count(), 0U);
  Batch none{std::make_shared<const Schema>(), 5, {}};
  WriteFile(context, "no_columns.lancer", {none});
  EXPECT_EQ(OpenOrFail(context, "no_columns.lancer")->row_count(), 5U);
}

}  // namespace
}  // namespace lancer::format
