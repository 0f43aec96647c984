#include "format/leaf_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "encoding/candidates.h"
#include "encoding/selection.h"
#include "encoding/value_at.h"
#include "types/bitmap.h"
#include "types/coded_rows.h"

namespace lancer::format {
namespace {

using encoding::PhysicalKind;

bool HasDictionary(const encoding::PhysicalType& type) {
  return type.kind == PhysicalKind::kBytes ||
         (type.kind == PhysicalKind::kFixed && type.width > 0);
}

// What keeps a dictionary a dictionary, so that readers need not look for equal values.
encoding::EncodingTree CodesTree(Profile profile) {
  using encoding::EncodingId;
  if (profile == Profile::kRandom) {
    return {{{EncodingId::kDict, 1, 0}, {EncodingId::kFfor, 0, 0}}};
  }
  return {{{EncodingId::kDict, 1, 0},
           {EncodingId::kZstd, 1, encoding::kLevelOfProfile},
           {EncodingId::kFfor, 0, 0}}};
}

}  // namespace

LeafEncoder::LeafEncoder(LeafShape shape, const Options& options)
    : shape_(std::move(shape)), options_(options), asked_(shape_.options.tree) {
  options_.profile = shape_.options.profile.value_or(options.profile);
  if (!asked_.has_value() && MayBeCoded(*shape_.declared) && !options.random_encodings) {
    asked_ = CodesTree(options_.profile);
    asked_by_type_ = true;
  }
  if (!asked_.has_value() && shape_.packed && !options.random_encodings) {
    asked_ = encoding::PlainTree(shape_.type);  // all fields of a row, one read
    asked_by_type_ = true;
  }
  if (asked_.has_value()) {
    encoding::SetLevel(options_.profile, &*asked_);
  }
  if (HasDictionary(shape_.type)) {
    dictionary_ = std::make_unique<encoding::DictionaryBuilder>(shape_.type,
                                                                options.dictionary_bytes);
  }
}

// What the leaf's pages share is learnt from the first of them. Where there are symbols
// no codec comes near them in the random profile, but for long values, which stand alone.
Status LeafEncoder::Train(const encoding::Values& first_page) {
  constexpr uint64_t kLongValue = 1024;  // mean bytes
  const bool asked =
      asked_.has_value() && encoding::Contains(*asked_, encoding::EncodingId::kFsst);
  const bool always = asked || options_.random_encodings;  // for small pages too
  if (options_.profile == Profile::kRandom || always) {
    const std::vector<std::byte> symbols = encoding::TrainSymbolTable(
        first_page, always ? 1 : encoding::kLeastSymbolPayload);
    if (!symbols.empty()) {
      LANCER_ASSIGN_OR_RETURN(symbol_table_, encoding::SymbolTable::Load(symbols));
    }
    const uint64_t total = first_page.count == 0 ? 0
                                                 : first_page.offsets[first_page.count] -
                                                       first_page.offsets[0];
    if (!symbols.empty() && !options_.random_encodings &&
        total / first_page.count < kLongValue) {
      return Status::Ok();
    }
  }
  const std::vector<std::byte> dictionary =
      encoding::MakeCodecDictionary(first_page, options_.profile);
  if (!dictionary.empty()) {
    LANCER_ASSIGN_OR_RETURN(codec_dictionary_,
                            encoding::CodecDictionary::Load(dictionary));
  }
  return Status::Ok();
}

bool LeafEncoder::is_ordered() const {
  return !options_.random_encodings && MayBeCoded(*shape_.declared) &&
         shape_.declared->parameters().ordered;
}

Status LeafEncoder::KnowEntries(const Array& values) {
  if (is_ordered()) {
    return KnowOrder(values);
  }
  const auto count = static_cast<uint64_t>(values.length());
  if (dictionary_ == nullptr || count > encoding::kMaxRankedEntries ||
      static_cast<uint64_t>(values.byte_size()) > options_.dictionary_bytes / 2) {
    return Status::Ok();
  }
  for (int64_t i = 0; i < values.length(); ++i) {
    (void)dictionary_->FindOrAdd(values.value_bytes(i));
  }
  return Status::Ok();
}

// All entries, those that are known already and new ones behind them, each behind the one
// before it.
Status LeafEncoder::KnowOrder(const Array& values) {
  std::optional<uint32_t> last;
  for (int64_t i = 0; i < values.length(); ++i) {
    const std::optional<uint32_t> code = dictionary_->FindOrAdd(values.value_bytes(i));
    if (!code.has_value()) {
      return Status::InvalidArgument(fmt::format(
          "an ordered dictionary of {} entries does not fit the {} bytes for it; use "
          "fewer entries, raise memory_budget_bytes, or make the type unordered",
          values.length(), dictionary_->max_bytes()));
    }
    if (last.has_value() && *code <= *last) {
      return Status::InvalidArgument(fmt::format(
          "entry {} of an ordered dictionary, {}, stands twice or in another order than "
          "in the rows before; give all rows one dictionary, or make the type unordered",
          i, values.FormatValue(i)));
    }
    last = code;
  }
  return Status::Ok();
}

// The entry that null slots of a column of a dictionary type refer to, the shortest one,
// so that what stands in them becomes no entry. None where a row has that value.
std::optional<uint32_t> LeafEncoder::CodeOfNulls(const LeafBuffer& rows) {
  if (dictionary_ == nullptr || rows.validity.null_count == 0 ||
      !MayBeCoded(*shape_.declared)) {
    return std::nullopt;
  }
  const encoding::Values values = ValuesOf(shape_, rows);
  const auto count = static_cast<int64_t>(values.count);
  const auto next_valid = [&](int64_t from) {
    return FindBit(values.validity, from, count, true);
  };
  for (int64_t i = next_valid(0); i < count; i = next_valid(i + 1)) {
    const std::span<const std::byte> value =
        encoding::ValueAt(values, static_cast<uint64_t>(i));
    if (dictionary_->entry_count() == 0) {
      (void)dictionary_->FindOrAdd(value);
    }
    if (encoding::IsBlank(shape_.type, value)) {
      return std::nullopt;
    }
  }
  std::optional<uint32_t> shortest;
  for (uint32_t code = 0; code < dictionary_->entry_count(); ++code) {
    if (!shortest.has_value() ||
        dictionary_->entry(code).size() < dictionary_->entry(*shortest).size()) {
      shortest = code;
    }
  }
  return shortest;
}

Result<EncodedPage> LeafEncoder::Encode(const LeafBuffer& rows) {
  if (pages_ == 0 && shape_.type.kind == PhysicalKind::kBytes) {
    LANCER_RETURN_IF_ERROR(Train(ValuesOf(shape_, rows)));
  }
  const PageOptions options{.profile = options_.profile,
                            .page_ordinal = pages_,
                            .previous = last_trees_.empty() ? nullptr : &last_trees_,
                            .previous_bytes_per_value = last_bytes_per_value_,
                            .asked = asked_.has_value() ? &*asked_ : nullptr,
                            .random_policy = options_.random_encodings};
  const encoding::EncodeResources resources{.dictionary = dictionary_.get(),
                                            .codec_dictionary = codec_dictionary_.get(),
                                            .symbol_table = symbol_table_.get()};
  if (dictionary_ != nullptr) {
    dictionary_->CodeBlanksAs(CodeOfNulls(rows));
  }
  Result<EncodedPage> encoded = EncodePage(shape_, rows, resources, options);
  if (dictionary_ != nullptr) {
    dictionary_->CodeBlanksAs(std::nullopt);
  }
  LANCER_ASSIGN_OR_RETURN(EncodedPage page, std::move(encoded));
  if (asked_by_type_ && page.choice.reason == encoding::ChoiceReason::kAsked) {
    page.choice.reason = encoding::ChoiceReason::kOfType;
  }
  last_trees_ = page.trees;
  last_bytes_per_value_ = page.bytes_per_value;
  codec_dictionary_used_ |= page.uses_codec_dictionary;
  ++pages_;
  return page;
}

}  // namespace lancer::format
