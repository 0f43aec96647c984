// lz4: one raw block (no frame); the layout is drawn in codec.cc (spec: encodings,
// "Codecs").
#include <fmt/format.h>
#include <lz4.h>

#include <memory>

#include "encoding/codec.h"
#include "encoding/codec_prepared.h"

namespace lancer::encoding {
namespace {

const char* Chars(const std::byte* bytes) {
  return static_cast<const char*>(static_cast<const void*>(bytes));
}

char* Chars(std::byte* bytes) { return static_cast<char*>(static_cast<void*>(bytes)); }

class Lz4 final : public Codec {
 public:
  std::string_view name() const override { return "lz4"; }

  uint64_t MaxRatio() const override { return 256; }

  Status Compress(std::span<const std::byte> raw, const CodecDictionary* dictionary,
                  unsigned, std::vector<std::byte>* out) const override {
    if (raw.empty() || raw.size() > LZ4_MAX_INPUT_SIZE) {
      return Status::Ok();  // stored raw
    }
    const auto raw_size = static_cast<int>(raw.size());
    const int bound = LZ4_compressBound(raw_size);
    const size_t before = out->size();
    out->resize(before + static_cast<size_t>(bound));
    char* to = Chars(out->data() + before);
    // A copy of the prepared state costs far less than loading the dictionary again.
    static thread_local LZ4_stream_t stream;
    if (dictionary != nullptr) {
      stream = dictionary->prepared().Lz4();
    } else {
      LZ4_initStream(&stream, sizeof(stream));
    }
    const int size =
        LZ4_compress_fast_continue(&stream, Chars(raw.data()), to, raw_size, bound, 1);
    if (size <= 0) {
      out->resize(before);
      return Status::Internal(fmt::format("lz4: refused {} bytes", raw.size()));
    }
    out->resize(before + (size < raw_size ? static_cast<size_t>(size) : 0));
    return Status::Ok();
  }

  Status Decompress(std::span<const std::byte> stored, const CodecDictionary* dictionary,
                    std::span<std::byte> raw) const override {
    if (stored.size() > INT32_MAX || raw.size() > INT32_MAX) {
      return NodeCorruption(*this, fmt::format("block of {} stored and {} raw bytes",
                                               stored.size(), raw.size()));
    }
    const auto stored_size = static_cast<int>(stored.size());
    const auto raw_size = static_cast<int>(raw.size());
    const std::span<const std::byte> text =
        dictionary == nullptr ? std::span<const std::byte>() : dictionary->bytes();
    const int size = LZ4_decompress_safe_usingDict(
        Chars(stored.data()), Chars(raw.data()), stored_size, raw_size,
        Chars(text.data()), static_cast<int>(text.size()));
    if (size != raw_size) {
      return NodeCorruption(
          *this, fmt::format("block gives {} bytes, expected {}", size, raw_size));
    }
    return Status::Ok();
  }
};

}  // namespace

const Encoding& Lz4Encoding() {
  static constexpr Lz4 kLz4;
  return kLz4;
}

}  // namespace lancer::encoding
