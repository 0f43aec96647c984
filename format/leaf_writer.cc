#include "format/leaf_writer.h"

#include <algorithm>
#include <utility>

#include "encoding/candidates.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;

constexpr uint32_t kSmallAlignment = 64;
constexpr uint32_t kPageAlignment = 4096;
constexpr uint64_t kAlignedPageBytes = 64 << 10;

// Does a tree of the set hold this encoding?
bool Uses(const TreeSet& trees, EncodingId id) {
  return std::ranges::any_of(trees, [&](const encoding::EncodingTree& tree) {
    return encoding::Contains(tree, id);
  });
}

std::unique_ptr<LeafBuffer> NewBuffer(const LeafShape& shape) {
  return std::make_unique<LeafBuffer>(MakeLeafBuffer(shape));
}

}  // namespace

LeafWriter::LeafWriter(LeafShape shape, const WriterOptions& options, uint64_t page_bytes,
                       uint64_t dictionary_bytes)
    : encoder_(std::move(shape), {.profile = options.profile,
                                  .random_encodings = options.random_encodings,
                                  .dictionary_bytes = dictionary_bytes}),
      page_bytes_(page_bytes),
      page_rows_(std::max<uint64_t>(options.page_rows, 1)),
      buffer_(NewBuffer(encoder_.shape())) {
  meta_.role = encoder_.shape().role;
  meta_.field_ids = encoder_.shape().field_ids;
  meta_.path = encoder_.shape().path;
  meta_.type = encoder_.shape().type;
  if (!options.random_encodings) {
    meta_.profile = encoder_.profile();
  }
}

void LeafWriter::CutFullPage(bool at_step_end) {
  uint64_t bytes = buffer_->memory_bytes();
  bool full = bytes >= page_bytes_ || buffer_->rows >= page_rows_;
  if ((full && at_step_end) || bytes / 2 >= page_bytes_) {
    Cut();
  }
}

void LeafWriter::CutLastPage() {
  if (buffer_->rows > 0) {
    Cut();
  }
}

void LeafWriter::Cut() {
  waiting_bytes_ += buffer_->memory_bytes();
  waiting_.push_back(std::exchange(buffer_, NewBuffer(shape())));
}

Status LeafWriter::EncodePages() {
  for (std::unique_ptr<LeafBuffer>& rows : waiting_) {
    LANCER_ASSIGN_OR_RETURN(EncodedPage page, encoder_.Encode(*rows));
    encoded_.push_back(std::move(page));
    rows.reset();  // the raw rows go as soon as their page exists
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return Status::Ok();
}

uint32_t LeafWriter::TreeSetIndex(const TreeSet& trees) {
  auto found = std::ranges::find(meta_.tree_sets, trees);
  auto index = static_cast<uint32_t>(found - meta_.tree_sets.begin());
  if (found == meta_.tree_sets.end()) {
    meta_.tree_sets.push_back(trees);
  }
  return index;
}

Status LeafWriter::WritePages(ContainerWriter* file) {
  for (EncodedPage& page : encoded_) {
    PageMeta& meta = page.meta;
    uint32_t alignment =
        page.bytes.size() >= kAlignedPageBytes ? kPageAlignment : kSmallAlignment;
    meta.first_row = meta_.rows;
    meta.trees = TreeSetIndex(page.trees);
    LANCER_ASSIGN_OR_RETURN(meta.offset, file->Append(page.bytes, alignment));
    meta.size = page.bytes.size();
    LANCER_ASSIGN_OR_RETURN(meta.index, file->AppendChecked(page.index, 8));
    meta_.rows += meta.rows;
    std::vector<BlockBounds> bounds;
    for (const encoding::Statistics& block : page.block_bounds) {
      bounds.push_back(StoredBounds(block));
    }
    block_bounds_.push_back(std::move(bounds));
    meta_.pages.push_back(meta);
  }
  encoded_.clear();
  return Status::Ok();
}

Status LeafWriter::Finish(ContainerWriter* file) {
  const auto used = [&](EncodingId id) {
    return std::ranges::any_of(meta_.tree_sets,
                               [&](const TreeSet& trees) { return Uses(trees, id); });
  };
  if (used(EncodingId::kDict)) {
    LANCER_ASSIGN_OR_RETURN(meta_.dictionary,
                            file->AppendChecked(encoder_.dictionary()->Finish(), 8));
    meta_.dictionary_entries = encoder_.dictionary()->entry_count();
  }
  if (const auto* codec_dictionary = encoder_.used_codec_dictionary()) {
    LANCER_ASSIGN_OR_RETURN(const std::vector<std::byte> stored,
                            codec_dictionary->Stored());
    LANCER_ASSIGN_OR_RETURN(meta_.codec_dictionary, file->AppendChecked(stored, 8));
  }
  if (used(EncodingId::kFsst)) {
    LANCER_ASSIGN_OR_RETURN(meta_.symbol_table,
                            file->AppendChecked(encoder_.symbol_table()->bytes(), 8));
  }
  bool any_bounds = std::ranges::any_of(block_bounds_,
                                        [](const auto& page) { return page.size() > 1; });
  if (any_bounds) {
    LANCER_ASSIGN_OR_RETURN(
        meta_.block_statistics,
        file->AppendChecked(SerializeBlockStatistics(block_bounds_), 8));
  }
  return Status::Ok();
}

}  // namespace lancer::format
