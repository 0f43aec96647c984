#include "format/column_bounds.h"

#include <algorithm>

#include "types/extension.h"

namespace lancer::format {
namespace {

using encoding::Statistics;

ColumnBounds BoundsOf(const LeafShape& shape, const PageMeta& page) {
  ColumnBounds part{.shape = shape};
  part.statistics.type = shape.type;
  part.statistics.count = page.values;
  part.statistics.null_count = page.statistics.null_count.value_or(0);
  part.statistics.nan_count = page.statistics.nan_count.value_or(0);
  part.statistics.min = page.statistics.min;
  part.statistics.max = page.statistics.max;
  part.distinct.reset();
  if (page.statistics.distinct_count) {
    const uint64_t count = std::min(*page.statistics.distinct_count,
                                    page.values - part.statistics.null_count);
    part.distinct = {.at_least = count, .at_most = count};
  }
  return part;
}

bool IsBelow(const Statistics& a, const Statistics& b) {
  return a.max && b.min &&
         encoding::CompareBounds(a.type, a.max->view(), b.min->view()) < 0;
}

// Can no value be in both? Both may hold NaN, which bounds leave out.
bool AreApart(const Statistics& a, const Statistics& b) {
  return (a.nan_count == 0 || b.nan_count == 0) && (IsBelow(a, b) || IsBelow(b, a));
}

bool HoldsCodesAlone(const ColumnMeta& meta) {
  return std::ranges::all_of(meta.pages, [&](const PageMeta& page) {
    return meta.tree_sets[page.trees].back().nodes[0].id == encoding::EncodingId::kDict;
  });
}

// What limits the count besides those of pages.
void LimitDistinct(const ColumnMeta& meta, ColumnBounds* bounds) {
  if (!bounds->distinct) {
    return;
  }
  uint64_t& at_most = bounds->distinct->at_most;
  if (HoldsCodesAlone(meta)) {
    at_most = std::min(at_most, meta.dictionary_entries);
  }
  if (bounds->shape.type.kind == encoding::PhysicalKind::kBits) {
    at_most = std::min<uint64_t>(at_most, 2);
  }
  at_most = std::max(at_most, bounds->distinct->at_least);
}

}  // namespace

void JoinBounds(ColumnBounds* into, const ColumnBounds& part) {
  if (into->distinct && part.distinct) {
    DistinctRange& range = *into->distinct;
    range.at_least = AreApart(into->statistics, part.statistics)
                         ? range.at_least + part.distinct->at_least
                         : std::max(range.at_least, part.distinct->at_least);
    range.at_most += part.distinct->at_most;
  } else {
    into->distinct.reset();
  }
  encoding::MergeBounds(&into->statistics, part.statistics);
}

Result<std::vector<ColumnBounds>> ReadColumnBounds(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names) {
  LANCER_ASSIGN_OR_RETURN(ColumnSet columns, file.Columns(names));
  std::vector<ColumnBounds> all;
  for (const ColumnReader* column : columns.columns()) {
    for (const auto& leaf : column->leaves) {
      ColumnBounds bounds{.shape = leaf->shape()};
      bounds.statistics.type = leaf->shape().type;
      for (const PageMeta& page : leaf->meta().pages) {
        JoinBounds(&bounds, BoundsOf(leaf->shape(), page));
      }
      LimitDistinct(leaf->meta(), &bounds);
      all.push_back(std::move(bounds));
    }
  }
  return all;
}

std::string FormatBound(const LeafShape& shape,
                        const std::optional<encoding::Bound>& bound) {
  if (!bound || shape.declared == nullptr) {
    return "";
  }
  BufferPtr value =
      Buffer::Own(std::vector<std::byte>(bound->view().begin(), bound->view().end()));
  const DataType& storage = shape.declared->storage();
  Array::Data data{.type = shape.declared, .length = 1, .null_count = 0};
  data.buffers.push_back(nullptr);
  if (shape.type.kind == encoding::PhysicalKind::kBytes) {
    bool wide = storage.kind() == TypeKind::kLargeString ||
                storage.kind() == TypeKind::kLargeBinary;
    data.buffers.push_back(
        wide ? Buffer::Own(std::vector<int64_t>{0, int64_t{bound->size}})
             : Buffer::Own(std::vector<int32_t>{0, bound->size}));
  } else if (bound->size != shape.type.width) {
    return "";
  }
  data.buffers.push_back(std::move(value));
  Field field{.type = shape.declared};
  if (shape.type.number == encoding::NumberKind::kBfloat16) {
    field.metadata = {{std::string(kExtensionNameKey), std::string(kBfloat16Name)}};
  }
  std::string text = Array(std::move(data)).FormatValue(0, field);
  return bound->exact ? text : text + "...";
}

}  // namespace lancer::format
