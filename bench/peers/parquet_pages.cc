// Parquet read page by page: the offset index, loaded when the file is opened, tells
// which page holds a row; only that page is read and decoded. Nothing public in Arrow C++
// does this for rows; it is built here to compare with the best that the format allows.
#include <arrow/io/file.h>
#include <arrow/io/memory.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/page_index.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "bench/arrow_bridge.h"
#include "bench/peers/parquet_files.h"
#include "bench/peers/peer.h"

namespace lancer::bench {
namespace {

// One data page of the column.
struct Page {
  uint64_t first_row;
  uint64_t rows;
  int64_t offset;
  int64_t size_bytes;
};

// Reads rows of one decoded page in ascending order.
class PageRows {
 public:
  virtual ~PageRows() = default;
  // Appends the bytes of row `place` of the page. REQUIRES: ascending places.
  virtual void Append(uint64_t place, std::vector<std::byte>* bytes) = 0;
};

template <typename Type>
class TypedPageRows final : public PageRows {
 public:
  // `items`: leaf values per row.
  TypedPageRows(std::shared_ptr<parquet::ColumnReader> reader, uint64_t items)
      : reader_(std::static_pointer_cast<parquet::TypedColumnReader<Type>>(reader)),
        items_(items),
        levels_(items),
        repetitions_(items),
        values_(items) {}

  void Append(uint64_t place, std::vector<std::byte>* bytes) override {
    if (place != next_) {
      reader_->Skip(static_cast<int64_t>((place - next_) * items_));
    }
    uint64_t have = 0;
    while (have < items_) {
      int64_t values = 0;
      const int64_t got =
          reader_->ReadBatch(static_cast<int64_t>(items_ - have), levels_.data(),
                             repetitions_.data(), values_.data() + have, &values);
      if (got == 0) {
        throw parquet::ParquetException("page ends early");
      }
      have += static_cast<uint64_t>(values);
    }
    next_ = place + 1;
    if constexpr (std::is_same_v<Type, parquet::ByteArrayType>) {
      const auto* from =
          static_cast<const std::byte*>(static_cast<const void*>(values_[0].ptr));
      bytes->insert(bytes->end(), from, from + values_[0].len);
    } else {
      const auto raw = std::as_bytes(std::span(values_));
      bytes->insert(bytes->end(), raw.begin(), raw.end());
    }
  }

 private:
  std::shared_ptr<parquet::TypedColumnReader<Type>> reader_;
  uint64_t items_;
  uint64_t next_ = 0;
  std::vector<int16_t> levels_, repetitions_;
  std::vector<typename Type::c_type> values_;
};

class ParquetPages final : public Peer {
 public:
  std::string name() const override { return "parquet pages"; }
  std::string setting() const override {
    return std::string(ParquetVariantText(ParquetVariant::kSmall)) +
           ", offset index in memory, one page read per row";
  }
  std::string storage() const override { return "parquet small"; }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    return WriteParquetFile(table, ParquetVariant::kSmall, folder + "/table.parquet");
  }

  Status Open(const std::string& folder) override {
    Close();
    return CatchParquet([&]() -> Status {
      LANCER_ASSIGN_OR_RETURN(
          file_, FromArrow(arrow::io::ReadableFile::Open(folder + "/table.parquet")));
      reader_ = parquet::ParquetFileReader::Open(file_);
      descriptor_ = reader_->metadata()->schema()->Column(0);
      LoadPages();
      return pages_.empty() ? Status::Unsupported("no offset index") : Status::Ok();
    });
  }
  void Close() override {
    reader_.reset();
    file_.reset();
    pages_.clear();
  }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    return CatchParquet([&] { return TakeRows(rows, out); });
  }

