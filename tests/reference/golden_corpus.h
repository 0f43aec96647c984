// The golden files: what is in each, and how it becomes bytes and expected rows.
//
// Ownership: values. Thread rule: no shared state.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lancer/array.h"
#include "lancer/context.h"
#include "lancer/file_writer.h"

namespace lancer::golden {

struct GoldenFile {
  std::string name;   // without a suffix
  std::string shows;  // for people
  WriterOptions options = {};
  bool random_pages = false;        // a page per batch, in any layout and trees that fit
  std::vector<Batch> batches = {};  // at least one
};

std::vector<GoldenFile> Corpus();

// One line per row: the values of all columns as a JSON array.
std::string RowLines(const std::vector<Batch>& batches);

// The bytes of the file, made in memory.
Result<std::vector<std::byte>> Encode(const GoldenFile& file);

// A dataset of two columns, created with `first` rows and appended to with `second`.
struct GoldenDataset {
  std::map<std::string, std::vector<std::byte>> files;  // by path, empty ones left out
  std::string lines;                                    // the rows of the newest version
};
inline constexpr int64_t kDatasetRows = 20;  // of the golden one, before the append
inline constexpr uint64_t kDatasetFragmentRows = 10;
Result<GoldenDataset> EncodeDataset(int64_t first, int64_t second,
                                    uint64_t fragment_rows);

// Versions of the compressors, whose frames another version may make differently.
std::string CodecVersions();

}  // namespace lancer::golden
