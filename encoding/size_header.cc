#include "encoding/size_header.h"

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kWide = 1;

}  // namespace

void WriteSizeHeader(uint64_t size, std::vector<std::byte>* headers) {
  ByteWriter writer(headers);
  writer.Write<uint8_t>(IsWideSize(size) ? kWide : 0);
  if (IsWideSize(size)) {
    writer.Write(size);
  } else {
    writer.Write(static_cast<uint32_t>(size));
  }
}

Status ReadSizeHeader(const Encoding& encoding, ByteReader* reader, ParsedNode* node) {
  uint8_t flags = 0;
  if (!reader->Read(&flags)) {
    return NodeCorruption(encoding, "header is cut short");
  }
  if (flags > kWide) {
    return NodeCorruption(encoding, "unknown flags");
  }
  if (!reader->ReadSpan(flags == kWide ? 8 : 4, &node->header)) {
    return NodeCorruption(encoding, "header is cut short");
  }
  return Status::Ok();
}

uint64_t SizeInHeader(const ParsedNode& node) {
  return HasWideSize(node) ? LoadLe<uint64_t>(node.header.data())
                           : LoadLe<uint32_t>(node.header.data());
}

}  // namespace lancer::encoding
