// Writes golden files, and the rows that a reader must find in them.
//
//   lancer_make_golden FOLDER                      spec/golden/v0
//   lancer_make_golden FOLDER ROWS FRAGMENT_ROWS   a dataset of many fragments
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>

#include "tests/reference/golden_corpus.h"

namespace {

using lancer::Status;
using lancer::golden::GoldenDataset;
using lancer::golden::GoldenFile;
using std::filesystem::path;

Status WriteAll(const path& file, std::span<const std::byte> bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  for (std::byte byte : bytes) {
    out.put(std::to_integer<char>(byte));
  }
  out.close();
  return out.fail() ? Status::IoError(file.string() + ": cannot be written")
                    : Status::Ok();
}

Status WriteAll(const path& file, const std::string& text) {
  return WriteAll(file, std::as_bytes(std::span(text)));
}

std::string Entry(const std::string& name, const std::string& shows) {
  std::string text;
  for (char c : shows) {
    text += c == '"' ? "\\\"" : std::string(1, c);
  }
  return "    {\"name\": \"" + name + "\", \"shows\": \"" + text + "\"}";
}

Status MakeDataset(const path& folder, int64_t rows, uint64_t fragment_rows) {
  LANCER_ASSIGN_OR_RETURN(GoldenDataset dataset,
                          lancer::golden::EncodeDataset(rows, rows / 2, fragment_rows));
  for (const auto& [name, bytes] : dataset.files) {
    LANCER_RETURN_IF_ERROR(WriteAll(folder / "dataset" / name, bytes));
  }
  return WriteAll(folder / "dataset.jsonl", dataset.lines);
}

Status MakeCorpus(const path& folder) {
  std::string entries;
  for (const GoldenFile& file : lancer::golden::Corpus()) {
    auto bytes = lancer::golden::Encode(file);
    if (!bytes) {
      return bytes.error().WithContext(file.name);
    }
    LANCER_RETURN_IF_ERROR(WriteAll(folder / (file.name + ".lancer"), *bytes));
    LANCER_RETURN_IF_ERROR(WriteAll(folder / (file.name + ".jsonl"),
                                    lancer::golden::RowLines(file.batches)));
    entries += Entry(file.name, file.shows) + ",\n";
  }
  LANCER_RETURN_IF_ERROR(MakeDataset(folder, lancer::golden::kDatasetRows,
                                     lancer::golden::kDatasetFragmentRows));
  entries += Entry("dataset", "a folder: two versions, three fragments");
  return WriteAll(folder / "manifest.json",
                  "{\n  \"codecs\": \"" + lancer::golden::CodecVersions() +
                      "\",\n  \"files\": [\n" + entries + "\n  ]\n}\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) {
    std::cerr << "usage: lancer_make_golden FOLDER [ROWS FRAGMENT_ROWS]\n";
    return 2;
  }
  const Status status = argc == 2
                            ? MakeCorpus(argv[1])
                            : MakeDataset(argv[1], std::atoll(argv[2]),
                                          static_cast<uint64_t>(std::atoll(argv[3])));
  if (!status.ok()) {
    std::cerr << status.ToString() << "\n";
  }
  return status.ok() ? 0 : 1;
}
