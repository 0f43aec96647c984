// Pages from hostile bytes: a small description picks leaf, layout, trees and index; what
// is left is the page. Reading must stay in bounds, whatever it gives.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/candidates.h"
#include "encoding/dictionary.h"
#include "encoding/symbol_table.h"
#include "format/blocks.h"
#include "format/page.h"

namespace lancer::format {
namespace {

Field FieldOf(unsigned choice) {
  const Field number{.name = "x", .type = DataType::Make(TypeKind::kInt32)};
  const Field text{.name = "x", .type = DataType::Make(TypeKind::kString)};
  switch (choice % 7) {
    case 0:
      return number;
    case 1:
      return text;
    case 2:
      return {.name = "x", .type = DataType::Make(TypeKind::kBool)};
    case 3:
      return {.name = "x", .type = DataType::FixedSizeList(number, 3)};
    case 4:
      return {.name = "x", .type = DataType::List(text)};
    case 5:
      return {.name = "x", .type = DataType::Struct({text})};
    default:
      return {.name = "x",
              .type = DataType::List({.name = "y", .type = DataType::List(number)})};
  }
}

// Three symbols: "abc", two spaces, and bytes of no text.
const encoding::SymbolTable* Symbols() {
  constexpr uint8_t kStored[] = {3, 0, 3, 2, 2, 'a', 'b', 'c', ' ', ' ', 0xFE, 0xFF};
  static const auto table =
      *encoding::SymbolTable::Load(std::as_bytes(std::span(kStored)));
  return table.get();
}

// Of three values of the leaf's type; null for bits.
std::shared_ptr<const encoding::Dictionary> Entries(const encoding::PhysicalType& type) {
  if (type.kind == encoding::PhysicalKind::kBits) {
    return nullptr;
  }
  encoding::DictionaryBuilder builder(type);
  const bool bytes = type.kind == encoding::PhysicalKind::kBytes;
  for (size_t i = 0; i < 3; ++i) {
    const std::vector<std::byte> value(bytes ? i : type.width, std::byte(i));
    (void)builder.FindOrAdd(value);
  }
  return *encoding::Dictionary::Load(type, builder.Finish());
}

struct Header {
  uint8_t field = 0, layout = 0, shift = 0, flags = 0, tree = 0;
  uint16_t rows = 0, values = 0, index_bytes = 0;
};

bool ReadHeader(encoding::ByteReader* reader, Header* header) {
  return reader->Read(&header->field) && reader->Read(&header->layout) &&
         reader->Read(&header->shift) && reader->Read(&header->flags) &&
         reader->Read(&header->tree) && reader->Read(&header->rows) &&
         reader->Read(&header->values) && reader->Read(&header->index_bytes);
}

void ReadPage(const PageReader& page, std::span<const std::byte> file,
              const LeafShape& shape, uint64_t rows) {
  const FetchedBytes bytes(file);
  std::vector<ByteRange> ranges;
  page.PlanRange(0, rows, &ranges);
  for (const Verify verify : {Verify::kNever, Verify::kAlways}) {
    LeafBuffer all = MakeLeafBuffer(shape);
    all.LimitTo(64 << 20);
    (void)page.ReadRange(bytes, 0, rows, {.verify = verify}, &all);
    LeafBuffer some = MakeLeafBuffer(shape);
    some.LimitTo(64 << 20);
    const std::vector<uint32_t> picked = {0, static_cast<uint32_t>(rows / 2),
                                          static_cast<uint32_t>(rows - 1)};
    page.PlanRows(picked, Verify::kAlways, &ranges);
    (void)page.ReadRows(bytes, picked, {.verify = verify}, &some);
  }
  (void)page.VerifyUnits(bytes, 0, rows, {});
}

void Run(std::span<const std::byte> input) {
  encoding::ByteReader reader(input);
  Header header;
  std::span<const std::byte> index;
  if (!ReadHeader(&reader, &header) || header.rows == 0 ||
      !reader.ReadSpan(header.index_bytes, &index)) {
    return;
  }
  std::span<const std::byte> page_bytes;
  (void)reader.ReadSpan(reader.remaining(), &page_bytes);
  if (page_bytes.empty()) {
    return;
  }
  const LeafShape shape = LeavesOf(FieldOf(header.field))[0];
  ColumnMeta column;
  column.type = shape.type;
  TreeSet trees;
  for (const Level& level : shape.levels) {
    if (level.kind == LevelKind::kList) {
      const auto fits = encoding::AllTrees(kLengthType, {});
      trees.push_back(fits[header.flags / 2 % fits.size()]);
    }
  }
  auto fits = encoding::AllTrees(shape.type, {.dictionary = true, .symbol_table = true});
  fits.push_back(encoding::ConstantTree());
  trees.push_back(fits[header.tree % fits.size()]);
  column.tree_sets = {trees};
  PageMeta meta;
  meta.rows = header.rows;
  meta.values = shape.has_lists() ? header.values : header.rows * shape.values_per_row();
  meta.size = page_bytes.size();
  meta.layout = static_cast<LayoutKind>(header.layout % 3);
  // Metadata lets no more than this reach a page (format/column_meta_parse.cc).
  const unsigned most_shift = meta.layout == LayoutKind::kUniform ? 31 : kMaxBlockShift;
  meta.block_shift = static_cast<uint8_t>(header.shift % (most_shift + 1));
  meta.flags = static_cast<uint8_t>(header.flags % (kPageUnevenBlocks + 1));
  column.pages = {meta};
  encoding::DecodeResources resources;
  const auto entries = Entries(shape.type);
  resources.dictionary = entries.get();
  resources.symbol_table = Symbols();
  auto page =
      PageReader::Make({shape, column.tree_sets[meta.trees], column.pages[0],
                        std::vector(index.begin(), index.end()), resources, "fuzz"});
  if (page) {
    ReadPage(**page, page_bytes, shape, header.rows);
  }
}

}  // namespace
}  // namespace lancer::format

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lancer::format::Run(std::as_bytes(std::span(data, size)));
  return 0;
}
