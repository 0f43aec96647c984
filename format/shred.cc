// Shredding: an array's rows become slots of its leaves (leaf.h).
//
// Rows are walked as runs: a live run stands for rows of the array, a hidden run for
// slots below a null ancestor, whatever the producer left there. Below a null struct
// nullable slots are null; below a null fixed-size list slots are valid filler, so that
// a vector column with null rows keeps vectors without nulls.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "format/leaf.h"
#include "format/packed_struct.h"
#include "types/array_layout.h"
#include "types/bitmap.h"

namespace lancer::format {
namespace {

enum class RunState : uint8_t { kLive, kHiddenNull, kHiddenValid };

struct Run {
  int64_t first = 0;  // kLive: row of the array
  int64_t count = 0;
  RunState state = RunState::kLive;
};
using Runs = std::vector<Run>;
using Leaves = std::span<LeafBuffer* const>;

void AddRun(Runs* runs, const Run& run) {
  if (run.count == 0) {
    return;
  }
  if (!runs->empty()) {
    Run& last = runs->back();
    const bool follows =
        last.state == run.state &&
        (run.state != RunState::kLive || last.first + last.count == run.first);
    if (follows) {
      last.count += run.count;
      return;
    }
  }
  runs->push_back(run);
}

// Calls `visit(first, count, valid)` for the stretches of equal validity in a live run.
template <typename Visit>
void ForEachStretch(const Array& array, const Run& run, Visit visit) {
  const std::byte* bits = array.validity();
  if (bits == nullptr) {
    visit(run.first, run.count, true);
    return;
  }
  const int64_t end = array.offset() + run.first + run.count;
  for (int64_t at = array.offset() + run.first; at < end;) {
    const bool valid = GetBit(bits, at);
    const int64_t stop = FindBit(bits, at, end, !valid);
    visit(at - array.offset(), stop - at, valid);
    at = stop;
  }
}

void AppendValidity(const Field& field, const Array& array, const Run& run,
                    ValidityBuffer* validity) {
  const auto n = static_cast<uint64_t>(run.count);
  if (run.state == RunState::kLive) {
    validity->Append(array.validity(), static_cast<uint64_t>(array.offset() + run.first),
                     n);
  } else if (run.state == RunState::kHiddenNull && field.nullable) {
    validity->AppendNull(n);
  } else {
    validity->AppendValid(n);
  }
}

// Repeats the value before `at` over `count` slots; zeros when there is none.
void FillFixed(std::byte* values, size_t at, size_t count, size_t width) {
  if (count == 0 || width == 0) {
    return;
  }
  std::byte* target = values + at * width;
  if (at == 0) {
    std::memset(target, 0, count * width);
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(target + i * width, target - width, width);
  }
}

void ShredFixed(const Array& array, const Runs& runs, LeafBuffer* leaf) {
  const auto width = static_cast<size_t>(array.type()->byte_width());
  if (width == 0) {
    return;
  }
  auto at = static_cast<size_t>(leaf->values);
  for (const Run& run : runs) {
    const auto count = static_cast<size_t>(run.count);
    leaf->fixed.Resize((at + count) * width);
    std::byte* values = leaf->fixed.data();
    if (run.state != RunState::kLive) {
      FillFixed(values, at, count, width);
      at += count;
      continue;
    }
    const auto source = static_cast<size_t>(array.offset() + run.first) * width;
    std::memcpy(values + at * width, array.buffer(1)->data() + source, count * width);
    ForEachStretch(array, run, [&](int64_t, int64_t stretch, bool valid) {
      if (!valid) {
        FillFixed(values, at, static_cast<size_t>(stretch), width);
      } else if (!leaf->has_value) {
        for (size_t i = 0; i < at; ++i) {
          std::memcpy(values + i * width, values + at * width, width);
        }
        leaf->has_value = true;
      }
      at += static_cast<size_t>(stretch);
    });
  }
}

void ShredBits(const Array& array, const Runs& runs, LeafBuffer* leaf) {
  auto at = static_cast<int64_t>(leaf->values);
  for (const Run& run : runs) {
    leaf->fixed.Resize(BitmapBytes(at + run.count));
    std::byte* bits = leaf->fixed.data();
    auto fill = [&](int64_t count) {
      FillBits(bits, at, count, at > 0 && GetBit(bits, at - 1));
      at += count;
    };
    if (run.state != RunState::kLive) {
      fill(run.count);
      continue;
    }
    ForEachStretch(array, run, [&](int64_t first, int64_t stretch, bool valid) {
      if (valid) {
        CopyBits(array.buffer(1)->data(), array.offset() + first, bits, at, stretch);
        if (!leaf->has_value) {
          FillBits(bits, 0, at, GetBit(bits, at));
          leaf->has_value = true;
        }
        at += stretch;
      } else {
        fill(stretch);
      }
    });
  }
}

void ShredBytes(const Array& array, const Runs& runs, LeafBuffer* leaf) {
  encoding::BytesTarget& target = leaf->bytes;
  auto append_empty = [&](int64_t count) {
    target.offsets.resize(target.offsets.size() + static_cast<size_t>(count),
                          target.offsets.back());
  };
  for (const Run& run : runs) {
    if (run.state != RunState::kLive) {
      append_empty(run.count);
      continue;
    }
    ForEachStretch(array, run, [&](int64_t first, int64_t stretch, bool valid) {
      if (!valid) {
        append_empty(stretch);
        return;
      }
      const int64_t begin = array.value_offset(first);
      const auto size = static_cast<size_t>(array.value_offset(first + stretch) - begin);
      const size_t place = target.data.size();
      if (size > 0) {
        target.data.Resize(place + size);
        std::memcpy(target.data.data() + place, array.buffer(2)->data() + begin, size);
      }
      for (int64_t i = first + 1; i <= first + stretch; ++i) {
        target.offsets.push_back(place +
                                 static_cast<uint64_t>(array.value_offset(i) - begin));
      }
    });
  }
}

void ShredLeaf(const Field& field, const Array& array, const Runs& runs,
               LeafBuffer* leaf) {
  const ArrayLayout layout = LayoutOf(*field.type);
  uint64_t slots = 0;
  for (const Run& run : runs) {
    slots += static_cast<uint64_t>(run.count);
    if (layout != ArrayLayout::kNull) {
      AppendValidity(field, array, run, &leaf->validity);
    }
  }
  switch (layout) {
    case ArrayLayout::kBits:
      ShredBits(array, runs, leaf);
      break;
    case ArrayLayout::kFixed:
      ShredFixed(array, runs, leaf);
      break;
    case ArrayLayout::kBinary:
      ShredBytes(array, runs, leaf);
      break;
    case ArrayLayout::kNull:
      leaf->validity.AppendNull(slots);
      break;
    default:
      break;  // a struct without children is its validity
  }
  leaf->values += slots;
}

// Slots of a list level, and the runs of its items.
Runs ListItems(const Array& array, const Runs& runs, Leaves leaves, size_t depth) {
  std::vector<uint32_t> lengths;
  Runs items;
  for (const Run& run : runs) {
    if (run.state != RunState::kLive) {
      lengths.resize(lengths.size() + static_cast<size_t>(run.count), 0);
      continue;
    }
    ForEachStretch(array, run, [&](int64_t first, int64_t stretch, bool valid) {
      if (!valid) {
        lengths.resize(lengths.size() + static_cast<size_t>(stretch), 0);
        return;
      }
      int64_t begin = array.value_offset(first);
      AddRun(&items, {begin, array.value_offset(first + stretch) - begin});
      for (int64_t i = first + 1; i <= first + stretch; ++i) {
        const int64_t end = array.value_offset(i);
        lengths.push_back(static_cast<uint32_t>(end - begin));
        begin = end;
      }
    });
  }
  for (LeafBuffer* leaf : leaves) {
    std::vector<uint32_t>& target = leaf->levels[depth].lengths;
    target.insert(target.end(), lengths.begin(), lengths.end());
  }
  return items;
}

// Runs below a struct (size 1) or fixed-size list level. Children of both share the
// parent's offset.
Runs FixedItems(const Array& array, const Runs& runs, int64_t size, RunState null_state) {
  Runs items;
  for (const Run& run : runs) {
    if (run.state != RunState::kLive) {
      AddRun(&items, {0, run.count * size, run.state});
      continue;
    }
    ForEachStretch(array, run, [&](int64_t first, int64_t stretch, bool valid) {
      AddRun(&items, {(array.offset() + first) * size, stretch * size,
                      valid ? RunState::kLive : null_state});
    });
  }
  return items;
}

Status CheckListLengths(const Field& field, const Array& array, const Runs& runs) {
  for (const Run& run : runs) {
    if (run.state != RunState::kLive || run.count == 0 ||
        array.value_offset(run.first + run.count) - array.value_offset(run.first) <=
            int64_t{UINT32_MAX}) {
      continue;
    }
    for (int64_t i = run.first; i < run.first + run.count; ++i) {
      const int64_t items = array.value_offset(i + 1) - array.value_offset(i);
      if (items > int64_t{UINT32_MAX}) {
        return Status::InvalidArgument(
            fmt::format("field {}: the list of row {} has {} items, at most {} can be "
                        "stored; cut it into several rows",
                        FormatFieldPath({&field.name, 1}), i, items, UINT32_MAX));
      }
    }
  }
  return Status::Ok();
}

// The rows that the runs name become rows of fixed-size values first.
void ShredPacked(const Field& field, const Array& array, const Runs& runs,
                 LeafBuffer* leaf) {
  int64_t first = INT64_MAX;
  int64_t end = 0;
  for (const Run& run : runs) {
    if (run.state == RunState::kLive) {
      first = std::min(first, run.first);
      end = std::max(end, run.first + run.count);
    }
  }
  first = std::min(first, end);
  Runs moved = runs;
  for (Run& run : moved) {
    run.first -= run.state == RunState::kLive ? first : 0;
  }
  ShredLeaf(PackedField(field), *PackRows(field, *array.Slice(first, end - first)), moved,
            leaf);
}

Status ShredField(const Field& field, const Array& array, const Runs& runs, Leaves leaves,
                  size_t depth) {
  const DataType& type = LayoutType(*field.type);
  const ArrayLayout layout = LayoutOf(type);
  if (IsPacked(field)) {
    ShredPacked(field, array, runs, leaves[0]);
    return Status::Ok();
  }
  if (!IsNested(field)) {
    ShredLeaf(field, array, runs, leaves[0]);
    return Status::Ok();
  }
  for (LeafBuffer* leaf : leaves) {
    for (const Run& run : runs) {
      AppendValidity(field, array, run, &leaf->levels[depth].validity);
    }
  }
  Runs items;
  if (layout == ArrayLayout::kList) {
    LANCER_RETURN_IF_ERROR(CheckListLengths(field, array, runs));
    items = ListItems(array, runs, leaves, depth);
  } else if (layout == ArrayLayout::kFixedList) {
    items = FixedItems(array, runs, type.parameters().list_size, RunState::kHiddenValid);
  } else {
    items = FixedItems(array, runs, 1, RunState::kHiddenNull);
  }
  for (size_t i = 0; i < type.children().size(); ++i) {
    const Field& child = type.child(i);
    const size_t count = LeafCount(child);
    LANCER_RETURN_IF_ERROR(
        ShredField(child, *array.child(i), items, leaves.first(count), depth + 1));
    leaves = leaves.subspan(count);
  }
  return Status::Ok();
}

}  // namespace

Status Shred(const Field& field, const ArrayPtr& array, int64_t first, int64_t n,
             std::span<LeafBuffer* const> leaves) {
  if (first < 0 || n < 0 || first > array->length() || n > array->length() - first ||
      leaves.size() != LeafCount(field)) {
    return Status::InvalidArgument(
        fmt::format("column {}: rows {} + {} of {} into {} leaves, expected rows of the "
                    "column and {} "
                    "leaves",
                    FormatFieldPath({&field.name, 1}), first, n, array->length(),
                    leaves.size(), LeafCount(field)));
  }
  Runs runs;
  AddRun(&runs, {first, n});
  const Status status = ShredField(field, *array, runs, leaves, 0);
  if (!status.ok()) {
    return status.WithContext("column " + FormatFieldPath({&field.name, 1}));
  }
  for (LeafBuffer* leaf : leaves) {
    leaf->rows += static_cast<uint64_t>(n);
  }
  return Status::Ok();
}

}  // namespace lancer::format
