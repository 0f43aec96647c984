// Files in memory for the tests of this folder: a context, a table, a round trip.
//
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lancer/context.h"
#include "lancer/file_reader.h"
#include "lancer/file_writer.h"

namespace lancer::format {

inline ContextPtr MemoryContext(int threads = 1) {
  auto counters = std::make_shared<Counters>();
  return std::make_shared<const Context>(
      Context{.file_system = MakeMemoryFileSystem({.counters = counters}),
              .clock = MakeSystemClock(),
              .random = MakeSeededRandom(1),
              .executor = MakeExecutor(threads),
              .counters = counters});
}

inline ArrayPtr Int64s(std::vector<int64_t> values) {
  auto length = static_cast<int64_t>(values.size());
  return Array::Make({.type = DataType::Make(TypeKind::kInt64),
                      .length = length,
                      .null_count = 0,
                      .buffers = {nullptr, Buffer::Own(std::move(values))},
                      .children = {}});
}

inline ArrayPtr Strings(const std::vector<std::string>& values) {
  std::vector<int32_t> offsets{0};
  std::vector<char> bytes;
  for (const std::string& value : values) {
    bytes.insert(bytes.end(), value.begin(), value.end());
    offsets.push_back(static_cast<int32_t>(bytes.size()));
  }
  return Array::Make({.type = DataType::Make(TypeKind::kString),
                      .length = static_cast<int64_t>(values.size()),
                      .null_count = 0,
                      .buffers = {nullptr, Buffer::Own(std::move(offsets)),
                                  Buffer::Own(std::move(bytes))},
                      .children = {}});
}

// Rows `first` .. `first + rows - 1` of a table id: int64, name: string.
inline Batch NumberedRows(int64_t first, int64_t rows) {
  std::vector<int64_t> ids(static_cast<size_t>(rows));
  std::iota(ids.begin(), ids.end(), first);
  std::vector<std::string> names;
  for (int64_t id : ids) {
    names.push_back("row number " + std::to_string(id * 7919 % 10007));
  }
  auto schema = std::make_shared<const Schema>(std::vector<Field>{
      {.name = "id", .type = DataType::Make(TypeKind::kInt64), .nullable = false},
      {.name = "name", .type = DataType::Make(TypeKind::kString)}});
  return {schema, rows, {Int64s(std::move(ids)), Strings(names)}};
}

inline void WriteFile(const ContextPtr& context, const std::string& path,
                      const std::vector<Batch>& batches, WriterOptions options = {}) {
  auto writer = FileWriter::Create(path, *batches[0].schema, std::move(options), context);
  ASSERT_TRUE(writer.has_value()) << writer.error().ToString();
  for (const Batch& batch : batches) {
    Status status = (*writer)->Write(batch);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  auto summary = (*writer)->Finish();
  ASSERT_TRUE(summary.has_value()) << summary.error().ToString();
}

inline std::shared_ptr<const FileReader> OpenOrFail(const ContextPtr& context,
                                                    const std::string& path,
                                                    MapMode map = MapMode::kAuto) {
  auto reader = FileReader::Open(path, {.map = map}, context);
  EXPECT_TRUE(reader.has_value()) << reader.status().ToString();
  return reader ? *reader : nullptr;
}

// All batches of a scan as one.
inline Result<Batch> ReadAll(BatchReader* reader) {
  std::vector<std::vector<ArrayPtr>> parts(reader->schema()->field_count());
  Batch all{reader->schema(), 0, {}};
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, reader->Next());
    if (!batch) {
      break;
    }
    all.length += batch->length;
    for (size_t i = 0; i < parts.size(); ++i) {
      parts[i].push_back(batch->columns[i]);
    }
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr column,
                            Concatenate(all.schema->field(i).type, parts[i]));
    all.columns.push_back(std::move(column));
  }
  return all;
}

inline std::vector<std::byte> BytesOfFile(const ContextPtr& context,
                                          const std::string& path) {
  auto file = context->file_system->OpenForRead(path, MapMode::kNever);
  EXPECT_TRUE(file.has_value()) << file.status().ToString();
  std::vector<std::byte> bytes((*file)->size());
  ReadRange range{0, bytes};
  EXPECT_TRUE((*file)->ReadBatch(std::span(&range, 1)).ok());
  return bytes;
}

}  // namespace lancer::format
