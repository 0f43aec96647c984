// spec/log.md, "HEAD" and "Sessions":
//
//   [magic 8] [what it says 24] [XXH3-64 of the 32 bytes before it u64]
#include "dataset/sealed_record.h"

#include <algorithm>

#include "encoding/byte_order.h"
#include "encoding/checksum.h"

namespace lancer::dataset {
namespace {

constexpr size_t kCheckedSize = kSealedRecordSize - sizeof(uint64_t);

}  // namespace

SealedRecord BeginRecord(std::string_view magic) {
  SealedRecord record{};
  std::ranges::copy(std::as_bytes(std::span(magic)), record.begin());
  return record;
}

void Seal(SealedRecord* record) {
  encoding::StoreLe<uint64_t>(
      record->data() + kCheckedSize,
      encoding::Checksum64(std::span(*record).first(kCheckedSize)));
}

bool IsSealed(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() == kSealedRecordSize &&
         std::ranges::equal(bytes.first(magic.size()), std::as_bytes(std::span(magic))) &&
         encoding::LoadLe<uint64_t>(bytes.data() + kCheckedSize) ==
             encoding::Checksum64(bytes.first(kCheckedSize));
}

std::optional<SealedRecord> ReadRecord(FileSystem& files, const std::string& path) {
  auto file = files.OpenForRead(path, MapMode::kNever);
  if (!file || (*file)->size() != kSealedRecordSize) {
    return std::nullopt;
  }
  SealedRecord record;
  ReadRange range{0, record};
  return (*file)->ReadBatch(std::span(&range, 1)).ok() ? std::optional(record)
                                                       : std::nullopt;
}

}  // namespace lancer::dataset
