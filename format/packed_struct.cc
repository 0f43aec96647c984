// A row of a packed struct (spec: types, "Packed structs"):
//
//   [bit i: is the i-th nullable field valid, ceil(n / 8) bytes][values, in order,
//   without gaps: `byte_width` bytes each, a bool one byte]
#include "format/packed_struct.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <vector>

#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/extension.h"

namespace lancer::format {
namespace {

// Where a field stands in a row.
struct Place {
  size_t at;                  // of its bytes
  size_t width;               // of its bytes
  std::optional<size_t> bit;  // of its validity
};

struct RowPlaces {
  std::vector<Place> fields;
  size_t row_bytes = 0;
};

bool IsFlatNumber(const DataType& type) {
  return type.kind() != TypeKind::kDictionary &&
         type.kind() != TypeKind::kRunEndEncoded &&
         (LayoutOf(type) == ArrayLayout::kBits ||
          (LayoutOf(type) == ArrayLayout::kFixed && type.byte_width() > 0));
}

size_t WidthOf(const DataType& type) {
  return LayoutOf(type) == ArrayLayout::kBits ? 1
                                              : static_cast<size_t>(type.byte_width());
}

RowPlaces PlacesOf(const DataType& type) {
  RowPlaces places;
  size_t bits = 0;
  for (const Field& child : type.children()) {
    Place place{0, WidthOf(*child.type), std::nullopt};
    if (child.nullable) {
      place.bit = bits++;
    }
    places.fields.push_back(place);
  }
  places.row_bytes = (bits + 7) / 8;
  for (Place& place : places.fields) {
    place.at = places.row_bytes;
    places.row_bytes += place.width;
  }
  return places;
}

// Copies `count` values between two strides.
void CopyStrided(const std::byte* from, size_t from_stride, std::byte* to,
                 size_t to_stride, size_t width, size_t count) {
  const auto copy = [&](auto size) {
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(to + i * to_stride, from + i * from_stride, size());
    }
  };
  switch (width) {
    case 1:
      return copy(std::integral_constant<size_t, 1>());
    case 2:
      return copy(std::integral_constant<size_t, 2>());
    case 4:
      return copy(std::integral_constant<size_t, 4>());
    case 8:
      return copy(std::integral_constant<size_t, 8>());
    default:
      return copy([width] { return width; });
  }
}

// Rows [first, first + n) of a child into its place of each row.
void PackChild(const Array& child, int64_t first, size_t n, const Place& place,
               size_t row_bytes, std::byte* rows) {
  if (LayoutOf(*child.type()) == ArrayLayout::kBits) {
    for (size_t i = 0; i < n; ++i) {
      const int64_t at = child.offset() + first + static_cast<int64_t>(i);
      rows[i * row_bytes + place.at] = std::byte{GetBit(child.buffer(1)->data(), at)};
    }
  } else {
    const auto at = static_cast<size_t>(child.offset() + first) * place.width;
    CopyStrided(child.buffer(1)->data() + at, place.width, rows + place.at, row_bytes,
                place.width, n);
  }
  for (size_t i = 0; i < n && place.bit.has_value(); ++i) {
    std::byte* row = rows + i * row_bytes;
    if (child.IsValid(first + static_cast<int64_t>(i))) {
      SetBit(row, static_cast<int64_t>(*place.bit));
    } else {
      std::memset(row + place.at, 0, place.width);
    }
  }
}

BufferPtr UnpackBits(const std::byte* rows, const Place& place, size_t row_bytes,
                     size_t n) {
  MutableBuffer bits(BitmapBytes(static_cast<int64_t>(n)));
  std::memset(bits.data(), 0, bits.size());
  for (size_t i = 0; i < n; ++i) {
    if (rows[i * row_bytes + place.at] != std::byte{0}) {
      SetBit(bits.data(), static_cast<int64_t>(i));
    }
  }
  return std::move(bits).Finish();
}

ArrayPtr UnpackChild(const Field& field, const std::byte* rows, const Place& place,
                     size_t row_bytes, size_t n) {
  Array::Data data{
      .type = field.type, .length = static_cast<int64_t>(n), .null_count = 0};
  data.buffers.push_back(nullptr);
  if (place.bit.has_value()) {
    MutableBuffer bits(BitmapBytes(data.length));
    std::memset(bits.data(), 0, bits.size());
    for (size_t i = 0; i < n; ++i) {
      if (GetBit(rows + i * row_bytes, static_cast<int64_t>(*place.bit))) {
        SetBit(bits.data(), static_cast<int64_t>(i));
      } else {
        ++data.null_count;
      }
    }
    data.buffers[0] = data.null_count == 0 ? nullptr : std::move(bits).Finish();
  }
  if (LayoutOf(*field.type) == ArrayLayout::kBits) {
    data.buffers.push_back(UnpackBits(rows, place, row_bytes, n));
  } else {
    MutableBuffer values(n * place.width);
    CopyStrided(rows + place.at, row_bytes, values.data(), place.width, place.width, n);
    data.buffers.push_back(std::move(values).Finish());
  }
  return Array::Make(std::move(data));
}

}  // namespace

