#include "lancer/status.h"

#include <array>

namespace lancer {

std::string_view StatusCodeName(StatusCode code) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "OK",         "InvalidArgument", "NotFound",          "AlreadyExists",
      "Corruption", "Unsupported",     "Conflict",          "Expired",
      "Fenced",     "IoError",         "ResourceExhausted", "Cancelled",
      "Unknown",    "Internal"};
  auto index = static_cast<size_t>(code);
  return index < kNames.size() ? kNames[index] : std::string_view("InvalidCode");
}

Status::Status(StatusCode code, std::string message) {
  if (code != StatusCode::kOk) {
    state_ = std::make_shared<const State>(State{code, std::move(message)});
  }
}

std::string Status::ToString() const {
  std::string text(StatusCodeName(code()));
  if (!ok() && !state_->message.empty()) {
    text += ": ";
    text += state_->message;
  }
  return text;
}

Status Status::WithContext(std::string_view context) const {
  if (ok()) {
    return *this;
  }
  std::string text(context);
  text += ": ";
  text += state_->message;
  return {state_->code, std::move(text)};
}

}  // namespace lancer
