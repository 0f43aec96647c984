#include "tools/convert/text_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lancer::tools {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

template <typename T>
std::optional<T> ParseShortest(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || !IsIntegerText(text) || (digits[0] == '0' && text != "0")) {
    return std::nullopt;
  }
  T value{};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<int64_t> ParseInt64(std::string_view text) {
  return ParseShortest<int64_t>(text);
}

std::optional<uint64_t> ParseUint64(std::string_view text) {
  return text.starts_with('-') ? std::nullopt : ParseShortest<uint64_t>(text);
}

bool IsIntegerText(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return text != "-0" && !digits.empty() &&
         std::all_of(digits.begin(), digits.end(), IsDigit);
}

std::optional<double> ParseDouble(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || !IsDigit(digits[0])) {
    return std::nullopt;
  }
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    // Too large, or so small that the nearest double is zero or a subnormal.
    const bool small = text.find("e-") != text.npos || text.find("E-") != text.npos ||
                       digits.starts_with("0.");
    return small ? std::optional<double>(text.starts_with('-') ? -0.0 : 0.0)
                 : std::nullopt;
  }
  return error == std::errc() ? std::optional<double>(value) : std::nullopt;
}

bool IsExactInDouble(std::string_view text) {
  const std::optional<double> value = ParseDouble(text);
  if (!value) {
    return false;
  }
  std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  const std::string exact = fmt::format("{:.0f}", std::fabs(*value));
  return exact == (digits.empty() ? "0" : digits);
}

}  // namespace lancer::tools
