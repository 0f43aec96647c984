// Files for tests of the container: written into memory, read from bytes that a test may
// damage.
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <atomic>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "format/container.h"

namespace lancer::format {

// A file whose bytes the test brings; counts reads.
class BytesFile final : public ReadableFile {
 public:
  BytesFile(std::vector<std::byte> bytes, bool mapped)
      : bytes_(std::move(bytes)), mapped_(mapped) {}

  const std::string& path() const override { return path_; }
  uint64_t size() const override { return bytes_.size(); }
  Status ReadBatch(std::span<const ReadRange> ranges) const override {
    for (const ReadRange& range : ranges) {
      if (range.destination.size() > bytes_.size() ||
          range.offset > bytes_.size() - range.destination.size()) {
        return Status::Corruption("a.lancer: ends at " + std::to_string(bytes_.size()));
      }
      if (!range.destination.empty()) {
        std::memcpy(range.destination.data(), bytes_.data() + range.offset,
                    range.destination.size());
      }
      ++reads;
      bytes_read += range.destination.size();
    }
    return Status::Ok();
  }
  std::span<const std::byte> mapped() const override {
    return mapped_ ? std::span<const std::byte>(bytes_) : std::span<const std::byte>();
  }
  void WillNeed(uint64_t /*offset*/, uint64_t /*size*/) const override {}

  mutable uint64_t reads = 0;
  mutable uint64_t bytes_read = 0;

 private:
  std::string path_ = "a.lancer";
  std::vector<std::byte> bytes_;
  bool mapped_;
};

// A staged file that only collects bytes, and fails once it would hold more than `limit`.
class BytesStage final : public StagedFile {
 public:
  Status Append(std::span<const std::byte> more) override {
    if (bytes.size() + more.size() > limit) {
      return Status::ResourceExhausted("the device is full");
    }
    bytes.insert(bytes.end(), more.begin(), more.end());
    return Status::Ok();
  }
  uint64_t size() const override { return bytes.size(); }
  Status Sync() override { return Status::Ok(); }
  Result<PublishOutcome> Publish(const std::string&) override {
    return PublishOutcome::kCreated;
  }
  Result<PublishOutcome> PublishExclusive(const std::string&) override {
    return PublishOutcome::kCreated;
  }

  std::vector<std::byte> bytes;
  uint64_t limit = UINT64_MAX;
};

inline std::vector<std::byte> Bytes(std::string_view text) {
  auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// A required int64 leaf at top level.
inline LeafShape Int64Shape(std::string name, int32_t id) {
  LeafShape shape;
  shape.path = {std::move(name)};
  shape.field_ids = {FieldId(id)};
  shape.type = {.kind = encoding::PhysicalKind::kFixed,
                .number = encoding::NumberKind::kSigned,
                .width = 8};
  shape.nullable = false;
  shape.declared = DataType::Make(TypeKind::kInt64);
  return shape;
}

// The metadata of a column of one plain page at `page`.
inline ColumnMeta PlainColumn(const LeafShape& shape, CheckedRange page, uint64_t rows) {
  ColumnMeta meta;
  meta.role = shape.role;
  meta.field_ids = shape.field_ids;
  meta.path = shape.path;
  meta.type = shape.type;
  meta.rows = rows;
  meta.tree_sets = {{encoding::EncodingTree{
      {{.id = encoding::EncodingId::kPlain, .child_count = 0, .parameter = 0}}}}};
  if (rows > 0) {
    meta.pages.push_back({.rows = rows,
                          .values = rows,
                          .offset = page.offset,
                          .size = page.size,
                          .block_shift = 9});
  }
  return meta;
}

struct WrittenFile {
  std::vector<std::byte> bytes;
  FileRef ref;
};

// A file of `columns` plain columns "c0", "c1", ... of 4 rows, which share one page, and
// of what `more` adds.
inline WrittenFile WriteFile(
    FileKind kind, uint32_t columns,
    const std::function<void(ContainerWriter*)>& more = nullptr) {
  BytesStage stage;
  auto writer = *ContainerWriter::Begin(&stage, kind);
  CheckedRange page =
      *writer->AppendChecked(Bytes("one page of 32 bytes, 4 rows of."), 64);
  std::vector<Field> fields;
  for (uint32_t i = 0; i < columns; ++i) {
    LeafShape shape = Int64Shape("c" + std::to_string(i), static_cast<int32_t>(i));
    Status added = writer->AddColumn(PlainColumn(shape, page, 4));
    if (!added.ok()) {
      return {};
    }
    fields.push_back({.name = shape.path[0],
                      .type = shape.declared,
                      .nullable = false,
                      .id = shape.field_ids[0]});
  }
  if (more) {
    more(writer.get());
  }
  FileRef ref = *writer->Finish(Schema(std::move(fields)), 4);
  return {.bytes = std::move(stage.bytes), .ref = ref};
}

inline Result<std::shared_ptr<const Container>> OpenBytes(
    std::vector<std::byte> bytes, FileKind kind, bool mapped = false,
    const FileRef* expected = nullptr) {
  return Container::Open(std::make_shared<BytesFile>(std::move(bytes), mapped), kind,
                         expected);
}

}  // namespace lancer::format
