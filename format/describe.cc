#include "format/describe.h"

#include <algorithm>

#include "format/column_bounds.h"

namespace lancer::format {
namespace {

std::string_view LayoutName(LayoutKind layout) {
  switch (layout) {
    case LayoutKind::kUniform:
      return "uniform";
    case LayoutKind::kBlocks:
      return "blocks";
    case LayoutKind::kVariable:
      return "variable";
  }
  return "unknown";
}

std::string_view RoleName(LeafRole role) {
  switch (role) {
    case LeafRole::kValues:
      return "values";
    case LeafRole::kStructure:
      return "structure";
    case LeafRole::kRowIds:
      return "row_ids";
  }
  return "unknown";
}

Result<PageInfo> DescribePage(const LeafReader& leaf, size_t index) {
  const PageMeta& page = leaf.meta().pages[index];
  PageInfo info;
  info.first_row = page.first_row;
  info.rows = page.rows;
  info.offset = page.offset;
  info.size_bytes = page.size;
  info.index_bytes = page.index.size;
  info.layout = LayoutName(page.layout);
  info.encoding = EncodingText(leaf.meta().tree_sets[page.trees]);
  if (page.layout == LayoutKind::kBlocks) {
    LANCER_ASSIGN_OR_RETURN(PageHandle handle, leaf.Page(index));
    info.block_count = handle->BlockStarts().size() - 1;
    bool uneven = (page.flags & kPageUnevenBlocks) != 0;
    info.block_rows = uneven ? 0 : uint64_t{1} << page.block_shift;
  }
  info.null_count = page.statistics.null_count;
  info.nan_count = page.statistics.nan_count;
  info.distinct_count = page.statistics.distinct_count;
  info.min = FormatBound(leaf.shape(), page.statistics.min);
  info.max = FormatBound(leaf.shape(), page.statistics.max);
  return info;
}

Result<ColumnInfo> DescribeLeaf(const OpenDataFile& file, const LeafReader& leaf) {
  const ColumnMeta& meta = leaf.meta();
  LANCER_ASSIGN_OR_RETURN(DirectoryRecord record,
                          file.container().DirectoryRecordOf(leaf.id()));
  ColumnInfo info;
  info.path = leaf.shape().path;
  info.type = leaf.shape().declared == nullptr ? "" : leaf.shape().declared->ToString();
  info.role = RoleName(leaf.shape().role);
  info.profile = meta.profile ? ProfileName(*meta.profile) : "";
  info.metadata_bytes = record.meta_size;
  info.dictionary_bytes = meta.dictionary.size;
  info.dictionary_entries = meta.dictionary_entries;
  info.codec_dictionary_bytes = meta.codec_dictionary.size;
  info.symbol_table_bytes = meta.symbol_table.size;
  info.statistics_bytes = meta.block_statistics.size;
  for (size_t i = 0; i < meta.pages.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(PageInfo page, DescribePage(leaf, i));
    info.pages.push_back(std::move(page));
  }
  return info;
}

void AddPart(uint64_t offset, uint64_t size, std::string_view name,
             const std::string& column, std::vector<FilePart>* parts) {
  if (size > 0) {
    parts->push_back({offset, size, std::string(name), column});
  }
}

void AddPart(const CheckedRange& range, std::string_view name, const std::string& column,
             std::vector<FilePart>* parts) {
  AddPart(range.offset, range.size, name, column, parts);
}

Status AddLeafParts(const OpenDataFile& file, const LeafReader& leaf,
                    std::vector<FilePart>* parts) {
  std::string column = FormatFieldPath(leaf.shape().path);
  const ColumnMeta& meta = leaf.meta();
  for (const PageMeta& page : meta.pages) {
    AddPart(page.offset, page.size, "page", column, parts);
    AddPart(page.index, "page index", column, parts);
  }
  AddPart(meta.dictionary, "dictionary", column, parts);
  AddPart(meta.codec_dictionary, "codec dictionary", column, parts);
  AddPart(meta.symbol_table, "symbol table", column, parts);
  AddPart(meta.block_statistics, "block statistics", column, parts);
  LANCER_ASSIGN_OR_RETURN(DirectoryRecord record,
                          file.container().DirectoryRecordOf(leaf.id()));
  AddPart(record.meta_offset, record.meta_size, "column metadata", column, parts);
  return Status::Ok();
}

void AddFrameParts(const Container& container, std::vector<FilePart>* parts) {
  Container::FrameRanges frame = container.frame();
  AddPart(0, 8, "magic", "", parts);
  AddPart(frame.directory, "column directory", "", parts);
  AddPart(frame.name_index, "name index", "", parts);
  AddPart(frame.schema, "schema", "", parts);
  for (const Container::SectionInfo& section : container.sections()) {
    AddPart(section.range, "section " + section.name, "", parts);
  }
  AddPart(frame.unit_checks, "unit checks", "", parts);
  AddPart(frame.footer, "footer", "", parts);
  AddPart(frame.postscript, "postscript", "", parts);
}

// Sorts the parts and names what lies between them.
std::vector<FilePart> WithPadding(std::vector<FilePart> parts) {
  std::ranges::stable_sort(parts, {}, &FilePart::offset);
  std::vector<FilePart> all;
  uint64_t end = 0;
  for (FilePart& part : parts) {
    if (part.offset > end) {
      all.push_back({end, part.offset - end, "padding", ""});
    }
    end = std::max(end, part.offset + part.size_bytes);
    all.push_back(std::move(part));
  }
  return all;
}

}  // namespace

std::string EncodingText(const TreeSet& trees) {
  std::string text;
  for (const encoding::EncodingTree& tree : trees) {
    text += (text.empty() ? "" : "; ") + tree.ToString();
  }
  return text;
}

Result<std::vector<ColumnInfo>> DescribeColumns(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names) {
  LANCER_ASSIGN_OR_RETURN(ColumnSet columns, file.Columns(names));
  std::vector<ColumnInfo> infos;
  for (const ColumnReader* column : columns.columns()) {
    for (const auto& leaf : column->leaves) {
      LANCER_ASSIGN_OR_RETURN(ColumnInfo info, DescribeLeaf(file, *leaf));
      infos.push_back(std::move(info));
    }
  }
  return infos;
}

Result<std::vector<FilePart>> DescribeParts(const OpenDataFile& file) {
  LANCER_ASSIGN_OR_RETURN(ColumnSet columns, file.Columns(std::nullopt));
  std::vector<FilePart> parts;
  AddFrameParts(file.container(), &parts);
  for (const ColumnReader* column : columns.columns()) {
    for (const auto& leaf : column->leaves) {
      LANCER_RETURN_IF_ERROR(AddLeafParts(file, *leaf, &parts));
    }
  }
  return WithPadding(std::move(parts));
}

}  // namespace lancer::format
