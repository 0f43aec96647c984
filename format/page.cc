#include "format/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "format/blocks.h"
#include "format/uniform.h"
#include "format/variable.h"

namespace lancer::format {

std::span<const std::byte> FetchedBytes::Find(uint64_t offset, uint64_t size) const {
  const std::span<const std::byte> fetched = FindPiece(offset, size);
  if (!fetched.empty() || offset > mapped_.size() || size > mapped_.size() - offset) {
    return fetched;
  }
  return mapped_.subspan(static_cast<size_t>(offset), static_cast<size_t>(size));
}

std::span<const std::byte> FetchedBytes::FindPiece(uint64_t offset, uint64_t size) const {
  auto piece = std::upper_bound(
      pieces_.begin(), pieces_.end(), offset,
      [](uint64_t wanted, const Piece& candidate) { return wanted < candidate.offset; });
  if (piece == pieces_.begin()) {
    return {};
  }
  --piece;
  const uint64_t skip = offset - piece->offset;
  if (skip > piece->bytes.size() || size > piece->bytes.size() - skip) {
    return {};
  }
  return piece->bytes.subspan(static_cast<size_t>(skip), static_cast<size_t>(size));
}

PageResult PageReader::Make(PageSource source) {
  switch (source.meta.layout) {
    case LayoutKind::kUniform:
      return OpenUniform(std::move(source));
    case LayoutKind::kBlocks:
      return OpenBlocks(std::move(source));
    case LayoutKind::kVariable:
      return OpenVariable(std::move(source));
  }
  return Status::Unsupported(fmt::format("{}: layout {} is not known to this build",
                                         source.where,
                                         static_cast<unsigned>(source.meta.layout)));
}

void AddRange(uint64_t offset, uint64_t size, std::vector<ByteRange>* ranges) {
  if (size == 0) {
    return;
  }
  if (!ranges->empty()) {
    ByteRange& last = ranges->back();
    if (last.offset <= offset && offset <= last.offset + last.size) {
      last.size = std::max(last.size, offset + size - last.offset);
      return;
    }
  }
  ranges->push_back({offset, size});
}

}  // namespace lancer::format
