#include "encoding/codec_dictionary.h"

#include <fmt/format.h>

#include <atomic>

#include "encoding/byte_reader.h"
#include "encoding/byte_writer.h"
#include "encoding/codec_prepared.h"
#include "encoding/encoding_tree.h"
#include "encoding/stream.h"

namespace lancer::encoding {
namespace {

constexpr PhysicalType kOneByte = {PhysicalKind::kFixed, NumberKind::kOpaque, 1};
constexpr size_t kDecoderSlack = 64;

EncodingTree StoredTree() { return {{{EncodingId::kZstd, 0, 1}}}; }

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
  if (dictionary->prepared_->zstd_windows.Borrow().get() == nullptr) {
    return Status::Corruption(
        fmt::format("codec dictionary: {} bytes that zstd refuses", bytes.size()));
  }
  return std::shared_ptr<const CodecDictionary>(std::move(dictionary));
}

std::span<const std::byte> CodecDictionary::bytes() const { return prepared_->bytes; }

Result<std::vector<std::byte>> CodecDictionary::Stored() const {
  std::vector<std::byte> stored;
  ByteWriter(&stored).Write(static_cast<uint32_t>(bytes().size()));
  Values values;
  values.type = kOneByte;
  values.count = bytes().size();
  values.data = bytes();
  LANCER_RETURN_IF_ERROR(EncodeStream(StoredTree(), {}, values, &stored));
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
  std::vector<std::byte> bytes(size + kDecoderSlack);
  const EncodingTree tree = StoredTree();
  const Status status = DecodeFixed(
      {tree, kOneByte, stored.subspan(sizeof(size)), size, {}}, {bytes.data(), 0});
  if (!status.ok()) {
    return status.WithContext("codec dictionary");
  }
  bytes.resize(size);
  return Load(bytes);
}

// The bytes, and one window with them.
uint64_t CodecDictionary::size_bytes() const {
  return sizeof(Prepared) + prepared_->bytes.size() +
         prepared_->zstd_windows.Borrow().get()->size_bytes();
}

}  // namespace lancer::encoding
