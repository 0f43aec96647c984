#include "dataset/fragment.h"

#include <fmt/format.h>

#include "dataset/names.h"

namespace lancer::dataset {

bool AddTotals(FragmentTotals* sum, const FragmentTotals& more) {
  return !__builtin_add_overflow(sum->fragments, more.fragments, &sum->fragments) &&
         !__builtin_add_overflow(sum->files, more.files, &sum->files) &&
         !__builtin_add_overflow(sum->rows, more.rows, &sum->rows) &&
         !__builtin_add_overflow(sum->bytes, more.bytes, &sum->bytes) &&
         sum->rows < kRowIdEnd;
}

FragmentTotals TotalsOf(const Fragment& fragment) {
  return {.fragments = 1, .files = 1, .rows = fragment.rows, .bytes = fragment.file.size};
}

FragmentTotals TotalsOf(std::span<const Fragment> fragments) {
  FragmentTotals totals;
  for (const Fragment& fragment : fragments) {
    (void)AddTotals(&totals, TotalsOf(fragment));
  }
  return totals;
}

Status CheckFragment(const Fragment& fragment, const std::string& where) {
  std::string here = fmt::format("{}: fragment {}", where, fragment.id.value);
  if (fragment.rows == 0 || fragment.rows >= kFragmentRowsEnd) {
    return Status::Corruption(
        fmt::format("{}: {} rows, expected 1 to 2^31 - 1", here, fragment.rows));
  }
  LANCER_RETURN_IF_ERROR(CheckReferencePath(fragment.file.path, here));
  return CheckRowIds(fragment.row_ids, fragment.rows, here);
}

Status CheckFragments(std::span<const Fragment> fragments, const std::string& where) {
  uint64_t next_id = 0;
  uint64_t next_row_id = 0;
  FragmentTotals totals;
  for (const Fragment& fragment : fragments) {
    LANCER_RETURN_IF_ERROR(CheckFragment(fragment, where));
    if (fragment.id.value < next_id || fragment.row_ids.front().first < next_row_id ||
        !AddTotals(&totals, TotalsOf(fragment))) {
      return Status::Corruption(
          fmt::format("{}: fragment {} with row id {} does not follow fragment ids below "
                      "{} and row ids below {}",
                      where, fragment.id.value, fragment.row_ids.front().first, next_id,
                      next_row_id));
    }
    next_id = uint64_t{fragment.id.value} + 1;
    next_row_id = fragment.row_ids.back().first + fragment.row_ids.back().count;
  }
  return Status::Ok();
}

}  // namespace lancer::dataset
