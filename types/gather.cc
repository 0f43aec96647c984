#include "types/gather.h"

#include <cstring>
#include <limits>
#include <vector>

#include "types/bitmap.h"

namespace lancer {
namespace {

using Rows = std::span<const uint32_t>;

BufferPtr GatherBits(const std::byte* bits, int64_t offset, Rows rows) {
  MutableBuffer out((rows.size() + 7) / 8);
  std::memset(out.data(), 0, out.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    uint64_t at = static_cast<uint64_t>(offset) + rows[i];
    auto bit = (static_cast<unsigned>(bits[at / 8]) >> (at % 8)) & 1U;
    out.data()[i / 8] |= static_cast<std::byte>(bit << (i % 8));
  }
  return std::move(out).Finish();
}

BufferPtr GatherValidity(const Array& array, Rows rows) {
  const std::byte* validity = array.validity();
  return validity == nullptr ? nullptr : GatherBits(validity, array.offset(), rows);
}

template <size_t kWidth>
void CopyFixed(const std::byte* source, Rows rows, std::byte* target) {
  for (uint32_t row : rows) {
    std::memcpy(target, source + size_t{row} * kWidth, kWidth);
    target += kWidth;
  }
}

BufferPtr GatherFixed(const Array& array, size_t width, Rows rows) {
  MutableBuffer out(rows.size() * width);
  const std::byte* source =
      array.buffer(1)->data() + static_cast<size_t>(array.offset()) * width;
  switch (width) {
    case 1:
      CopyFixed<1>(source, rows, out.data());
      break;
    case 2:
      CopyFixed<2>(source, rows, out.data());
      break;
    case 4:
      CopyFixed<4>(source, rows, out.data());
      break;
    case 8:
      CopyFixed<8>(source, rows, out.data());
      break;
    case 16:
      CopyFixed<16>(source, rows, out.data());
      break;
    default:
      for (size_t i = 0; i < rows.size(); ++i) {
        std::memcpy(out.data() + i * width, source + rows[i] * width, width);
      }
  }
  return std::move(out).Finish();
}

Status OffsetsOverflow(const Array& array) {
  return Status::ResourceExhausted("the rows asked for hold more than 2 GiB of " +
                                   array.type()->ToString() +
                                   "; ask for fewer rows at a time");
}

// New offsets of the gathered rows, as wide as the array's own.
template <typename Offset>
Result<BufferPtr> GatherOffsets(const Array& array, Rows rows) {
  MutableBuffer out((rows.size() + 1) * sizeof(Offset));
  auto* offsets = out.as<Offset>();
  int64_t end = 0;
  offsets[0] = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    end += array.value_offset(int64_t{rows[i]} + 1) - array.value_offset(rows[i]);
    if (end > std::numeric_limits<Offset>::max()) {
      return OffsetsOverflow(array);
    }
    offsets[i + 1] = static_cast<Offset>(end);
  }
  return std::move(out).Finish();
}

Result<BufferPtr> GatherOffsetsOf(const Array& array, Rows rows, bool wide) {
  return wide ? GatherOffsets<int64_t>(array, rows) : GatherOffsets<int32_t>(array, rows);
}

BufferPtr GatherPayload(const Array& array, Rows rows) {
  int64_t total = 0;
  for (uint32_t row : rows) {
    total += array.value_offset(int64_t{row} + 1) - array.value_offset(row);
  }
  MutableBuffer out(static_cast<size_t>(total));
  std::byte* target = out.data();
  for (uint32_t row : rows) {
    int64_t begin = array.value_offset(row);
    auto size = static_cast<size_t>(array.value_offset(int64_t{row} + 1) - begin);
    if (size > 0) {
      std::memcpy(target, array.buffer(2)->data() + begin, size);
    }
    target += size;
  }
  return std::move(out).Finish();
}

// Indices of the gathered rows' items in the child, list after list.
Result<std::vector<uint32_t>> ItemsOf(const Array& array, Rows rows) {
  std::vector<uint32_t> items;
  for (uint32_t row : rows) {
    int64_t end = array.value_offset(int64_t{row} + 1);
    if (end > std::numeric_limits<uint32_t>::max()) {
      return OffsetsOverflow(array);
    }
    for (int64_t item = array.value_offset(row); item < end; ++item) {
      items.push_back(static_cast<uint32_t>(item));
    }
  }
  return items;
}

Result<std::vector<uint32_t>> FixedItemsOf(const Array& array, Rows rows) {
  auto size = static_cast<uint64_t>(array.type()->storage().parameters().list_size);
  auto offset = static_cast<uint64_t>(array.offset());
  std::vector<uint32_t> items;
  items.reserve(rows.size() * size);
  for (uint32_t row : rows) {
    uint64_t first = (offset + row) * size;
    if (first + size > std::numeric_limits<uint32_t>::max()) {
      return OffsetsOverflow(array);
    }
    for (uint64_t i = 0; i < size; ++i) {
      items.push_back(static_cast<uint32_t>(first + i));
    }
  }
  return items;
}

// A child without nulls and of fixed width is copied a whole list at a time.
Result<ArrayPtr> GatherFixedLists(const Array& array, Rows rows) {
  const ArrayPtr& child = array.child(0);
  auto width = static_cast<size_t>(child->type()->storage().byte_width());
  auto size = static_cast<size_t>(array.type()->storage().parameters().list_size);
  if (width == 0 || child->validity() != nullptr) {
    LANCER_ASSIGN_OR_RETURN(std::vector<uint32_t> items, FixedItemsOf(array, rows));
    return Gather(child, items);
  }
  size_t stride = size * width;
  const std::byte* source =
      child->buffer(1)->data() + (static_cast<size_t>(array.offset()) * size +
                                  static_cast<size_t>(child->offset())) *
                                     width;
  MutableBuffer out(rows.size() * stride);
  for (size_t i = 0; i < rows.size(); ++i) {
    std::memcpy(out.data() + i * stride, source + rows[i] * stride, stride);
  }
  return Array::Make({.type = child->type(),
                      .length = static_cast<int64_t>(rows.size() * size),
                      .null_count = 0,
                      .buffers = {nullptr, std::move(out).Finish()},
                      .children = {}});
}

Result<ArrayPtr> GatherStruct(const Array& array, Rows rows, Array::Data data) {
  std::vector<uint32_t> shifted;
  if (array.offset() != 0) {
    for (uint32_t row : rows) {
      shifted.push_back(row + static_cast<uint32_t>(array.offset()));
    }
    rows = shifted;
  }
  for (size_t i = 0; i < array.child_count(); ++i) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Gather(array.child(i), rows));
    data.children.push_back(std::move(child));
  }
  return Array::Make(std::move(data));
}

}  // namespace

