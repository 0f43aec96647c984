// The container: the frame that every file kind of Lancer shares.
//
//   [magic 8] [pages, page indexes, ...] [column metadata] [column directory]
//   [name index] [schema] [sections] [unit checks] [footer] [postscript 64]
//
// Opening costs one read of the tail (128 KiB guess) and nothing per column.
// Ownership: a Container shares its file. Thread rule: Container is safe for concurrent
// const calls; ContainerWriter belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "format/column_meta.h"
#include "format/schema_codec.h"
#include "lancer/file_system.h"
#include "lancer/ids.h"

namespace lancer::format {

// Stored as a number: append only.
enum class FileKind : uint8_t {
  kData = 0,
  kManifest = 1,
  kTreeNode = 2,
  kDeletionVector = 3,  // reserved
  kRun = 4,             // reserved
  kIndexSegment = 5,    // reserved
  kPack = 6,            // reserved
  kFormat = 7,          // a dataset's FORMAT file
};

// How a dataset refers to a file: relative path, size, and the XXH3-128 over the footer
// and the postscript, from which checks reach every byte that is used.
struct FileRef {
  std::string path = {};
  uint64_t size = 0;
  Digest digest;
  friend bool operator==(const FileRef&, const FileRef&) = default;
};

// One column directory record (32 bytes on disk).
struct DirectoryRecord {
  uint64_t meta_offset = 0;
  uint32_t meta_size = 0;
  uint32_t flags = 0;
  uint64_t first_page_offset = 0;
  uint64_t meta_check = 0;  // XXH3-64 of the column metadata
};

// Writes a file from front to back. Any error poisons the writer.
class ContainerWriter {
 public:
  // `file` outlives the writer. Writes the magic.
  static Result<std::unique_ptr<ContainerWriter>> Begin(StagedFile* file, FileKind kind);
  ~ContainerWriter();
  // Puts a name in brackets behind the library's own in `written_by`. Empty: nothing.
  void NameApplication(std::string_view application);

  // Appends bytes at the next multiple of `alignment` (a power of two, zero filled) and
  // returns their offset.
  Result<uint64_t> Append(std::span<const std::byte> bytes, uint32_t alignment);
  // As Append, and gives the range with its checksum.
  Result<CheckedRange> AppendChecked(std::span<const std::byte> bytes,
                                     uint32_t alignment);
  // Appends one leaf's metadata; leaves come in the order of their ids.
  Status AddColumn(const ColumnMeta& meta);
  // A named part, checksummed as a whole; zstd-compressed when that pays.
  Status AddSection(std::string_view name, std::span<const std::byte> bytes);
  // Writes directory, name index, schema, unit checks, footer, postscript. The file is
  // neither synced nor published. Returns size and digest; `path` is left empty.
  Result<FileRef> Finish(const Schema& schema, uint64_t row_count);

  uint64_t offset() const;

 private:
  struct Impl;
  explicit ContainerWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Container {
 public:
  // Reads and checks the tail. With `expected`, size and digest must be as stated.
  // Errors: Corruption (not a Lancer file, truncated, damaged), Unsupported (newer major
  // version, unknown required features), InvalidArgument (another file kind; the original
  // Lance format, with advice).
  static Result<std::shared_ptr<const Container>> Open(
      std::shared_ptr<const ReadableFile> file, FileKind kind,
      const FileRef* expected = nullptr);
  ~Container();

  const ReadableFile& file() const;
  const std::shared_ptr<const ReadableFile>& shared_file() const;
  uint64_t row_count() const;
  uint32_t leaf_count() const;
  uint16_t major_version() const;
  uint16_t minor_version() const;
  uint64_t required_features() const;
  uint64_t optional_features() const;
  const std::string& written_by() const;
  const EncodingDictionary& encodings() const;
  // Size of the tail that opening used, and the file's digest as references state it.
  uint64_t tail_size() const;
  const Digest& digest() const;
  // Memory kept of the file's end, for cache budgets; at most 128 KiB.
  uint64_t memory_bytes() const;

  // Reads, checks and parses the schema section; the caller keeps the result.
  Result<std::shared_ptr<const Schema>> ReadSchema() const;
  // Reads one directory slot, checking only its 4 KiB unit (each unit once).
  Result<DirectoryRecord> DirectoryRecordOf(LeafId leaf) const;
  // Reads, checks and parses one leaf's metadata. `expected` comes from the schema.
  Result<std::shared_ptr<const ColumnMeta>> ReadColumnMeta(
      LeafId leaf, const LeafShape& expected) const;
  // The leaf whose path is `path`, through the name index; nothing when there is none.
  Result<std::optional<LeafId>> FindLeaf(const FieldPath& path) const;
  // A named section, checked and decompressed. Errors: NotFound.
  Result<BufferPtr> ReadSection(std::string_view name) const;
  struct SectionInfo {
    std::string name;
    CheckedRange range;
    uint64_t raw_size = 0;
  };
  std::vector<SectionInfo> sections() const;
  // Any checked range of the file (page index, dictionary): read and checked.
  Result<std::vector<std::byte>> ReadChecked(const CheckedRange& range,
                                             std::string_view what) const;
  // Where the frame's own parts lie, for `lance-inspect layout` and `verify`.
  struct FrameRanges {
    CheckedRange directory, name_index, schema, unit_checks, footer, postscript;
  };
  FrameRanges frame() const;
  // Checks every unit of directory and name index, every section, and the schema.
  Status VerifyFrame() const;
  // Checks that all bytes outside of the frame's parts, the sections and `parts` are
  // zero. Errors: Corruption naming the first gap that is not.
  Status VerifyGaps(std::span<const CheckedRange> parts) const;

 private:
  struct Impl;
  explicit Container(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lancer::format
