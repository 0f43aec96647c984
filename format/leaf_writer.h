// LeafWriter: collects one leaf's rows, cuts them into pages, encodes and writes them.
//
// Three steps with different thread rules, so that leaves are encoded in parallel and the
// file stays the same whatever the number of threads:
//   buffer(), Cut...      the thread that shreds this leaf
//   EncodePages           any one thread, different leaves at the same time
//   WritePages, Finish    the thread that owns the file, leaf after leaf
// Ownership: owns its buffers and encoded pages.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "format/block_statistics.h"
#include "format/container.h"
#include "format/leaf_encoder.h"
#include "lancer/file_writer.h"

namespace lancer::format {

class LeafWriter {
 public:
  // A page is full when it holds `page_bytes` of raw data or options.page_rows rows. A
  // dictionary is full with entries of `dictionary_bytes`.
  LeafWriter(LeafShape shape, const WriterOptions& options, uint64_t page_bytes,
             uint64_t dictionary_bytes = encoding::kDefaultDictionaryBytes);

  const LeafShape& shape() const { return encoder_.shape(); }
  // As LeafEncoder::KnowEntries.
  Status KnowEntries(const Array& values) { return encoder_.KnowEntries(values); }
  bool is_ordered() const { return encoder_.is_ordered(); }
  // The rows of the page that is being filled.
  LeafBuffer* buffer() { return buffer_.get(); }
  // Ends the page when it is full. Between the ends of steps only a page of twice the
  // size is ended, so that page boundaries do not depend on how rows came in batches.
  void CutFullPage(bool at_step_end);
  // Ends the page when it has rows.
  void CutLastPage();
  // Raw bytes of pages that wait for EncodePages.
  uint64_t waiting_bytes() const { return waiting_bytes_; }
  bool has_waiting_pages() const { return !waiting_.empty(); }

  Status EncodePages();
  Status WritePages(ContainerWriter* file);
  // Writes dictionaries and block statistics; the metadata is complete afterwards.
  Status Finish(ContainerWriter* file);
  const ColumnMeta& meta() const { return meta_; }

 private:
  void Cut();
  uint32_t TreeSetIndex(const TreeSet& trees);

  LeafEncoder encoder_;
  uint64_t page_bytes_;
  uint64_t page_rows_;
  std::unique_ptr<LeafBuffer> buffer_;
  std::vector<std::unique_ptr<LeafBuffer>> waiting_;
  uint64_t waiting_bytes_ = 0;
  std::vector<EncodedPage> encoded_;
  PagesOfBounds block_bounds_;
  ColumnMeta meta_;
};

}  // namespace lancer::format
