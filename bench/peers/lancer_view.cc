#include "bench/peers/lancer_view.h"

namespace lancer::bench {

Status ViewOf(const ArrayPtr& column, Taken* out) {
  const DataType& storage = column->type()->storage();
  const auto rows = static_cast<uint64_t>(column->length());
  const int64_t skip = column->offset();
  switch (storage.kind()) {
    case TypeKind::kString:
    case TypeKind::kBinary:
      *out = Taken{
          rows,    0,     column->buffer(2)->data(), column->values<int32_t>() + skip,
          nullptr, column};
      return Status::Ok();
    case TypeKind::kLargeString:
    case TypeKind::kLargeBinary:
      *out = Taken{
          rows,  0, column->buffer(2)->data(), nullptr, column->values<int64_t>() + skip,
          column};
      return Status::Ok();
    case TypeKind::kFixedSizeList: {
      const Array& items = *column->child(0);
      const auto item = static_cast<uint64_t>(items.type()->storage().byte_width());
      const auto width = item * static_cast<uint64_t>(storage.parameters().list_size);
      *out = Taken{rows,
                   width,
                   items.buffer(1)->data() + static_cast<uint64_t>(skip) * width +
                       static_cast<uint64_t>(items.offset()) * item,
                   nullptr,
                   nullptr,
                   column};
      return Status::Ok();
    }
    default:
      break;
  }
  const auto width = static_cast<uint64_t>(storage.byte_width());
  if (width == 0) {
    return Status::Unsupported("take of " + storage.ToString());
  }
  *out = Taken{
      rows,    width,   column->buffer(1)->data() + static_cast<uint64_t>(skip) * width,
      nullptr, nullptr, column};
  return Status::Ok();
}

}  // namespace lancer::bench
