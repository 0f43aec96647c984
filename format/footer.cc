// Spec: container, "Footer"; the bytes are those of spec/schemas/footer.fbs.

#include "format/footer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "format/check_units.h"
#include "format/column_directory.h"
#include "format/name_index.h"
#include "format/postscript.h"
#include "format/verified_root.h"
#include "generated/footer_generated.h"

namespace lancer::format {
namespace {

using FbPart = flatbuffers::Offset<stored::Part>;

FbPart WritePart(flatbuffers::FlatBufferBuilder* builder, const Part& part,
                 const std::string* name) {
  auto text = name == nullptr ? flatbuffers::Offset<flatbuffers::String>()
                              : builder->CreateString(*name);
  return stored::CreatePart(*builder, part.range.offset, part.range.size, part.raw_size,
                            part.range.check, static_cast<uint8_t>(part.codec), text);
}

// Parses one file's parts, so that messages and limits are at hand.
class PartReader {
 public:
  PartReader(uint64_t footer_offset, const std::string& where)
      : footer_offset_(footer_offset), where_(where) {}

  Result<Part> Read(const stored::Part& from, const std::string& name) const {
    Part part{
        .range = {.offset = from.offset(), .size = from.size(), .check = from.check()},
        .raw_size = from.raw_size(),
        .codec = static_cast<PartCodec>(from.codec())};
    if (part.range.size > footer_offset_ ||
        part.range.offset > footer_offset_ - part.range.size ||
        part.range.offset < kMagicSize) {
      return Status::Corruption(fmt::format(
          "{}: {}: {} bytes at {}: expected a place between the magic and the footer",
          where_, name, part.range.size, part.range.offset));
    }
    if (part.codec > PartCodec::kZstd) {
      return Status::Unsupported(
          fmt::format("{}: {}: stored with codec {}, which this build does not know",
                      where_, name, from.codec()));
    }
    if (part.codec == PartCodec::kNone && part.raw_size != part.range.size) {
      return Status::Corruption(
          fmt::format("{}: {}: {} bytes stored without a codec for "
                      "a raw size of {}",
                      where_, name, part.range.size, part.raw_size));
    }
    return part;
  }

  // A part that is read in place and whose size is known.
  Result<Part> ReadFixed(const stored::Part& from, const std::string& name,
                         uint64_t size) const {
    LANCER_ASSIGN_OR_RETURN(Part part, Read(from, name));
    if (part.codec != PartCodec::kNone || part.range.size != size) {
      return Status::Corruption(
          fmt::format("{}: {}: expected {} bytes, found {} with codec {}", where_, name,
                      size, part.range.size, from.codec()));
    }
    return part;
  }

 private:
  uint64_t footer_offset_;
  const std::string& where_;
};

Status ReadSections(const stored::Footer& from, const PartReader& reader,
                    const std::string& where, Footer* footer) {
  if (from.sections() == nullptr) {
    return Status::Ok();
  }
  std::set<std::string> names;
  for (const stored::Part* stored_part : *from.sections()) {
    std::string name =
        stored_part->name() == nullptr ? std::string() : stored_part->name()->str();
    std::string what = "section " + name;
    LANCER_ASSIGN_OR_RETURN(Part part, reader.Read(*stored_part, what));
    if (!names.insert(name).second) {
      return Status::Corruption(where + ": " + what + " stands twice");
    }
    footer->sections.push_back({std::move(name), part});
  }
  return Status::Ok();
}

Status ReadEncodings(const stored::Footer& from, const std::string& where,
                     Footer* footer) {
  if (from.encodings() == nullptr) {
    return Status::Ok();
  }
  if (from.encodings()->size() > std::numeric_limits<uint16_t>::max()) {
    return Status::Corruption(fmt::format("{}: {} encodings, at most 65535 are possible",
                                          where, from.encodings()->size()));
  }
  for (const flatbuffers::String* name : *from.encodings()) {
    footer->encodings.names.push_back(name->str());
  }
  return Status::Ok();
}

// Several strings may share their bytes in a hostile footer, so that copies would be
// larger than the footer by any factor.
Status CheckStrings(const stored::Footer& from, size_t footer_size,
                    const std::string& where) {
  uint64_t total = 0;
  if (from.sections() != nullptr) {
    for (const stored::Part* part : *from.sections()) {
      total += part->name() == nullptr ? 0 : part->name()->size();
    }
  }
  if (from.encodings() != nullptr) {
    for (const flatbuffers::String* name : *from.encodings()) {
      total += name->size();
    }
  }
  return total <= footer_size ? Status::Ok()
                              : Status::Corruption(where + ": its names share bytes");
}

}  // namespace

std::vector<std::byte> SerializeFooter(const Footer& footer) {
  flatbuffers::FlatBufferBuilder builder;
  std::vector<FbPart> sections;
  for (const Section& section : footer.sections) {
    sections.push_back(WritePart(&builder, section.part, &section.name));
  }
  auto directory = WritePart(&builder, footer.directory, nullptr);
  auto name_index = WritePart(&builder, footer.name_index, nullptr);
  auto unit_checks = WritePart(&builder, footer.unit_checks, nullptr);
  auto schema = WritePart(&builder, footer.schema, nullptr);
  auto written_by = builder.CreateString(footer.written_by);
  auto section_vector = builder.CreateVector(sections);
  auto encodings = builder.CreateVectorOfStrings(footer.encodings.names);
  builder.Finish(stored::CreateFooter(
      builder, static_cast<uint8_t>(footer.kind), footer.row_count, footer.leaf_count,
      written_by, directory, name_index, unit_checks, schema, section_vector, encodings));
  auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

Result<Footer> ParseFooter(std::span<const std::byte> bytes, uint64_t footer_offset,
                           const std::string& where) {
  LANCER_ASSIGN_OR_RETURN(auto root,
                          VerifiedRoot<stored::Footer>::Make(bytes, {}, where));
  LANCER_RETURN_IF_ERROR(CheckStrings(*root, bytes.size(), where));
  Footer footer{
      .kind = static_cast<FileKind>(root->kind()),
      .row_count = root->row_count(),
      .leaf_count = root->leaf_count(),
      .written_by = root->written_by() == nullptr ? "" : root->written_by()->str()};
  PartReader reader(footer_offset, where);
  uint64_t directory_size = uint64_t{footer.leaf_count} * kDirectoryRecordSize;
  uint64_t index_size = uint64_t{footer.leaf_count} * kNameRecordSize;
  uint64_t units = UnitCount(directory_size) + UnitCount(index_size);
  LANCER_ASSIGN_OR_RETURN(
      footer.directory,
      reader.ReadFixed(*root->directory(), "column directory", directory_size));
  LANCER_ASSIGN_OR_RETURN(
      footer.name_index, reader.ReadFixed(*root->name_index(), "name index", index_size));
  LANCER_ASSIGN_OR_RETURN(
      footer.unit_checks,
      reader.ReadFixed(*root->unit_checks(), "unit checks", units * sizeof(uint32_t)));
  LANCER_ASSIGN_OR_RETURN(footer.schema, reader.Read(*root->schema(), "schema"));
  LANCER_RETURN_IF_ERROR(ReadSections(*root, reader, where, &footer));
  LANCER_RETURN_IF_ERROR(ReadEncodings(*root, where, &footer));
  return footer;
}

}  // namespace lancer::format
