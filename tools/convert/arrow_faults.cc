#include "tools/convert/arrow_faults.h"

#include <fmt/format.h>

namespace lancer::tools {
namespace {

// A part of what Arrow says, and what that means for the file. The first that fits holds.
struct Meaning {
  std::string_view words;
  std::string_view reason;
};
constexpr Meaning kMeanings[] = {
    {"CRC checksum", "a page does not match its checksum"},
    {"deserialize thrift", "metadata or the header of a page is not readable"},
    {"page header", "the header of a page is not readable"},
    {"ecompress", "compressed bytes cannot be decompressed"},
    {"orrupt snappy", "compressed bytes cannot be decompressed"},
    {"end of stream", "a page ends too early"},
    {"base64", "the Arrow schema in its metadata is not readable"},
    {"metadata bytes", "it ends inside a message"},
    {"Corrupted m", "it ends inside a message"},
    {"message body", "it ends inside a record batch"},
    {"schema message", "it has no schema"},
    {"continuation token", "the length of a message is negative"},
    {"flatbuffer", "its metadata is not readable"},
    {"metadata size", "its metadata would begin before the file"},
    {"Dictionary indices", "a dictionary index is outside the dictionary"},
    {"Offset invariant", "offsets of lists or texts are out of order or out of range"},
    {"UTF8", "a text is not UTF-8"},
};

// One line without the names of Arrow's codes, which nested messages repeat.
std::string Words(const arrow::Status& status) {
  std::string words = status.message().substr(0, status.message().find('\n'));
  for (const std::string_view code : {"Invalid: ", "IOError: "}) {
    for (size_t at = words.find(code); at != words.npos; at = words.find(code)) {
      words.erase(at, code.size());
    }
  }
  return words;
}

}  // namespace

Status ArrowFaults::Damaged(std::string_view what) const {
  return Status::Corruption(fmt::format(
      "{}: damaged {}: {}{}{}; check that the copy is complete, or export it again",
      file_, kind_, place_, place_.empty() ? "" : ": ", what));
}

Status ArrowFaults::NotOfTheKind(std::string_view what) const {
  return Status::Corruption(fmt::format(
      "{}: not a whole {}: {}; check that the copy is complete, export it again, or give "
      "--from its format",
      file_, kind_, what));
}

Status ArrowFaults::Check(const arrow::Status& status) const {
  if (status.ok()) {
    return Status::Ok();
  }
  const std::string words = Words(status);
  if (words.starts_with(file_ + ": ")) {
    return Status::IoError(words);  // of our own reading
  }
  switch (status.code()) {
    case arrow::StatusCode::OutOfMemory:
    case arrow::StatusCode::CapacityError:
      return Status::ResourceExhausted(fmt::format(
          "{}: {}{}it asks for more memory than there is; if it is not damaged, write it "
          "with smaller row groups",
          file_, place_, place_.empty() ? "" : ": "));
    case arrow::StatusCode::Cancelled:
      return Status::Cancelled(file_ + ": " + words);
    case arrow::StatusCode::NotImplemented:
      return Status::Unsupported(fmt::format(
          "{}: Arrow's reader cannot read this {}: {}; check that the copy is "
          "complete, or export it again without what it lacks",
          file_, kind_, words));
    default:
      break;
  }
  for (const Meaning& meaning : kMeanings) {
    if (words.find(meaning.words) != words.npos) {
      return Damaged(meaning.reason);
    }
  }
  return Damaged(fmt::format("Arrow's reader says \"{}\"", words));
}

}  // namespace lancer::tools
