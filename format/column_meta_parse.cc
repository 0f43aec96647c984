// Reads column metadata (spec: container, "Column metadata"). Every number is checked
// here once, so that readers of pages may rely on it.

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "encoding/codec_dictionary.h"
#include "encoding/stream.h"
#include "encoding/symbol_table.h"
#include "format/blocks.h"
#include "format/column_meta.h"
#include "format/postscript.h"
#include "format/verified_root.h"
#include "generated/column_meta_generated.h"

namespace lancer::format {
namespace {

using encoding::PhysicalKind;
using encoding::PhysicalType;

constexpr uint8_t kProfiles = 3;
constexpr uint64_t kMaxPageRows = std::numeric_limits<uint32_t>::max();
constexpr uint64_t kMaxPageValues = uint64_t{1} << 40;
constexpr int kMaxUniformShift = 31;  // rows of a page are a u32

template <typename T>
using Column = flatbuffers::Vector<T>;

class Parser {
 public:
  Parser(const stored::ColumnMeta& root, const EncodingDictionary& encodings,
         const LeafShape& expected, uint64_t file_size, uint64_t file_rows,
         size_t buffer_size, const std::string& where)
      : root_(root),
        encodings_(encodings),
        expected_(expected),
        file_size_(file_size),
        file_rows_(file_rows),
        budget_(buffer_size),
        where_(where) {}

  Result<std::shared_ptr<const ColumnMeta>> Parse() {
    LANCER_RETURN_IF_ERROR(ReadIdentity());
    LANCER_RETURN_IF_ERROR(ReadTreeSets());
    LANCER_RETURN_IF_ERROR(ReadPages());
    LANCER_RETURN_IF_ERROR(
        ReadBounds(root_.min_size(), root_.min_bytes(), 1, "min", &PageStatistics::min));
    LANCER_RETURN_IF_ERROR(
        ReadBounds(root_.max_size(), root_.max_bytes(), 2, "max", &PageStatistics::max));
    LANCER_RETURN_IF_ERROR(ReadRanges());
    return std::make_shared<const ColumnMeta>(std::move(meta_));
  }

  Status ReadPath(FieldPath* path) {
    if (root_.path() == nullptr) {
      return Status::Ok();
    }
    for (const flatbuffers::String* name : *root_.path()) {
      if (name->size() > budget_) {
        return Bad("its names share bytes");
      }
      budget_ -= name->size();
      path->push_back(name->str());
    }
    return Status::Ok();
  }

 private:
  Status Bad(const std::string& what) const {
    return Status::Corruption(where_ + ": column metadata: " + what);
  }

  Status ReadIdentity() {
    LANCER_RETURN_IF_ERROR(ReadPath(&meta_.path));
    meta_.role = static_cast<LeafRole>(root_.role());
    for (size_t i = 0; root_.field_ids() != nullptr && i < root_.field_ids()->size();
         ++i) {
      meta_.field_ids.emplace_back(
          root_.field_ids()->Get(static_cast<flatbuffers::uoffset_t>(i)));
    }
    if (meta_.role != expected_.role || meta_.field_ids != expected_.field_ids) {
      return Bad(
          fmt::format("it belongs to leaf {} (role {}, field ids {}), expected "
                      "{} (role {}, field ids {})",
                      FormatFieldPath(meta_.path), root_.role(), Ids(meta_.field_ids),
                      FormatFieldPath(expected_.path), static_cast<int>(expected_.role),
                      Ids(expected_.field_ids)));
    }
    meta_.type = {.kind = static_cast<PhysicalKind>(root_.physical_kind()),
                  .number = static_cast<encoding::NumberKind>(root_.number_kind()),
                  .width = root_.width()};
    if (meta_.type != expected_.type) {
      return Bad(fmt::format("physical type: expected {}, found {}",
                             Describe(expected_.type), Describe(meta_.type)));
    }
    meta_.rows = root_.rows();
    if (meta_.rows != file_rows_) {
      return Bad(fmt::format("expected {} rows as the file has, found {}", file_rows_,
                             meta_.rows));
    }
    return Status::Ok();
  }

  static std::string Ids(const std::vector<FieldId>& ids) {
    std::string text;
    for (FieldId id : ids) {
      text += fmt::format("{}{}", text.empty() ? "" : ".", id.value);
    }
    return text;
  }

  static std::string Describe(const PhysicalType& type) {
    return fmt::format("kind {} number {} width {}", static_cast<int>(type.kind),
                       static_cast<int>(type.number), type.width);
  }

  size_t ListCount() const {
    return static_cast<size_t>(
        std::ranges::count(expected_.levels, LevelKind::kList, &Level::kind));
  }

