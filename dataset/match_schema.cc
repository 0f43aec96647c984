#include "dataset/match_schema.h"

#include <fmt/format.h>

#include "types/type_parts.h"

namespace lancer::dataset {
namespace {

Status MatchField(const Field& dataset, const Field& rows, FieldPath* path) {
  path->push_back(dataset.name);
  if (dataset.name != rows.name) {
    return Status::InvalidArgument(fmt::format("column {}: the rows have {} in its place",
                                               FormatFieldPath(*path),
                                               FormatFieldPath(std::vector{rows.name})));
  }
  if (!SameButChildren(*dataset.type, *rows.type)) {
    return Status::InvalidArgument(fmt::format(
        "column {}: the dataset has type {}, the rows {}", FormatFieldPath(*path),
        dataset.type->ToString(), rows.type->ToString()));
  }
  for (size_t i = 0; i < dataset.type->children().size(); ++i) {
    LANCER_RETURN_IF_ERROR(MatchField(dataset.type->child(i), rows.type->child(i), path));
  }
  path->pop_back();
  return Status::Ok();
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
  return Status::Ok();
}

}  // namespace lancer::dataset
