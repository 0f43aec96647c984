#include "tools/convert/csv_record.h"

#include <fmt/format.h>

#include "types/utf8.h"

namespace lancer::tools {

Status CsvReader::Fault(uint64_t line_number, std::string_view what) const {
  return Status::InvalidArgument(
      fmt::format("{}: line {}: {}", name_, line_number, what));
}

Result<bool> CsvReader::Next() {
  texts_.clear();
  fields_.clear();
  std::string_view line;
  do {
    LANCER_ASSIGN_OR_RETURN(bool more, lines_.Next(&line));
    if (!more) {
      return false;
    }
  } while (line.empty() && !keeps_empty_lines_);
  record_line_ = lines_.line_number();
  size_t at = 0;
  while (true) {
    FieldText field;
    field.begin = texts_.size();
    if (at < line.size() && line[at] == '"') {
      field.quoted = true;
      LANCER_ASSIGN_OR_RETURN(at, TakeQuoted(&line, at + 1));
    } else {
      const size_t end = std::min(line.find(separator_, at), line.size());
      texts_.append(line.substr(at, end - at));
      at = end;
    }
    field.size = texts_.size() - field.begin;
    fields_.push_back(field);
    if (at == line.size()) {
      break;
    }
    if (line[at] != separator_) {
      return Fault(
          lines_.line_number(),
          fmt::format("text behind the closing quote of field {}; a quote inside "
                      "a quoted field is written twice",
                      fields_.size()));
    }
    ++at;
  }
  if (!IsUtf8(texts_)) {
    return Fault(record_line_,
                 "text that is not UTF-8; convert the file with iconv first");
  }
  return true;
}

// Appends the text from `at`, just behind the opening quote, to the closing quote,
// reading more lines into `*line` as it needs; returns the place behind the closing
// quote.
Result<size_t> CsvReader::TakeQuoted(std::string_view* line, size_t at) {
  const uint64_t opened = lines_.line_number();
  while (true) {
    const size_t quote = line->find('"', at);
    texts_.append(line->substr(at, quote - at));
    if (quote != line->npos) {
      if (quote + 1 >= line->size() || (*line)[quote + 1] != '"') {
        return quote + 1;
      }
      texts_.push_back('"');
      at = quote + 2;
      continue;
    }
    texts_.append(lines_.line_end());
    if (texts_.size() > kMaxRecordBytes) {
      return Fault(opened,
                   fmt::format("quote opened and not closed within {} MiB; close it",
                               kMaxRecordBytes >> 20));
    }
    LANCER_ASSIGN_OR_RETURN(bool more, lines_.Next(line));
    if (!more) {
      return Fault(
          opened,
          "quote opened and never closed; close it, or write a quote that is text "
          "twice and its field in quotes");
    }
    at = 0;
  }
}

}  // namespace lancer::tools
