#include "encoding/raw_bytes.h"

#include "encoding/encoding.h"
#include "encoding/stream.h"

namespace lancer::encoding {

Status EncodeRawBytes(std::span<const std::byte> raw, uint8_t level_class,
                      std::vector<std::byte>* out) {
  Values values;
  values.type = kRawByteType;
  values.count = raw.size();
  values.data = raw;
  return EncodeStream({{{EncodingId::kZstd, 0, level_class}}}, {}, values, out);
}

Result<std::vector<std::byte>> DecodeRawBytes(std::span<const std::byte> stored,
                                              size_t size) {
  constexpr size_t kDecoderSlack = 64;  // kernels may write behind a target
  std::vector<std::byte> raw(size + kDecoderSlack);
  const EncodingTree tree{{{EncodingId::kZstd, 0, 0}}};
  LANCER_RETURN_IF_ERROR(
      DecodeFixed({tree, kRawByteType, stored, size, {}}, {raw.data(), 0}));
  raw.resize(size);
  return raw;
}

}  // namespace lancer::encoding
