#include "types/gather.h"

#include <algorithm>
#include <cstring>

#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"

namespace lancer {
namespace {

using Rows = std::span<const int64_t>;

bool HoldsNullRow(Rows rows) { return std::ranges::find(rows, kNullRow) != rows.end(); }

// Null when no gathered row is null.
BufferPtr GatherValidity(const Array& array, Rows rows, int64_t* null_count) {
  *null_count = 0;
  if (array.validity() == nullptr && !HoldsNullRow(rows)) {
    return nullptr;
  }
  MutableBuffer bits(BitmapBytes(static_cast<int64_t>(rows.size())));
  std::memset(bits.data(), 0, bits.size());
  int64_t nulls = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != kNullRow && array.IsValid(rows[i])) {
      SetBit(bits.data(), static_cast<int64_t>(i));
    } else {
      ++nulls;
    }
  }
  *null_count = nulls;
  return nulls == 0 ? nullptr : std::move(bits).Finish();
}

BufferPtr GatherBits(const Array& array, Rows rows) {
  MutableBuffer bits(BitmapBytes(static_cast<int64_t>(rows.size())));
  std::memset(bits.data(), 0, bits.size());
  const std::byte* source = array.buffer(1)->data();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != kNullRow && GetBit(source, array.offset() + rows[i])) {
      SetBit(bits.data(), static_cast<int64_t>(i));
    }
  }
  return std::move(bits).Finish();
}

// Values of a width known at compile time: no call per value.
template <size_t kWidth>
void CopyValues(const std::byte* source, Rows rows, std::byte* out) {
  for (int64_t row : rows) {
    if (row == kNullRow) {
      std::memset(out, 0, kWidth);
    } else {
      std::memcpy(out, source + static_cast<size_t>(row) * kWidth, kWidth);
    }
    out += kWidth;
  }
}

void CopyWideValues(const std::byte* source, size_t width, Rows rows, std::byte* out) {
  if (width == 0) {
    return;
  }
  for (int64_t row : rows) {
    if (row == kNullRow) {
      std::memset(out, 0, width);
    } else {
      std::memcpy(out, source + static_cast<size_t>(row) * width, width);
    }
    out += width;
  }
}

BufferPtr GatherFixed(const std::byte* source, size_t width, Rows rows) {
  MutableBuffer values(rows.size() * width);
  switch (width) {
    case 1:
      CopyValues<1>(source, rows, values.data());
      break;
    case 2:
      CopyValues<2>(source, rows, values.data());
      break;
    case 4:
      CopyValues<4>(source, rows, values.data());
      break;
    case 8:
      CopyValues<8>(source, rows, values.data());
      break;
    case 16:
      CopyValues<16>(source, rows, values.data());
      break;
    default:
      CopyWideValues(source, width, rows, values.data());
  }
  return std::move(values).Finish();
}

BufferPtr GatherFixed(const Array& array, Rows rows) {
  auto width = static_cast<size_t>(array.type()->byte_width());
  return GatherFixed(
      array.buffer(1)->data() + static_cast<size_t>(array.offset()) * width, width, rows);
}

BufferPtr GatherCodes(const Array& array, Rows rows) {
  const std::byte* codes = array.coded()->codes()->data();
  return GatherFixed(codes + static_cast<size_t>(array.offset()) * sizeof(uint32_t),
                     sizeof(uint32_t), rows);
}

struct RowExtent {
  int64_t first;
  int64_t size;
};
// What row `row` of a variable array refers to; nothing for a null row.
RowExtent ExtentOf(const Array& array, int64_t row) {
  if (row == kNullRow || !array.IsValid(row)) {
    return {0, 0};
  }
  int64_t first = array.value_offset(row);
  return {first, array.value_offset(row + 1) - first};
}

// Sizes of the rows added up. Errors as for Gather.
template <typename Offset>
Result<BufferPtr> GatherOffsets(const Array& array, Rows rows, int64_t limit) {
  MutableBuffer buffer((rows.size() + 1) * sizeof(Offset));
  auto* out = buffer.as<Offset>();
  int64_t total = 0;
  *out++ = 0;
  for (int64_t row : rows) {
    int64_t size = ExtentOf(array, row).size;
    if (size > limit - total) {
      return Status::ResourceExhausted(
          "rows of type " + array.type()->storage().ToString() + " decode to more than " +
          std::to_string(limit) + " bytes or items: use fewer rows at a time");
    }
    total += size;
    *out++ = static_cast<Offset>(total);
  }
  return std::move(buffer).Finish();
}

