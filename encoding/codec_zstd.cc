// zstd: one frame without content size, checksum and dictionary id, since all three are
// known from elsewhere; the layout is drawn in codec.cc (spec: encodings, "zstd, lz4").
// How a dictionary is used is a parameter outside of zstd's stable interface, which
// Debian's shared library takes since 1.4.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <fmt/format.h>

#include <algorithm>

#include "encoding/codec.h"
#include "encoding/codec_prepared.h"
#include "encoding/scratch.h"
#include "encoding/zstd_contexts.h"

namespace lancer::encoding {
namespace {

class Zstd final : public Codec {
 public:
  std::string_view name() const override { return "zstd"; }

  // An RLE block of 128 KiB takes 4 bytes.
  uint64_t MaxRatio() const override { return uint64_t{1} << 16; }

  Status Compress(std::span<const std::byte> raw, std::span<const size_t> cuts,
                  const CodecDictionary* dictionary, unsigned level_class,
                  std::vector<std::byte>* out) const override {
    if (raw.empty()) {
      return Status::Ok();
    }
    ZSTD_CCtx* context = ZstdCompressor();
    if (context == nullptr) {
      return Status::ResourceExhausted("zstd: no memory for a compressor");
    }
    const size_t level = std::min<size_t>(level_class, kZstdLevels.size() - 1);
    ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    SetParameters(context, level);
    if (dictionary != nullptr) {
      const ZSTD_CDict* prepared = dictionary->prepared().ZstdFor(level);
      if (prepared == nullptr) {
        return Status::InvalidArgument("zstd: the codec dictionary is not usable");
      }
      ZSTD_CCtx_refCDict(context, prepared);
      // zstd would copy the tables of a dictionary as large as ours for each block.
      ZSTD_CCtx_setParameter(context, ZSTD_c_forceAttachDict, ZSTD_dictForceAttach);
    }
    const size_t before = out->size();
    out->resize(before + ZSTD_compressBound(raw.size()));
    const size_t size =
        CompressParts(context, raw, cuts, std::span(*out).subspan(before));
    if (ZSTD_isError(size) != 0) {
      out->resize(before);
      return Status::Internal(fmt::format("zstd: {}", ZSTD_getErrorName(size)));
    }
    out->resize(before + (size < raw.size() ? size : 0));
    return Status::Ok();
  }

  // zstd decodes blocks of up to 128 KiB as wholes, so a prefix costs as much.
  Status DecompressPrefix(std::span<const std::byte> stored,
                          const CodecDictionary* dictionary, size_t raw_size,
                          std::span<std::byte> prefix) const override {
    ZSTD_DCtx* context = ZstdDecompressor();
    if (context == nullptr) {
      return Status::ResourceExhausted("zstd: no memory for a decompressor");
    }
    if (dictionary != nullptr) {
      return DecompressBehind(context, *dictionary, stored, raw_size, prefix);
    }
    if (prefix.size() < raw_size) {
      Scratch raw(raw_size);
      LANCER_RETURN_IF_ERROR(Decompress(stored, nullptr, raw.bytes()));
      std::copy_n(raw.data(), prefix.size(), prefix.data());
      return Status::Ok();
    }
    const size_t size = ZSTD_decompressDCtx(context, prefix.data(), prefix.size(),
                                            stored.data(), stored.size());
    return CheckSize(size, raw_size);
  }

 private:
  // What zstd gave back, which may be an error.
  Status CheckSize(size_t size, size_t expected) const {
    if (ZSTD_isError(size) != 0) {
      return NodeCorruption(*this, ZSTD_getErrorName(size));
    }
    if (size != expected) {
      return NodeCorruption(
          *this, fmt::format("frame of {} bytes, expected {}", size, expected));
    }
    return Status::Ok();
  }

  Status DecompressBehind(ZSTD_DCtx* context, const CodecDictionary& dictionary,
                          std::span<const std::byte> stored, size_t raw_size,
                          std::span<std::byte> prefix) const {
    const ZstdWindows::Borrowed window = dictionary.prepared().zstd_windows.Borrow();
    if (window.get() == nullptr) {
      return Status::ResourceExhausted("zstd: no memory for a dictionary");
    }
    const bool fits = raw_size <= ZstdWindow::kRoomBytes;
    Scratch large(fits ? 0 : raw_size);
    std::byte* const raw = fits ? window.get()->room().data() : large.data();
    LANCER_RETURN_IF_ERROR(
        CheckSize(ZSTD_decompress_usingDDict(context, raw, raw_size, stored.data(),
                                             stored.size(), window.get()->reader()),
                  raw_size));
    std::copy_n(raw, prefix.size(), prefix.data());
    return Status::Ok();
  }

  static void SetParameters(ZSTD_CCtx* context, size_t level) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kZstdLevels[level]);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
    if (level == kZstdFewMatches) {
      ZSTD_CCtx_setParameter(context, ZSTD_c_strategy, ZSTD_fast);
      ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 7);
    }
  }

  // One frame, in which a block, and with it a table of its own, starts at each cut.
  static size_t CompressParts(ZSTD_CCtx* context, std::span<const std::byte> raw,
                              std::span<const size_t> cuts, std::span<std::byte> out) {
    if (cuts.empty()) {
      return ZSTD_compress2(context, out.data(), out.size(), raw.data(), raw.size());
    }
    ZSTD_CCtx_setPledgedSrcSize(context, raw.size());
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    ZSTD_inBuffer source{raw.data(), 0, 0};
    for (size_t i = 0; i <= cuts.size(); ++i) {
      const bool last = i == cuts.size();
      source.size = last ? raw.size() : cuts[i];
      const size_t left = ZSTD_compressStream2(context, &target, &source,
                                               last ? ZSTD_e_end : ZSTD_e_flush);
      if (left != 0) {
        // An error, or more than raw bytes: both ends are the caller's to see.
        return ZSTD_isError(left) != 0 ? left : raw.size();
      }
    }
    return target.pos;
  }
};

}  // namespace

const Encoding& ZstdEncoding() {
  static constexpr Zstd kZstd;
  return kZstd;
}

}  // namespace lancer::encoding
