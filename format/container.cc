// Reads the frame of a file (spec: container). Opening reads the tail and nothing per
// column; every other part is read and checked when it is asked for.

#include "format/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "encoding/checksum.h"
#include "format/check_units.h"
#include "format/column_directory.h"
#include "format/file_bytes.h"
#include "format/footer.h"
#include "format/name_index.h"
#include "format/postscript.h"

namespace lancer::format {
namespace {

// What the first read takes from the end of a file; a second one is needed only where
// the tail is larger.
constexpr uint64_t kTailGuess = 128 << 10;
constexpr uint64_t kMaxTail = uint64_t{1} << 30;
// So that the parts have in memory the alignment that they have in the file.
constexpr uint64_t kMemoryAlignment = 64;
// Gaps are a few bytes long; a damaged file's may be long, and are read in steps.
constexpr uint64_t kGapStep = 64 << 10;

std::string_view KindName(FileKind kind) {
  static constexpr std::string_view kNames[] = {
      "data file", "manifest",      "tree node", "deletion vector",
      "run",       "index segment", "pack",      "FORMAT file"};
  auto place = static_cast<size_t>(kind);
  return place < std::size(kNames) ? kNames[place] : "file of an unknown kind";
}

struct TailBytes {
  uint64_t offset = 0;  // in the file
  BufferPtr bytes;

  std::span<const std::byte> At(uint64_t at, uint64_t size) const {
    return bytes->bytes().subspan(static_cast<size_t>(at - offset),
                                  static_cast<size_t>(size));
  }
};

// The last `size` bytes of the file, or a few less so that the start is aligned.
Result<TailBytes> ReadTail(const FileBytes& file, uint64_t size, bool at_least) {
  uint64_t file_size = file.file()->size();
  uint64_t start = file_size - std::min(size, file_size);
  start = (at_least ? start : start + kMemoryAlignment - 1) / kMemoryAlignment *
          kMemoryAlignment;
  if (start > file_size) {
    start = 0;
  }
  LANCER_ASSIGN_OR_RETURN(BufferPtr bytes, file.Read(start, file_size - start));
  return TailBytes{.offset = start, .bytes = std::move(bytes)};
}

Status CheckSize(const ReadableFile& file, const FileRef* expected) {
  if (expected != nullptr && file.size() != expected->size) {
    return Status::Corruption(fmt::format("{}: file size: expected {}, found {}",
                                          file.path(), expected->size, file.size()));
  }
  return Status::Ok();
}

Status CheckDigest(const std::string& path, const Digest& digest,
                   const FileRef* expected) {
  if (expected != nullptr && digest != expected->digest) {
    return Status::Corruption(
        fmt::format("{}: digest of footer and postscript: expected {}, computed {}", path,
                    expected->digest.ToString(), digest.ToString()));
  }
  return Status::Ok();
}

Status CheckMagic(const FileBytes& file) {
  if (auto start = file.Find(0, kMagicSize);
      start && !std::ranges::equal(*start, Magic())) {
    return Status::Corruption(file.file()->path() +
                              ": magic at 0: the file does not start as a Lancer file");
  }
  return Status::Ok();
}

}  // namespace

struct Container::Impl {
  explicit Impl(std::shared_ptr<const ReadableFile> file) : bytes(std::move(file)) {}

  FileBytes bytes;
  Postscript postscript;
  CheckedRange footer_range;
  Digest digest;
  Footer footer;
  std::unique_ptr<UnitTable> directory;
  std::unique_ptr<UnitTable> name_index;

  const std::string& path() const { return bytes.file()->path(); }
  std::string Where(std::string_view what, uint64_t offset) const {
    return fmt::format("{}: {} at {}", path(), what, offset);
  }

