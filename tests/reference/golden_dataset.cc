#include <memory>
#include <utility>

#include "lancer/dataset.h"
#include "tests/reference/golden_corpus.h"
#include "tests/reference/golden_values.h"
#include "tests/support/arrays/arrays.h"
#include "tests/support/file_contents.h"
#include "tests/support/test_context.h"

namespace lancer::golden {
namespace {

constexpr const char* kRoot = "dataset";

std::vector<Batch> Rows(int64_t count, Seed* seed) {
  const std::vector<Field> fields = {
      test::Required("id", DataType::Make(TypeKind::kInt64)),
      test::Nullable("name", DataType::Make(TypeKind::kString))};
  return {test::MakeBatch(fields,
                          {MakeColumn(fields[0], count, {.style = Style::kSorted}, seed),
                           MakeColumn(fields[1], count, {.nulls = Nulls::kFew}, seed)})};
}

std::unique_ptr<BatchReader> ReaderOf(const std::vector<Batch>& batches) {
  return std::make_unique<test::VectorReader>(batches[0].schema, batches);
}

Status CollectFiles(FileSystem& files, const std::string& folder,
                    std::map<std::string, std::vector<std::byte>>* found) {
  LANCER_ASSIGN_OR_RETURN(std::vector<std::string> names, test::ListNames(files, folder));
  for (const std::string& name : names) {
    if (name.ends_with('/')) {
      const std::string inner = folder + "/" + name.substr(0, name.size() - 1);
      LANCER_RETURN_IF_ERROR(CollectFiles(files, inner, found));
      continue;
    }
    const std::string path = folder + "/" + name;
    LANCER_ASSIGN_OR_RETURN(std::vector<std::byte> bytes,
                            test::ReadFileBytes(files, path));
    if (!bytes.empty()) {
      (*found)[path.substr(std::string(kRoot).size() + 1)] = std::move(bytes);
    }
  }
  return Status::Ok();
}

}  // namespace

Result<GoldenDataset> EncodeDataset(int64_t first, int64_t second,
                                    uint64_t fragment_rows) {
  Seed seed(9);
  const test::TestContext test = test::MakeTestContext();
  const std::vector<Batch> created = Rows(first, &seed);
  const std::vector<Batch> appended = Rows(second, &seed);
  const WriteOptions options{.fragment_rows = fragment_rows};
  LANCER_ASSIGN_OR_RETURN(
      std::shared_ptr<Dataset> dataset,
      Dataset::Create(kRoot, ReaderOf(created), options, test.context));
  LANCER_RETURN_IF_ERROR(dataset->Append(ReaderOf(appended), options).status());
  dataset.reset();  // ends the session
  GoldenDataset made;
  made.lines = RowLines(created) + RowLines(appended);
  LANCER_RETURN_IF_ERROR(CollectFiles(*test.file_system, kRoot, &made.files));
  return made;
}

}  // namespace lancer::golden
