// Sections and the schema: stored as they are, or as one zstd frame where that saves at
// least a tenth (spec: container, "Sections").

#include "format/footer_part.h"

#include <fmt/format.h>
#include <zstd.h>

#include "encoding/checksum.h"
#include "encoding/zstd_contexts.h"

namespace lancer::format {
namespace {

constexpr int kLevel = 3;
// Fewer bytes are read as quickly, and a durable commit of one row waits for no codec.
constexpr size_t kMinPackedSize = 4096;
// Bounds on what a reader decompresses, whatever the raw size says.
constexpr uint64_t kMaxRawSize = uint64_t{1} << 30;
constexpr uint64_t kMaxRatio = 1024;
constexpr uint64_t kRatioSlack = 1 << 20;

bool MayCompress(uint64_t raw_size, uint64_t stored_size) {
  return raw_size <= kMaxRawSize && raw_size <= stored_size * kMaxRatio + kRatioSlack;
}

}  // namespace

Status CheckBytes(std::span<const std::byte> bytes, uint64_t stored,
                  const std::string& where) {
  uint64_t computed = encoding::Checksum64(bytes);
  if (stored != computed) {
    return Status::Corruption(fmt::format("{}: checksum stored {:016x}, computed {:016x}",
                                          where, stored, computed));
  }
  return Status::Ok();
}

std::vector<std::byte> PackPart(std::span<const std::byte> raw, Part* part) {
  part->raw_size = raw.size();
  part->codec = PartCodec::kNone;
  ZSTD_CCtx* context = encoding::ZstdCompressor();
  if (context != nullptr && raw.size() >= kMinPackedSize && raw.size() <= kMaxRawSize) {
    std::vector<std::byte> packed(ZSTD_compressBound(raw.size()));
    size_t size = ZSTD_compressCCtx(context, packed.data(), packed.size(), raw.data(),
                                    raw.size(), kLevel);
    if (ZSTD_isError(size) == 0 && size <= raw.size() / 10 * 9 &&
        MayCompress(raw.size(), size)) {
      part->codec = PartCodec::kZstd;
      packed.resize(size);
      return packed;
    }
  }
  return {raw.begin(), raw.end()};
}

Result<std::vector<std::byte>> UnpackPart(const Part& part,
                                          std::span<const std::byte> stored,
                                          const std::string& where) {
  LANCER_RETURN_IF_ERROR(CheckBytes(stored, part.range.check, where));
  if (part.codec == PartCodec::kNone) {
    return std::vector<std::byte>(stored.begin(), stored.end());
  }
  if (!MayCompress(part.raw_size, stored.size())) {
    return Status::Corruption(
        fmt::format("{}: a raw size of {} bytes is not possible for {} compressed bytes",
                    where, part.raw_size, stored.size()));
  }
  ZSTD_DCtx* context = encoding::ZstdDecompressor();
  if (context == nullptr) {
    return Status::ResourceExhausted(where + ": zstd: no memory for a decompressor");
  }
  std::vector<std::byte> raw(static_cast<size_t>(part.raw_size));
  size_t size =
      ZSTD_decompressDCtx(context, raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != raw.size()) {
    return Status::Corruption(
        fmt::format("{}: zstd: expected {} bytes, found {}", where, raw.size(),
                    ZSTD_isError(size) != 0 ? std::string(ZSTD_getErrorName(size))
                                            : std::to_string(size)));
  }
  return raw;
}

}  // namespace lancer::format
