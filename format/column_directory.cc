// Spec: container, "Column directory". Records stand in the order of leaf ids.
//
//    0 u64 offset of the metadata   16 u64 offset of the first page
//    8 u32 its size                 24 u64 XXH3-64 of the metadata
//   12 u32 flags, 0

#include "format/column_directory.h"

#include <fmt/format.h>

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"

namespace lancer::format {

void AppendDirectoryRecord(const DirectoryRecord& record, std::vector<std::byte>* out) {
  encoding::ByteWriter writer(out);
  writer.Write(record.meta_offset);
  writer.Write(record.meta_size);
  writer.Write(record.flags);
  writer.Write(record.first_page_offset);
  writer.Write(record.meta_check);
}

DirectoryRecord ParseDirectoryRecord(std::span<const std::byte> bytes) {
  const std::byte* at = bytes.data();
  return {.meta_offset = encoding::LoadLe<uint64_t>(at),
          .meta_size = encoding::LoadLe<uint32_t>(at + 8),
          .flags = encoding::LoadLe<uint32_t>(at + 12),
          .first_page_offset = encoding::LoadLe<uint64_t>(at + 16),
          .meta_check = encoding::LoadLe<uint64_t>(at + 24)};
}

Result<DirectoryRecord> ReadDirectoryRecord(const UnitTable& directory,
                                            const FileBytes& file, uint32_t leaf_count,
                                            LeafId leaf) {
  if (leaf.value >= leaf_count) {
    return Status::InvalidArgument(fmt::format(
        "{}: leaf {} of {} does not exist", directory.where(), leaf.value, leaf_count));
  }
  uint64_t at = leaf.value * kDirectoryRecordSize;
  LANCER_ASSIGN_OR_RETURN(UnitTable::Unit unit, directory.Read(at / kUnitSize, file));
  DirectoryRecord record = ParseDirectoryRecord(
      unit.bytes.subspan(static_cast<size_t>(at % kUnitSize), kDirectoryRecordSize));
  uint64_t file_size = file.file()->size();
  if (record.meta_offset > file_size ||
      record.meta_size > file_size - record.meta_offset) {
    return Status::Corruption(fmt::format(
        "{}: record {}: metadata of {} bytes at {}: the file ends at {}",
        directory.where(), leaf.value, record.meta_size, record.meta_offset, file_size));
  }
  return record;
}

}  // namespace lancer::format
