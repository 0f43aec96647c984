// Writes column metadata (spec: container, "Column metadata"); the bytes are those of
// spec/schemas/column_meta.fbs. Vectors whose elements are all 0 are left out.

#include "format/column_meta.h"

#include <algorithm>
#include <functional>

#include "flatbuffers/flatbuffers.h"
#include "generated/column_meta_generated.h"

namespace lancer::format {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
template <typename T>
using FbVector = flatbuffers::Offset<flatbuffers::Vector<T>>;

// One element per page; nothing when all are 0.
template <typename T, typename Get>
FbVector<T> WriteColumn(Builder* builder, const std::vector<PageMeta>& pages, Get get) {
  std::vector<T> column;
  column.reserve(pages.size());
  for (const PageMeta& page : pages) {
    column.push_back(static_cast<T>(get(page)));
  }
  bool any = std::ranges::any_of(column, [](T value) { return value != 0; });
  return any ? builder->CreateVector(column) : FbVector<T>();
}

// 0 says absent, else the count + 1.
uint64_t StoredCount(const std::optional<uint64_t>& count) {
  return count ? *count + 1 : 0;
}

struct StoredBounds {
  FbVector<uint8_t> sizes, bytes;
};

StoredBounds WriteBounds(Builder* builder, const std::vector<PageMeta>& pages,
                         std::optional<encoding::Bound> PageStatistics::*which) {
  std::vector<uint8_t> bytes;
  for (const PageMeta& page : pages) {
    if (const auto& bound = page.statistics.*which) {
      for (std::byte b : bound->view()) {
        bytes.push_back(std::to_integer<uint8_t>(b));
      }
    }
  }
  StoredBounds out;
  out.sizes = WriteColumn<uint8_t>(builder, pages, [&](const PageMeta& page) {
    const auto& bound = page.statistics.*which;
    return bound ? bound->size + 1 : 0;
  });
  out.bytes = bytes.empty() ? FbVector<uint8_t>() : builder->CreateVector(bytes);
  return out;
}

int BoundFlags(const PageMeta& page) {
  const PageStatistics& statistics = page.statistics;
  int min_flag = statistics.min && !statistics.min->exact ? 1 : 0;
  int max_flag = statistics.max && !statistics.max->exact ? 2 : 0;
  return min_flag | max_flag;
}

flatbuffers::Offset<stored::TreeSet> WriteTreeSet(Builder* builder, const TreeSet& trees,
                                                  EncodingDictionary* encodings) {
  std::vector<uint8_t> node_counts, child_counts, parameters;
  std::vector<uint16_t> ids;
  for (const encoding::EncodingTree& tree : trees) {
    node_counts.push_back(static_cast<uint8_t>(tree.nodes.size()));
    for (const encoding::EncodingNode& node : tree.nodes) {
      ids.push_back(encodings->FileIdOf(node.id));
      child_counts.push_back(node.child_count);
      parameters.push_back(node.parameter);
    }
  }
  auto stored_counts = builder->CreateVector(node_counts);
  auto stored_ids = builder->CreateVector(ids);
  auto stored_children = builder->CreateVector(child_counts);
  auto stored_parameters = builder->CreateVector(parameters);
  return stored::CreateTreeSet(*builder, stored_counts, stored_ids, stored_children,
                               stored_parameters);
}

// Everything that has to stand in the buffer before the root table.
struct Vectors {
  FbVector<int32_t> field_ids;
  FbVector<flatbuffers::Offset<flatbuffers::String>> path;
  FbVector<uint64_t> first_row, rows, values, offset, size;
  FbVector<uint8_t> layout, block_shift, flags, bound_flags;
  FbVector<uint32_t> tree_set;
  FbVector<uint64_t> index_offset, index_size, index_check;
  FbVector<uint64_t> null_count, nan_count, distinct_count;
  StoredBounds min, max;
  FbVector<flatbuffers::Offset<stored::TreeSet>> tree_sets;
};

void WritePageTable(Builder* b, const std::vector<PageMeta>& pages, Vectors* out) {
  using P = PageMeta;
  out->first_row = WriteColumn<uint64_t>(b, pages, std::mem_fn(&P::first_row));
  out->rows = WriteColumn<uint64_t>(b, pages, std::mem_fn(&P::rows));
  if (std::ranges::any_of(pages, [](const P& p) { return p.values != p.rows; })) {
    std::vector<uint64_t> values;
    for (const P& page : pages) {
      values.push_back(page.values);
    }
    out->values = b->CreateVector(values);  // even when all are 0
  }
  out->offset = WriteColumn<uint64_t>(b, pages, std::mem_fn(&P::offset));
  out->size = WriteColumn<uint64_t>(b, pages, std::mem_fn(&P::size));
  out->layout = WriteColumn<uint8_t>(b, pages, std::mem_fn(&P::layout));
  out->block_shift = WriteColumn<uint8_t>(b, pages, std::mem_fn(&P::block_shift));
  out->flags = WriteColumn<uint8_t>(b, pages, std::mem_fn(&P::flags));
  out->tree_set = WriteColumn<uint32_t>(b, pages, std::mem_fn(&P::trees));
  out->index_offset =
      WriteColumn<uint64_t>(b, pages, [](const P& p) { return p.index.offset; });
  out->index_size =
      WriteColumn<uint64_t>(b, pages, [](const P& p) { return p.index.size; });
  out->index_check =
      WriteColumn<uint64_t>(b, pages, [](const P& p) { return p.index.check; });
}

void WriteStatistics(Builder* b, const std::vector<PageMeta>& pages, Vectors* out) {
  using P = PageMeta;
  out->min = WriteBounds(b, pages, &PageStatistics::min);
  out->max = WriteBounds(b, pages, &PageStatistics::max);
  out->bound_flags = WriteColumn<uint8_t>(b, pages, BoundFlags);
  out->null_count = WriteColumn<uint64_t>(
      b, pages, [](const P& p) { return StoredCount(p.statistics.null_count); });
  out->nan_count = WriteColumn<uint64_t>(
      b, pages, [](const P& p) { return StoredCount(p.statistics.nan_count); });
  out->distinct_count = WriteColumn<uint64_t>(
      b, pages, [](const P& p) { return StoredCount(p.statistics.distinct_count); });
}

Vectors WriteVectors(Builder* b, const ColumnMeta& meta, EncodingDictionary* encodings) {
  Vectors out;
  std::vector<int32_t> ids;
  for (FieldId id : meta.field_ids) {
    ids.push_back(id.value);
  }
  out.field_ids = b->CreateVector(ids);
  out.path = b->CreateVectorOfStrings(meta.path);
  WritePageTable(b, meta.pages, &out);
  WriteStatistics(b, meta.pages, &out);
  std::vector<flatbuffers::Offset<stored::TreeSet>> sets;
  for (const TreeSet& trees : meta.tree_sets) {
    sets.push_back(WriteTreeSet(b, trees, encodings));
  }
  out.tree_sets = sets.empty() ? 0 : b->CreateVector(sets);
  return out;
}

void AddPageTable(const Vectors& vectors, stored::ColumnMetaBuilder* root) {
  root->add_page_first_row(vectors.first_row);
  root->add_page_rows(vectors.rows);
  root->add_page_values(vectors.values);
  root->add_page_offset(vectors.offset);
  root->add_page_size(vectors.size);
  root->add_page_layout(vectors.layout);
  root->add_page_block_shift(vectors.block_shift);
  root->add_page_flags(vectors.flags);
  root->add_page_tree_set(vectors.tree_set);
  root->add_index_offset(vectors.index_offset);
  root->add_index_size(vectors.index_size);
  root->add_index_check(vectors.index_check);
  root->add_min_size(vectors.min.sizes);
  root->add_min_bytes(vectors.min.bytes);
  root->add_max_size(vectors.max.sizes);
  root->add_max_bytes(vectors.max.bytes);
  root->add_bound_flags(vectors.bound_flags);
  root->add_null_count(vectors.null_count);
  root->add_nan_count(vectors.nan_count);
  root->add_distinct_count(vectors.distinct_count);
  root->add_tree_sets(vectors.tree_sets);
}

}  // namespace

