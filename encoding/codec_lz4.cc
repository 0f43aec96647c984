// lz4: one raw block (no frame); the layout is drawn in codec.cc (spec: encodings,
// "zstd, lz4").
#include <fmt/format.h>
#include <lz4.h>

#include <algorithm>
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

// lz4 reaches back no further.
constexpr size_t kReach = size_t{64} << 10;

std::span<const std::byte> TextOf(const CodecDictionary& dictionary) {
  const std::span<const std::byte> bytes = dictionary.bytes();
  return bytes.last(std::min(bytes.size(), kReach));
}

// A dictionary with room behind it. lz4 copies matches that reach back into a dictionary
// at once when it lies right before the output, and several times slower when it lies
// elsewhere; so short blocks are decoded here and moved. One per thread; the dictionary
// is copied when another one is asked for.
class Window {
 public:
  static constexpr size_t kRoom = size_t{64} << 10;

  // Where output goes so that the dictionary stands before it.
  char* Place(const CodecDictionary& dictionary) {
    const std::span<const std::byte> text = TextOf(dictionary);
    if (memory_.empty()) {
      memory_.resize(kReach + kRoom);
    }
    std::byte* room = memory_.data() + kReach;
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

  Status Compress(std::span<const std::byte> raw, std::span<const size_t>,
                  const CodecDictionary* dictionary, unsigned,
                  std::vector<std::byte>* out) const override {
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

  Status DecompressPrefix(std::span<const std::byte> stored,
                          const CodecDictionary* dictionary, size_t raw_size,
                          std::span<std::byte> prefix) const override {
    if (stored.size() > INT32_MAX || raw_size > INT32_MAX) {
      return NodeCorruption(*this, fmt::format("block of {} stored and {} raw bytes",
                                               stored.size(), raw_size));
    }
    int size = 0;
    if (dictionary != nullptr && !prefix.empty()) {
      size = DecompressBehind(*dictionary, stored, raw_size, prefix);
    } else if (prefix.size() == raw_size) {
      size = LZ4_decompress_safe(Chars(stored.data()), Chars(prefix.data()),
                                 static_cast<int>(stored.size()),
                                 static_cast<int>(raw_size));
    } else {
      size = LZ4_decompress_safe_partial(
          Chars(stored.data()), Chars(prefix.data()), static_cast<int>(stored.size()),
          static_cast<int>(prefix.size()), static_cast<int>(prefix.size()));
    }
    if (size < 0 || static_cast<size_t>(size) != prefix.size()) {
      return NodeCorruption(
          *this, fmt::format("block gives {} bytes, expected {}", size, prefix.size()));
    }
    return Status::Ok();
  }

 private:
  // Bytes of `prefix` that were filled, or a negative number. REQUIRES: sizes fit an int.
  static int DecompressBehind(const CodecDictionary& dictionary,
                              std::span<const std::byte> stored, size_t raw_size,
                              std::span<std::byte> prefix) {
    static thread_local Window window;
    const std::span<const std::byte> text = TextOf(dictionary);
    const bool small = raw_size <= Window::kRoom;
    char* to = small ? window.Place(dictionary) : Chars(prefix.data());
    const char* before = small ? to - text.size() : Chars(text.data());
    const auto stored_size = static_cast<int>(stored.size());
    const auto text_size = static_cast<int>(text.size());
    int size = 0;
    if (prefix.size() == raw_size) {
      size = LZ4_decompress_safe_usingDict(Chars(stored.data()), to, stored_size,
                                           static_cast<int>(raw_size), before, text_size);
    } else {
      const auto wanted = static_cast<int>(
          small ? std::min(raw_size, prefix.size() + kSlowEnd) : prefix.size());
      size = LZ4_decompress_safe_partial_usingDict(Chars(stored.data()), to, stored_size,
                                                   wanted, wanted, before, text_size);
      size = std::min(size, static_cast<int>(prefix.size()));
    }
    if (small && size > 0) {
      std::memcpy(prefix.data(), to, static_cast<size_t>(size));
    }
    return size;
  }

  // lz4 decodes the last bytes of what it was asked for one by one.
  static constexpr size_t kSlowEnd = 64;
};

}  // namespace

const Encoding& Lz4Encoding() {
  static constexpr Lz4 kLz4;
  return kLz4;
}

}  // namespace lancer::encoding
