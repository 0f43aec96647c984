// Writes the frame of a file (spec: container):
//
//   [magic 8] [pages, page indexes, ...] [column metadata] [column directory]
//   [name index] [schema] [sections] [unit checks] [footer] [postscript 64]

#include <fmt/format.h>

#include <array>
#include <bit>
#include <utility>

#include "encoding/checksum.h"
#include "format/column_directory.h"
#include "format/container.h"
#include "format/footer.h"
#include "format/name_index.h"
#include "format/postscript.h"
#include "types/library_version.h"

namespace lancer::format {
namespace {

constexpr uint32_t kPartAlignment = 8;
// Tables of several units start where a disk block does, so that a unit is one block.
constexpr uint32_t kTableAlignment = 64;

uint32_t TableAlignment(uint64_t size) {
  return size > kUnitSize ? static_cast<uint32_t>(kUnitSize) : kTableAlignment;
}

}  // namespace

struct ContainerWriter::Impl {
  StagedFile* file;
  uint64_t offset = 0;
  Status failed;  // of the first operation that did not succeed
  bool finished = false;
  Footer footer;
  std::vector<std::byte> directory;
  NameIndexBuilder names;
  std::vector<std::vector<std::byte>> section_bytes;  // as footer.sections

  Status Ready() const {
    if (finished) {
      return Status::Internal("the file has been finished already");
    }
    return failed;
  }

  Status Write(std::span<const std::byte> bytes) {
    failed = file->Append(bytes);
    offset += failed.ok() ? bytes.size() : 0;
    return failed;
  }

  Result<uint64_t> Append(std::span<const std::byte> bytes, uint32_t alignment) {
    static constexpr std::array<std::byte, 4096> kZeros{};
    uint64_t padding = (alignment - offset % alignment) % alignment;
    while (padding > 0) {
      auto step = static_cast<size_t>(std::min<uint64_t>(padding, kZeros.size()));
      LANCER_RETURN_IF_ERROR(Write(std::span(kZeros).first(step)));
      padding -= step;
    }
    uint64_t at = offset;
    LANCER_RETURN_IF_ERROR(Write(bytes));
    return at;
  }

  // Appends a part that is stored as `bytes`; its codec and raw size are set already.
  Status AppendPart(std::span<const std::byte> bytes, uint32_t alignment, Part* part) {
    LANCER_ASSIGN_OR_RETURN(part->range.offset, Append(bytes, alignment));
    part->range.size = bytes.size();
    part->range.check = encoding::Checksum64(bytes);
    return Status::Ok();
  }

  // A table whose units are checked one by one.
  Status AppendTable(std::span<const std::byte> table, std::vector<std::byte>* checks,
                     Part* part) {
    LANCER_ASSIGN_OR_RETURN(part->range.offset,
                            Append(table, TableAlignment(table.size())));
    part->range.size = table.size();
    part->raw_size = table.size();
    AppendUnitChecks(table, checks);
    return Status::Ok();
  }

  Status AppendParts(const Schema& schema) {
    std::vector<std::byte> checks;
    LANCER_RETURN_IF_ERROR(AppendTable(directory, &checks, &footer.directory));
    LANCER_RETURN_IF_ERROR(
        AppendTable(std::move(names).Finish(), &checks, &footer.name_index));
    auto packed = PackPart(SerializeSchema(schema), &footer.schema);
    LANCER_RETURN_IF_ERROR(AppendPart(packed, kPartAlignment, &footer.schema));
    for (size_t i = 0; i < section_bytes.size(); ++i) {
      LANCER_RETURN_IF_ERROR(
          AppendPart(section_bytes[i], kPartAlignment, &footer.sections[i].part));
    }
    footer.unit_checks.raw_size = checks.size();
    return AppendPart(checks, kPartAlignment, &footer.unit_checks);
  }

