// Layout (Arrow C Data interface, "ArrowSchema.metadata"), all numbers native int32:
//
//   | pair count | key length | key | value length | value | key length | ...
#include "types/arrow_metadata.h"

#include <cstdint>
#include <cstring>

namespace lancer {
namespace {

void AppendNumber(size_t number, std::string* encoded) {
  auto value = static_cast<int32_t>(number);
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  encoded->append(bytes, sizeof(value));
}

// Reads a number and moves behind it.
int32_t TakeNumber(const char** at) {
  int32_t value = 0;
  std::memcpy(&value, *at, sizeof(value));
  *at += sizeof(value);
  return value;
}

Result<std::string> TakeText(const char** at) {
  int32_t length = TakeNumber(at);
  if (length < 0) {
    return Status::InvalidArgument("Arrow metadata: negative length " +
                                   std::to_string(length));
  }
  std::string text(*at, static_cast<size_t>(length));
  *at += length;
  return text;
}

}  // namespace

std::string EncodeArrowMetadata(const Metadata& metadata) {
  std::string encoded;
  if (metadata.empty()) {
    return encoded;
  }
  AppendNumber(metadata.size(), &encoded);
  for (const auto& [key, value] : metadata) {
    AppendNumber(key.size(), &encoded);
    encoded += key;
    AppendNumber(value.size(), &encoded);
    encoded += value;
  }
  return encoded;
}

Result<Metadata> DecodeArrowMetadata(const char* encoded) {
  Metadata metadata;
  if (encoded == nullptr) {
    return metadata;
  }
  int32_t count = TakeNumber(&encoded);
  if (count < 0) {
    return Status::InvalidArgument("Arrow metadata: negative pair count " +
                                   std::to_string(count));
  }
  for (int32_t i = 0; i < count; ++i) {
    LANCER_ASSIGN_OR_RETURN(std::string key, TakeText(&encoded));
    LANCER_ASSIGN_OR_RETURN(std::string value, TakeText(&encoded));
    metadata.emplace_back(std::move(key), std::move(value));
  }
  return metadata;
}

}  // namespace lancer
