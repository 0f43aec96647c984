// Spec: container, "Postscript". All numbers are little-endian.
//
//    0 u64 required features     32 u64 XXH3-64 of the footer
//    8 u64 optional features     40 u32 footer size
//   16 u64 footer offset         44 u16 major version   46 u16 minor version
//   24 u64 tail size             48 u64 XXH3-64 of bytes 0 to 47
//                                56 magic "LNCR\r\n\x1a\n"

#include "format/postscript.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "encoding/byte_order.h"
#include "encoding/checksum.h"

namespace lancer::format {
namespace {

using encoding::LoadLe;
using encoding::StoreLe;

constexpr size_t kCheckOffset = 48;
constexpr size_t kMagicOffset = 56;
constexpr std::array<std::byte, kMagicSize> kMagic = {
    std::byte{'L'},  std::byte{'N'},  std::byte{'C'},  std::byte{'R'},
    std::byte{'\r'}, std::byte{'\n'}, std::byte{0x1A}, std::byte{'\n'}};
static_assert(kMagicOffset + kMagicSize == kPostscriptSize);

constexpr std::array<std::string_view, 5> kFeatureNames = {
    "encryption", "interleaved columns", "sort order", "parity section",
    "content digest"};

bool EndsWith(std::span<const std::byte> bytes, std::string_view text) {
  auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
  return bytes.size() >= text.size() &&
         std::ranges::equal(bytes.last(text.size()), text, same);
}

std::string Hex(std::span<const std::byte> bytes) {
  std::string text;
  for (std::byte b : bytes) {
    text += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  }
  return text;
}

Status CheckMagic(std::span<const std::byte> bytes, uint64_t file_size,
                  const std::string& path) {
  if (EndsWith(bytes, "LANC")) {
    return Status::InvalidArgument(
        path +
        ": this is a file of the original Lance format, which Lancer does not read; "
        "convert it to Parquet with Lance's own tools, then to Lancer with "
        "lance-convert");
  }
  if (file_size < kMagicSize + kPostscriptSize) {
    return Status::Corruption(
        fmt::format("{}: not a Lancer file, or truncated: it has {} bytes, the smallest "
                    "file {}",
                    path, file_size, kMagicSize + kPostscriptSize));
  }
  auto found = bytes.last(kMagicSize);
  if (!std::ranges::equal(found, kMagic)) {
    return Status::Corruption(fmt::format(
        "{}: not a Lancer file, or truncated: magic at {}: expected {}, found {}", path,
        file_size - kMagicSize, Hex(kMagic), Hex(found)));
  }
  return Status::Ok();
}

Status CheckFeatures(const Postscript& postscript, const std::string& where) {
  uint64_t unknown = postscript.required_features & ~kKnownRequiredFeatures;
  if (unknown != 0) {
    return Status::Unsupported(
        fmt::format("{}: the file needs the feature {}, which this build does not read",
                    where, FeatureName(std::countr_zero(unknown))));
  }
  return Status::Ok();
}

Status CheckRanges(const Postscript& postscript, uint64_t file_size,
                   const std::string& where) {
  uint64_t body = file_size - kPostscriptSize;
  uint64_t size = postscript.footer_size;
  if (size > body - kMagicSize || postscript.footer_offset != body - size) {
    return Status::Corruption(fmt::format(
        "{}: footer of {} bytes at {}: expected it to end at {}, between the magic and "
        "the postscript",
        where, size, postscript.footer_offset, body));
  }
  if (postscript.tail_size < size + kPostscriptSize ||
      postscript.tail_size > file_size - kMagicSize) {
    return Status::Corruption(fmt::format("{}: tail size: expected {} to {}, found {}",
                                          where, size + kPostscriptSize,
                                          file_size - kMagicSize, postscript.tail_size));
  }
  return Status::Ok();
}

}  // namespace

std::span<const std::byte, kMagicSize> Magic() { return kMagic; }

std::string FeatureName(int bit) {
  auto place = static_cast<size_t>(bit);
  return place < kFeatureNames.size()
             ? fmt::format("{} (bit {})", kFeatureNames[place], bit)
             : fmt::format("bit {}", bit);
}

std::array<std::byte, kPostscriptSize> SerializePostscript(const Postscript& postscript) {
  std::array<std::byte, kPostscriptSize> out{};
  std::byte* at = out.data();
  StoreLe(at, postscript.required_features);
  StoreLe(at + 8, postscript.optional_features);
  StoreLe(at + 16, postscript.footer_offset);
  StoreLe(at + 24, postscript.tail_size);
  StoreLe(at + 32, postscript.footer_check);
  StoreLe(at + 40, postscript.footer_size);
  StoreLe(at + 44, postscript.major_version);
  StoreLe(at + 46, postscript.minor_version);
  StoreLe(at + kCheckOffset,
          encoding::Checksum64(std::span<const std::byte>(out).first(kCheckOffset)));
  std::ranges::copy(kMagic, out.begin() + kMagicOffset);
  return out;
}

Result<Postscript> ParsePostscript(std::span<const std::byte> bytes, uint64_t file_size,
                                   const std::string& path) {
  LANCER_RETURN_IF_ERROR(CheckMagic(bytes, file_size, path));
  if (bytes.size() < kPostscriptSize) {
    return Status::Internal(path + ": the postscript was not read whole");
  }
  bytes = bytes.last(kPostscriptSize);
  std::string where =
      fmt::format("{}: postscript at {}", path, file_size - kPostscriptSize);
  const std::byte* at = bytes.data();
  auto stored = LoadLe<uint64_t>(at + kCheckOffset);
  uint64_t computed = encoding::Checksum64(bytes.first(kCheckOffset));
  if (stored != computed) {
    return Status::Corruption(fmt::format("{}: checksum stored {:016x}, computed {:016x}",
                                          where, stored, computed));
  }
  Postscript postscript{.required_features = LoadLe<uint64_t>(at),
                        .optional_features = LoadLe<uint64_t>(at + 8),
                        .footer_offset = LoadLe<uint64_t>(at + 16),
                        .tail_size = LoadLe<uint64_t>(at + 24),
                        .footer_check = LoadLe<uint64_t>(at + 32),
                        .footer_size = LoadLe<uint32_t>(at + 40),
                        .major_version = LoadLe<uint16_t>(at + 44),
                        .minor_version = LoadLe<uint16_t>(at + 46)};
  if (postscript.major_version > kMajorVersion) {
    return Status::Unsupported(fmt::format(
        "{}: the file has format version {}.{}, this build reads up to "
        "version {}; use a newer Lancer",
        where, postscript.major_version, postscript.minor_version, kMajorVersion));
  }
  LANCER_RETURN_IF_ERROR(CheckFeatures(postscript, where));
  LANCER_RETURN_IF_ERROR(CheckRanges(postscript, file_size, where));
  return postscript;
}

}  // namespace lancer::format
