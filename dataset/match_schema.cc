#include "dataset/match_schema.h"

#include "fmt/format.h"

namespace lancer::dataset {
namespace {

// Equal but for children, which are compared one by one.
bool SameParameters(const DataType& a, const DataType& b) {
  const DataType::Parameters& p = a.parameters();
  const DataType::Parameters& q = b.parameters();
  bool same_index = (p.index_type == nullptr) == (q.index_type == nullptr) &&
                    (p.index_type == nullptr || p.index_type->Equals(*q.index_type));
  return a.kind() == b.kind() && p.byte_width == q.byte_width &&
         p.list_size == q.list_size && p.precision == q.precision && p.scale == q.scale &&
         p.unit == q.unit && p.time_zone == q.time_zone && p.ordered == q.ordered &&
         p.keys_sorted == q.keys_sorted && same_index &&
         p.children.size() == q.children.size();
}

Status MatchField(const Field& dataset, const Field& rows, FieldPath* path) {
  path->push_back(dataset.name);
  if (dataset.name != rows.name) {
    return Status::InvalidArgument(fmt::format("column {}: the rows have {} in its place",
                                               FormatFieldPath(*path),
                                               FormatFieldPath(std::vector{rows.name})));
  }
  if (!SameParameters(*dataset.type, *rows.type)) {
    return Status::InvalidArgument(fmt::format(
        "column {}: the dataset has type {}, the rows {}", FormatFieldPath(*path),
        dataset.type->ToString(), rows.type->ToString()));
  }
  if (rows.nullable && !dataset.nullable) {
    return Status::InvalidArgument(fmt::format(
        "column {}: must not be null in the dataset, but may be null in the rows",
        FormatFieldPath(*path)));
  }
  for (size_t i = 0; i < dataset.type->children().size(); ++i) {
    LANCER_RETURN_IF_ERROR(MatchField(dataset.type->child(i), rows.type->child(i), path));
  }
  path->pop_back();
  return Status();
}

}  // namespace

Status MatchSchema(const Schema& dataset, const Schema& rows) {
  if (dataset.field_count() != rows.field_count()) {
    return Status::InvalidArgument(fmt::format("the dataset has {} columns, the rows {}",
                                               dataset.field_count(),
                                               rows.field_count()));
  }
  for (size_t i = 0; i < dataset.field_count(); ++i) {
    FieldPath path;
    LANCER_RETURN_IF_ERROR(MatchField(dataset.field(i), rows.field(i), &path));
  }
  return Status();
}

}  // namespace lancer::dataset
