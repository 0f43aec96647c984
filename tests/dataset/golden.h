// Bytes that the spec shows: spec/golden/examples/<name>.hex.
//
// With LANCER_WRITE_GOLDEN set, the files are written instead of compared: for a change
// of the format, which changes the spec in the same commit.
// Ownership: values. Thread rule: one thread at a time.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <span>
#include <sstream>
#include <string>

namespace lancer::dataset {

inline std::string HexOf(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    text += kDigits[std::to_integer<unsigned>(bytes[i]) >> 4];
    text += kDigits[std::to_integer<unsigned>(bytes[i]) & 15];
    text += i % 16 == 15 || i + 1 == bytes.size() ? '\n' : ' ';
  }
  return text;
}

inline void ExpectGolden(const std::string& name, std::span<const std::byte> bytes) {
  std::string path = std::string(LANCER_SPEC_DIR) + "/golden/examples/" + name + ".hex";
  if (std::getenv("LANCER_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << HexOf(bytes);
    return;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path;
  std::stringstream stored;
  stored << file.rdbuf();
  EXPECT_EQ(HexOf(bytes), stored.str()) << name;
}

}  // namespace lancer::dataset
