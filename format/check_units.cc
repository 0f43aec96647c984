// Spec: container, "Unit checks": one u32 per 4 KiB unit, the low half of its XXH3-64.

#include "format/check_units.h"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"
#include "encoding/checksum.h"

namespace lancer::format {

void AppendUnitChecks(std::span<const std::byte> table, std::vector<std::byte>* checks) {
  encoding::ByteWriter writer(checks);
  for (; !table.empty();
       table = table.subspan(std::min<size_t>(kUnitSize, table.size()))) {
    writer.Write(
        encoding::Checksum32(table.first(std::min<size_t>(kUnitSize, table.size()))));
  }
}

UnitTable::UnitTable(CheckedRange range, std::span<const std::byte> checks,
                     std::string where)
    : range_(range),
      where_(std::move(where)),
      verified_(std::make_unique<std::atomic<uint64_t>[]>(
          static_cast<size_t>(UnitCount(range.size) / 64 + 1))) {
  for (size_t at = 0; at + sizeof(uint32_t) <= checks.size(); at += sizeof(uint32_t)) {
    checks_.push_back(encoding::LoadLe<uint32_t>(checks.data() + at));
  }
}

Status UnitTable::Check(uint64_t unit, std::span<const std::byte> bytes) const {
  uint32_t stored = checks_[static_cast<size_t>(unit)];
  uint32_t computed = encoding::Checksum32(bytes);
  if (stored != computed) {
    return Status::Corruption(
        fmt::format("{}: unit {} at {}: checksum stored {:08x}, computed {:08x}", where_,
                    unit, range_.offset + unit * kUnitSize, stored, computed));
  }
  return Status::Ok();
}

Result<UnitTable::Unit> UnitTable::Read(uint64_t unit, const FileBytes& file) const {
  uint64_t first = unit * kUnitSize;
  uint64_t size = std::min(kUnitSize, range_.size - first);
  if (auto found = file.Find(range_.offset + first, size)) {
    auto& word = verified_[static_cast<size_t>(unit / 64)];
    const uint64_t bit = uint64_t{1} << (unit % 64);
    if ((word.load(std::memory_order_relaxed) & bit) == 0) {
      LANCER_RETURN_IF_ERROR(Check(unit, *found));
      word.fetch_or(bit, std::memory_order_relaxed);
    }
    return Unit{.bytes = *found, .held = nullptr};
  }
  LANCER_ASSIGN_OR_RETURN(BufferPtr bytes, file.Read(range_.offset + first, size));
  LANCER_RETURN_IF_ERROR(Check(unit, bytes->bytes()));
  return Unit{.bytes = bytes->bytes(), .held = bytes};
}

Status UnitTable::VerifyAll(const FileBytes& file) const {
  for (uint64_t unit = 0; unit < unit_count(); ++unit) {
    uint64_t first = unit * kUnitSize;
    LANCER_ASSIGN_OR_RETURN(
        BufferPtr bytes,
        file.Read(range_.offset + first, std::min(kUnitSize, range_.size - first)));
    LANCER_RETURN_IF_ERROR(Check(unit, bytes->bytes()));
  }
  return Status::Ok();
}

}  // namespace lancer::format
