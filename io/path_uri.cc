// PathFromUri: what a user may write for a local path.

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "lancer/file_system.h"

namespace lancer {
namespace {

bool IsSchemeCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' ||
         c == '.';
}

// The scheme of "scheme://..." or "file:/...", in lower case; empty for a plain path.
std::string SchemeOf(std::string_view uri) {
  size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      std::isalpha(static_cast<unsigned char>(uri[0])) == 0) {
    return "";
  }
  std::string scheme(uri.substr(0, colon));
  if (!std::all_of(scheme.begin(), scheme.end(), IsSchemeCharacter)) {
    return "";
  }
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  std::string_view rest = uri.substr(colon + 1);
  bool is_uri = rest.starts_with("//") || (scheme == "file" && rest.starts_with("/"));
  return is_uri ? scheme : "";
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

Result<std::string> DecodePercent(std::string_view text, std::string_view uri) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '?' || text[i] == '#') {
      return Status::InvalidArgument(
          std::string(uri) + ": a file URI has no query or fragment; write '" + text[i] +
          "' as " + (text[i] == '?' ? "%3F" : "%23"));
    }
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0 || (high == 0 && low == 0)) {
      return Status::InvalidArgument(std::string(uri) + ": '%' at " + std::to_string(i) +
                                     " of the path is not followed by two hexadecimal "
                                     "digits of a byte other than 0");
    }
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

std::string WithoutTrailingSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return path;
}

}  // namespace

Result<std::string> PathFromUri(std::string_view uri) {
  if (uri.empty()) {
    return Status::InvalidArgument("the path is empty; name a file or a folder");
  }
  std::string scheme = SchemeOf(uri);
  if (scheme.empty()) {
    return WithoutTrailingSlashes(std::string(uri));
  }
  if (scheme != "file") {
    return Status::InvalidArgument(std::string(uri) + ": the scheme '" + scheme +
                                   "' is not supported; use a path or file://");
  }
  std::string_view rest = uri.substr(uri.find(':') + 1);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view host = rest.substr(0, slash);
    if (!host.empty() && host != "localhost") {
      return Status::InvalidArgument(std::string(uri) + ": names the host '" +
                                     std::string(host) +
                                     "'; only this machine's files can be opened");
    }
    rest.remove_prefix(slash);
  }
  if (rest.empty()) {
    return Status::InvalidArgument(std::string(uri) + ": has no path");
  }
  LANCER_ASSIGN_OR_RETURN(std::string path, DecodePercent(rest, uri));
  return WithoutTrailingSlashes(std::move(path));
}

}  // namespace lancer