size_t ColumnMeta::PageOf(uint64_t row) const {
  auto after = std::ranges::upper_bound(pages, row, {}, &PageMeta::first_row);
  return static_cast<size_t>(after - pages.begin()) - 1;
}

std::vector<std::byte> SerializeColumnMeta(const ColumnMeta& meta,
                                           EncodingDictionary* encodings) {
  Builder builder;
  Vectors vectors = WriteVectors(&builder, meta, encodings);
  auto range = [](const CheckedRange& r) {
    return stored::Range(r.offset, r.size, r.check);
  };
  stored::Range dictionary = range(meta.dictionary);
  stored::Range codec_dictionary = range(meta.codec_dictionary);
  stored::Range symbol_table = range(meta.symbol_table);
  stored::Range block_statistics = range(meta.block_statistics);
  stored::ColumnMetaBuilder root(builder);
  root.add_role(static_cast<uint8_t>(meta.role));
  root.add_field_ids(vectors.field_ids);
  root.add_path(vectors.path);
  root.add_physical_kind(static_cast<uint8_t>(meta.type.kind));
  root.add_number_kind(static_cast<uint8_t>(meta.type.number));
  root.add_width(meta.type.width);
  root.add_rows(meta.rows);
  root.add_page_count(static_cast<uint32_t>(meta.pages.size()));
  AddPageTable(vectors, &root);
  root.add_dictionary(meta.dictionary.empty() ? nullptr : &dictionary);
  root.add_dictionary_entries(meta.dictionary_entries);
  root.add_codec_dictionary(meta.codec_dictionary.empty() ? nullptr : &codec_dictionary);
  root.add_block_statistics(meta.block_statistics.empty() ? nullptr : &block_statistics);
  root.add_symbol_table(meta.symbol_table.empty() ? nullptr : &symbol_table);
  if (meta.profile) {
    root.add_profile(static_cast<uint8_t>(static_cast<unsigned>(*meta.profile) + 1));
  }
  builder.Finish(root.Finish());
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

}  // namespace lancer::format
