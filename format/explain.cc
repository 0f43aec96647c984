#include "format/explain.h"

#include <utility>

#include "format/describe.h"
#include "format/fetch.h"
#include "format/leaf_encoder.h"

namespace lancer::format {
namespace {

constexpr uint64_t kMaxPageBytes = uint64_t{1} << 30;  // decoded

Result<LeafBuffer> ReadPage(const OpenDataFile& file, const LeafReader& leaf,
                            size_t index) {
  const PageMeta& meta = leaf.meta().pages[index];
  LeafBuffer rows = MakeLeafBuffer(leaf.shape());
  rows.LimitTo(kMaxPageBytes);
  if (leaf.shape().LeastBytes(meta.rows) > kMaxPageBytes) {
    return Status::ResourceExhausted(leaf.where() + ": page " + std::to_string(index) +
                                     ": takes more than 1 GiB to explain");
  }
  LANCER_ASSIGN_OR_RETURN(PageHandle page, leaf.Page(index));
  LANCER_ASSIGN_OR_RETURN(
      FetchedRanges fetched,
      FetchedRanges::Fetch(file.container().file(), {{meta.offset, meta.size}}));
  LANCER_RETURN_IF_ERROR(page->ReadRange(fetched.bytes(), 0, meta.rows, {}, &rows));
  return rows;
}

PageExplanation Explain(const LeafReader& leaf, const PageMeta& meta, EncodedPage page) {
  PageExplanation explanation;
  explanation.first_row = meta.first_row;
  explanation.rows = meta.rows;
  explanation.stored = EncodingText(leaf.meta().tree_sets[meta.trees]);
  explanation.chosen = EncodingText(page.trees);
  explanation.reason = encoding::ReasonText(page.choice.reason);
  explanation.bytes_per_value = page.bytes_per_value;
  for (const encoding::Candidate& candidate : page.choice.candidates) {
    explanation.weighed.push_back({.encoding = candidate.tree.ToString(),
                                   .bytes_per_value = candidate.bytes_per_value,
                                   .cost = candidate.cost,
                                   .sampled = candidate.sampled});
  }
  return explanation;
}

// What a page became depends on the pages before it, so all of them are encoded in order.
Result<ColumnExplanation> ExplainLeaf(const OpenDataFile& file, const LeafReader& leaf) {
  const Profile profile = leaf.meta().profile.value_or(Profile::kRandom);
  ColumnExplanation explanation;
  explanation.path = leaf.shape().path;
  explanation.profile = ProfileName(profile);
  LeafEncoder encoder(leaf.shape(), {.profile = profile});
  if (leaf.dictionary_values() != nullptr) {
    // The writer knew the column's own dictionary before the first row, and kept its
    // order; what came later stands behind it, in the order of first appearance.
    LANCER_RETURN_IF_ERROR(encoder.KnowEntries(*leaf.dictionary_values()));
  }
  for (size_t i = 0; i < leaf.meta().pages.size(); ++i) {
    LANCER_ASSIGN_OR_RETURN(LeafBuffer rows, ReadPage(file, leaf, i));
    LANCER_ASSIGN_OR_RETURN(EncodedPage page, encoder.Encode(rows));
    explanation.pages.push_back(Explain(leaf, leaf.meta().pages[i], std::move(page)));
  }
  return explanation;
}

}  // namespace

Result<std::vector<ColumnExplanation>> ExplainEncodings(
    const OpenDataFile& file, const std::optional<std::vector<std::string>>& names) {
  LANCER_ASSIGN_OR_RETURN(ColumnSet columns, file.Columns(names));
  std::vector<ColumnExplanation> explanations;
  for (const ColumnReader* column : columns.columns()) {
    for (const auto& leaf : column->leaves) {
      LANCER_ASSIGN_OR_RETURN(ColumnExplanation explanation, ExplainLeaf(file, *leaf));
      explanations.push_back(std::move(explanation));
    }
  }
  return explanations;
}

}  // namespace lancer::format
