// Layout: spec/schemas/format_file.fbs in the section "format" of a container.

#include "dataset/format_file.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

#include "flatbuffers/flatbuffers.h"
#include "format/verified_root.h"
#include "generated/format_file_generated.h"

namespace lancer::dataset {
namespace {

namespace table = stored::format_file;

constexpr std::string_view kSection = "format";
constexpr std::string_view kFileHash = "xxh3-128";

Result<FormatFile> ParseFormat(const table::FormatFile& stored,
                               const std::string& where) {
  FormatFile format;
  if (stored.table() == nullptr) {
    return Status::Corruption(where + ": the table has no uuid");
  }
  for (size_t i = 0; i < format.table.bytes.size(); ++i) {
    format.table.bytes[i] =
        static_cast<std::byte>(stored.table()->bytes()->Get(static_cast<uint32_t>(i)));
  }
  format.file_hash = stored.file_hash() == nullptr ? "" : stored.file_hash()->str();
  if (format.file_hash != kFileHash) {
    return Status::Unsupported(
        fmt::format("{}: references use the hash '{}', expected "
                    "'{}': this needs a newer version of Lancer",
                    where, format.file_hash, kFileHash));
  }
  if (stored.required_features() != nullptr && stored.required_features()->size() > 0) {
    return Status::Unsupported(
        fmt::format("{}: reading needs the feature '{}' of a newer version of Lancer",
                    where, stored.required_features()->Get(0)->str()));
  }
  if (stored.publish_method() > static_cast<uint8_t>(PublishMethod::kExclusiveCreate)) {
    return Status::Unsupported(
        fmt::format("{}: publish method {} needs a newer version of Lancer", where,
                    stored.publish_method()));
  }
  format.publish_method = static_cast<PublishMethod>(stored.publish_method());
  format.single_host = stored.single_host();
  format.created_us = stored.created_us();
  format.written_by = stored.written_by() == nullptr ? "" : stored.written_by()->str();
  return format;
}

}  // namespace

Result<FileImage> EncodeFormatFile(const FormatFile& format) {
  flatbuffers::FlatBufferBuilder builder;
  auto file_hash = builder.CreateString(format.file_hash);
  auto features = builder.CreateVectorOfStrings(format.required_features);
  auto written_by = builder.CreateString(format.written_by);
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), format.table.bytes.data(), bytes.size());
  table::TableUuid uuid(flatbuffers::make_span(std::as_const(bytes)));
  builder.Finish(table::CreateFormatFile(
      builder, &uuid, file_hash, features, static_cast<uint8_t>(format.publish_method),
      format.single_host, format.created_us, written_by));
  return MakeSectionImage(
      format::FileKind::kFormat, kSection,
      std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

Result<FormatFile> ReadFormatFile(FileSystem& file_system, const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                          file_system.OpenForRead(path, MapMode::kNever));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const format::Container> container,
                          format::Container::Open(file, format::FileKind::kFormat));
  Result<BufferPtr> bytes = container->ReadSection(kSection);
  if (!bytes) {
    return bytes.error().code() == StatusCode::kNotFound
               ? Status::Corruption(std::string(bytes.error().message()))
               : bytes.error();
  }
  std::string where = path + ": format";
  LANCER_ASSIGN_OR_RETURN(auto root, format::VerifiedRoot<table::FormatFile>::Make(
                                         (*bytes)->bytes(), {}, where));
  return ParseFormat(*root, where);
}

}  // namespace lancer::dataset
