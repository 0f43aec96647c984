#include "format/skipped_parts.h"

#include <algorithm>

namespace lancer::format {

void SkippedParts::Watch(std::span<const ColumnReader* const> columns) {
  for (const ColumnReader* column : columns) {
    for (const auto& leaf : column->leaves) {
      leaves_.push_back({leaf.get(), 0, false, {}, 0});
    }
  }
}

Status SkippedParts::Read(std::span<const uint64_t> rows) {
  for (LeafState& state : leaves_) {
    LANCER_RETURN_IF_ERROR(Read(rows, &state));
  }
  return Status::Ok();
}

Status SkippedParts::Read(std::span<const uint64_t> rows, LeafState* state) {
  const std::vector<PageMeta>& pages = state->leaf->meta().pages;
  for (const uint64_t row : rows) {
    const bool same_page = state->in_page && row < pages[state->next_page - 1].first_row +
                                                       pages[state->next_page - 1].rows;
    if (!same_page) {
      EndPage(state);
      const size_t page = state->leaf->meta().PageOf(row);
      pages_ += page - state->next_page;
      LANCER_ASSIGN_OR_RETURN(PageHandle handle, state->leaf->Page(page));
      state->starts = handle->BlockStarts();
      for (uint64_t& start : state->starts) {
        start += pages[page].first_row;
      }
      state->next_page = page + 1;
      state->next_block = 0;
      state->in_page = true;
    }
    if (state->next_block < state->starts.size() &&
        row >= state->starts[state->next_block]) {
      const auto block = static_cast<size_t>(
          std::upper_bound(state->starts.begin(), state->starts.end(), row) -
          state->starts.begin());  // one behind the row's
      blocks_ += block - 1 - state->next_block;
      state->next_block = block;
    }
  }
  return Status::Ok();
}

void SkippedParts::EndPage(LeafState* state) {
  if (state->in_page && !state->starts.empty()) {
    blocks_ += state->starts.size() - 1 - state->next_block;
  }
  state->in_page = false;
}

void SkippedParts::Finish(Counters* counters) {
  for (LeafState& state : leaves_) {
    EndPage(&state);
    pages_ += state.leaf->meta().pages.size() - state.next_page;
  }
  leaves_.clear();
  if (counters != nullptr) {
    Counters::Add(counters->pages_skipped, pages_);
    Counters::Add(counters->blocks_skipped, blocks_);
  }
  pages_ = blocks_ = 0;
}

}  // namespace lancer::format
