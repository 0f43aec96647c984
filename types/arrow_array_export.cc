// Our arrays in foreign structs. Buffers are shared, never copied, where the declared
// layout is ours; what is not is built by arrow_array_encode.
#include <cstring>
#include <memory>
#include <string>

#include "lancer/arrow_bridge.h"
#include "types/array_layout.h"
#include "types/arrow_array_encode.h"
#include "types/bitmap.h"

namespace lancer {
namespace {

// What an exported ArrowArray points into; its release callback deletes it.
struct ArrayKeeper {
  std::vector<BufferPtr> owners;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  ArrowArray dictionary{};

  // Children may have been moved out by the consumer: their release is null then.
  ~ArrayKeeper() {
    for (ArrowArray& child : children) {
      Release(&child);
    }
    Release(&dictionary);
  }
  static void Release(ArrowArray* array) {
    if (array->release != nullptr) {
      array->release(array);
    }
  }
  void AddBuffer(BufferPtr buffer) {
    buffers.push_back(buffer == nullptr ? nullptr : buffer->data());
    owners.push_back(std::move(buffer));
  }
};

void ReleaseArray(ArrowArray* array) {
  std::unique_ptr<ArrayKeeper> keeper(static_cast<ArrayKeeper*>(array->private_data));
  array->private_data = nullptr;
  array->release = nullptr;
}

struct Shape {
  int64_t length;
  int64_t null_count;
  int64_t offset;
};

void FillIn(const Shape& shape, std::unique_ptr<ArrayKeeper> keeper, ArrowArray* out) {
  for (ArrowArray& child : keeper->children) {
    keeper->child_pointers.push_back(&child);
  }
  bool dictionary = keeper->dictionary.release != nullptr;
  *out = ArrowArray{
      .length = shape.length,
      .null_count = shape.null_count,
      .offset = shape.offset,
      .n_buffers = static_cast<int64_t>(keeper->buffers.size()),
      .n_children = static_cast<int64_t>(keeper->children.size()),
      .buffers = keeper->buffers.empty() ? nullptr : keeper->buffers.data(),
      .children = keeper->children.empty() ? nullptr : keeper->child_pointers.data(),
      .dictionary = dictionary ? &keeper->dictionary : nullptr,
      .release = ReleaseArray,
      .private_data = nullptr};
  out->private_data = keeper.release();
}

Status ExportInto(const TypePtr& type, const Array& array, ArrowArray* out);

Status ExportChild(const DataType& type, size_t i, const Array& child,
                   ArrayKeeper* keeper) {
  Status status = ExportInto(type.child(i).type, child, &keeper->children[i]);
  return status.ok() ? status
                     : status.WithContext(
                           "field " + FormatFieldPath(std::span(&type.child(i).name, 1)));
}

Status ExportViews(const Array& array, ArrowArray* out) {
  LANCER_ASSIGN_OR_RETURN(ArrowViews views, MakeViews(array));
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->AddBuffer(ValidityFromRowZero(array));
  keeper->AddBuffer(std::move(views.views));
  std::vector<int64_t> sizes;
  for (BufferPtr& data : views.data) {
    sizes.push_back(static_cast<int64_t>(data->size()));
    keeper->AddBuffer(std::move(data));
  }
  keeper->AddBuffer(Buffer::Own(std::move(sizes)));
  FillIn({array.length(), array.null_count(), 0}, std::move(keeper), out);
  return Status::Ok();
}

Status ExportListViews(const DataType& type, const Array& array, ArrowArray* out) {
  ArrowListViews views = MakeListViews(array);
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->AddBuffer(ValidityFromRowZero(array));
  keeper->AddBuffer(std::move(views.offsets));
  keeper->AddBuffer(std::move(views.sizes));
  keeper->children.resize(1);
  LANCER_RETURN_IF_ERROR(ExportChild(
      type, 0, *array.child(0)->Slice(views.first_item, views.item_count), keeper.get()));
  FillIn({array.length(), array.null_count(), 0}, std::move(keeper), out);
  return Status::Ok();
}

Status ExportDictionary(const DataType& type, const Array& array, ArrowArray* out) {
  LANCER_ASSIGN_OR_RETURN(ArrowDictionary dictionary, MakeDictionary(type, array));
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->AddBuffer(std::move(dictionary.validity));
  keeper->AddBuffer(std::move(dictionary.indexes));
  LANCER_RETURN_IF_ERROR(
      ExportInto(type.child(0).type, *dictionary.values, &keeper->dictionary));
  FillIn({array.length(), dictionary.null_count, dictionary.offset}, std::move(keeper),
         out);
  return Status::Ok();
}

Status ExportRuns(const DataType& type, const Array& array, ArrowArray* out) {
  LANCER_ASSIGN_OR_RETURN(ArrowRuns runs, MakeRuns(type, array));
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->children.resize(2);
  LANCER_RETURN_IF_ERROR(ExportChild(type, 0, *runs.ends, keeper.get()));
  LANCER_RETURN_IF_ERROR(ExportChild(type, 1, *runs.values, keeper.get()));
  FillIn({array.length(), 0, 0}, std::move(keeper), out);
  return Status::Ok();
}

// The rows' offsets less the first, at row 0.
BufferPtr RebasedOffsets(const Array& array) {
  int64_t width = OffsetWidth(*array.type());
  MutableBuffer rebased(static_cast<size_t>((array.length() + 1) * width));
  int64_t first = array.value_offset(0);
  for (int64_t i = 0; i <= array.length(); ++i) {
    int64_t offset = array.value_offset(i) - first;
    std::memcpy(rebased.data() + i * width, &offset, static_cast<size_t>(width));
  }
  return std::move(rebased).Finish();
}

// A child that must be converted is cut to the rows in use first, so that a slice costs
// what a slice should; the array then begins at offset 0.
Status ExportCut(const DataType& type, const Array& array, ArrowArray* out) {
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->AddBuffer(ValidityFromRowZero(array));
  keeper->children.resize(array.child_count());
  int64_t first = array.offset();
  int64_t count = array.length();
  if (LayoutOf(type) == ArrayLayout::kList) {
    first = array.value_offset(0);
    count = array.value_offset(array.length()) - first;
    keeper->AddBuffer(RebasedOffsets(array));
  } else if (LayoutOf(type) == ArrayLayout::kFixedList) {
    first *= type.parameters().list_size;
    count *= type.parameters().list_size;
  }
  for (size_t i = 0; i < array.child_count(); ++i) {
    LANCER_RETURN_IF_ERROR(
        ExportChild(type, i, *array.child(i)->Slice(first, count), keeper.get()));
  }
  FillIn({array.length(), array.null_count(), 0}, std::move(keeper), out);
  return Status::Ok();
}

// Everything stays where it is.
Status ExportShared(const DataType& type, const Array& array, ArrowArray* out) {
  auto keeper = std::make_unique<ArrayKeeper>();
  for (size_t i = 0; i < array.buffer_count(); ++i) {
    keeper->AddBuffer(i == 0 && array.validity() == nullptr ? nullptr : array.buffer(i));
  }
  ArrayLayout layout = LayoutOf(type);
  if ((layout == ArrayLayout::kList || layout == ArrayLayout::kBinary) &&
      array.buffer(1)->size() == 0) {
    keeper->owners[1] = Buffer::Own(std::vector<int64_t>{0});
    keeper->buffers[1] = keeper->owners[1]->data();
  }
  keeper->children.resize(array.child_count());
  for (size_t i = 0; i < array.child_count(); ++i) {
    LANCER_RETURN_IF_ERROR(ExportChild(type, i, *array.child(i), keeper.get()));
  }
  // Neither an array without rows nor one without buffers has anything to skip.
  bool nothing = layout == ArrayLayout::kNull || array.length() == 0;
  int64_t offset = nothing ? 0 : array.offset();
  FillIn({array.length(), array.null_count(), offset}, std::move(keeper), out);
  return Status::Ok();
}

Status ExportInto(const TypePtr& type, const Array& array, ArrowArray* out) {
  switch (type->kind()) {
    case TypeKind::kStringView:
    case TypeKind::kBinaryView:
      return ExportViews(array, out);
    case TypeKind::kListView:
    case TypeKind::kLargeListView:
      return ExportListViews(*type, array, out);
    case TypeKind::kDictionary:
      return ExportDictionary(*type, array, out);
    case TypeKind::kRunEndEncoded:
      return ExportRuns(*type, array, out);
    default:
      return &type->storage() == type.get() ? ExportShared(*type, array, out)
                                            : ExportCut(*type, array, out);
  }
}

}  // namespace

Status ExportArray(const ArrayPtr& array, ArrowArray* out) {
  *out = ArrowArray{};
  return ExportInto(array->type(), *array, out);
}

Status ExportBatch(const Batch& batch, ArrowArray* out) {
  *out = ArrowArray{};
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->AddBuffer(nullptr);
  keeper->children.resize(batch.columns.size());
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const Field& field = batch.schema->field(i);
    Status status = ExportInto(field.type, *batch.columns[i], &keeper->children[i]);
    if (!status.ok()) {
      return status.WithContext("field " + FormatFieldPath(std::span(&field.name, 1)));
    }
  }
  FillIn({batch.length, 0, 0}, std::move(keeper), out);
  return Status::Ok();
}

}  // namespace lancer
