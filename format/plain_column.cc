#include "format/plain_column.h"

#include <utility>

#include "format/packed_struct.h"

namespace lancer::format {

bool MayBePlain(const ColumnReader& column) {
  if (column.leaves.size() != 1) {
    return false;
  }
  const LeafShape& shape = column.leaves[0]->shape();
  const bool vectors =
      shape.levels.size() == 1 && shape.levels[0].kind == LevelKind::kFixedList;
  return (shape.levels.empty() || (vectors && !shape.packed)) && shape.row_stride() > 0;
}

Result<ArrayPtr> MakePlainColumn(const ColumnReader& column, uint64_t rows,
                                 BufferPtr values) {
  const LeafShape& shape = column.leaves[0]->shape();
  Array::Data data{.type = shape.declared,
                   .length = static_cast<int64_t>(rows * shape.values_per_row()),
                   .null_count = 0,
                   .buffers = {nullptr, std::move(values)}};
  if (shape.packed) {
    return UnpackRows(column.field, *Array::Make(std::move(data)));
  }
  if (shape.levels.empty()) {
    return Array::Make(std::move(data));
  }
  return Array::Make({.type = column.field.type,
                      .length = static_cast<int64_t>(rows),
                      .null_count = 0,
                      .buffers = {nullptr},
                      .children = {Array::Make(std::move(data))}});
}

}  // namespace lancer::format