Result<ArrayPtr> Gather(const ArrayPtr& array, std::span<const uint32_t> rows) {
  const DataType& storage = array->type()->storage();
  Array::Data data;
  data.type = array->type();
  data.length = static_cast<int64_t>(rows.size());
  if (storage.kind() == TypeKind::kNull) {
    data.null_count = data.length;
    return Array::Make(std::move(data));
  }
  data.buffers.push_back(GatherValidity(*array, rows));
  data.null_count = data.buffers[0] == nullptr ? 0 : -1;
  bool wide = storage.kind() == TypeKind::kLargeString ||
              storage.kind() == TypeKind::kLargeBinary ||
              storage.kind() == TypeKind::kLargeList;
  if (storage.kind() == TypeKind::kStruct) {
    return GatherStruct(*array, rows, std::move(data));
  }
  if (storage.kind() == TypeKind::kBool) {
    data.buffers.push_back(GatherBits(array->buffer(1)->data(), array->offset(), rows));
  } else if (storage.kind() == TypeKind::kFixedSizeList) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child, GatherFixedLists(*array, rows));
    data.children.push_back(std::move(child));
  } else if (storage.is_variable_binary()) {
    LANCER_ASSIGN_OR_RETURN(BufferPtr offsets, GatherOffsetsOf(*array, rows, wide));
    data.buffers.push_back(std::move(offsets));
    data.buffers.push_back(GatherPayload(*array, rows));
  } else if (storage.is_variable_list() || storage.kind() == TypeKind::kMap) {
    LANCER_ASSIGN_OR_RETURN(BufferPtr offsets, GatherOffsetsOf(*array, rows, wide));
    data.buffers.push_back(std::move(offsets));
    LANCER_ASSIGN_OR_RETURN(std::vector<uint32_t> items, ItemsOf(*array, rows));
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Gather(array->child(0), items));
    data.children.push_back(std::move(child));
  } else {
    data.buffers.push_back(
        GatherFixed(*array, static_cast<size_t>(storage.byte_width()), rows));
  }
  return Array::Make(std::move(data));
}

}  // namespace lancer
