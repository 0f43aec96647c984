// lz4: one raw block (no frame); the layout is drawn in codec.cc (spec: encodings,
// "Codecs").
#include <fmt/format.h>
#include <lz4.h>

#include <cstring>
#include <vector>

#include "encoding/codec.h"
#include "encoding/codec_prepared.h"

namespace lancer::encoding {
namespace {

const char* Chars(const std::byte* bytes) {
  return static_cast<const char*>(static_cast<const void*>(bytes));
}

char* Chars(std::byte* bytes) { return static_cast<char*>(static_cast<void*>(bytes)); }

// A dictionary with room behind it. lz4 copies matches that reach back into a dictionary
// at once when it lies right before the output, and several times slower when it lies
// elsewhere; so short blocks are decoded here and moved. One per thread; the dictionary
// is copied when another one is asked for.
class Window {
 public:
  static constexpr size_t kRoom = size_t{64} << 10;

  // Where output goes so that the dictionary stands before it.
  char* Place(const CodecDictionary& dictionary) {
    const std::span<const std::byte> text = dictionary.bytes();
    if (memory_.empty()) {
      memory_.resize(kMaxCodecDictionaryBytes + kRoom);
    }
    std::byte* room = memory_.data() + kMaxCodecDictionaryBytes;
    if (dictionary.prepared().id != id_) {
      std::memcpy(room - text.size(), text.data(), text.size());
      id_ = dictionary.prepared().id;
    }
    return Chars(room);
  }

 private:
  std::vector<std::byte> memory_;
  uint64_t id_ = 0;
};

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
    const int size = dictionary == nullptr || raw.empty()
                         ? LZ4_decompress_safe(Chars(stored.data()), Chars(raw.data()),
                                               stored_size, raw_size)
                         : DecompressBehind(*dictionary, stored, raw);
    if (size != raw_size) {
      return NodeCorruption(
          *this, fmt::format("block gives {} bytes, expected {}", size, raw_size));
    }
    return Status::Ok();
  }

 private:
  // Bytes decoded, or a negative number. REQUIRES: sizes fit an int.
  static int DecompressBehind(const CodecDictionary& dictionary,
                              std::span<const std::byte> stored,
                              std::span<std::byte> raw) {
    static thread_local Window window;
    const std::span<const std::byte> text = dictionary.bytes();
    const bool small = raw.size() <= Window::kRoom;
    char* to = small ? window.Place(dictionary) : Chars(raw.data());
    const char* before = small ? to - text.size() : Chars(text.data());
    const int size = LZ4_decompress_safe_usingDict(
        Chars(stored.data()), to, static_cast<int>(stored.size()),
        static_cast<int>(raw.size()), before, static_cast<int>(text.size()));
    if (small && size > 0) {
      std::memcpy(raw.data(), to, static_cast<size_t>(size));
    }
    return size;
  }
};

}  // namespace

const Encoding& Lz4Encoding() {
  static constexpr Lz4 kLz4;
  return kLz4;
}

}  // namespace lancer::encoding
