// JsonType: the type of jsonl values, found by looking at all of them.
//
// Objects are structs, arrays are lists, numbers are int64 (uint64 when one needs it and
// none is negative) or float64 when one has a fraction. Nothing is widened in a way that
// loses: an integer that float64 cannot hold, or a text among numbers, is an error. Only
// the texts "NaN", "Infinity" and "-Infinity" may stand among numbers, for which JSON has
// no other form; a column of nothing else stays texts.
// Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lancer/schema.h"
#include "tools/convert/json_line.h"

namespace lancer::tools {

// The number that one of these three texts stands for.
std::optional<double> ParseSpecialNumber(std::string_view text);

class JsonType {
 public:
  // Most fields of one table, those inside structs included.
  static constexpr size_t kMaxFields = 20'000;

  // Widens this type, which `path` names, so that it holds node `index` of `line`.
  // Errors: InvalidArgument naming the field, the line, what it holds and what lines
  // before hold.
  Status Observe(const JsonLine& line, uint32_t index, uint64_t line_number,
                 FieldPath* path, size_t* field_count);
  // The Arrow type that holds everything observed.
  TypePtr ToDataType() const;
  // Columns of a table whose rows were observed. REQUIRES: only objects were.
  std::vector<Field> ToFields() const;

 private:
  enum class Kind : uint8_t {
    kNull,
    kBool,
    kInteger,
    kDouble,
    kString,
    kSpecial,
    kList,
    kStruct
  };
  struct Member {
    std::string name;
    std::unique_ptr<JsonType> type;
  };
  // A line on which something was seen first; 0: never.
  struct Seen {
    uint64_t value = 0;     // of this kind
    uint64_t negative = 0;  // a negative integer
    uint64_t large = 0;     // an integer above the largest int64
    uint64_t inexact = 0;   // an integer that float64 cannot hold
    uint64_t fraction = 0;  // a number that is no integer
    std::string large_text, inexact_text;
  };

  static Kind KindOf(const JsonLine& line, const JsonNode& node);
  static std::string_view KindName(Kind kind);
  // Gives this type, which holds another kind, one for both; false when there is none.
  bool Unite(Kind found, uint64_t line_number);
  Status ObserveNumber(std::string_view text, uint64_t line_number,
                       const FieldPath& path);
  // Errors: numbers seen that no one type holds.
  Status CheckNumbers(const FieldPath& path) const;
  Status ObserveItems(const JsonLine& line, uint32_t index, uint64_t line_number,
                      FieldPath* path, size_t* field_count);
  Status ObserveMembers(const JsonLine& line, uint32_t index, uint64_t line_number,
                        FieldPath* path, size_t* field_count);

  Kind kind_ = Kind::kNull;
  Seen seen_;
  std::unique_ptr<JsonType> item_;
  std::vector<Member> members_;
  std::vector<uint64_t> member_lines_;  // object in which a member was seen last
  uint64_t object_count_ = 0;
  std::unordered_map<std::string, size_t> member_index_;
};

}  // namespace lancer::tools
