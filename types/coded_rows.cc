#include "types/coded_rows.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <string>
#include <vector>

#include "types/array_layout.h"
#include "types/gather.h"

namespace lancer {
namespace {

std::span<const uint32_t> CodesOf(const Buffer& codes) {
  const void* data = codes.data();
  return {static_cast<const uint32_t*>(data), codes.size() / sizeof(uint32_t)};
}

}  // namespace

Result<std::shared_ptr<const CodedRows>> CodedRows::Make(BufferPtr codes,
                                                         ArrayPtr values) {
  assert(values->length() > 0 && values->null_count() == 0);
  uint32_t highest = 0;
  for (const uint32_t code : CodesOf(*codes)) {
    highest = std::max(highest, code);
  }
  if (highest >= values->length()) {
    return Status::Corruption("code " + std::to_string(highest) + " of " +
                              std::to_string(values->length()) + " distinct values");
  }
  std::shared_ptr<const CodedRows> rows(
      new CodedRows(std::move(codes), std::move(values)));
  const bool narrow = LayoutOf(*rows->values_->type()) == ArrayLayout::kBinary &&
                      OffsetWidth(*rows->values_->type()) == sizeof(int32_t);
  if (narrow && rows->ByteSize(0, rows->row_count()) -
                        (rows->row_count() + 1) * int64_t{sizeof(int32_t)} >
                    INT32_MAX) {
    return Status::ResourceExhausted(
        "values of a dictionary decode to more than 2147483647 bytes: use fewer rows at "
        "a "
        "time");
  }
  return rows;
}

uint32_t CodedRows::code(int64_t row) const {
  return CodesOf(*codes_)[static_cast<size_t>(row)];
}

int64_t CodedRows::ByteSize(int64_t first, int64_t n) const {
  const DataType& type = *values_->type();
  if (LayoutOf(type) == ArrayLayout::kFixed) {
    return n * type.byte_width();
  }
  const int64_t count = values_->length();
  std::vector<int64_t> sizes(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    sizes[static_cast<size_t>(i)] =
        values_->value_offset(i + 1) - values_->value_offset(i);
  }
  int64_t bytes = (n + 1) * OffsetWidth(type);
  for (const uint32_t code :
       CodesOf(*codes_).subspan(static_cast<size_t>(first), static_cast<size_t>(n))) {
    bytes += sizes[code];
  }
  return bytes;
}

const BufferPtr& CodedRows::DecodedBuffer(size_t i) const {
  std::call_once(decoded_once_, [&] {
    const std::span<const uint32_t> codes = CodesOf(*codes_);
    const std::vector<int64_t> rows(codes.begin(), codes.end());
    Result<ArrayPtr> decoded = Gather(*values_, rows);
    assert(decoded.has_value() && "Make has looked at the size");
    decoded_ = *std::move(decoded);
  });
  return decoded_->buffer(i);
}

bool MayBeCoded(const DataType& type) {
  if (type.kind() != TypeKind::kDictionary) {
    return false;
  }
  const DataType& values = *type.child(0).type;
  const ArrayLayout layout = LayoutOf(values);
  return values.kind() != TypeKind::kDictionary &&
         values.kind() != TypeKind::kRunEndEncoded &&
         (layout == ArrayLayout::kBinary ||
          (layout == ArrayLayout::kFixed && values.byte_width() > 0));
}

Result<ArrayPtr> MakeCodedArray(TypePtr type, int64_t null_count, BufferPtr validity,
                                BufferPtr codes, ArrayPtr values) {
  assert(MayBeCoded(*type));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const CodedRows> rows,
                          CodedRows::Make(std::move(codes), std::move(values)));
  const int64_t length = rows->row_count();
  return Array::Make({.type = std::move(type),
                      .length = length,
                      .null_count = null_count,
                      .buffers = {std::move(validity)},
                      .coded = std::move(rows)});
}

}  // namespace lancer
