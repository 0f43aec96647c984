#include "types/type_parts.h"

#include <utility>

namespace lancer {

bool SameButChildren(const DataType& a, const DataType& b) {
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

TypePtr WithChildren(const TypePtr& type, std::vector<Field> children) {
  DataType::Parameters parameters = type->parameters();
  parameters.children = std::move(children);
  // The rest comes from a type that exists, so it makes one.
  return DataType::Make(type->kind(), std::move(parameters)).value_or(type);
}

}  // namespace lancer
