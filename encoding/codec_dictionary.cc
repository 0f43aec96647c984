#include "encoding/codec_dictionary.h"

#include <fmt/format.h>

#include <atomic>

#include "encoding/codec_prepared.h"

namespace lancer::encoding {

CodecDictionary::CodecDictionary() : prepared_(std::make_unique<Prepared>()) {
  static std::atomic<uint64_t> next_id{1};
  prepared_->id = next_id.fetch_add(1, std::memory_order_relaxed);
}
CodecDictionary::~CodecDictionary() = default;

Result<std::shared_ptr<const CodecDictionary>> CodecDictionary::Load(
    std::span<const std::byte> bytes) {
  if (bytes.empty() || bytes.size() > kMaxCodecDictionaryBytes) {
    return Status::Corruption(fmt::format("codec dictionary: {} bytes, expected 1 to {}",
                                          bytes.size(), kMaxCodecDictionaryBytes));
  }
  std::shared_ptr<CodecDictionary> dictionary(new CodecDictionary());
  Prepared& prepared = *dictionary->prepared_;
  prepared.bytes.assign(bytes.begin(), bytes.end());
  prepared.zstd_reader.reset(
      ZSTD_createDDict(prepared.bytes.data(), prepared.bytes.size()));
  if (prepared.zstd_reader == nullptr) {
    return Status::Corruption(
        fmt::format("codec dictionary: {} bytes that zstd refuses", bytes.size()));
  }
  return std::shared_ptr<const CodecDictionary>(std::move(dictionary));
}

std::span<const std::byte> CodecDictionary::bytes() const { return prepared_->bytes; }

uint64_t CodecDictionary::size_bytes() const {
  return sizeof(Prepared) + prepared_->bytes.size() +
         ZSTD_sizeof_DDict(prepared_->zstd_reader.get());
}

}  // namespace lancer::encoding