Status GatherVariable(const Array& array, Rows rows, Array::Data* data) {
  bool wide = OffsetWidth(*array.type()) == 8;
  bool binary = LayoutOf(*array.type()) == ArrayLayout::kBinary;
  int64_t limit = wide && binary ? INT64_MAX : INT32_MAX;
  LANCER_ASSIGN_OR_RETURN(BufferPtr offsets,
                          wide ? GatherOffsets<int64_t>(array, rows, limit)
                               : GatherOffsets<int32_t>(array, rows, limit));
  int64_t total = LoadOffset(*offsets, wide ? 8 : 4, data->length);
  data->buffers.push_back(std::move(offsets));
  if (!binary) {
    std::vector<int64_t> items;
    items.reserve(static_cast<size_t>(total));
    for (int64_t row : rows) {
      RowExtent extent = ExtentOf(array, row);
      for (int64_t i = 0; i < extent.size; ++i) {
        items.push_back(extent.first + i);
      }
    }
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Gather(*array.child(0), items));
    data->children.push_back(std::move(child));
    return Status::Ok();
  }
  MutableBuffer bytes(static_cast<size_t>(total));
  std::byte* out = bytes.data();
  for (int64_t row : rows) {
    if (RowExtent extent = ExtentOf(array, row); extent.size > 0) {
      std::memcpy(out, array.buffer(2)->data() + extent.first,
                  static_cast<size_t>(extent.size));
      out += extent.size;
    }
  }
  data->buffers.push_back(std::move(bytes).Finish());
  return Status::Ok();
}

// Children of structs (scale 1) and fixed-size lists (scale list_size).
Status GatherChildren(const Array& array, Rows rows, int64_t scale, Array::Data* data) {
  if (!FitsInBytes(data->length, scale) || data->length * scale > INT32_MAX) {
    return Status::ResourceExhausted("more than 2^31 nested items are gathered at once");
  }
  std::vector<int64_t> items;
  items.reserve(rows.size() * static_cast<size_t>(scale));
  for (int64_t row : rows) {
    for (int64_t i = 0; i < scale; ++i) {
      items.push_back(row == kNullRow ? kNullRow : (array.offset() + row) * scale + i);
    }
  }
  for (size_t i = 0; i < array.child_count(); ++i) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Gather(*array.child(i), items));
    data->children.push_back(std::move(child));
  }
  return Status::Ok();
}

// A fixed-size list of fixed-width items without nulls is one wide value.
bool IsWideValue(const Array& array) {
  const Array& items = *array.child(0);
  return LayoutOf(*items.type()) == ArrayLayout::kFixed && items.validity() == nullptr;
}

Status GatherFixedLists(const Array& array, Rows rows, Array::Data* data) {
  int64_t size = array.type()->storage().parameters().list_size;
  if (!IsWideValue(array) || HoldsNullRow(rows)) {
    return GatherChildren(array, rows, size, data);
  }
  const Array& items = *array.child(0);
  auto width = static_cast<size_t>(items.type()->byte_width());
  auto first = static_cast<size_t>(items.offset() + array.offset() * size);
  data->children.push_back(Array::Make(
      {.type = items.type(),
       .length = data->length * size,
       .null_count = 0,
       .buffers = {nullptr, GatherFixed(items.buffer(1)->data() + first * width,
                                        width * static_cast<size_t>(size), rows)}}));
  return Status::Ok();
}

}  // namespace

Result<ArrayPtr> Gather(const Array& array, std::span<const int64_t> rows) {
  Array::Data data{.type = array.type(), .length = static_cast<int64_t>(rows.size())};
  ArrayLayout layout = LayoutOf(*array.type());
  if (layout == ArrayLayout::kNull) {
    return Array::Make(std::move(data));
  }
  data.buffers.push_back(GatherValidity(array, rows, &data.null_count));
  if (array.coded() != nullptr) {
    return MakeCodedArray(array.type(), data.null_count, std::move(data.buffers[0]),
                          GatherCodes(array, rows), array.coded()->values());
  }
  switch (layout) {
    case ArrayLayout::kBits:
      data.buffers.push_back(GatherBits(array, rows));
      break;
    case ArrayLayout::kFixed:
      data.buffers.push_back(GatherFixed(array, rows));
      break;
    case ArrayLayout::kBinary:
    case ArrayLayout::kList:
      LANCER_RETURN_IF_ERROR(GatherVariable(array, rows, &data));
      break;
    case ArrayLayout::kFixedList:
      LANCER_RETURN_IF_ERROR(GatherFixedLists(array, rows, &data));
      break;
    default:
      LANCER_RETURN_IF_ERROR(GatherChildren(array, rows, 1, &data));
  }
  return Array::Make(std::move(data));
}

}  // namespace lancer