  Result<FileRef> AppendFooter() {
    std::vector<std::byte> bytes = SerializeFooter(footer);
    LANCER_ASSIGN_OR_RETURN(uint64_t at, Append(bytes, kPartAlignment));
    Postscript postscript{
        .footer_offset = at,
        .tail_size = offset - footer.unit_checks.range.offset + kPostscriptSize,
        .footer_check = encoding::Checksum64(bytes),
        .footer_size = static_cast<uint32_t>(bytes.size())};
    auto last = SerializePostscript(postscript);
    LANCER_RETURN_IF_ERROR(Write(last));
    encoding::ChecksumStream digest;
    digest.Update(bytes);
    digest.Update(last);
    encoding::Digest128 sum = digest.Digest();
    return FileRef{.size = offset, .digest = {.low = sum.low, .high = sum.high}};
  }
};

ContainerWriter::ContainerWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ContainerWriter::~ContainerWriter() = default;

Result<std::unique_ptr<ContainerWriter>> ContainerWriter::Begin(StagedFile* file,
                                                                FileKind kind) {
  if (file->size() != 0) {
    return Status::InvalidArgument(
        fmt::format("the staged file has {} bytes already", file->size()));
  }
  auto impl = std::make_unique<Impl>();
  impl->file = file;
  impl->footer.kind = kind;
  impl->footer.written_by = LibraryVersion();
  LANCER_RETURN_IF_ERROR(impl->Write(Magic()));
  return std::unique_ptr<ContainerWriter>(new ContainerWriter(std::move(impl)));
}

void ContainerWriter::NameApplication(std::string_view application) {
  if (!application.empty()) {
    impl_->footer.written_by = fmt::format("{} ({})", LibraryVersion(), application);
  }
}

Result<uint64_t> ContainerWriter::Append(std::span<const std::byte> bytes,
                                         uint32_t alignment) {
  LANCER_RETURN_IF_ERROR(impl_->Ready());
  if (!std::has_single_bit(alignment)) {
    return Status::InvalidArgument(
        fmt::format("alignment {} is not a power of two", alignment));
  }
  return impl_->Append(bytes, alignment);
}

Result<CheckedRange> ContainerWriter::AppendChecked(std::span<const std::byte> bytes,
                                                    uint32_t alignment) {
  LANCER_ASSIGN_OR_RETURN(uint64_t at, Append(bytes, alignment));
  return CheckedRange{
      .offset = at, .size = bytes.size(), .check = encoding::Checksum64(bytes)};
}

Status ContainerWriter::AddColumn(const ColumnMeta& meta) {
  LANCER_RETURN_IF_ERROR(impl_->Ready());
  std::vector<std::byte> bytes = SerializeColumnMeta(meta, &impl_->footer.encodings);
  LANCER_ASSIGN_OR_RETURN(CheckedRange range, AppendChecked(bytes, kPartAlignment));
  AppendDirectoryRecord(
      {.meta_offset = range.offset,
       .meta_size = static_cast<uint32_t>(range.size),
       .first_page_offset = meta.pages.empty() ? 0 : meta.pages.front().offset,
       .meta_check = range.check},
      &impl_->directory);
  impl_->names.Add(meta.path, LeafId(impl_->footer.leaf_count));
  ++impl_->footer.leaf_count;
  return Status::Ok();
}

Status ContainerWriter::AddSection(std::string_view name,
                                   std::span<const std::byte> bytes) {
  LANCER_RETURN_IF_ERROR(impl_->Ready());
  for (const Section& section : impl_->footer.sections) {
    if (section.name == name) {
      return Status::AlreadyExists(fmt::format("section {} has been added", name));
    }
  }
  Section section{.name = std::string(name), .part = {}};
  impl_->section_bytes.push_back(PackPart(bytes, &section.part));
  impl_->footer.sections.push_back(std::move(section));
  return Status::Ok();
}

Result<FileRef> ContainerWriter::Finish(const Schema& schema, uint64_t row_count) {
  LANCER_RETURN_IF_ERROR(impl_->Ready());
  impl_->footer.row_count = row_count;
  LANCER_RETURN_IF_ERROR(impl_->AppendParts(schema));
  LANCER_ASSIGN_OR_RETURN(FileRef ref, impl_->AppendFooter());
  impl_->finished = true;
  return ref;
}

uint64_t ContainerWriter::offset() const { return impl_->offset; }

}  // namespace lancer::format