  Status ReadTreeSets() {
    if (root_.tree_sets() == nullptr) {
      return Status::Ok();
    }
    for (const stored::TreeSet* set : *root_.tree_sets()) {
      LANCER_ASSIGN_OR_RETURN(TreeSet trees, ReadTreeSet(*set));
      meta_.tree_sets.push_back(std::move(trees));
    }
    return Status::Ok();
  }

  Result<TreeSet> ReadTreeSet(const stored::TreeSet& set) {
    size_t number = meta_.tree_sets.size();
    auto size = [](const auto* vector) {
      return vector == nullptr ? 0u : vector->size();
    };
    uint64_t nodes = 0;
    for (size_t i = 0; i < size(set.node_counts()); ++i) {
      nodes += set.node_counts()->Get(static_cast<flatbuffers::uoffset_t>(i));
    }
    if (nodes != size(set.encodings()) || nodes != size(set.child_counts()) ||
        nodes != size(set.parameters()) || size(set.node_counts()) != ListCount() + 1 ||
        nodes > budget_) {
      return Bad(
          fmt::format("tree set {}: {} trees of {} nodes: expected {} trees with "
                      "one encoding, child count and parameter per node",
                      number, size(set.node_counts()), nodes, ListCount() + 1));
    }
    budget_ -= nodes;
    TreeSet trees;
    flatbuffers::uoffset_t next = 0;
    for (uint8_t count : std::span(set.node_counts()->data(), size(set.node_counts()))) {
      LANCER_ASSIGN_OR_RETURN(encoding::EncodingTree tree, ReadTree(set, next, count));
      next += count;
      bool values = trees.size() == ListCount();
      LANCER_RETURN_IF_ERROR(CheckOneTree(tree, values, number));
      trees.push_back(std::move(tree));
    }
    return trees;
  }

  Result<encoding::EncodingTree> ReadTree(const stored::TreeSet& set,
                                          flatbuffers::uoffset_t first, uint8_t count) {
    encoding::EncodingTree tree;
    for (flatbuffers::uoffset_t i = first; i < first + count; ++i) {
      std::string name;
      auto id = encodings_.Find(set.encodings()->Get(i), &name);
      if (!id) {
        return Status::Unsupported(fmt::format(
            "{}: it is stored with the encoding {}, which this build does not know; "
            "other columns can be read",
            where_, name));
      }
      tree.nodes.push_back({.id = *id,
                            .child_count = set.child_counts()->Get(i),
                            .parameter = set.parameters()->Get(i)});
    }
    return tree;
  }

  Status CheckOneTree(const encoding::EncodingTree& tree, bool values,
                      size_t number) const {
    return encoding::CheckTree(tree, values ? expected_.type : kLengthType)
        .WithContext(fmt::format("{}: tree set {}", where_, number));
  }

  // The element of a page; an absent vector is all 0. A wrong length is found before.
  template <typename T>
  static T At(const Column<T>* column, size_t page) {
    return column == nullptr ? T{0}
                             : column->Get(static_cast<flatbuffers::uoffset_t>(page));
  }

  Status CheckLengths() const {
    const size_t count = root_.page_count();
    auto fits = [&](const auto* column) {
      return column == nullptr || (column->size() == count && IsAligned(column));
    };
    // Pages have rows, so that a column of pages has at least this vector: it bounds the
    // count by the size of the buffer.
    bool rows = count == 0 || root_.page_rows() != nullptr;
    if (rows && fits(root_.page_first_row()) && fits(root_.page_rows()) &&
        fits(root_.page_values()) && fits(root_.page_offset()) &&
        fits(root_.page_size()) && fits(root_.page_layout()) &&
        fits(root_.page_block_shift()) && fits(root_.page_flags()) &&
        fits(root_.page_tree_set()) && fits(root_.index_offset()) &&
        fits(root_.index_size()) && fits(root_.index_check()) && fits(root_.min_size()) &&
        fits(root_.max_size()) && fits(root_.bound_flags()) && fits(root_.null_count()) &&
        fits(root_.nan_count()) && fits(root_.distinct_count())) {
      return Status::Ok();
    }
    return Bad(fmt::format("its vectors do not all have {} pages, aligned", count));
  }

