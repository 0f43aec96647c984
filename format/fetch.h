// Fetch: brings the byte ranges of a plan into memory as one batch of reads.
//
// Ownership: FetchedRanges owns what it read; a mapped file needs nothing. Thread rule:
// one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "format/page.h"
#include "lancer/file_system.h"

namespace lancer::format {

class FetchedRanges {
 public:
  // Reads `ranges` (any order, they may overlap), neighbours closer than 4 KiB as one.
  // Of a mapped file only short ranges are read, which beats a page fault for each; all
  // else is used in place. Who knows that a mapped file's bytes are at hand, as after a
  // first use, asks for no ranges.
  static Result<FetchedRanges> Fetch(const ReadableFile& file,
                                     std::vector<ByteRange> ranges);
  const FetchedBytes& bytes() const { return bytes_; }

 private:
  FetchedRanges(MutableBuffer memory, FetchedBytes bytes)
      : memory_(std::move(memory)), bytes_(std::move(bytes)) {}
  MutableBuffer memory_;
  FetchedBytes bytes_;
};

}  // namespace lancer::format
