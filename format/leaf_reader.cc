#include "format/leaf_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "types/array_layout.h"
#include "types/coded_rows.h"

namespace lancer::format {
namespace {

// The entries of a leaf's dictionary where they lie; null when there are none, or more
// than the type's offsets reach.
ArrayPtr DictionaryArray(const std::shared_ptr<const encoding::Dictionary>& dictionary,
                         const TypePtr& type) {
  const std::span<const std::byte> data = dictionary->data();
  if (dictionary->entry_count() == 0 || data.size() > INT32_MAX) {
    return nullptr;
  }
  Array::Data values{.type = type,
                     .length = int64_t{dictionary->entry_count()},
                     .null_count = 0,
                     .buffers = {nullptr}};
  if (LayoutOf(*type) == ArrayLayout::kBinary) {
    const std::span<const uint32_t> offsets = dictionary->offsets();
    values.buffers.push_back(
        OffsetWidth(*type) == sizeof(uint32_t)
            ? std::make_shared<const Buffer>(std::as_bytes(offsets), dictionary)
            : Buffer::Own(std::vector<int64_t>(offsets.begin(), offsets.end())));
  }
  values.buffers.push_back(std::make_shared<const Buffer>(data, dictionary));
  return Array::Make(std::move(values));
}

}  // namespace

LeafReader::LeafReader(const Container& container, LeafId id, LeafShape shape,
                       MemoryBudget* budget)
    : container_(container),
      id_(id),
      shape_(std::move(shape)),
      budget_(budget),
      name_("column " + FormatFieldPath(shape_.path)),
      where_(container.file().path() + ": " + name_) {}

LeafReader::~LeafReader() { budget_->Release(reserved_.load()); }

Result<std::unique_ptr<const LeafReader>> LeafReader::Load(const Container& container,
                                                           LeafId id, LeafShape shape,
                                                           MemoryBudget* budget) {
  std::unique_ptr<LeafReader> leaf(
      new LeafReader(container, id, std::move(shape), budget));
  LANCER_ASSIGN_OR_RETURN(leaf->meta_, container.ReadColumnMeta(id, leaf->shape_));
  LANCER_RETURN_IF_ERROR(leaf->LoadDictionaries());
  size_t page_count = leaf->meta_->pages.size();
  leaf->pages_ = std::make_unique<OnceSlot<PageReader>[]>(page_count);
  leaf->ViewAsCodes();
  uint64_t bytes = leaf->memory_bytes();
  leaf->within_budget_ = budget->Reserve(bytes, leaf->name_).ok();
  leaf->reserved_ = leaf->within_budget_ ? bytes : 0;
  return std::unique_ptr<const LeafReader>(std::move(leaf));
}

// What the leaf's pages share, checked and by `make` made ready; null where there is
// none.
template <typename Make>
auto LeafReader::LoadShared(const CheckedRange& range, const char* what, Make make) const
    -> decltype(make({})) {
  if (range.empty()) {
    return nullptr;
  }
  LANCER_ASSIGN_OR_RETURN(
      std::vector<std::byte> bytes,
      container_.ReadChecked(range, fmt::format("{}: {}", name_, what)));
  auto loaded = make(bytes);
  return loaded ? std::move(loaded)
                : loaded.error().WithContext(fmt::format("{}: {}", where_, what));
}

Status LeafReader::LoadDictionaries() {
  LANCER_ASSIGN_OR_RETURN(
      dictionary_,
      LoadShared(meta_->dictionary, "dictionary", [&](std::span<const std::byte> bytes) {
        return encoding::Dictionary::Load(meta_->type, bytes);
      }));
  LANCER_ASSIGN_OR_RETURN(codec_dictionary_,
                          LoadShared(meta_->codec_dictionary, "codec dictionary",
                                     encoding::CodecDictionary::LoadStored));
  LANCER_ASSIGN_OR_RETURN(symbol_table_, LoadShared(meta_->symbol_table, "symbol table",
                                                    encoding::SymbolTable::Load));
  resources_ = {.dictionary = dictionary_.get(),
                .codec_dictionary = codec_dictionary_.get(),
                .symbol_table = symbol_table_.get()};
  return Status::Ok();
}

// dict has neither header nor body, so that its stream is the stream of the codes.
void LeafReader::ViewAsCodes() {
  if (dictionary_ == nullptr || !MayBeCoded(*shape_.declared)) {
    return;
  }
  dictionary_values_ = DictionaryArray(dictionary_, shape_.declared->child(0).type);
  if (dictionary_values_ == nullptr) {
    return;
  }
  codes_shape_ = shape_;
  codes_shape_.type = {encoding::PhysicalKind::kFixed, encoding::NumberKind::kUnsigned,
                       sizeof(uint32_t)};
  codes_trees_ = meta_->tree_sets;
  for (TreeSet& trees : codes_trees_) {
    auto& nodes = trees.back().nodes;
    if (nodes[0].id == encoding::EncodingId::kDict) {
      nodes.erase(nodes.begin());
    }
  }
  codes_pages_ = std::make_unique<OnceSlot<PageReader>[]>(meta_->pages.size());
}

bool LeafReader::HoldsCodes(size_t page) const {
  const TreeSet& trees = meta_->tree_sets[meta_->pages[page].trees];
  return dictionary_values_ != nullptr &&
         trees.back().nodes[0].id == encoding::EncodingId::kDict;
}

uint64_t LeafReader::mean_entry_bytes() const {
  return dictionary_ == nullptr ? 0
                                : dictionary_->data().size() /
                                      std::max<uint64_t>(dictionary_->entry_count(), 1);
}

Result<std::unique_ptr<const PageReader>> LeafReader::MakePage(size_t page,
                                                               bool codes) const {
  const PageMeta& meta = meta_->pages[page];
  std::string where = fmt::format("{}: page {} at {}", where_, page, meta.offset);
  std::vector<std::byte> index;
  if (!meta.index.empty()) {
    LANCER_ASSIGN_OR_RETURN(
        index, container_.ReadChecked(
                   meta.index, fmt::format("{}: page {}: page index", name_, page)));
  }
  return PageReader::Make({codes ? codes_shape_ : shape_,
                           (codes ? codes_trees_ : meta_->tree_sets)[meta.trees], meta,
                           std::move(index), resources_, std::move(where)});
}

// What is stored of trees is small beside pages and dictionaries; a tree is taken as 128
// bytes.
uint64_t LeafReader::memory_bytes() const {
  uint64_t bytes =
      sizeof(*this) + sizeof(ColumnMeta) +
      meta_->pages.size() * (sizeof(PageMeta) + sizeof(OnceSlot<PageReader>)) +
      meta_->tree_sets.size() * 128;
  bytes += dictionary_ == nullptr ? 0 : dictionary_->size_bytes();
  if (dictionary_values_ != nullptr) {
    bytes += dictionary_->entry_count() * sizeof(uint64_t) + sizeof(LeafShape) +
             meta_->pages.size() * sizeof(OnceSlot<PageReader>) +
             codes_trees_.size() * 128;
  }
  bytes += symbol_table_ == nullptr ? 0 : symbol_table_->size_bytes();
  return bytes + (codec_dictionary_ == nullptr ? 0 : codec_dictionary_->size_bytes());
}

Result<PageHandle> LeafReader::Page(size_t page) const { return Kept(page, false); }

Result<PageHandle> LeafReader::CodesPage(size_t page) const { return Kept(page, true); }

Result<PageHandle> LeafReader::Kept(size_t page, bool codes) const {
  OnceSlot<PageReader>& slot = (codes ? codes_pages_ : pages_)[page];
  if (const PageReader* kept = slot.get(); kept != nullptr) {
    return PageHandle(kept);
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<const PageReader> made, MakePage(page, codes));
  uint64_t bytes = made->memory_bytes();
  if (!within_budget_ || !budget_->Reserve(bytes, name_).ok()) {
    return PageHandle(std::move(made));
  }
  if (slot.Publish(std::move(made))) {
    reserved_.fetch_add(bytes);
  } else {
    budget_->Release(bytes);  // another thread was first
  }
  return PageHandle(slot.get());
}

}  // namespace lancer::format
