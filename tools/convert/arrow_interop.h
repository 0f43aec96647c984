// Between Lancer's batches and Arrow C++, through the Arrow C Data interface, no copies.
// Here Arrow's statuses and exceptions become ours; those of readers in arrow_faults.h.
//
// Ownership: converted batches keep the memory of the other side alive. Thread rule:
// functions without state.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/array.h"
#include "tools/convert/input_file.h"
#include "tools/convert/output_file.h"

namespace lancer::tools {

// `what` (a file's name) stands before the message.
Status FromArrow(const arrow::Status& status, std::string_view what);
template <typename T>
Result<T> FromArrow(arrow::Result<T> result, std::string_view what) {
  if (!result.ok()) {
    return FromArrow(result.status(), what);
  }
  return std::move(result).ValueUnsafe();
}

// Runs `body`, which calls parts of Arrow that throw on damaged files.
template <typename Body>
auto CatchArrow(std::string_view what, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& error) {
    return FromArrow(arrow::Status::Invalid(error.what()), what);
  }
}

// The schema of an input. Where `columns` names some, the others keep their names alone
// (their type is null), so that what cannot be held can be left out.
// Errors: Unsupported or InvalidArgument naming the field and what to do.
Result<Schema> FromArrowSchema(const arrow::Schema& schema,
                               const std::vector<std::string>& columns,
                               std::string_view what);
Result<Batch> FromArrowBatch(std::shared_ptr<const Schema> schema,
                             const arrow::RecordBatch& batch, std::string_view what);
Result<std::shared_ptr<arrow::Schema>> ToArrowSchema(const Schema& schema);
// The rows under the declared types of `batch.schema`, which `schema` is in Arrow's
// terms: one batch, or more where index types or run ends do not reach over all of them.
Result<arrow::RecordBatchVector> ToArrowBatches(
    const Batch& batch, const std::shared_ptr<arrow::Schema>& schema);

// Arrow's views of our files; they refer to the file and must not outlive it.
std::shared_ptr<arrow::io::RandomAccessFile> MakeArrowInput(InputFile* file);
std::shared_ptr<arrow::io::OutputStream> MakeArrowOutput(OutputFile* file);

}  // namespace lancer::tools