  // Checks postscript, footer and unit checks from the tail.
  Status Load(FileKind kind, const FileRef* expected) {
    LANCER_RETURN_IF_ERROR(CheckSize(*bytes.file(), expected));
    LANCER_ASSIGN_OR_RETURN(TailBytes tail, ReadTail(bytes, kTailGuess, false));
    uint64_t size = bytes.file()->size();
    LANCER_ASSIGN_OR_RETURN(postscript,
                            ParsePostscript(tail.bytes->bytes(), size, path()));
    if (postscript.tail_size > kMaxTail) {
      return Status::Corruption(
          fmt::format("{}: tail of {} bytes, at most {} are allowed", path(),
                      postscript.tail_size, kMaxTail));
    }
    if (postscript.tail_size > tail.bytes->size()) {
      LANCER_ASSIGN_OR_RETURN(tail, ReadTail(bytes, postscript.tail_size, true));
    }
    LANCER_RETURN_IF_ERROR(LoadFooter(tail, kind, expected));
    LANCER_RETURN_IF_ERROR(LoadUnitChecks(tail));
    KeepFrame(tail);
    return CheckMagic(bytes);
  }

  Status LoadFooter(const TailBytes& tail, FileKind kind, const FileRef* expected) {
    auto footer_bytes = tail.At(postscript.footer_offset, postscript.footer_size);
    std::string where = Where("footer", postscript.footer_offset);
    LANCER_RETURN_IF_ERROR(CheckBytes(footer_bytes, postscript.footer_check, where));
    encoding::ChecksumStream stream;
    stream.Update(footer_bytes);
    stream.Update(tail.bytes->bytes().last(kPostscriptSize));
    encoding::Digest128 sum = stream.Digest();
    digest = {.low = sum.low, .high = sum.high};
    LANCER_RETURN_IF_ERROR(CheckDigest(path(), digest, expected));
    LANCER_ASSIGN_OR_RETURN(footer,
                            ParseFooter(footer_bytes, postscript.footer_offset, where));
    footer_range = {.offset = postscript.footer_offset,
                    .size = postscript.footer_size,
                    .check = postscript.footer_check};
    if (footer.kind != kind) {
      return Status::InvalidArgument(fmt::format("{}: this is a {}, expected a {}",
                                                 path(), KindName(footer.kind),
                                                 KindName(kind)));
    }
    return Status::Ok();
  }

  Status LoadUnitChecks(const TailBytes& tail) {
    const CheckedRange& range = footer.unit_checks.range;
    std::string where = Where("unit checks", range.offset);
    if (range.offset < bytes.file()->size() - postscript.tail_size) {
      return Status::Corruption(where + ": they do not lie in the tail");
    }
    auto checks = tail.At(range.offset, range.size);
    LANCER_RETURN_IF_ERROR(CheckBytes(checks, range.check, where));
    const CheckedRange& records = footer.directory.range;
    auto split = static_cast<size_t>(UnitCount(records.size) * sizeof(uint32_t));
    directory = std::make_unique<UnitTable>(records, checks.first(split),
                                            Where("column directory", records.offset));
    const CheckedRange& names = footer.name_index.range;
    name_index = std::make_unique<UnitTable>(names, checks.subspan(split),
                                             Where("name index", names.offset));
    return Status::Ok();
  }

  // Keeps what was read anyway, from the directory on; a mapped file needs nothing.
  void KeepFrame(const TailBytes& tail) {
    uint64_t start = footer.directory.range.offset / kMemoryAlignment * kMemoryAlignment;
    if (!bytes.file()->mapped().empty() || start < tail.offset ||
        footer.unit_checks.range.offset < start) {
      return;
    }
    auto kept = tail.At(start, footer.unit_checks.range.offset - start);
    MutableBuffer copy(kept.size());
    std::ranges::copy(kept, copy.data());
    bytes.Keep(start, std::move(copy).Finish());
  }

  Result<std::vector<std::byte>> ReadPart(const Part& part, std::string_view what) const {
    LANCER_ASSIGN_OR_RETURN(BufferPtr found,
                            bytes.Read(part.range.offset, part.range.size));
    return UnpackPart(part, found->bytes(), Where(what, part.range.offset));
  }

