// Decodes arbitrary bytes as a stream: the input's first bytes choose type, tree and
// count, then stand a symbol table, a codec dictionary and a dictionary where the first
// byte, that of the tree and that of the width say so; the rest is the stream. Must never
// crash, whatever it holds.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "encoding/byte_reader.h"
#include "encoding/codec_dictionary.h"
#include "encoding/dictionary.h"
#include "encoding/stream.h"
#include "encoding/symbol_table.h"

using namespace lancer::encoding;  // NOLINT: a program

namespace {

// What stands behind its size.
std::span<const std::byte> ReadSized(ByteReader* reader) {
  uint16_t size = 0;
  std::span<const std::byte> bytes;
  return reader->Read(&size) && reader->ReadSpan(size, &bytes)
             ? bytes
             : std::span<const std::byte>();
}

// Null when it is damaged.
template <typename Shared>
std::shared_ptr<const Shared> ReadShared(ByteReader* reader) {
  return Shared::Load(ReadSized(reader)).value_or(nullptr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader reader(std::as_bytes(std::span(data, size)));
  uint8_t kind = 0;
  uint8_t width = 0;
  uint16_t count = 0;
  uint8_t nodes = 0;
  if (!reader.Read(&kind) || !reader.Read(&width) || !reader.Read(&count) ||
      !reader.Read(&nodes)) {
    return 0;
  }
  EncodingTree tree;
  for (unsigned i = 0; i < nodes % 8U + 1U; ++i) {
    uint8_t id = 0;
    uint8_t children = 0;
    uint8_t parameter = 0;
    if (!reader.Read(&id) || !reader.Read(&children) || !reader.Read(&parameter)) {
      return 0;
    }
    tree.nodes.push_back({static_cast<EncodingId>(id), children, parameter});
  }
  PhysicalType type{static_cast<PhysicalKind>(kind % 3),
                    static_cast<NumberKind>(kind / 3 % 5), 0};
  type.width = type.kind == PhysicalKind::kFixed ? width % 128U % 33U : 0;
  const auto symbols = kind >= 128 ? ReadShared<SymbolTable>(&reader) : nullptr;
  const auto dictionary = nodes >= 128 ? ReadShared<CodecDictionary>(&reader) : nullptr;
  const auto values =
      width >= 128 && (type.kind == PhysicalKind::kBytes || type.width > 0)
          ? Dictionary::Load(type, ReadSized(&reader)).value_or(nullptr)
          : nullptr;
  std::span<const std::byte> stream;
  (void)reader.ReadSpan(reader.remaining(), &stream);
  // Backwards, as no take asks: var_bytes adds up all lengths before each of them anew,
  // so there are not too many.
  std::vector<uint32_t> positions;
  for (uint32_t i = 0; i < count; i += std::max<uint32_t>(7, count / 512)) {
    positions.push_back(count - 1U - i);
  }
  DecodeResources resources;
  resources.symbol_table = symbols.get();
  resources.codec_dictionary = dictionary.get();
  resources.dictionary = values.get();
  const StoredStream stored{tree, type, stream, count, resources};
  if (type.kind == PhysicalKind::kBytes) {
    BytesTarget target;
    target.offsets = {0};
    target.limit = uint64_t{1} << 22;
    (void)DecodeBytes(stored, 0, count, &target);
    (void)DecodeBytesAt(stored, positions, &target);
    return 0;
  }
  std::vector<std::byte> target(size_t{count} * std::max(type.width, 1U) + 64);
  (void)DecodeFixed(stored, {target.data(), 0});
  if (type.kind == PhysicalKind::kBits) {
    (void)DecodeBitsAt(stored, positions, {target.data(), 0});
  } else {
    (void)DecodeFixedAt(stored, positions, target.data(), type.width);
  }
  return 0;
}
