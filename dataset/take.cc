#include "dataset/take.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dataset/scan.h"
#include "format/open_file.h"
#include "types/gather.h"

namespace lancer::dataset {
namespace {

// Takes of at most so many rows need no memory for their row numbers.
constexpr size_t kFewRows = 32;

// One row that was asked for: where it lies, and its place in the answer.
struct WantedRow {
  uint64_t position;
  int64_t place;
};

Status OutOfRange(const Snapshot& snapshot, const Store& store, RowPosition row) {
  return Status::InvalidArgument(fmt::format(
      "{}: row {} is out of range: version {} has {} rows", store.paths.root(), row.value,
      snapshot.manifest().version.value, snapshot.fragments().row_count()));
}

Result<Batch> EmptyBatch(const Store& store, const Snapshot& snapshot,
                         const TakeOptions& options) {
  Batch batch;
  LANCER_ASSIGN_OR_RETURN(batch.schema, SelectColumns(snapshot.schema(), options.columns,
                                                      store.paths.root()));
  for (const Field& field : batch.schema->fields()) {
    batch.columns.push_back(Array::Nulls(field.type, 0));
  }
  return batch;
}

// All rows from one fragment, without a detour; nothing when they lie in several.
Result<std::optional<Batch>> TakeFromOne(const Store& store, const Snapshot& snapshot,
                                         std::span<const RowPosition> rows,
                                         const TakeOptions& options) {
  LANCER_ASSIGN_OR_RETURN(FragmentHit hit,
                          snapshot.fragments().AtPosition(rows[0].value));
  std::array<uint64_t, kFewRows> few;
  std::vector<uint64_t> many;
  if (rows.size() > kFewRows) {
    many.resize(rows.size());
  }
  std::span<uint64_t> local =
      many.empty() ? std::span(few).first(rows.size()) : std::span<uint64_t>(many);
  for (size_t i = 0; i < rows.size(); ++i) {
    // A position before the fragment wraps around and is out of range too.
    local[i] = rows[i].value - hit.first_position;
    if (local[i] >= hit.fragment->rows) {
      return std::optional<Batch>();
    }
  }
  LANCER_ASSIGN_OR_RETURN(FileReaderPtr reader,
                          store.readers.Get(*hit.fragment, snapshot.schema()));
  LANCER_ASSIGN_OR_RETURN(Batch batch, reader->Take(local, options));
  return std::optional(std::move(batch));
}

// Rows in ascending order of position, fragment after fragment.
Result<std::vector<Batch>> TakeSorted(const Store& store, const Snapshot& snapshot,
                                      std::span<const WantedRow> rows,
                                      const TakeOptions& options) {
  std::vector<Batch> parts;
  std::vector<uint64_t> local;
  MemoryBudget budget(options.memory_budget_bytes);
  for (size_t begin = 0; begin < rows.size();) {
    LANCER_ASSIGN_OR_RETURN(FragmentHit hit,
                            snapshot.fragments().AtPosition(rows[begin].position));
    local.clear();
    size_t end = begin;
    while (end < rows.size() &&
           rows[end].position - hit.first_position < hit.fragment->rows) {
      local.push_back(rows[end].position - hit.first_position);
      ++end;
    }
    LANCER_ASSIGN_OR_RETURN(FileReaderPtr reader,
                            store.readers.Get(*hit.fragment, snapshot.schema()));
    LANCER_ASSIGN_OR_RETURN(Batch part,
                            FileReaderAccess::Take(*reader, local, options, &budget));
    parts.push_back(std::move(part));
    begin = end;
  }
  return parts;
}

// Puts the rows of `parts`, which come in the order of `rows`, in the order asked.
Result<Batch> Reorder(std::span<const Batch> parts, std::span<const WantedRow> rows) {
  std::vector<int64_t> source(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    source[static_cast<size_t>(rows[i].place)] = static_cast<int64_t>(i);
  }
  bool in_order = std::ranges::is_sorted(source);
  Batch batch{parts.front().schema, static_cast<int64_t>(rows.size()), {}};
  for (size_t column = 0; column < batch.schema->field_count(); ++column) {
    std::vector<ArrayPtr> arrays;
    for (const Batch& part : parts) {
      arrays.push_back(part.columns[column]);
    }
    LANCER_ASSIGN_OR_RETURN(ArrayPtr joined,
                            Concatenate(batch.schema->field(column).type, arrays));
    if (!in_order) {
      LANCER_ASSIGN_OR_RETURN(joined, Gather(*joined, source));
    }
    batch.columns.push_back(std::move(joined));
  }
  return batch;
}

}  // namespace

Result<Batch> TakePositions(const Store& store, const Snapshot& snapshot,
                            std::span<const RowPosition> rows,
                            const TakeOptions& options) {
  if (rows.empty()) {
    return EmptyBatch(store, snapshot, options);
  }
  uint64_t count = snapshot.fragments().row_count();
  for (RowPosition row : rows) {
    if (row.value >= count) {
      return OutOfRange(snapshot, store, row);
    }
  }
  LANCER_ASSIGN_OR_RETURN(std::optional<Batch> one,
                          TakeFromOne(store, snapshot, rows, options));
  if (one.has_value()) {
    return *std::move(one);
  }
  std::vector<WantedRow> wanted(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    wanted[i] = {.position = rows[i].value, .place = static_cast<int64_t>(i)};
  }
  std::ranges::stable_sort(wanted, {}, &WantedRow::position);
  LANCER_ASSIGN_OR_RETURN(std::vector<Batch> parts,
                          TakeSorted(store, snapshot, wanted, options));
  return Reorder(parts, wanted);
}

Result<Batch> TakeRowIds(const Store& store, const Snapshot& snapshot,
                         std::span<const RowId> ids, const TakeOptions& options) {
  std::vector<RowPosition> positions;
  positions.reserve(ids.size());
  FragmentHit last;  // ids that follow one another often lie in one fragment
  for (RowId id : ids) {
    std::optional<uint64_t> row;
    if (last.fragment != nullptr) {
      row = FindRowId(last.fragment->row_ids, id);
    }
    if (!row.has_value()) {
      LANCER_ASSIGN_OR_RETURN(std::optional<FragmentHit> hit,
                              snapshot.fragments().WithRowId(id));
      if (!hit.has_value()) {
        return Status::NotFound(fmt::format("{}: version {} has no row with id {}",
                                            store.paths.root(),
                                            snapshot.manifest().version.value, id.value));
      }
      last = *std::move(hit);
      row = FindRowId(last.fragment->row_ids, id);
    }
    positions.emplace_back(last.first_position + *row);
  }
  return TakePositions(store, snapshot, positions, options);
}

Result<std::vector<RowId>> RowIdsAt(const Store& store, const Snapshot& snapshot,
                                    std::span<const RowPosition> rows) {
  std::vector<RowId> ids;
  ids.reserve(rows.size());
  for (RowPosition row : rows) {
    if (row.value >= snapshot.fragments().row_count()) {
      return OutOfRange(snapshot, store, row);
    }
    LANCER_ASSIGN_OR_RETURN(FragmentHit hit, snapshot.fragments().AtPosition(row.value));
    ids.push_back(RowIdAt(hit.fragment->row_ids, row.value - hit.first_position));
  }
  return ids;
}

}  // namespace lancer::dataset
