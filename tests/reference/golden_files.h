// The committed golden files, as the tests of this folder read them.
//
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lancer/array.h"

namespace lancer::golden {

inline const std::string kFolder = LANCER_GOLDEN_DIR "/v0";

inline std::string FileText(const std::string& name) {
  std::ifstream file(kFolder + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name << " is missing; see spec/golden/regenerate.sh";
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> GoldenNames() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".lancer") {
      names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

template <typename Rows>  // a FileReader or a Dataset
Result<std::vector<Batch>> ReadBatches(const Rows& rows) {
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<BatchReader> scan, rows.Scan());
  std::vector<Batch> batches;
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, scan->Next());
    if (!batch) {
      return batches;
    }
    batches.push_back(*std::move(batch));
  }
}

}  // namespace lancer::golden
