// Assembling: the inverse of shredding (leaf.h). Buffers of leaves become buffers of
// arrays; each level is built from the first leaf below it, after the others were found
// to agree.
#include <fmt/format.h>

#include <cstring>

#include "format/leaf.h"
#include "format/packed_struct.h"
#include "types/array_layout.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"

namespace lancer::format {
namespace {

using Leaves = std::span<LeafBuffer* const>;

bool SameValidity(const ValidityBuffer& a, const ValidityBuffer& b) {
  if (a.count != b.count || a.null_count != b.null_count) {
    return false;
  }
  if (a.null_count == 0) {
    return true;
  }
  const auto whole = static_cast<size_t>(a.count / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) {
    return false;
  }
  for (uint64_t i = whole * 8; i < a.count; ++i) {
    if (a.IsValid(i) != b.IsValid(i)) {
      return false;
    }
  }
  return true;
}

// Builds one column; keeps the path for messages.
class Assembler {
 public:
  Result<ArrayPtr> Build(const Field& field, Leaves* leaves, size_t depth,
                         uint64_t slots) {
    if (IsPacked(field)) {
      LANCER_ASSIGN_OR_RETURN(const ArrayPtr rows,
                              Build(PackedField(field), leaves, depth, slots));
      return UnpackRows(field, *rows);
    }
    path_.push_back(field.name);
    const DataType& type = LayoutType(*field.type);
    const ArrayLayout layout = LayoutOf(type);
    Result<ArrayPtr> array = IsNested(field)
                                 ? BuildLevel(field, layout, leaves, depth, slots)
                                 : BuildLeaf(field, layout, leaves, depth, slots);
    path_.pop_back();
    return array;
  }

 private:
  Status Damaged(const std::string& what) const {
    return Status::Corruption(fmt::format("column {}: {}", FormatFieldPath(path_), what));
  }

  Result<ArrayPtr> BuildLeaf(const Field& field, ArrayLayout layout, Leaves* leaves,
                             size_t depth, uint64_t slots) {
    if (leaves->empty()) {
      return Status::Internal("fewer leaves than the field has");
    }
    LeafBuffer& leaf = *leaves->front();
    *leaves = leaves->subspan(1);
    if (leaf.levels.size() != depth || leaf.values != slots ||
        leaf.validity.count != slots) {
      return Damaged(fmt::format("leaf has {} slots with validity of {}, expected {}",
                                 leaf.values, leaf.validity.count, slots));
    }
    Array::Data data;
    data.type = field.type;
    data.length = static_cast<int64_t>(slots);
    if (layout == ArrayLayout::kNull) {
      data.null_count = data.length;
      return Array::Make(std::move(data));
    }
    AddValidity(&leaf.validity, &data);
    if (leaf.dictionary != nullptr) {
      return BuildCoded(field, &leaf, std::move(data));
    }
    if (layout == ArrayLayout::kBinary) {
      LANCER_RETURN_IF_ERROR(AddBytes(*field.type, &leaf, slots, &data));
    } else if (layout != ArrayLayout::kStruct) {
      const uint64_t size = layout == ArrayLayout::kBits
                                ? BitmapBytes(data.length)
                                : slots * static_cast<uint64_t>(field.type->byte_width());
      if (leaf.fixed.size() != size) {
        return Damaged(fmt::format("leaf has {} bytes of values, expected {}",
                                   leaf.fixed.size(), size));
      }
      data.buffers.push_back(std::move(leaf.fixed).Finish());
    }
    return Array::Make(std::move(data));
  }

  // Rows that stay codes of the leaf's dictionary.
  Result<ArrayPtr> BuildCoded(const Field& field, LeafBuffer* leaf, Array::Data data) {
    if (leaf->fixed.size() != leaf->values * sizeof(uint32_t)) {
      return Damaged(fmt::format("leaf has {} bytes of codes for {} slots",
                                 leaf->fixed.size(), leaf->values));
    }
    Result<ArrayPtr> array =
        MakeCodedArray(field.type, data.null_count, std::move(data.buffers[0]),
                       std::move(leaf->fixed).Finish(), std::move(leaf->dictionary));
    return array.has_value() ? array
                             : array.error().WithContext(
                                   fmt::format("column {}", FormatFieldPath(path_)));
  }

  static void AddValidity(ValidityBuffer* validity, Array::Data* data) {
    data->null_count = static_cast<int64_t>(validity->null_count);
    if (validity->null_count == 0) {
      data->buffers.push_back(nullptr);
    } else {
      data->buffers.push_back(std::move(*validity->bitmap).Finish());
    }
  }

  Status TooLarge(std::string_view what, uint64_t size) const {
    return Status::ResourceExhausted(fmt::format(
        "column {}: {} {} in one batch, where 32-bit offsets reach 2147483647; ask for "
        "fewer rows at a time, or declare the column with 64-bit offsets",
        FormatFieldPath(path_), size, what));
  }