  Status ReadPages() {
    LANCER_RETURN_IF_ERROR(CheckLengths());
    uint64_t next_row = 0;
    for (size_t i = 0; i < root_.page_count(); ++i) {
      PageMeta page = PageAt(i);
      if (page.first_row != next_row || page.rows == 0 || page.rows > kMaxPageRows ||
          page.rows > meta_.rows - next_row) {
        return Bad(
            fmt::format("page {}: {} rows from row {}: expected rows from {} on, of "
                        "{} in all",
                        i, page.rows, page.first_row, next_row, meta_.rows));
      }
      LANCER_RETURN_IF_ERROR(CheckPage(page).WithContext(
          fmt::format("{}: column metadata: page {}", where_, i)));
      next_row += page.rows;
      meta_.pages.push_back(page);
    }
    if (next_row != meta_.rows) {
      return Bad(fmt::format("its pages hold {} of {} rows", next_row, meta_.rows));
    }
    return Status::Ok();
  }

  PageMeta PageAt(size_t i) const {
    auto count = [&](const Column<uint64_t>* column) {
      uint64_t stored_count = At(column, i);
      return stored_count == 0 ? std::nullopt : std::optional(stored_count - 1);
    };
    PageMeta page{.first_row = At(root_.page_first_row(), i),
                  .rows = At(root_.page_rows(), i),
                  .values = At(root_.page_rows(), i),
                  .offset = At(root_.page_offset(), i),
                  .size = At(root_.page_size(), i),
                  .layout = static_cast<LayoutKind>(At(root_.page_layout(), i)),
                  .block_shift = At(root_.page_block_shift(), i),
                  .flags = At(root_.page_flags(), i),
                  .trees = At(root_.page_tree_set(), i),
                  .index = {.offset = At(root_.index_offset(), i),
                            .size = At(root_.index_size(), i),
                            .check = At(root_.index_check(), i)}};
    if (root_.page_values() != nullptr) {
      page.values = At(root_.page_values(), i);
    }
    page.statistics.null_count = count(root_.null_count());
    page.statistics.nan_count = count(root_.nan_count());
    page.statistics.distinct_count = count(root_.distinct_count());
    return page;
  }

  Status CheckPage(const PageMeta& page) const {
    LANCER_RETURN_IF_ERROR(CheckRange({page.offset, page.size, 0}, "its bytes"));
    LANCER_RETURN_IF_ERROR(CheckRange(page.index, "its index"));
    if (page.layout > LayoutKind::kVariable) {
      return Status::Unsupported(fmt::format("layout {} is not known to this build",
                                             static_cast<int>(page.layout)));
    }
    int limit = page.layout == LayoutKind::kUniform ? kMaxUniformShift : kMaxBlockShift;
    if (page.block_shift > limit || page.flags > kPageUnevenBlocks) {
      return Status::Corruption(
          fmt::format("block shift {}, flags {}: expected at most {} and {}",
                      page.block_shift, page.flags, limit, kPageUnevenBlocks));
    }
    if (page.trees >= meta_.tree_sets.size()) {
      return Status::Corruption(
          fmt::format("tree set {} of {}", page.trees, meta_.tree_sets.size()));
    }
    return CheckValues(page);
  }

  // Without lists the rows say how many values there are.
  Status CheckValues(const PageMeta& page) const {
    bool too_many = page.values > kMaxPageValues;
    if (ListCount() == 0 && !too_many) {
      uint64_t values = page.rows;
      for (const Level& level : expected_.levels) {
        uint64_t size = level.kind == LevelKind::kFixedList ? level.fixed_size : 1;
        too_many = too_many || __builtin_mul_overflow(values, size, &values);
      }
      if (!too_many && values != page.values) {
        return Status::Corruption(fmt::format("expected {} values for {} rows, found {}",
                                              values, page.rows, page.values));
      }
    }
    for (const auto& count : {page.statistics.null_count, page.statistics.nan_count,
                              page.statistics.distinct_count}) {
      too_many = too_many || (count && *count > page.values);
    }
    return too_many ? Status::Corruption(fmt::format(
                          "{} values, or counts beyond them, are too many", page.values))
                    : Status::Ok();
  }

  Status CheckRange(const CheckedRange& range, const std::string& what) const {
    bool inside = range.size <= file_size_ && range.offset <= file_size_ - range.size &&
                  range.offset >= kMagicSize;
    if (!inside && !(range.size == 0 && range.offset <= file_size_)) {
      return Status::Corruption(fmt::format("{}: {} bytes at {}: the file ends at {}",
                                            what, range.size, range.offset, file_size_));
    }
    return Status::Ok();
  }

