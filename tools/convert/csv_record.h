// CsvReader: the records of a csv file (RFC 4180) with their line numbers.
//
// A field in quotes may hold commas, line ends and doubled quotes. Empty lines are left
// out, unless the caller takes each for a record of one null field. Memory is bounded: a
// record has a largest size, so a quote that is never closed does not swallow the file.
// Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/convert/input_file.h"

namespace lancer::tools {

class CsvReader {
 public:
  static constexpr size_t kMaxRecordBytes = 64 << 20;

  CsvReader(InputFile* file, char separator)
      : lines_(file, kMaxRecordBytes), name_(file->name()), separator_(separator) {}

  // Reads the next record; false at the end of the file.
  // Errors: InvalidArgument with the line: a quote that is never closed, text behind a
  // closing quote, text that is not UTF-8, a record too large; IoError.
  Result<bool> Next();
  void Rewind() { lines_.Rewind(); }
  // Empty lines are records from here on: in a table of one column they are its nulls.
  void KeepEmptyLines(bool keep) { keeps_empty_lines_ = keep; }

  // Of the record read last; they live until the next call.
  size_t field_count() const { return fields_.size(); }
  std::string_view text(size_t i) const {
    return std::string_view(texts_).substr(fields_[i].begin, fields_[i].size);
  }
  // True for a field without quotes and without text: it means null.
  bool is_null(size_t i) const { return fields_[i].size == 0 && !fields_[i].quoted; }
  // The line on which the record begins, from 1.
  uint64_t line_number() const { return record_line_; }
  size_t record_bytes() const { return texts_.size(); }

 private:
  struct FieldText {
    size_t begin = 0, size = 0;
    bool quoted = false;
  };
  Result<size_t> TakeQuoted(std::string_view* line, size_t at);
  Status Fault(uint64_t line_number, std::string_view what) const;

  LineReader lines_;
  std::string name_;
  char separator_;
  bool keeps_empty_lines_ = false;
  uint64_t record_line_ = 0;
  std::string texts_;
  std::vector<FieldText> fields_;
};

}  // namespace lancer::tools
