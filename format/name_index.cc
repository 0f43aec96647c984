// Spec: container, "Name index". Records ascend by hash, then by leaf.
//
//    0 u64 hash of the path    8 u32 leaf id    12 u32 zero

#include "format/name_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "encoding/byte_order.h"
#include "encoding/byte_writer.h"
#include "encoding/checksum.h"

namespace lancer::format {
namespace {

using encoding::LoadLe;

uint64_t HashAt(std::span<const std::byte> unit, size_t record) {
  return LoadLe<uint64_t>(unit.data() + record * kNameRecordSize);
}

uint32_t LeafAt(std::span<const std::byte> unit, size_t record) {
  return LoadLe<uint32_t>(unit.data() + record * kNameRecordSize + 8);
}

size_t RecordCount(std::span<const std::byte> unit) {
  return unit.size() / kNameRecordSize;
}

// Hashes are spread evenly, so the first guesses are nearly always right; after them the
// middle is tried, which bounds the work for any index.
uint64_t Probe(uint64_t hash, uint64_t low, uint64_t high, uint64_t count, int tries) {
  if (tries >= 3) {
    return low + (high - low) / 2;
  }
  auto guess = static_cast<uint64_t>(static_cast<double>(hash) / 18446744073709551616.0 *
                                     static_cast<double>(count));
  return std::clamp(guess, low, high - 1);
}

// The first unit whose last hash is not below `hash`, or the number of units.
Result<uint64_t> FindUnit(const UnitTable& index, const FileBytes& file, uint64_t hash) {
  uint64_t low = 0;
  uint64_t high = index.unit_count();
  for (int tries = 0; low < high; ++tries) {
    uint64_t probe = Probe(hash, low, high, index.unit_count(), tries);
    LANCER_ASSIGN_OR_RETURN(UnitTable::Unit unit, index.Read(probe, file));
    if (HashAt(unit.bytes, RecordCount(unit.bytes) - 1) < hash) {
      low = probe + 1;
    } else if (HashAt(unit.bytes, 0) < hash) {
      return probe;
    } else {
      high = probe;
    }
  }
  return low;
}

Status BadLeaf(const UnitTable& index, uint32_t leaf, uint32_t leaf_count) {
  return Status::Corruption(
      fmt::format("{}: a record names leaf {} of {}", index.where(), leaf, leaf_count));
}

}  // namespace

uint64_t PathHash(const FieldPath& path) {
  std::vector<std::byte> bytes;
  encoding::ByteWriter writer(&bytes);
  for (const std::string& name : path) {
    writer.Write(static_cast<uint32_t>(name.size()));
    writer.WriteSpan(std::as_bytes(std::span(name)));
  }
  return encoding::Checksum64(bytes);
}

std::vector<std::byte> NameIndexBuilder::Finish() && {
  std::ranges::sort(records_);
  std::vector<std::byte> out;
  encoding::ByteWriter writer(&out);
  for (const Record& record : records_) {
    writer.Write(record.hash);
    writer.Write(record.leaf.value);
    writer.Write(uint32_t{0});
  }
  return out;
}

Result<std::vector<LeafId>> FindHash(const UnitTable& index, const FileBytes& file,
                                     uint32_t leaf_count, uint64_t hash) {
  std::vector<LeafId> found;
  LANCER_ASSIGN_OR_RETURN(uint64_t unit_number, FindUnit(index, file, hash));
  for (; unit_number < index.unit_count(); ++unit_number) {
    LANCER_ASSIGN_OR_RETURN(UnitTable::Unit unit, index.Read(unit_number, file));
    for (size_t i = 0; i < RecordCount(unit.bytes); ++i) {
      uint64_t at = HashAt(unit.bytes, i);
      if (at > hash) {
        return found;
      }
      if (at == hash) {
        uint32_t leaf = LeafAt(unit.bytes, i);
        if (leaf >= leaf_count) {
          return BadLeaf(index, leaf, leaf_count);
        }
        found.push_back(LeafId(leaf));
      }
    }
  }
  return found;
}

Status VerifyNameIndex(const UnitTable& index, const FileBytes& file,
                       uint32_t leaf_count) {
  LANCER_RETURN_IF_ERROR(index.VerifyAll(file));
  std::vector<bool> seen(leaf_count);
  uint64_t last = 0;
  for (uint64_t unit_number = 0; unit_number < index.unit_count(); ++unit_number) {
    LANCER_ASSIGN_OR_RETURN(UnitTable::Unit unit, index.Read(unit_number, file));
    for (size_t i = 0; i < RecordCount(unit.bytes); ++i) {
      uint64_t hash = HashAt(unit.bytes, i);
      uint32_t leaf = LeafAt(unit.bytes, i);
      if (leaf >= leaf_count) {
        return BadLeaf(index, leaf, leaf_count);
      }
      if (seen[leaf] || hash < last) {
        return Status::Corruption(fmt::format(
            "{}: unit {}: record {}: expected ascending hashes and each leaf once, found "
            "hash {:016x} of leaf {}",
            index.where(), unit_number, i, hash, leaf));
      }
      seen[leaf] = true;
      last = hash;
    }
  }
  return Status::Ok();
}

}  // namespace lancer::format
