// ColumnMeta: all that is known of one leaf in one file before its pages are touched.
//
// Stored as one FlatBuffer per leaf (spec/schemas/column_meta.fbs), checksummed by the
// column directory, verified when first touched. Ownership: immutable once parsed.
// Thread rule: safe for concurrent const calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "encoding/encoding_tree.h"
#include "encoding/statistics.h"
#include "format/leaf.h"
#include "lancer/profile.h"

namespace lancer::format {

enum class LayoutKind : uint8_t { kUniform = 0, kBlocks = 1, kVariable = 2 };

// Bytes of the file with the XXH3-64 that they must have.
struct CheckedRange {
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t check = 0;
  bool empty() const { return size == 0; }
  friend bool operator==(const CheckedRange&, const CheckedRange&) = default;
};

// Stored statistics of a page. Absent counts are not known.
struct PageStatistics {
  std::optional<encoding::Bound> min, max;
  std::optional<uint64_t> null_count;  // nulls of the leaf's own slots
  std::optional<uint64_t> nan_count;
  std::optional<uint64_t> distinct_count;
};

struct PageMeta {
  uint64_t first_row = 0;
  uint64_t rows = 0;
  uint64_t values = 0;  // slots at the leaf (rows where there are no lists)
  uint64_t offset = 0;  // of the page's first byte in the file
  uint64_t size = 0;
  LayoutKind layout = LayoutKind::kUniform;
  uint8_t block_shift = 0;  // kBlocks, even: rows per block = 1 << block_shift; kUniform:
                            // rows per check unit = 1 << block_shift
  uint8_t flags = 0;        // bit 0: uneven blocks
  uint32_t trees = 0;       // index into ColumnMeta::tree_sets
  CheckedRange index = {};  // the page index
  PageStatistics statistics = {};
};
inline constexpr uint8_t kPageUnevenBlocks = 1;

// One tree per stream of a page: the lengths of each kList level, outermost first, then
// the values.
using TreeSet = std::vector<encoding::EncodingTree>;

struct ColumnMeta {
  LeafRole role = LeafRole::kValues;
  std::vector<FieldId> field_ids;  // path, root first: the leaf's identity
  FieldPath path;
  encoding::PhysicalType type;
  std::optional<Profile> profile;  // what the writer chose encodings for
  uint64_t rows = 0;
  std::vector<PageMeta> pages;  // ascending first_row, contiguous from 0
  std::vector<TreeSet> tree_sets;
  CheckedRange dictionary;  // distinct values (encoding/dictionary.h), or empty
  uint64_t dictionary_entries = 0;
  CheckedRange codec_dictionary;  // or empty
  CheckedRange symbol_table;      // of fsst (encoding/symbol_table.h), or empty
  CheckedRange block_statistics;  // section that only filtered scans load, or empty

  // The page that holds `row`. REQUIRES: row < rows.
  size_t PageOf(uint64_t row) const;
};

// Encoding ids by name, in this file: number in the file -> id, or nothing when unknown.
struct EncodingDictionary {
  std::vector<std::string> names;
  std::optional<encoding::EncodingId> Find(uint16_t file_id, std::string* name) const;
  uint16_t FileIdOf(encoding::EncodingId id);  // adds it when it is new
};

// One leaf's buffer. Same input, same bytes.
std::vector<std::byte> SerializeColumnMeta(const ColumnMeta& meta,
                                           EncodingDictionary* encodings);
// Verifies, checks every number against `file_size` and `file_rows`, and the leaf's
// identity against `expected`. `where` names file and leaf for messages.
// Errors: Corruption; Unsupported naming an encoding that this build does not know.
Result<std::shared_ptr<const ColumnMeta>> ParseColumnMeta(
    std::span<const std::byte> bytes, const EncodingDictionary& encodings,
    const LeafShape& expected, uint64_t file_size, uint64_t file_rows,
    const std::string& where);

// Only the leaf's path, for the name index. Errors: Corruption.
Result<FieldPath> ParseColumnPath(std::span<const std::byte> bytes,
                                  const std::string& where);

}  // namespace lancer::format
