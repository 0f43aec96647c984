#include "tools/convert/formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace lancer::tools {
namespace {

struct Magic {
  std::string_view bytes;
  std::string_view format;
};
constexpr Magic kMagics[] = {
    {"PAR1", "parquet"},
    {"ARROW1", "arrow"},
    {std::string_view("\xFF\xFF\xFF\xFF"), "arrow"},
    {"\x93NUMPY", "npy"},
    {"LNCR", "lancer"},
};

std::string LowerSuffix(std::string_view path) {
  std::string suffix = std::filesystem::path(path).extension().string();
  for (char& c : suffix) {
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return suffix;
}

}  // namespace

std::span<const Format> Formats() {
  static const std::vector<Format> kFormats = {
      {"lancer", {".lancer"}, OpenLancer, WriteLancer},
      {"parquet", {".parquet", ".pq"}, OpenParquet, WriteParquet},
      {"arrow", {".arrow", ".ipc"}, OpenArrow, WriteArrow},
      {"feather", {".feather"}, OpenArrow, WriteArrow},
      {"arrow-stream", {".arrows"}, OpenArrow, WriteArrowStream},
      {"csv", {".csv", ".tsv"}, OpenCsv, WriteCsv},
      {"jsonl", {".jsonl", ".ndjson"}, OpenJsonl, WriteJsonl},
      {"npy", {".npy"}, OpenNpy, WriteNpy},
  };
  return kFormats;
}

std::string FormatNames() {
  std::string names;
  for (const Format& format : Formats()) {
    names += names.empty() ? "" : ", ";
    names += format.name;
  }
  return names;
}

Result<const Format*> FindFormat(std::string_view name) {
  for (const Format& format : Formats()) {
    if (format.name == name) {
      return &format;
    }
  }
  return Status::InvalidArgument(
      fmt::format("no format is called {}; there are {}", name, FormatNames()));
}

const Format* FormatOfSuffix(std::string_view path) {
  const std::string suffix = LowerSuffix(path);
  for (const Format& format : Formats()) {
    const auto& suffixes = format.suffixes;
    if (std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end()) {
      return &format;
    }
  }
  return nullptr;
}

const Format* FormatOfFile(const std::string& path) {
  if (const Format* format = FormatOfSuffix(path)) {
    return format;
  }
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return *FindFormat("lancer");
  }
  std::array<char, 8> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  const std::string_view bytes(start.data(), static_cast<size_t>(file.gcount()));
  for (const Magic& magic : kMagics) {
    if (bytes.starts_with(magic.bytes)) {
      return *FindFormat(magic.format);
    }
  }
  return nullptr;
}

}  // namespace lancer::tools
