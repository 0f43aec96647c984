#include <lz4.h>
#include <zstd.h>

#include <memory>
#include <utility>

#include "format/container.h"
#include "format/leaf.h"
#include "format/leaf_writer.h"
#include "tests/reference/golden_corpus.h"
#include "tests/support/test_context.h"

namespace lancer::golden {
namespace {

Status WriteAsUsual(const GoldenFile& file, const ContextPtr& context,
                    const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<FileWriter> writer,
      FileWriter::Create(path, *file.batches[0].schema, file.options, context));
  for (const Batch& batch : file.batches) {
    LANCER_RETURN_IF_ERROR(writer->Write(batch));
  }
  return writer->Finish().status();
}

// Writes a column's pages, one per batch, and fills `leaves`.
Status WritePages(const GoldenFile& file, size_t column, const Field& field,
                  format::ContainerWriter* container,
                  std::vector<format::LeafWriter>* leaves) {
  WriterOptions options = file.options;
  options.random_encodings = true;
  const size_t first = leaves->size();
  for (format::LeafShape& shape : format::LeavesOf(field)) {
    leaves->emplace_back(std::move(shape), options, UINT64_MAX);
  }
  for (const Batch& batch : file.batches) {
    std::vector<format::LeafBuffer*> buffers;
    for (size_t i = first; i < leaves->size(); ++i) {
      buffers.push_back((*leaves)[i].buffer());
    }
    LANCER_RETURN_IF_ERROR(
        format::Shred(field, batch.columns[column], 0, batch.length, buffers));
    for (size_t i = first; i < leaves->size(); ++i) {
      (*leaves)[i].CutLastPage();
    }
  }
  for (size_t i = first; i < leaves->size(); ++i) {
    LANCER_RETURN_IF_ERROR((*leaves)[i].EncodePages());
    LANCER_RETURN_IF_ERROR((*leaves)[i].WritePages(container));
    LANCER_RETURN_IF_ERROR((*leaves)[i].Finish(container));
  }
  return Status::Ok();
}

// FileWriter makes no pages as small as these.
Status WriteRandomPages(const GoldenFile& file, const ContextPtr& context,
                        const std::string& path) {
  int32_t next_id = 0;
  const Schema schema = file.batches[0].schema->WithFieldIds(&next_id);
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> staged,
                          context->file_system->Stage(".", path + ".tmp"));
  LANCER_ASSIGN_OR_RETURN(
      std::unique_ptr<format::ContainerWriter> container,
      format::ContainerWriter::Begin(staged.get(), format::FileKind::kData));
  std::vector<format::LeafWriter> leaves;
  for (size_t column = 0; column < schema.field_count(); ++column) {
    LANCER_RETURN_IF_ERROR(
        WritePages(file, column, schema.field(column), container.get(), &leaves));
  }
  for (const format::LeafWriter& leaf : leaves) {
    LANCER_RETURN_IF_ERROR(container->AddColumn(leaf.meta()));
  }
  uint64_t rows = 0;
  for (const Batch& batch : file.batches) {
    rows += static_cast<uint64_t>(batch.length);
  }
  LANCER_RETURN_IF_ERROR(container->Finish(schema, rows).status());
  LANCER_RETURN_IF_ERROR(staged->Sync());
  return staged->Publish(path).status();
}

}  // namespace

std::string RowLines(const std::vector<Batch>& batches) {
  std::string lines;
  for (const Batch& batch : batches) {
    for (int64_t row = 0; row < batch.length; ++row) {
      lines += "[";
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        lines += i == 0 ? "" : ", ";
        lines += batch.columns[i]->FormatValue(row, batch.schema->field(i));
      }
      lines += "]\n";
    }
  }
  return lines;
}

Result<std::vector<std::byte>> Encode(const GoldenFile& file) {
  const test::TestContext test = test::MakeTestContext();
  const std::string path = "golden.lancer";
  LANCER_RETURN_IF_ERROR(file.random_pages ? WriteRandomPages(file, test.context, path)
                                           : WriteAsUsual(file, test.context, path));
  LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> made,
                          test.file_system->OpenForRead(path, MapMode::kNever));
  std::vector<std::byte> bytes(made->size());
  ReadRange range{0, bytes};
  LANCER_RETURN_IF_ERROR(made->ReadBatch(std::span(&range, 1)));
  return bytes;
}

std::string CodecVersions() {
  return std::string("zstd ") + ZSTD_versionString() + ", lz4 " + LZ4_versionString();
}

}  // namespace lancer::golden
