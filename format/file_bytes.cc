#include "format/file_bytes.h"

#include <fmt/format.h>

namespace lancer::format {
namespace {

// A few pages of memory are as quickly read one by one as announced.
constexpr uint64_t kWorthReadAhead = 16 << 10;

}  // namespace

void FileBytes::Keep(uint64_t offset, BufferPtr bytes) {
  kept_offset_ = offset;
  kept_ = std::move(bytes);
}

std::optional<std::span<const std::byte>> FileBytes::Find(uint64_t offset,
                                                          uint64_t size) const {
  if (size > file_->size() || offset > file_->size() - size) {
    return std::nullopt;
  }
  if (auto mapped = file_->mapped(); !mapped.empty()) {
    return mapped.subspan(static_cast<size_t>(offset), static_cast<size_t>(size));
  }
  if (kept_ != nullptr && offset >= kept_offset_ && size <= kept_->size() &&
      offset - kept_offset_ <= kept_->size() - size) {
    return kept_->bytes().subspan(static_cast<size_t>(offset - kept_offset_),
                                  static_cast<size_t>(size));
  }
  return std::nullopt;
}

Status FileBytes::CheckRange(uint64_t offset, uint64_t size) const {
  if (size > file_->size() || offset > file_->size() - size) {
    return Status::Corruption(fmt::format("{}: {} bytes at {}: the file ends at {}",
                                          file_->path(), size, offset, file_->size()));
  }
  return Status::Ok();
}

Result<BufferPtr> FileBytes::Read(uint64_t offset, uint64_t size) const {
  LANCER_RETURN_IF_ERROR(CheckRange(offset, size));
  if (auto found = Find(offset, size)) {
    bool mapped = !file_->mapped().empty();
    std::shared_ptr<const void> owner;
    if (mapped) {
      if (size > kWorthReadAhead) {
        file_->WillNeed(offset, size);
      }
      owner = file_;
    } else {
      owner = kept_;
    }
    return std::make_shared<const Buffer>(*found, std::move(owner));
  }
  MutableBuffer bytes(static_cast<size_t>(size));
  const ReadRange range{.offset = offset, .destination = bytes.bytes()};
  LANCER_RETURN_IF_ERROR(file_->ReadBatch({&range, 1}));
  return std::move(bytes).Finish();
}

Result<std::vector<std::byte>> FileBytes::Copy(uint64_t offset, uint64_t size) const {
  LANCER_RETURN_IF_ERROR(CheckRange(offset, size));
  if (file_->mapped().empty()) {
    if (auto kept = Find(offset, size)) {
      return std::vector<std::byte>(kept->begin(), kept->end());
    }
  }
  std::vector<std::byte> bytes(static_cast<size_t>(size));
  const ReadRange range{.offset = offset, .destination = bytes};
  LANCER_RETURN_IF_ERROR(file_->ReadBatch({&range, 1}));
  return bytes;
}

}  // namespace lancer::format
