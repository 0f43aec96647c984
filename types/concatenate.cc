#include <cstring>

#include "lancer/array.h"
#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

// Rows [begin, begin + count) of one array.
struct Piece {
  const Array* array;
  int64_t begin;
  int64_t count;
};
using Pieces = std::span<const Piece>;

Result<ArrayPtr> Join(const TypePtr& type, Pieces pieces);

int64_t TotalRows(Pieces pieces) {
  int64_t rows = 0;
  for (const Piece& piece : pieces) {
    rows += piece.count;
  }
  return rows;
}

// Null when no piece holds a null.
BufferPtr JoinValidity(Pieces pieces, int64_t rows) {
  bool any = false;
  for (const Piece& piece : pieces) {
    any = any || piece.array->validity() != nullptr;
  }
  if (!any) {
    return nullptr;
  }
  MutableBuffer bits(BitmapBytes(rows));
  std::memset(bits.data(), 0, bits.size());
  int64_t at = 0;
  for (const Piece& piece : pieces) {
    const std::byte* validity = piece.array->validity();
    if (validity == nullptr) {
      FillBits(bits.data(), at, piece.count, true);
    } else {
      CopyBits(validity, piece.array->offset() + piece.begin, bits.data(), at,
               piece.count);
    }
    at += piece.count;
  }
  return std::move(bits).Finish();
}

BufferPtr JoinBits(Pieces pieces, int64_t rows) {
  MutableBuffer bits(BitmapBytes(rows));
  std::memset(bits.data(), 0, bits.size());
  int64_t at = 0;
  for (const Piece& piece : pieces) {
    CopyBits(piece.array->buffer(1)->data(), piece.array->offset() + piece.begin,
             bits.data(), at, piece.count);
    at += piece.count;
  }
  return std::move(bits).Finish();
}

using Bytes = std::span<const std::byte>;

BufferPtr JoinBytes(std::span<const Bytes> parts) {
  size_t total = 0;
  for (Bytes part : parts) {
    total += part.size();
  }
  MutableBuffer bytes(total);
  std::byte* out = bytes.data();
  for (Bytes part : parts) {
    if (!part.empty()) {
      std::memcpy(out, part.data(), part.size());
      out += part.size();
    }
  }
  return std::move(bytes).Finish();
}

BufferPtr JoinFixed(Pieces pieces, int64_t width) {
  std::vector<Bytes> parts;
  parts.reserve(pieces.size());
  for (const Piece& piece : pieces) {
    parts.emplace_back(
        piece.array->buffer(1)->data() + (piece.array->offset() + piece.begin) * width,
        static_cast<size_t>(piece.count * width));
  }
  return JoinBytes(parts);
}

template <typename Offset>
BufferPtr JoinOffsets(Pieces pieces, int64_t rows) {
  MutableBuffer buffer((static_cast<size_t>(rows) + 1) * sizeof(Offset));
  auto* out = buffer.as<Offset>();
  int64_t base = 0;
  *out++ = 0;
  for (const Piece& piece : pieces) {
    int64_t first = piece.array->value_offset(piece.begin);
    for (int64_t i = 1; i <= piece.count; ++i) {
      *out++ =
          static_cast<Offset>(base + piece.array->value_offset(piece.begin + i) - first);
    }
    base += piece.array->value_offset(piece.begin + piece.count) - first;
  }
  return std::move(buffer).Finish();
}

// Offsets, and what they point into: bytes or a child.
Status JoinVariable(const DataType& layout, Pieces pieces, Array::Data* data) {
  int64_t total = 0;
  for (const Piece& piece : pieces) {
    total += piece.array->value_offset(piece.begin + piece.count) -
             piece.array->value_offset(piece.begin);
  }
  bool wide = OffsetWidth(layout) == 8;
  if (!wide && total > INT32_MAX) {
    return Status::ResourceExhausted(
        "the concatenation needs offsets up to " + std::to_string(total) + ", but " +
        layout.ToString() + " has 32-bit offsets: use its large form or fewer rows");
  }
  data->buffers.push_back(wide ? JoinOffsets<int64_t>(pieces, data->length)
                               : JoinOffsets<int32_t>(pieces, data->length));
  std::vector<Bytes> parts;
  std::vector<Piece> items;
  bool binary = LayoutOf(layout) == ArrayLayout::kBinary;
  for (const Piece& piece : pieces) {
    int64_t first = piece.array->value_offset(piece.begin);
    int64_t size = piece.array->value_offset(piece.begin + piece.count) - first;
    if (binary) {
      parts.emplace_back(piece.array->buffer(2)->data() + first,
                         static_cast<size_t>(size));
    } else {
      items.push_back({piece.array->child(0).get(), first, size});
    }
  }
  if (binary) {
    data->buffers.push_back(JoinBytes(parts));
    return Status::Ok();
  }
  LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Join(layout.child(0).type, items));
  data->children.push_back(std::move(child));
  return Status::Ok();
}

// Child `i` of structs and fixed-size lists, `scale` child rows per row.
Status JoinChild(const DataType& layout, size_t i, int64_t scale, Pieces pieces,
                 Array::Data* data) {
  std::vector<Piece> items;
  for (const Piece& piece : pieces) {
    items.push_back({piece.array->child(i).get(),
                     (piece.array->offset() + piece.begin) * scale, piece.count * scale});
  }
  LANCER_ASSIGN_OR_RETURN(ArrayPtr child, Join(layout.child(i).type, items));
  data->children.push_back(std::move(child));
  return Status::Ok();
}

Result<ArrayPtr> Join(const TypePtr& type, Pieces pieces) {
  Array::Data data{.type = type, .length = TotalRows(pieces)};
  const DataType& declared = LayoutType(*type);
  ArrayLayout layout = LayoutOf(declared);
  if (layout != ArrayLayout::kNull) {
    data.buffers.push_back(JoinValidity(pieces, data.length));
    data.null_count = data.buffers[0] == nullptr ? 0 : -1;
  }
  switch (layout) {
    case ArrayLayout::kNull:
      break;
    case ArrayLayout::kBits:
      data.buffers.push_back(JoinBits(pieces, data.length));
      break;
    case ArrayLayout::kFixed:
      data.buffers.push_back(JoinFixed(pieces, declared.byte_width()));
      break;
    case ArrayLayout::kBinary:
    case ArrayLayout::kList:
      LANCER_RETURN_IF_ERROR(JoinVariable(declared, pieces, &data));
      break;
    case ArrayLayout::kFixedList:
      LANCER_RETURN_IF_ERROR(
          JoinChild(declared, 0, declared.parameters().list_size, pieces, &data));
      break;
    case ArrayLayout::kStruct:
      for (size_t i = 0; i < declared.children().size(); ++i) {
        LANCER_RETURN_IF_ERROR(JoinChild(declared, i, 1, pieces, &data));
      }
      break;
  }
  return Array::Make(std::move(data));
}

}  // namespace

Result<ArrayPtr> Concatenate(const TypePtr& type, std::span<const ArrayPtr> arrays) {
  std::vector<Piece> pieces;
  pieces.reserve(arrays.size());
  for (const ArrayPtr& array : arrays) {
    if (!SameLayout(*type, *array->type())) {
      return Status::InvalidArgument("cannot concatenate an array of type " +
                                     array->type()->ToString() + " as " +
                                     type->ToString());
    }
    pieces.push_back({array.get(), 0, array->length()});
  }
  return Join(type, pieces);
}

}  // namespace lancer
