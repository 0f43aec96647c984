// Checks of texts that come out of csv and jsonl inputs.
//
// Thread rule: functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lancer::tools {

// The value of an integer in its shortest decimal form ("-12", not "+12", "012" or "-0")
// that fits the type; nothing otherwise.
std::optional<int64_t> ParseInt64(std::string_view text);
std::optional<uint64_t> ParseUint64(std::string_view text);
// True when the text is an integer ("-12", "007"), whatever its size. "-0" is none: only
// floats have a zero with a sign.
bool IsIntegerText(std::string_view text);
// The nearest double of a JSON number; nothing for other texts and for numbers whose
// magnitude is beyond the largest double.
std::optional<double> ParseDouble(std::string_view text);
// True when a double holds the integer written in `text` exactly.
bool IsExactInDouble(std::string_view text);

}  // namespace lancer::tools