 private:
  void LoadPages() {
    const auto metadata = reader_->metadata();
    const auto index = reader_->GetPageIndexReader();
    uint64_t group_start = 0;
    uint64_t values = 0;
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      const auto offsets = index->RowGroup(group)->GetOffsetIndex(0);
      const auto& locations = offsets->page_locations();
      const auto group_rows =
          static_cast<uint64_t>(metadata->RowGroup(group)->num_rows());
      for (size_t i = 0; i < locations.size(); ++i) {
        const auto first = static_cast<uint64_t>(locations[i].first_row_index);
        const uint64_t end = i + 1 < locations.size()
                                 ? static_cast<uint64_t>(locations[i + 1].first_row_index)
                                 : group_rows;
        pages_.push_back({group_start + first, end - first, locations[i].offset,
                          locations[i].compressed_page_size});
      }
      group_start += group_rows;
      const auto column = metadata->RowGroup(group)->ColumnChunk(0);
      values += static_cast<uint64_t>(column->num_values());
      codec_ = column->compression();
    }
    // Every row of a fixed-size list has as many values; a scalar has one.
    items_ = group_start == 0 ? 1 : values / group_start;
  }

  std::unique_ptr<PageRows> Decode(const Page& page) {
    auto bytes = file_->ReadAt(page.offset, page.size_bytes);
    if (!bytes.ok()) {
      throw parquet::ParquetException(bytes.status().ToString());
    }
    auto pager = parquet::PageReader::Open(
        std::make_shared<arrow::io::BufferReader>(*bytes),
        static_cast<int64_t>(page.rows * items_), codec_, properties_, *descriptor_);
    auto reader = parquet::ColumnReader::Make(descriptor_, std::move(pager));
    switch (descriptor_->physical_type()) {
      case parquet::Type::INT64:
        return std::make_unique<TypedPageRows<parquet::Int64Type>>(reader, items_);
      case parquet::Type::FLOAT:
        return std::make_unique<TypedPageRows<parquet::FloatType>>(reader, items_);
      case parquet::Type::BYTE_ARRAY:
        return std::make_unique<TypedPageRows<parquet::ByteArrayType>>(reader, items_);
      default:
        throw parquet::ParquetException("a type that no take benchmark holds");
    }
  }

  Status TakeRows(std::span<const uint64_t> rows, Taken* out) {
    order_.resize(rows.size());
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::sort(order_.begin(), order_.end(),
              [&](size_t a, size_t b) { return rows[a] < rows[b]; });
    std::vector<std::byte> bytes;
    std::vector<std::pair<size_t, size_t>> places(rows.size());  // offset, length
    std::unique_ptr<PageRows> decoded;
    const Page* page = nullptr;
    uint64_t last = UINT64_MAX;
    for (size_t n = 0; n < order_.size(); ++n) {
      const uint64_t row = rows[order_[n]];
      if (row == last) {
        places[order_[n]] = places[order_[n - 1]];
        continue;
      }
      if (page == nullptr || row >= page->first_row + page->rows) {
        page = &PageOf(row);
        decoded = Decode(*page);
      }
      const size_t begin = bytes.size();
      decoded->Append(row - page->first_row, &bytes);
      places[order_[n]] = {begin, bytes.size() - begin};
      last = row;
    }
    std::vector<std::span<const std::byte>> found;
    for (const auto& [begin, length] : places) {
      found.push_back(std::span(bytes).subspan(begin, length));
    }
    const bool variable = descriptor_->physical_type() == parquet::Type::BYTE_ARRAY;
    return GatherRows(found, variable ? 0 : found.front().size(), out);
  }

  const Page& PageOf(uint64_t row) const {
    const auto after = std::upper_bound(
        pages_.begin(), pages_.end(), row,
        [](uint64_t value, const Page& page) { return value < page.first_row; });
    return *std::prev(after);
  }

  std::shared_ptr<arrow::io::ReadableFile> file_;
  std::unique_ptr<parquet::ParquetFileReader> reader_;
  const parquet::ColumnDescriptor* descriptor_ = nullptr;
  parquet::Compression::type codec_ = parquet::Compression::UNCOMPRESSED;
  parquet::ReaderProperties properties_;
  std::vector<Page> pages_;
  uint64_t items_ = 1;
  std::vector<size_t> order_;
};

}  // namespace

PeerPtr MakeParquetPages() { return std::make_unique<ParquetPages>(); }

}  // namespace lancer::bench