  Status AddBytes(const DataType& type, LeafBuffer* leaf, uint64_t slots,
                  Array::Data* data) const {
    std::vector<uint64_t>& offsets = leaf->bytes.offsets;
    if (offsets.size() != slots + 1 || offsets.front() != 0 ||
        offsets.back() != leaf->bytes.data.size()) {
      return Damaged(
          fmt::format("leaf has {} offsets for {} slots", offsets.size(), slots));
    }
    if (OffsetWidth(type) == 8) {
      data->buffers.push_back(Buffer::Own(std::move(offsets)));
    } else {
      if (offsets.back() > INT32_MAX) {
        return TooLarge("bytes", offsets.back());
      }
      MutableBuffer narrow(offsets.size() * sizeof(int32_t));
      auto* target = narrow.as<int32_t>();
      for (size_t i = 0; i < offsets.size(); ++i) {
        target[i] = static_cast<int32_t>(offsets[i]);
      }
      data->buffers.push_back(std::move(narrow).Finish());
    }
    data->buffers.push_back(std::move(leaf->bytes.data).Finish());
    return Status::Ok();
  }

  // The leaves below the field that starts at `leaves` are those that have a level at
  // `depth` and were asked for by the walk; their levels must agree.
  Status CheckSiblings(const LevelBuffer& first, Leaves siblings, size_t depth) const {
    for (const LeafBuffer* sibling : siblings) {
      if (sibling->levels.size() <= depth ||
          !SameValidity(first.validity, sibling->levels[depth].validity) ||
          first.lengths != sibling->levels[depth].lengths) {
        return Damaged("leaves of one field disagree on its nulls or lengths");
      }
    }
    return Status::Ok();
  }

  Result<ArrayPtr> BuildLevel(const Field& field, ArrayLayout layout, Leaves* leaves,
                              size_t depth, uint64_t slots) {
    const DataType& type = LayoutType(*field.type);
    const size_t below = LeafCount(field);
    if (leaves->size() < below || leaves->front()->levels.size() <= depth) {
      return Status::Internal("fewer leaves or levels than the field has");
    }
    LevelBuffer& level = leaves->front()->levels[depth];
    LANCER_RETURN_IF_ERROR(CheckSiblings(level, leaves->first(below), depth));
    if (level.validity.count != slots ||
        (layout == ArrayLayout::kList && level.lengths.size() != slots)) {
      return Damaged(fmt::format("level has {} slots and {} lengths, expected {}",
                                 level.validity.count, level.lengths.size(), slots));
    }
    Array::Data data;
    data.type = field.type;
    data.length = static_cast<int64_t>(slots);
    AddValidity(&level.validity, &data);
    uint64_t items = slots;
    if (layout == ArrayLayout::kFixedList) {
      items *= static_cast<uint64_t>(type.parameters().list_size);
    } else if (layout == ArrayLayout::kList) {
      LANCER_RETURN_IF_ERROR(AddListOffsets(type, level.lengths, &data, &items));
    }
    for (const Field& child : type.children()) {
      LANCER_ASSIGN_OR_RETURN(ArrayPtr array, Build(child, leaves, depth + 1, items));
      data.children.push_back(std::move(array));
    }
    return Array::Make(std::move(data));
  }

  template <typename T>
  static BufferPtr ListOffsets(const std::vector<uint32_t>& lengths) {
    MutableBuffer offsets((lengths.size() + 1) * sizeof(T));
    T* target = offsets.as<T>();
    T end = 0;
    target[0] = 0;
    for (size_t i = 0; i < lengths.size(); ++i) {
      end = static_cast<T>(end + static_cast<T>(lengths[i]));
      target[i + 1] = end;
    }
    return std::move(offsets).Finish();
  }

  Status AddListOffsets(const DataType& type, const std::vector<uint32_t>& lengths,
                        Array::Data* data, uint64_t* items) const {
    *items = 0;
    for (const uint32_t length : lengths) {
      *items += length;
    }
    if (OffsetWidth(type) == 8) {
      data->buffers.push_back(ListOffsets<int64_t>(lengths));
      return Status::Ok();
    }
    if (*items > INT32_MAX) {
      return TooLarge("items", *items);
    }
    data->buffers.push_back(ListOffsets<int32_t>(lengths));
    return Status::Ok();
  }

  FieldPath path_;
};

}  // namespace

Result<ArrayPtr> Assemble(const Field& field, std::span<LeafBuffer* const> leaves) {
  if (leaves.empty()) {
    return Status::Internal("a column without leaves");
  }
  const uint64_t rows = leaves[0]->rows;
  for (const LeafBuffer* leaf : leaves) {
    if (leaf->rows != rows) {
      return Status::Corruption(fmt::format("column {}: its leaves have {} and {} rows",
                                            FormatFieldPath({&field.name, 1}), rows,
                                            leaf->rows));
    }
  }
  LANCER_ASSIGN_OR_RETURN(ArrayPtr array, Assembler().Build(field, &leaves, 0, rows));
  if (!leaves.empty()) {
    return Status::Internal("more leaves than the field has");
  }
  return array;
}

}  // namespace lancer::format