  Status ReadBounds(const Column<uint8_t>* sizes, const Column<uint8_t>* bytes,
                    uint8_t inexact_flag, const char* name,
                    std::optional<encoding::Bound> PageStatistics::*which) {
    size_t at = 0;
    const size_t total = bytes == nullptr ? 0 : bytes->size();
    for (size_t i = 0; i < meta_.pages.size(); ++i) {
      const size_t stored_size = At(sizes, i);
      if (stored_size == 0) {
        continue;
      }
      encoding::Bound bound;
      bound.size = static_cast<uint8_t>(stored_size - 1);
      bound.exact = (At(root_.bound_flags(), i) & inexact_flag) == 0;
      bool fits = bound.size <= bound.bytes.size() && bound.size <= total - at &&
                  (expected_.type.kind != PhysicalKind::kFixed ||
                   bound.size == std::min<uint64_t>(expected_.type.width, 32));
      if (!fits) {
        return Bad(fmt::format("page {}: {} of {} bytes, {} are left", i, name,
                               bound.size, total - at));
      }
      for (size_t j = 0; j < bound.size; ++j) {
        bound.bytes[j] =
            std::byte{bytes->Get(static_cast<flatbuffers::uoffset_t>(at + j))};
      }
      at += bound.size;
      meta_.pages[i].statistics.*which = bound;
    }
    return at == total
               ? Status::Ok()
               : Bad(fmt::format("{} bytes of {} belong to no page", total - at, name));
  }

  Status ReadRanges() {
    auto read = [&](const stored::Range* from, const char* what, CheckedRange* to) {
      if (from == nullptr) {
        return Status::Ok();
      }
      *to = {.offset = from->offset(), .size = from->size(), .check = from->check()};
      return CheckRange(*to, what).WithContext(where_ + ": column metadata");
    };
    LANCER_RETURN_IF_ERROR(read(root_.dictionary(), "dictionary", &meta_.dictionary));
    LANCER_RETURN_IF_ERROR(
        read(root_.codec_dictionary(), "codec dictionary", &meta_.codec_dictionary));
    LANCER_RETURN_IF_ERROR(
        read(root_.block_statistics(), "block statistics", &meta_.block_statistics));
    LANCER_RETURN_IF_ERROR(
        read(root_.symbol_table(), "symbol table", &meta_.symbol_table));
    meta_.dictionary_entries = root_.dictionary_entries();
    if (root_.profile() > 0 && root_.profile() <= kProfiles) {  // others are not known
      meta_.profile = static_cast<Profile>(root_.profile() - 1);
    }
    if (meta_.codec_dictionary.size > encoding::CodecDictionary::kMaxStoredBytes) {
      return Bad(fmt::format("codec dictionary of {} bytes, at most {} are allowed",
                             meta_.codec_dictionary.size,
                             encoding::CodecDictionary::kMaxStoredBytes));
    }
    if (meta_.symbol_table.size > encoding::SymbolTable::kMaxStoredBytes) {
      return Bad(fmt::format("symbol table of {} bytes, at most {} are allowed",
                             meta_.symbol_table.size,
                             encoding::SymbolTable::kMaxStoredBytes));
    }
    return Status::Ok();
  }

  const stored::ColumnMeta& root_;
  const EncodingDictionary& encodings_;
  const LeafShape& expected_;
  uint64_t file_size_;
  uint64_t file_rows_;
  // Bytes that may still be copied: a hostile buffer may point to the same bytes from
  // many places.
  uint64_t budget_;
  const std::string& where_;
  ColumnMeta meta_;
};

TableLimits Limits(std::span<const std::byte> bytes) {
  return {.max_depth = 4, .max_tables = static_cast<uint32_t>(bytes.size() / 8 + 1)};
}

}  // namespace

Result<std::shared_ptr<const ColumnMeta>> ParseColumnMeta(
    std::span<const std::byte> bytes, const EncodingDictionary& encodings,
    const LeafShape& expected, uint64_t file_size, uint64_t file_rows,
    const std::string& where) {
  LANCER_ASSIGN_OR_RETURN(
      auto root, VerifiedRoot<stored::ColumnMeta>::Make(bytes, Limits(bytes),
                                                        where + ": column metadata"));
  return Parser(*root, encodings, expected, file_size, file_rows, bytes.size(), where)
      .Parse();
}

Result<FieldPath> ParseColumnPath(std::span<const std::byte> bytes,
                                  const std::string& where) {
  LANCER_ASSIGN_OR_RETURN(
      auto root, VerifiedRoot<stored::ColumnMeta>::Make(bytes, Limits(bytes),
                                                        where + ": column metadata"));
  FieldPath path;
  LANCER_RETURN_IF_ERROR(
      Parser(*root, {}, {}, 0, 0, bytes.size(), where).ReadPath(&path));
  return path;
}

}  // namespace lancer::format
