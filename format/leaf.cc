#include "format/leaf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "format/packed_struct.h"
#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/extension.h"
#include "types/tensor_shape.h"

namespace lancer::format {
namespace {

using encoding::NumberKind;
using encoding::PhysicalKind;
using encoding::PhysicalType;

NumberKind NumberKindOf(const DataType& storage) {
  switch (storage.kind()) {
    case TypeKind::kFixedSizeBinary:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kIntervalMonthDayNano:
      return NumberKind::kOpaque;
    case TypeKind::kUInt8:
    case TypeKind::kUInt16:
    case TypeKind::kUInt32:
    case TypeKind::kUInt64:
      return NumberKind::kUnsigned;
    case TypeKind::kFloat16:
    case TypeKind::kFloat32:
    case TypeKind::kFloat64:
      return NumberKind::kFloat;
    default:
      return NumberKind::kSigned;  // integers, decimals, dates, times, durations
  }
}

PhysicalType PhysicalTypeOf(const DataType& type) {
  switch (LayoutOf(type)) {
    case ArrayLayout::kBits:
      return {PhysicalKind::kBits, NumberKind::kOpaque, 0};
    case ArrayLayout::kBinary:
      return {PhysicalKind::kBytes, NumberKind::kOpaque, 0};
    case ArrayLayout::kFixed:
      return {PhysicalKind::kFixed, NumberKindOf(type.storage()),
              static_cast<uint32_t>(type.byte_width())};
    default:
      return {PhysicalKind::kFixed, NumberKind::kOpaque, 0};
  }
}

// Memory of `n` values of kFixed or kBits, or of their offsets; UINT64_MAX when it is
// more than can be told.
uint64_t BytesOfValues(const PhysicalType& type, uint64_t n) {
  if (type.kind == PhysicalKind::kBits) {
    return n / 8 + (n % 8 != 0 ? 1 : 0);
  }
  const uint64_t width =
      type.kind == PhysicalKind::kBytes ? sizeof(uint64_t) : type.width;
  return width != 0 && n > UINT64_MAX / width ? UINT64_MAX : n * width;
}

Status OverLimit(uint64_t n, uint64_t values, uint64_t limit) {
  return Status::ResourceExhausted(fmt::format(
      "decoding {} values behind {} is over the limit of {} bytes", n, values, limit));
}

// The sides of the tensors that a fixed-size list adds to, outermost first.
void AddSides(const Field& field, const DataType& type, std::vector<uint64_t>* sides) {
  const Result<std::optional<TensorShape>> shape = TensorShapeOf(field);
  if (shape.has_value() && shape->has_value()) {
    sides->insert(sides->end(), (*shape)->sides.begin(), (*shape)->sides.end());
  } else {
    sides->push_back(static_cast<uint64_t>(type.parameters().list_size));
  }
}

encoding::TensorForm FormOf(std::span<const uint64_t> sides, const PhysicalType& type) {
  constexpr uint64_t kMaxChannels = 4;
  uint64_t elements = 1;
  for (const uint64_t side : sides) {
    elements = side != 0 && elements > UINT32_MAX / side ? 0 : elements * side;
  }
  if (sides.empty() || type.kind != PhysicalKind::kFixed ||
      elements * type.width < kLeastTensorBytes) {
    return {};
  }
  const bool picture = sides.size() >= 3 && sides.back() <= kMaxChannels;
  const uint64_t channels = picture ? sides.back() : 1;
  const uint64_t row = picture ? sides[sides.size() - 2] * channels : sides.back();
  return {static_cast<uint32_t>(elements), static_cast<uint32_t>(row),
          static_cast<uint32_t>(channels)};
}

// Walks a field in pre-order; `prefix` is what the leaves below the field share.
void AddLeaves(const Field& field, LeafShape prefix, std::vector<uint64_t> sides,
               std::vector<LeafShape>* leaves) {
  if (IsPacked(field)) {
    AddLeaves(PackedField(field), std::move(prefix), std::move(sides), leaves);
    leaves->back().packed = true;
    return;
  }
  const DataType& type = LayoutType(*field.type);
  const ArrayLayout layout = LayoutOf(type);
  prefix.path.push_back(field.name);
  prefix.field_ids.push_back(field.id);
  prefix.options.Add(field);
  if (!IsNested(field)) {
    prefix.role =
        layout == ArrayLayout::kStruct ? LeafRole::kStructure : LeafRole::kValues;
    prefix.type = PhysicalTypeOf(type);
    if (IsBfloat16(field)) {
      prefix.type.number = NumberKind::kBfloat16;
    }
    prefix.nullable = field.nullable;
    prefix.declared = field.type;
    prefix.tensor = FormOf(sides, prefix.type);
    leaves->push_back(std::move(prefix));
    return;
  }
  Level level{LevelKind::kStruct, 0, field.nullable, field.id};
  if (layout == ArrayLayout::kList) {
    level.kind = LevelKind::kList;
    sides.clear();
  } else if (layout == ArrayLayout::kFixedList) {
    level.kind = LevelKind::kFixedList;
    level.fixed_size = static_cast<uint32_t>(type.parameters().list_size);
    AddSides(field, type, &sides);
  }
  prefix.levels.push_back(level);
  for (const Field& child : type.children()) {
    AddLeaves(child, prefix, sides, leaves);
  }
}

// Makes room for `n` bits more and gives the bitmap; those before are valid when it is
// new. New bits are not set.
std::byte* GrowBitmap(ValidityBuffer* validity, uint64_t n) {
  const size_t bytes = BitmapBytes(static_cast<int64_t>(validity->count + n));
  if (!validity->bitmap) {
    validity->bitmap.emplace(bytes);
    FillBits(validity->bitmap->data(), 0, static_cast<int64_t>(validity->count), true);
  } else {
    validity->bitmap->Resize(bytes);
  }
  return validity->bitmap->data();
}

}  // namespace

bool IsNested(const Field& field) {
  const DataType& type = LayoutType(*field.type);
  const ArrayLayout layout = LayoutOf(type);
  if (layout == ArrayLayout::kStruct && IsPacked(field)) {
    return false;
  }
  return layout == ArrayLayout::kList || layout == ArrayLayout::kFixedList ||
         (layout == ArrayLayout::kStruct && !type.children().empty());
}

size_t LeafCount(const Field& field) {
  if (!IsNested(field)) {
    return 1;
  }
  const DataType& type = LayoutType(*field.type);
  size_t count = 0;
  for (const Field& child : type.children()) {
    count += LeafCount(child);
  }
  return count;
}

bool LeafShape::has_lists() const {
  for (const Level& level : levels) {
    if (level.kind == LevelKind::kList) {
      return true;
    }
  }
  return false;
}

uint64_t LeafShape::values_per_row() const {
  uint64_t product = 1;
  for (const Level& level : levels) {
    if (level.kind == LevelKind::kList) {
      return 0;
    }
    if (level.kind == LevelKind::kFixedList) {
      if (level.fixed_size != 0 && product > UINT64_MAX / level.fixed_size) {
        return UINT64_MAX;
      }
      product *= level.fixed_size;
    }
  }
  return product;
}

uint64_t LeafShape::row_stride() const {
  const uint64_t values = values_per_row();
  return type.width != 0 && values > UINT64_MAX / type.width ? UINT64_MAX
                                                             : values * type.width;
}

uint64_t LeafShape::LeastBytes(uint64_t rows) const {
  const uint64_t per_row = values_per_row();
  if (rows != 0 && per_row > UINT64_MAX / rows) {
    return UINT64_MAX;
  }
  return BytesOfValues(type, rows * per_row);
}

std::vector<LeafShape> LeavesOf(const Field& field) {
  std::vector<LeafShape> leaves;
  AddLeaves(field, {}, {}, &leaves);
  return leaves;
}

std::vector<LeafShape> LeavesOf(const Schema& schema) {
  std::vector<LeafShape> leaves;
  for (const Field& field : schema.fields()) {
    AddLeaves(field, {}, {}, &leaves);
  }
  return leaves;
}

void ValidityBuffer::AppendValid(uint64_t n) {
  if (bitmap) {
    FillBits(GrowBitmap(this, n), static_cast<int64_t>(count), static_cast<int64_t>(n),
             true);
  }
  count += n;
}

void ValidityBuffer::AppendNull(uint64_t n) {
  if (n == 0) {
    return;
  }
  FillBits(GrowBitmap(this, n), static_cast<int64_t>(count), static_cast<int64_t>(n),
           false);
  count += n;
  null_count += n;
}

void ValidityBuffer::Append(const std::byte* bits, uint64_t bit_offset, uint64_t n) {
  const uint64_t valid =
      bits == nullptr
          ? n
          : static_cast<uint64_t>(CountBits(bits, static_cast<int64_t>(bit_offset),
                                            static_cast<int64_t>(n)));
  if (valid == n) {
    AppendValid(n);
    return;
  }
  CopyBits(bits, static_cast<int64_t>(bit_offset), GrowBitmap(this, n),
           static_cast<int64_t>(count), static_cast<int64_t>(n));
  count += n;
  null_count += n - valid;
}

bool ValidityBuffer::IsValid(uint64_t i) const {
  return !bitmap || GetBit(bitmap->data(), static_cast<int64_t>(i));
}

void LeafBuffer::LimitTo(uint64_t value_bytes) {
  most_bytes = value_bytes;
  bytes.limit = value_bytes;
}

void LeafBuffer::Expect(const LeafShape& shape, uint64_t row_count, uint64_t payload) {
  constexpr uint64_t kMost = 64 << 20;
  const uint64_t most = std::min(most_bytes, kMost);
  const uint64_t size = shape.LeastBytes(row_count);
  const auto expect = [most](uint64_t wanted, MutableBuffer* buffer) {
    if (buffer->size() == 0 && wanted <= most) {
      buffer->Resize(static_cast<size_t>(wanted));
      buffer->Resize(0);
    }
  };
  if (shape.type.kind != PhysicalKind::kBytes) {
    expect(size, &fixed);
  } else if (size <= most) {
    bytes.offsets.reserve(static_cast<size_t>(size / sizeof(uint64_t)) + 1);
    expect(payload, &bytes.data);
  }
}

Status LeafBuffer::GrowFixed(const PhysicalType& type, uint64_t n) {
  const uint64_t total = values + n;
  const uint64_t size = BytesOfValues(type, total);
  if (total < n || size > most_bytes || size > SIZE_MAX / 2) {
    return OverLimit(n, values, most_bytes);
  }
  fixed.Resize(static_cast<size_t>(size));
  return Status::Ok();
}

Status LeafBuffer::CheckOffsets(uint64_t n) const {
  return n > most_bytes / sizeof(uint64_t) -
                     std::min(values, most_bytes / sizeof(uint64_t))
             ? OverLimit(n, values, most_bytes)
             : Status::Ok();
}

uint64_t LeafBuffer::memory_bytes() const {
  auto validity_bytes = [](const ValidityBuffer& buffer) {
    return buffer.bitmap ? buffer.bitmap->size() : 0;
  };
  uint64_t total = validity_bytes(validity) + fixed.size() + bytes.data.size() +
                   bytes.offsets.size() * sizeof(uint64_t);
  for (const LevelBuffer& level : levels) {
    total += validity_bytes(level.validity) + level.lengths.size() * sizeof(uint32_t);
  }
  return total;
}

LeafBuffer MakeLeafBuffer(const LeafShape& shape) {
  LeafBuffer buffer;
  buffer.levels.resize(shape.levels.size());
  if (shape.type.kind == PhysicalKind::kBytes) {
    buffer.bytes.offsets.push_back(0);
  }
  return buffer;
}

encoding::Values ValuesOf(const LeafShape& shape, const LeafBuffer& buffer) {
  encoding::Values values;
  values.type = shape.type;
  values.count = buffer.values;
  values.tensor = shape.tensor;
  if (shape.type.kind == PhysicalKind::kBytes) {
    values.data = std::span(buffer.bytes.data.data(), buffer.bytes.data.size());
    values.offsets = buffer.bytes.offsets;
  } else {
    values.data = std::span(buffer.fixed.data(), buffer.fixed.size());
  }
  values.validity = buffer.validity.null_count > 0 ? buffer.validity.data() : nullptr;
  return values;
}

}  // namespace lancer::format
