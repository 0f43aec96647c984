#include "format/leaf_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lancer::format {

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
                                     encoding::CodecDictionary::Load));
  LANCER_ASSIGN_OR_RETURN(symbol_table_, LoadShared(meta_->symbol_table, "symbol table",
                                                    encoding::SymbolTable::Load));
  resources_ = {.dictionary = dictionary_.get(),
                .codec_dictionary = codec_dictionary_.get(),
                .symbol_table = symbol_table_.get()};
  return Status::Ok();
}

uint64_t LeafReader::mean_entry_bytes() const {
  return dictionary_ == nullptr ? 0
                                : dictionary_->data().size() /
                                      std::max<uint64_t>(dictionary_->entry_count(), 1);
}

Result<std::unique_ptr<const PageReader>> LeafReader::MakePage(size_t page) const {
  const PageMeta& meta = meta_->pages[page];
  std::string where = fmt::format("{}: page {} at {}", where_, page, meta.offset);
  std::vector<std::byte> index;
  if (!meta.index.empty()) {
    LANCER_ASSIGN_OR_RETURN(
        index, container_.ReadChecked(
                   meta.index, fmt::format("{}: page {}: page index", name_, page)));
  }
  return PageReader::Make(
      {shape_, *meta_, meta, std::move(index), resources_, std::move(where)});
}

// What is stored of trees is small beside pages and dictionaries; a tree is taken as 128
// bytes.
uint64_t LeafReader::memory_bytes() const {
  uint64_t bytes =
      sizeof(*this) + sizeof(ColumnMeta) +
      meta_->pages.size() * (sizeof(PageMeta) + sizeof(OnceSlot<PageReader>)) +
      meta_->tree_sets.size() * 128;
  bytes += dictionary_ == nullptr ? 0 : dictionary_->size_bytes();
  bytes += symbol_table_ == nullptr ? 0 : symbol_table_->size_bytes();
  return bytes + meta_->codec_dictionary.size;
}

Result<PageHandle> LeafReader::Page(size_t page) const {
  OnceSlot<PageReader>& slot = pages_[page];
  if (const PageReader* kept = slot.get(); kept != nullptr) {
    return PageHandle(kept);
  }
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<const PageReader> made, MakePage(page));
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
