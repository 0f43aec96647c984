// Parquet through Arrow C++: a take reads the one column of the row groups that hold the
// rows, from a file that stays open, and gathers the rows.
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include <algorithm>

#include "bench/arrow_bridge.h"
#include "bench/peers/parquet_files.h"
#include "bench/peers/peer.h"

namespace lancer::bench {
namespace {

const std::vector<int> kFirstColumn = {0};

class Parquet final : public Peer {
 public:
  Parquet(std::string name, ParquetVariant variant)
      : name_(std::move(name)), variant_(variant) {}

  std::string name() const override { return name_; }
  std::string setting() const override { return ParquetVariantText(variant_); }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    return WriteParquetFile(table, variant_, folder + "/table.parquet");
  }

  Status Open(const std::string& folder) override {
    Close();
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_batch_size(64 * 1024);
    return CatchParquet([&]() -> Status {
      parquet::arrow::FileReaderBuilder builder;
      LANCER_RETURN_IF_ERROR(FromArrow(builder.OpenFile(folder + "/table.parquet")));
      LANCER_ASSIGN_OR_RETURN(reader_,
                              FromArrow(builder.properties(properties)->Build()));
      const auto metadata = reader_->parquet_reader()->metadata();
      uint64_t row = 0;
      for (int i = 0; i < metadata->num_row_groups(); ++i) {
        group_starts_.push_back(row);
        row += static_cast<uint64_t>(metadata->RowGroup(i)->num_rows());
      }
      return Status::Ok();
    });
  }
  void Close() override {
    reader_.reset();
    group_starts_.clear();
  }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    return CatchParquet([&] { return TakeGroups(rows, out); });
  }

  Status Scan(const std::vector<std::string>& columns, Scanned* out) override {
    return CatchParquet([&] { return ScanColumns(columns, out); });
  }

 private:
  // Where a chunk of what was read begins, in rows of the file.
  struct Chunk {
    uint64_t first_row;
    Taken values;
  };

  size_t GroupOf(uint64_t row) const {
    return static_cast<size_t>(
               std::upper_bound(group_starts_.begin(), group_starts_.end(), row) -
               group_starts_.begin()) -
           1;
  }

  Status TakeGroups(std::span<const uint64_t> rows, Taken* out) {
    std::vector<int> groups;
    for (const uint64_t row : rows) {
      groups.push_back(static_cast<int>(GroupOf(row)));
    }
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    std::vector<Chunk> chunks;
    for (const int group : groups) {
      LANCER_ASSIGN_OR_RETURN(auto table, FromArrow(reader_->ReadRowGroups(
                                              std::vector<int>{group}, kFirstColumn)));
      uint64_t first_row = group_starts_[static_cast<size_t>(group)];
      for (const auto& array : table->column(0)->chunks()) {
        LANCER_ASSIGN_OR_RETURN(Taken values, ViewOf(array));
        const uint64_t count = values.rows;
        chunks.push_back({first_row, std::move(values)});
        first_row += count;
      }
    }
    std::vector<std::span<const std::byte>> found;
    for (const uint64_t row : rows) {
      const auto after = std::upper_bound(
          chunks.begin(), chunks.end(), row,
          [](uint64_t value, const Chunk& chunk) { return value < chunk.first_row; });
      const Chunk& chunk = *std::prev(after);
      found.push_back(chunk.values.row(row - chunk.first_row));
    }
    return GatherRows(found, chunks.front().values.width, out);
  }

  Status ScanColumns(const std::vector<std::string>& columns, Scanned* out) {
    const auto metadata = reader_->parquet_reader()->metadata();
    std::vector<int> groups;
    for (int i = 0; i < metadata->num_row_groups(); ++i) {
      groups.push_back(i);
    }
    std::vector<int> leaves;
    for (int i = 0; i < metadata->schema()->num_columns(); ++i) {
      const std::string root = metadata->schema()->GetColumnRoot(i)->name();
      if (columns.empty() ||
          std::find(columns.begin(), columns.end(), root) != columns.end()) {
        leaves.push_back(i);
      }
    }
    LANCER_ASSIGN_OR_RETURN(auto batches,
                            FromArrow(reader_->GetRecordBatchReader(groups, leaves)));
    std::shared_ptr<arrow::RecordBatch> batch;
    while (true) {
      LANCER_RETURN_IF_ERROR(FromArrow(batches->ReadNext(&batch)));
      if (batch == nullptr) {
        return Status::Ok();
      }
      out->rows += static_cast<uint64_t>(batch->num_rows());
      ++out->batches;
    }
  }

  std::string name_;
  ParquetVariant variant_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::vector<uint64_t> group_starts_;
};

}  // namespace

PeerPtr MakeParquet() {
  return std::make_unique<Parquet>("parquet", ParquetVariant::kDefault);
}
PeerPtr MakeParquetZstd() {
  return std::make_unique<Parquet>("parquet zstd", ParquetVariant::kZstd);
}
PeerPtr MakeParquetSmall() {
  return std::make_unique<Parquet>("parquet small", ParquetVariant::kSmall);
}

}  // namespace lancer::bench
