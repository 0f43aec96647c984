#include "format/leaf_writer.h"

#include <algorithm>
#include <utility>

#include "encoding/candidates.h"
#include "encoding/selection.h"

namespace lancer::format {
namespace {

using encoding::EncodingId;
using encoding::PhysicalKind;

constexpr uint32_t kSmallAlignment = 64;
constexpr uint32_t kPageAlignment = 4096;
constexpr uint64_t kAlignedPageBytes = 64 << 10;

// Does a tree of the set hold this encoding?
bool Uses(const TreeSet& trees, EncodingId id) {
  return std::ranges::any_of(trees, [&](const encoding::EncodingTree& tree) {
    return encoding::Contains(tree, id);
  });
}

bool HasDictionary(const encoding::PhysicalType& type) {
  return type.kind == PhysicalKind::kBytes ||
         (type.kind == PhysicalKind::kFixed && type.width > 0);
}

std::unique_ptr<LeafBuffer> NewBuffer(const LeafShape& shape) {
  return std::make_unique<LeafBuffer>(MakeLeafBuffer(shape));
}

}  // namespace

LeafWriter::LeafWriter(LeafShape shape, const WriterOptions& options, uint64_t page_bytes,
                       uint64_t dictionary_bytes)
    : shape_(std::move(shape)),
      profile_(options.profile),
      random_encodings_(options.random_encodings),
      page_bytes_(page_bytes),
      page_rows_(std::max<uint64_t>(options.page_rows, 1)),
      buffer_(NewBuffer(shape_)) {
  if (HasDictionary(shape_.type)) {
    dictionary_ =
        std::make_unique<encoding::DictionaryBuilder>(shape_.type, dictionary_bytes);
  }
  meta_.role = shape_.role;
  meta_.field_ids = shape_.field_ids;
  meta_.path = shape_.path;
  meta_.type = shape_.type;
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
  waiting_.push_back(std::exchange(buffer_, NewBuffer(shape_)));
}

Status LeafWriter::EncodePages() {
  for (std::unique_ptr<LeafBuffer>& rows : waiting_) {
    LANCER_RETURN_IF_ERROR(EncodeOne(*rows));
    rows.reset();  // the raw rows go as soon as their page exists
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return Status::Ok();
}

// What the leaf's pages share is learnt from the first of them.
Status LeafWriter::Train(const encoding::Values& first_page) {
  const std::vector<std::byte> dictionary = encoding::TrainCodecDictionary(first_page);
  if (!dictionary.empty()) {
    LANCER_ASSIGN_OR_RETURN(codec_dictionary_,
                            encoding::CodecDictionary::Load(dictionary));
  }
  if (profile_ != Profile::kRandom && !random_encodings_) {
    return Status::Ok();  // no tree with fsst is weighed
  }
  // Trees are drawn for small pages too.
  const std::vector<std::byte> symbols = encoding::TrainSymbolTable(
      first_page, random_encodings_ ? 1 : encoding::kLeastSymbolPayload);
  if (!symbols.empty()) {
    LANCER_ASSIGN_OR_RETURN(symbol_table_, encoding::SymbolTable::Load(symbols));
  }
  return Status::Ok();
}

Status LeafWriter::EncodeOne(const LeafBuffer& rows) {
  if (pages_encoded_ == 0 && shape_.type.kind == PhysicalKind::kBytes) {
    LANCER_RETURN_IF_ERROR(Train(ValuesOf(shape_, rows)));
  }
  PageOptions options{.profile = profile_,
                      .page_ordinal = pages_encoded_,
                      .previous = last_trees_.empty() ? nullptr : &last_trees_,
                      .previous_bytes_per_value = last_bytes_per_value_,
                      .random_policy = random_encodings_};
  encoding::EncodeResources resources{.dictionary = dictionary_.get(),
                                      .codec_dictionary = codec_dictionary_.get(),
                                      .symbol_table = symbol_table_.get()};
  LANCER_ASSIGN_OR_RETURN(EncodedPage page, EncodePage(shape_, rows, resources, options));
  last_trees_ = page.trees;
  last_bytes_per_value_ = page.bytes_per_value;
  codec_dictionary_used_ |= page.uses_codec_dictionary;
  encoded_.push_back(std::move(page));
  ++pages_encoded_;
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
                            file->AppendChecked(dictionary_->Finish(), 8));
    meta_.dictionary_entries = dictionary_->entry_count();
  }
  if (codec_dictionary_used_ && codec_dictionary_) {
    LANCER_ASSIGN_OR_RETURN(meta_.codec_dictionary,
                            file->AppendChecked(codec_dictionary_->bytes(), 8));
  }
  if (used(EncodingId::kFsst)) {
    LANCER_ASSIGN_OR_RETURN(meta_.symbol_table,
                            file->AppendChecked(symbol_table_->bytes(), 8));
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
