#include "tools/terminal/program.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "types/utf8.h"

namespace lancer::tools {
namespace {

// Set once before the handler is installed, never destroyed.
CancelToken* interrupt_token = nullptr;

extern "C" void HandleInterrupt(int /*signal*/) { interrupt_token->RequestCancel(); }

std::string Compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// As dump(2) does, but for verbatim values.
void AppendJson(const Json& json, size_t indent, std::string* text) {  // NOLINT
  if (json.is_binary()) {
    *text += VerbatimText(json);
    return;
  }
  if (!json.is_structured() || json.empty()) {
    *text += Compact(json);
    return;
  }
  const bool object = json.is_object();
  *text += object ? '{' : '[';
  for (auto item = json.begin(); item != json.end(); ++item) {
    *text += item == json.begin() ? "\n" : ",\n";
    text->append(indent + 2, ' ');
    *text += object ? Compact(item.key()) + ": " : "";
    AppendJson(*item, indent + 2, text);
  }
  *text += '\n';
  text->append(indent, ' ');
  *text += object ? '}' : ']';
}

}  // namespace

std::string ErrorLine(std::string_view program, std::string_view message) {
  std::string line = fmt::format("{}: ", program);
  const bool is_text = IsUtf8(message);
  for (char c : message) {
    if (!is_text && static_cast<unsigned char>(c) >= 0x80) {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else if (c == '\n') {
      line += "\\n";
    } else if (c == '\r') {
      line += "\\r";
    } else {
      line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return line;
}

std::string WithRemedy(const Status& error) {
  const std::string_view message = error.message();
  const bool has_one = message.find("; ") != message.npos;
  return fmt::format("{}{}", message,
                     error.code() == StatusCode::kCorruption && !has_one
                         ? "; restore it from a copy"
                         : "");
}

int Fail(std::string_view program, std::string_view message, ExitCode code) {
  fmt::print(stderr, "{}\n", ErrorLine(program, message));
  return code;
}

Json VerbatimJson(std::string_view text) {
  return Json::binary({text.begin(), text.end()});
}

std::string VerbatimText(const Json& json) {
  const Json::binary_t& bytes = json.get_binary();
  return {bytes.begin(), bytes.end()};
}

std::string FormatJson(const Json& json) {
  std::string text;
  AppendJson(json, 0, &text);
  return text + "\n";
}

CancelToken CancelOnInterrupt() {
  static CancelToken token = CancelToken::Make();
  interrupt_token = &token;
  struct sigaction action {};
  action.sa_handler = HandleInterrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second signal kills
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a write then fails and says so
  std::signal(SIGXFSZ, SIG_IGN);
  return token;
}

}  // namespace lancer::tools