  // The metadata's bytes, checked.
  Result<BufferPtr> ReadMeta(LeafId leaf, const std::string& where) const {
    LANCER_ASSIGN_OR_RETURN(
        DirectoryRecord record,
        ReadDirectoryRecord(*directory, bytes, footer.leaf_count, leaf));
    LANCER_ASSIGN_OR_RETURN(BufferPtr found,
                            bytes.Read(record.meta_offset, record.meta_size));
    LANCER_RETURN_IF_ERROR(
        CheckBytes(found->bytes(), record.meta_check,
                   fmt::format("{}: column metadata at {}", where, record.meta_offset)));
    return found;
  }
};

Container::Container(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Container::~Container() = default;

Result<std::shared_ptr<const Container>> Container::Open(
    std::shared_ptr<const ReadableFile> file, FileKind kind, const FileRef* expected) {
  auto impl = std::make_unique<Impl>(std::move(file));
  LANCER_RETURN_IF_ERROR(impl->Load(kind, expected));
  return std::shared_ptr<const Container>(new Container(std::move(impl)));
}

const ReadableFile& Container::file() const { return *impl_->bytes.file(); }
const std::shared_ptr<const ReadableFile>& Container::shared_file() const {
  return impl_->bytes.file();
}
uint64_t Container::row_count() const { return impl_->footer.row_count; }
uint32_t Container::leaf_count() const { return impl_->footer.leaf_count; }
uint16_t Container::major_version() const { return impl_->postscript.major_version; }
uint16_t Container::minor_version() const { return impl_->postscript.minor_version; }
uint64_t Container::required_features() const {
  return impl_->postscript.required_features;
}
uint64_t Container::optional_features() const {
  return impl_->postscript.optional_features;
}
const std::string& Container::written_by() const { return impl_->footer.written_by; }
const EncodingDictionary& Container::encodings() const { return impl_->footer.encodings; }
uint64_t Container::tail_size() const { return impl_->postscript.tail_size; }
const Digest& Container::digest() const { return impl_->digest; }
uint64_t Container::memory_bytes() const { return impl_->bytes.kept_bytes(); }

Result<std::shared_ptr<const Schema>> Container::ReadSchema() const {
  const Part& part = impl_->footer.schema;
  LANCER_ASSIGN_OR_RETURN(std::vector<std::byte> raw, impl_->ReadPart(part, "schema"));
  LANCER_ASSIGN_OR_RETURN(Schema schema,
                          ParseSchema(raw, impl_->Where("schema", part.range.offset)));
  return std::make_shared<const Schema>(std::move(schema));
}

Result<DirectoryRecord> Container::DirectoryRecordOf(LeafId leaf) const {
  return ReadDirectoryRecord(*impl_->directory, impl_->bytes, leaf_count(), leaf);
}

Result<std::shared_ptr<const ColumnMeta>> Container::ReadColumnMeta(
    LeafId leaf, const LeafShape& expected) const {
  std::string where =
      fmt::format("{}: column {}", impl_->path(), FormatFieldPath(expected.path));
  LANCER_ASSIGN_OR_RETURN(BufferPtr bytes, impl_->ReadMeta(leaf, where));
  return ParseColumnMeta(bytes->bytes(), encodings(), expected, file().size(),
                         row_count(), where);
}

Result<std::optional<LeafId>> Container::FindLeaf(const FieldPath& path) const {
  LANCER_ASSIGN_OR_RETURN(
      std::vector<LeafId> candidates,
      FindHash(*impl_->name_index, impl_->bytes, leaf_count(), PathHash(path)));
  for (LeafId leaf : candidates) {
    std::string where = fmt::format("{}: leaf {}", impl_->path(), leaf.value);
    LANCER_ASSIGN_OR_RETURN(BufferPtr bytes, impl_->ReadMeta(leaf, where));
    LANCER_ASSIGN_OR_RETURN(FieldPath found, ParseColumnPath(bytes->bytes(), where));
    if (found == path) {
      return std::optional(leaf);
    }
  }
  return std::optional<LeafId>();
}

Result<BufferPtr> Container::ReadSection(std::string_view name) const {
  for (const Section& section : impl_->footer.sections) {
    if (section.name != name) {
      continue;
    }
    const Part& part = section.part;
    std::string what = "section " + section.name;
    if (part.codec == PartCodec::kNone) {
      LANCER_ASSIGN_OR_RETURN(BufferPtr found,
                              impl_->bytes.Read(part.range.offset, part.range.size));
      LANCER_RETURN_IF_ERROR(CheckBytes(found->bytes(), part.range.check,
                                        impl_->Where(what, part.range.offset)));
      return found;
    }
    LANCER_ASSIGN_OR_RETURN(std::vector<std::byte> raw, impl_->ReadPart(part, what));
    return Buffer::Own(std::move(raw));
  }
  return Status::NotFound(fmt::format("{}: there is no section {}", impl_->path(), name));
}

std::vector<Container::SectionInfo> Container::sections() const {
  std::vector<SectionInfo> infos;
  for (const Section& section : impl_->footer.sections) {
    infos.push_back({.name = section.name,
                     .range = section.part.range,
                     .raw_size = section.part.raw_size});
  }
  return infos;
}

Result<std::vector<std::byte>> Container::ReadChecked(const CheckedRange& range,
                                                      std::string_view what) const {
  LANCER_ASSIGN_OR_RETURN(std::vector<std::byte> bytes,
                          impl_->bytes.Copy(range.offset, range.size));
  LANCER_RETURN_IF_ERROR(
      CheckBytes(bytes, range.check, impl_->Where(what, range.offset)));
  return bytes;
}

Container::FrameRanges Container::frame() const {
  const Footer& footer = impl_->footer;
  return {.directory = footer.directory.range,
          .name_index = footer.name_index.range,
          .schema = footer.schema.range,
          .unit_checks = footer.unit_checks.range,
          .footer = impl_->footer_range,
          .postscript = {.offset = file().size() - kPostscriptSize,
                         .size = kPostscriptSize,
                         .check = 0}};
}

Status Container::VerifyFrame() const {
  LANCER_ASSIGN_OR_RETURN(BufferPtr start, impl_->bytes.Read(0, kMagicSize));
  if (!std::ranges::equal(start->bytes(), Magic())) {
    return Status::Corruption(impl_->path() +
                              ": magic at 0: the file does not start as a Lancer file");
  }
  LANCER_RETURN_IF_ERROR(impl_->directory->VerifyAll(impl_->bytes));
  for (uint32_t leaf = 0; leaf < leaf_count(); ++leaf) {
    LANCER_RETURN_IF_ERROR(DirectoryRecordOf(LeafId(leaf)).status());
  }
  LANCER_RETURN_IF_ERROR(VerifyNameIndex(*impl_->name_index, impl_->bytes, leaf_count()));
  for (const Section& section : impl_->footer.sections) {
    LANCER_RETURN_IF_ERROR(ReadSection(section.name).status());
  }
  return ReadSchema().status();
}

Status Container::VerifyGaps(std::span<const CheckedRange> parts) const {
  FrameRanges own = frame();
  std::vector<CheckedRange> all(parts.begin(), parts.end());
  all.insert(all.end(), {{.offset = 0, .size = kMagicSize, .check = 0},
                         own.directory,
                         own.name_index,
                         own.schema,
                         own.unit_checks,
                         own.footer,
                         own.postscript});
  for (const Section& section : impl_->footer.sections) {
    all.push_back(section.part.range);
  }
  std::ranges::sort(all, {}, &CheckedRange::offset);
  uint64_t end = 0;
  for (const CheckedRange& part : all) {
    while (end < part.offset) {
      uint64_t size = std::min(part.offset - end, kGapStep);
      LANCER_ASSIGN_OR_RETURN(BufferPtr gap, impl_->bytes.Read(end, size));
      if (std::ranges::any_of(gap->bytes(),
                              [](std::byte b) { return b != std::byte{0}; })) {
        return Status::Corruption(
            fmt::format("{}: expected {} bytes of zeros, found others",
                        impl_->Where("padding", end), size));
      }
      end += size;
    }
    end = std::max(end, part.offset + part.size);
  }
  return Status::Ok();
}

}  // namespace lancer::format
