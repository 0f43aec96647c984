// The header of a NumPy .npy file, all versions of it (1.0, 2.0, 3.0).
//
// Thread rule: plain values and functions without state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lancer/result.h"

namespace lancer::tools {

struct NpyHeader {
  char byte_order = '<';       // '<', '>' or '|'
  char kind = 'f';             // b, i, u or f
  int item_bytes = 4;          // bytes per value
  bool fortran_order = false;  // first dimension varies fastest
  std::vector<uint64_t> shape;
  int major_version = 1;
  int minor_version = 0;
  std::string text;          // from the '{' to the '\n', as in the file
  uint64_t data_offset = 0;  // where the values begin

  // Rows of the table: the first dimension, 1 without one.
  uint64_t rows() const { return shape.empty() ? 1 : shape[0]; }
  // Values per row; checked not to overflow when parsed.
  uint64_t row_values() const;
  // Bytes of the values. Checked not to overflow when parsed.
  uint64_t data_bytes() const;
  bool swapped() const { return byte_order == '>' && item_bytes > 1; }
};

// Bytes needed to know how long the header is.
inline constexpr size_t kNpyPrefixBytes = 12;
// Length of the whole header, from the first kNpyPrefixBytes bytes (fewer when the file
// is shorter). Errors: Corruption for another magic, version or length.
Result<uint64_t> NpyHeaderLength(std::span<const std::byte> prefix);
// Parses a whole header. Errors: Corruption for bytes that are no header; Unsupported for
// types of values that a column cannot hold (text, records, objects, complex, dates).
Result<NpyHeader> ParseNpyHeader(std::span<const std::byte> header);
// A header from its text alone, without data_offset. Errors: as ParseNpyHeader.
Result<NpyHeader> ParseNpyText(int major_version, int minor_version, std::string text);
// Errors: Corruption when the number of bytes overflows; Unsupported for rows of too many
// values.
Status CheckNpyShape(const NpyHeader& header);
// Bytes of a header: `text` as it is if there is one, else as NumPy writes it.
std::string FormatNpyHeader(const NpyHeader& header);

}  // namespace lancer::tools
