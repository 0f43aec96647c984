// Pages of one leaf for tests: encoded, laid into a small file, opened, read, and
// compared with the rows they were made from.
//
// Ownership: a PageFixture owns what its reader refers to, and does not move. Thread
// rule: one thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "encoding/codec_dictionary.h"
#include "encoding/dictionary.h"
#include "format/page.h"
#include "lancer/array.h"

namespace lancer::format {

// Rows [first, first + n) of an array as the buffers of its field's leaves.
inline std::vector<LeafBuffer> ShredAll(const Field& field, const ArrayPtr& array,
                                        int64_t first, int64_t n) {
  std::vector<LeafBuffer> buffers;
  std::vector<LeafBuffer*> pointers;
  for (const LeafShape& shape : LeavesOf(field)) {
    buffers.push_back(MakeLeafBuffer(shape));
  }
  for (LeafBuffer& buffer : buffers) {
    pointers.push_back(&buffer);
  }
  const Status status = Shred(field, array, first, n, pointers);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return buffers;
}

class PageFixture {
 public:
  static constexpr uint64_t kPageOffset = 4096;

  // Encodes the leaf's rows; REQUIRES that it succeeds.
  PageFixture(LeafShape leaf, const LeafBuffer& rows, const PageOptions& options)
      : shape(std::move(leaf)) {
    const bool keyed =
        shape.type.kind == encoding::PhysicalKind::kBytes ||
        (shape.type.kind == encoding::PhysicalKind::kFixed && shape.type.width > 0);
    std::unique_ptr<encoding::DictionaryBuilder> builder;
    if (keyed) {
      builder = std::make_unique<encoding::DictionaryBuilder>(shape.type);
    }
    if (shape.type.kind == encoding::PhysicalKind::kBytes) {
      const auto trained =
          encoding::MakeCodecDictionary(ValuesOf(shape, rows), options.profile);
      if (!trained.empty()) {
        codec_dictionary = *encoding::CodecDictionary::Load(trained);
      }
    }
    encoding::EncodeResources resources{builder.get(), codec_dictionary.get()};
    Result<EncodedPage> encoded = EncodePage(shape, rows, resources, options);
    if (!encoded) {
      status = encoded.error();
      return;
    }
    page = std::move(*encoded);
    if (builder && builder->entry_count() > 0) {
      dictionary = *encoding::Dictionary::Load(shape.type, builder->Finish());
    }
    column.type = shape.type;
    column.rows = rows.rows;
    column.tree_sets = {page.trees};
    column.pages = {page.meta};
    column.pages[0].offset = kPageOffset;
    decode = {dictionary.get(), codec_dictionary.get()};
    file.assign(kPageOffset, std::byte{0xEE});
    file.insert(file.end(), page.bytes.begin(), page.bytes.end());
    status = Open(page.index);
  }
  PageFixture(const PageFixture&) = delete;
  PageFixture& operator=(const PageFixture&) = delete;

  Status Open(std::vector<std::byte> index) {
    auto opened =
        PageReader::Make({shape, column.tree_sets[column.pages[0].trees], column.pages[0],
                          std::move(index), decode, "a.lancer: column x: page 0"});
    if (opened) {
      reader = std::move(*opened);
    }
    return opened.status();
  }

  FetchedBytes Mapped() const { return FetchedBytes(std::span(file)); }

  // Exactly the planned ranges, each in memory of its own.
  FetchedBytes Fetched(const std::vector<ByteRange>& ranges) {
    std::vector<FetchedBytes::Piece> pieces;
    for (const ByteRange& range : ranges) {
      EXPECT_LE(range.offset + range.size, file.size());
      const auto begin = file.begin() + static_cast<std::ptrdiff_t>(range.offset);
      memory.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(range.size));
      pieces.push_back({range.offset, memory.back()});
    }
    return FetchedBytes(std::move(pieces));
  }

  // Reads a range through its plan.
  Result<LeafBuffer> Range(uint64_t first, uint64_t n, Verify verify = Verify::kOnce) {
    std::vector<ByteRange> ranges;
    reader->PlanRange(first, n, &ranges);
    LeafBuffer out = MakeLeafBuffer(shape);
    LANCER_RETURN_IF_ERROR(
        reader->ReadRange(Fetched(ranges), first, n, {.verify = verify}, &out));
    return out;
  }
  // Reads ascending rows through their plan.
  Result<LeafBuffer> Rows(const std::vector<uint32_t>& rows,
                          Verify verify = Verify::kOnce) {
    std::vector<ByteRange> ranges;
    reader->PlanRows(rows, Verify::kAlways, &ranges);
    LeafBuffer out = MakeLeafBuffer(shape);
    LANCER_RETURN_IF_ERROR(
        reader->ReadRows(Fetched(ranges), rows, {.verify = verify}, &out));
    return out;
  }

  LeafShape shape;
  ColumnMeta column;
  EncodedPage page;
  std::vector<std::byte> file;
  std::vector<std::vector<std::byte>> memory;
  std::shared_ptr<const encoding::Dictionary> dictionary;
  std::shared_ptr<const encoding::CodecDictionary> codec_dictionary;
  encoding::DecodeResources decode;
  std::unique_ptr<const PageReader> reader;
  Status status;
};

// One fixture per leaf of a field, and the column put together again.
class ColumnFixture {
 public:
  ColumnFixture(Field column, const ArrayPtr& array, const PageOptions& options)
      : field(std::move(column)) {
    const std::vector<LeafBuffer> buffers = ShredAll(field, array, 0, array->length());
    const std::vector<LeafShape> shapes = LeavesOf(field);
    for (size_t i = 0; i < shapes.size(); ++i) {
      leaves.push_back(std::make_unique<PageFixture>(shapes[i], buffers[i], options));
    }
  }

  Status status() const {
    for (const auto& leaf : leaves) {
      LANCER_RETURN_IF_ERROR(leaf->status);
    }
    return Status::Ok();
  }
  // `read` makes a LeafBuffer of a PageFixture.
  template <typename Read>
  Result<ArrayPtr> Build(Read read) {
    std::vector<LeafBuffer> buffers;
    std::vector<LeafBuffer*> pointers;
    for (const auto& leaf : leaves) {
      LANCER_ASSIGN_OR_RETURN(LeafBuffer buffer, read(*leaf));
      buffers.push_back(std::move(buffer));
    }
    for (LeafBuffer& buffer : buffers) {
      pointers.push_back(&buffer);
    }
    return Assemble(field, pointers);
  }
  Result<ArrayPtr> Range(uint64_t first, uint64_t n, Verify verify = Verify::kOnce) {
    return Build([&](PageFixture& leaf) { return leaf.Range(first, n, verify); });
  }
  Result<ArrayPtr> Rows(const std::vector<uint32_t>& rows) {
    return Build([&](PageFixture& leaf) { return leaf.Rows(rows); });
  }

  Field field;
  std::vector<std::unique_ptr<PageFixture>> leaves;
};

}  // namespace lancer::format
