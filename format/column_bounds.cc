#include "format/column_bounds.h"

#include "types/extension.h"

namespace lancer::format {
namespace {

encoding::Statistics BoundsOf(const PageMeta& page, encoding::PhysicalType type) {
  encoding::Statistics part;
  part.type = type;
  part.count = page.values;
  part.null_count = page.statistics.null_count.value_or(0);
  part.nan_count = page.statistics.nan_count.value_or(0);
  part.min = page.statistics.min;
  part.max = page.statistics.max;
  return part;
}

}  // namespace

Result<std::vector<ColumnBounds>> ReadColumnBounds(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names) {
  LANCER_ASSIGN_OR_RETURN(ColumnSet columns, file.Columns(names));
  std::vector<ColumnBounds> all;
  for (const ColumnReader* column : columns.columns()) {
    for (const auto& leaf : column->leaves) {
      ColumnBounds bounds{.shape = leaf->shape()};
      bounds.statistics.type = leaf->shape().type;
      for (const PageMeta& page : leaf->meta().pages) {
        encoding::MergeBounds(&bounds.statistics, BoundsOf(page, bounds.statistics.type));
      }
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
