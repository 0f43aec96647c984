#include "tools/convert/column_builder.h"

#include <cstring>
#include <limits>

namespace lancer::tools {
namespace {

bool HasOffsets(const DataType& type) {
  return type.kind() == TypeKind::kString || type.kind() == TypeKind::kList;
}

void AppendBit(std::vector<uint8_t>* bits, int64_t index, bool value) {
  if (index % 8 == 0) {
    bits->push_back(0);
  }
  bits->back() = static_cast<uint8_t>(bits->back() | (value ? 1 : 0) << (index % 8));
}

}  // namespace

ColumnBuilder::ColumnBuilder(TypePtr type) : type_(std::move(type)) {
  for (const Field& field : type_->children()) {
    children_.push_back(std::make_unique<ColumnBuilder>(field.type));
  }
  if (HasOffsets(*type_)) {
    offsets_.push_back(0);
  }
}

void ColumnBuilder::AppendValidity(bool valid) {
  AppendBit(&validity_, length_, valid);
  null_count_ += valid ? 0 : 1;
  ++length_;
}

template <typename T>
void ColumnBuilder::AppendBytes(T value) {
  const size_t before = values_.size();
  values_.resize(before + sizeof(T));
  std::memcpy(values_.data() + before, &value, sizeof(T));
}

void ColumnBuilder::AppendNull() {
  switch (type_->kind()) {
    case TypeKind::kNull:
      ++length_;
      ++null_count_;
      return;
    case TypeKind::kBool:
      AppendBit(&values_, length_, false);
      break;
    case TypeKind::kString:
    case TypeKind::kList:
      offsets_.push_back(offsets_.back());
      break;
    case TypeKind::kStruct:
      for (const auto& child : children_) {
        child->AppendNull();
      }
      break;
    default:
      values_.resize(values_.size() + static_cast<size_t>(type_->byte_width()));
  }
  AppendValidity(false);
}

void ColumnBuilder::AppendBool(bool value) {
  AppendBit(&values_, length_, value);
  AppendValidity(true);
}

void ColumnBuilder::AppendInteger(uint64_t bits) {
  AppendBytes(bits);
  AppendValidity(true);
}

void ColumnBuilder::AppendDouble(double value) {
  AppendBytes(value);
  AppendValidity(true);
}

void ColumnBuilder::AppendDate(int32_t days) {
  AppendBytes(days);
  AppendValidity(true);
}

void ColumnBuilder::AppendString(std::string_view text) {
  const size_t end = values_.size() + text.size();
  if (end > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    overflow_ = true;
    AppendNull();
    return;
  }
  values_.insert(values_.end(), text.begin(), text.end());
  offsets_.push_back(static_cast<int32_t>(end));
  AppendValidity(true);
}

void ColumnBuilder::AppendNested() {
  if (type_->kind() == TypeKind::kList) {
    const int64_t end = children_[0]->length();
    overflow_ = overflow_ || end > std::numeric_limits<int32_t>::max();
    offsets_.push_back(overflow_ ? offsets_.back() : static_cast<int32_t>(end));
  }
  AppendValidity(true);
}

Result<ArrayPtr> ColumnBuilder::Finish() {
  if (overflow_) {
    return Status::ResourceExhausted("one batch of a column exceeds 2 GiB");
  }
  Array::Data data;
  data.type = type_;
  data.length = length_;
  data.null_count = null_count_;
  if (type_->kind() != TypeKind::kNull) {
    data.buffers.push_back(null_count_ > 0 ? Buffer::Own(std::move(validity_)) : nullptr);
  }
  if (HasOffsets(*type_)) {
    data.buffers.push_back(Buffer::Own(std::move(offsets_)));
    offsets_ = {0};
  }
  if (!type_->is_nested() && type_->kind() != TypeKind::kNull) {
    data.buffers.push_back(Buffer::Own(std::move(values_)));
  }
  for (const auto& child : children_) {
    LANCER_ASSIGN_OR_RETURN(ArrayPtr array, child->Finish());
    data.children.push_back(std::move(array));
  }
  validity_ = {};
  values_ = {};
  length_ = 0;
  null_count_ = 0;
  return Array::Make(std::move(data));
}

}  // namespace lancer::tools
