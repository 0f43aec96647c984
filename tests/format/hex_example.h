// The hex examples of the specification: spec/golden/examples/<name>.hex.
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <fstream>
#include <span>
#include <string>

namespace lancer::format {

// The bytes as the examples write them: two digits each, 16 a line.
inline std::string HexLines(std::span<const std::byte> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    auto value = std::to_integer<unsigned>(bytes[i]);
    text += kDigits[value / 16];
    text += kDigits[value % 16];
    text += i % 16 == 15 || i + 1 == bytes.size() ? '\n' : ' ';
  }
  return text;
}

// The text of an example, or a message that no example equals.
inline std::string HexExample(const std::string& name) {
  std::ifstream file(std::string(LANCER_SPEC_DIR) + "/golden/examples/" + name + ".hex");
  return file ? std::string(std::istreambuf_iterator<char>(file), {})
              : "there is no example " + name;
}

}  // namespace lancer::format
