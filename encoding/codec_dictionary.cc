#include "encoding/codec_dictionary.h"

#include <fmt/format.h>

#include <atomic>

#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/codec_prepared.h"
#include "encoding/raw_bytes.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kStoredLevel = 1;  // zstd's parameter: once a column, so the middle one

}  // namespace

CodecDictionary::CodecDictionary(std::vector<std::byte> bytes)
    : prepared_(std::make_unique<Prepared>(std::move(bytes))) {
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
  std::shared_ptr<CodecDictionary> dictionary(
      new CodecDictionary({bytes.begin(), bytes.end()}));
  const ZstdWindows::Borrowed window = dictionary->prepared_->zstd_windows.Borrow();
  if (window.get() == nullptr) {
    return Status::Corruption(
        fmt::format("codec dictionary: {} bytes that zstd refuses", bytes.size()));
  }
  dictionary->prepared_->window_bytes = window.get()->size_bytes();
  return std::shared_ptr<const CodecDictionary>(std::move(dictionary));
}

std::span<const std::byte> CodecDictionary::bytes() const { return prepared_->bytes; }

Result<std::vector<std::byte>> CodecDictionary::Stored() const {
  std::vector<std::byte> stored;
  ByteWriter(&stored).Write(static_cast<uint32_t>(bytes().size()));
  LANCER_RETURN_IF_ERROR(EncodeRawBytes(bytes(), kStoredLevel, &stored));
  return stored;
}

Result<std::shared_ptr<const CodecDictionary>> CodecDictionary::LoadStored(
    std::span<const std::byte> stored) {
  ByteReader reader(stored);
  uint32_t size = 0;
  if (!reader.Read(&size) || size > kMaxCodecDictionaryBytes) {
    return Status::Corruption(
        fmt::format("codec dictionary: {} stored bytes, of {}, at most {} are allowed",
                    stored.size(), size, kMaxCodecDictionaryBytes));
  }
  const auto bytes = DecodeRawBytes(stored.subspan(sizeof(size)), size);
  return bytes ? Load(*bytes) : bytes.error().WithContext("codec dictionary");
}

// The bytes, and one window with them.
uint64_t CodecDictionary::size_bytes() const {
  return sizeof(Prepared) + prepared_->bytes.size() + prepared_->window_bytes;
}

}  // namespace lancer::encoding
