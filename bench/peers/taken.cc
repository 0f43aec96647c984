#include "bench/peers/taken.h"

#include <arrow/type.h>

#include <cstring>

namespace lancer::bench {
namespace {

Taken FixedView(const std::shared_ptr<arrow::Array>& array, uint64_t rows, uint64_t width,
                const arrow::ArrayData& values, uint64_t skip_bytes) {
  Taken view;
  view.rows = rows;
  view.width = width;
  view.bytes =
      static_cast<const std::byte*>(static_cast<const void*>(values.buffers[1]->data())) +
      skip_bytes;
  view.owner = array;
  return view;
}

template <typename ArrayType>
const std::byte* Bytes(const ArrayType& array) {
  return static_cast<const std::byte*>(
      static_cast<const void*>(array.value_data()->data()));
}

}  // namespace

Result<Taken> ViewOf(const std::shared_ptr<arrow::Array>& array) {
  const auto rows = static_cast<uint64_t>(array->length());
  if (array->null_count() != 0) {
    return Status::Unsupported("a column with nulls");
  }
  if (const auto* strings = dynamic_cast<const arrow::BinaryArray*>(array.get())) {
    Taken view{rows, 0, Bytes(*strings), strings->raw_value_offsets(), nullptr, array};
    return view;
  }
  if (const auto* large = dynamic_cast<const arrow::LargeBinaryArray*>(array.get())) {
    Taken view{rows, 0, Bytes(*large), nullptr, large->raw_value_offsets(), array};
    return view;
  }
  if (const auto* list = dynamic_cast<const arrow::FixedSizeListArray*>(array.get())) {
    const auto& items = *list->values();
    const auto item = static_cast<uint64_t>(
        arrow::internal::checked_cast<const arrow::FixedWidthType&>(*items.type())
            .bit_width() /
        8);
    const auto width = item * static_cast<uint64_t>(list->list_type()->list_size());
    const uint64_t skip = static_cast<uint64_t>(array->offset()) * width +
                          static_cast<uint64_t>(items.offset()) * item;
    return FixedView(array, rows, width, *items.data(), skip);
  }
  const auto* fixed = dynamic_cast<const arrow::FixedWidthType*>(array->type().get());
  if (fixed == nullptr || fixed->bit_width() % 8 != 0) {
    return Status::Unsupported("take of " + array->type()->ToString());
  }
  const auto width = static_cast<uint64_t>(fixed->bit_width() / 8);
  return FixedView(array, rows, width, *array->data(),
                   static_cast<uint64_t>(array->offset()) * width);
}

Status GatherRows(std::span<const std::span<const std::byte>> rows, uint64_t width,
                  Taken* out) {
  std::byte* to = nullptr;
  if (width != 0) {
    to = TakenMemory::Fixed(rows.size(), width, out);
  } else {
    std::vector<uint32_t> lengths(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      lengths[i] = static_cast<uint32_t>(rows[i].size());
    }
    to = TakenMemory::Variable(lengths, out);
  }
  for (const auto& row : rows) {
    std::memcpy(to, row.data(), row.size());
    to += row.size();
  }
  return Status::Ok();
}

Status Gather(const Taken& source, std::span<const uint64_t> places, Taken* out) {
  if (source.width != 0) {
    std::byte* to = TakenMemory::Fixed(places.size(), source.width, out);
    for (const uint64_t place : places) {
      std::memcpy(to, source.bytes + place * source.width, source.width);
      to += source.width;
    }
    return Status::Ok();
  }
  std::vector<uint32_t> lengths(places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    lengths[i] = static_cast<uint32_t>(source.row(places[i]).size());
  }
  std::byte* to = TakenMemory::Variable(lengths, out);
  for (const uint64_t place : places) {
    const auto row = source.row(place);
    std::memcpy(to, row.data(), row.size());
    to += row.size();
  }
  return Status::Ok();
}

}  // namespace lancer::bench