bool IsPacked(const Field& field) {
  return !field.metadata.empty() && MetadataValue(field.metadata, kPackedKey) == "true" &&
         CheckPacked(field).ok();
}

Status CheckPacked(const Field& field) {
  if (field.type->kind() != TypeKind::kStruct || field.type->children().empty()) {
    return Status::InvalidArgument("only a struct with fields can be packed, found " +
                                   field.type->ToString());
  }
  uint64_t bytes = field.type->children().size() / 8 + 1;
  for (const Field& child : field.type->children()) {
    if (!IsFlatNumber(*child.type)) {
      return Status::InvalidArgument(fmt::format(
          "its field {} is of type {}; a packed struct holds fields of fixed width only",
          FormatFieldPath({&child.name, 1}), child.type->ToString()));
    }
    bytes += WidthOf(*child.type);
  }
  return bytes <= INT32_MAX
             ? Status::Ok()
             : Status::InvalidArgument("a row takes more than 2147483647 bytes");
}

Field PackedField(const Field& field) {
  Field packed = field;
  packed.type =
      DataType::FixedSizeBinary(static_cast<int32_t>(PlacesOf(*field.type).row_bytes));
  return packed;
}

ArrayPtr PackRows(const Field& field, const Array& rows) {
  const RowPlaces places = PlacesOf(*field.type);
  const auto n = static_cast<size_t>(rows.length());
  MutableBuffer packed(n * places.row_bytes);
  std::memset(packed.data(), 0, packed.size());
  for (size_t i = 0; i < places.fields.size() && n > 0; ++i) {
    PackChild(*rows.child(i), rows.offset(), n, places.fields[i], places.row_bytes,
              packed.data());
  }
  BufferPtr validity;
  if (rows.validity() != nullptr) {
    MutableBuffer bits(BitmapBytes(rows.length()));
    std::memset(bits.data(), 0, bits.size());
    CopyBits(rows.validity(), rows.offset(), bits.data(), 0, rows.length());
    validity = std::move(bits).Finish();
  }
  return Array::Make({.type = PackedField(field).type,
                      .length = rows.length(),
                      .null_count = validity == nullptr ? 0 : -1,
                      .buffers = {std::move(validity), std::move(packed).Finish()}});
}

ArrayPtr UnpackRows(const Field& field, const Array& packed) {
  const RowPlaces places = PlacesOf(*field.type);
  const auto n = static_cast<size_t>(packed.length());
  Array::Data data{.type = field.type,
                   .length = packed.length(),
                   .null_count = packed.null_count(),
                   .buffers = {packed.buffer(0)}};
  for (size_t i = 0; i < places.fields.size(); ++i) {
    data.children.push_back(UnpackChild(field.type->child(i), packed.buffer(1)->data(),
                                        places.fields[i], places.row_bytes, n));
  }
  return Array::Make(std::move(data));
}

}  // namespace lancer::format
