#include "bench/tables.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api.h>
#include <arrow/compute/initialize.h>
#include <arrow/io/file.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "bench/arrow_bridge.h"
#include "bench/synthetic.h"

namespace lancer::bench {
namespace {

namespace fs = std::filesystem;

// Views as classic strings: the form that every peer can hold.
Result<std::shared_ptr<arrow::Table>> WithClassicStrings(
    std::shared_ptr<arrow::Table> table) {
  LANCER_RETURN_IF_ERROR(FromArrow(arrow::compute::Initialize()));
  for (int i = 0; i < table->num_columns(); ++i) {
    const auto field = table->field(i);
    if (field->type()->id() != arrow::Type::STRING_VIEW) {
      continue;
    }
    LANCER_ASSIGN_OR_RETURN(
        auto cast, FromArrow(arrow::compute::Cast(table->column(i), arrow::utf8())));
    LANCER_ASSIGN_OR_RETURN(table,
                            FromArrow(table->SetColumn(i, field->WithType(arrow::utf8()),
                                                       cast.chunked_array())));
  }
  return FromArrow(table->CombineChunks());
}

Result<std::shared_ptr<arrow::Table>> ReadParquetTable(const std::string& path) {
  return CatchParquet([&]() -> Result<std::shared_ptr<arrow::Table>> {
    parquet::arrow::FileReaderBuilder builder;
    LANCER_RETURN_IF_ERROR(FromArrow(builder.OpenFile(path)));
    LANCER_ASSIGN_OR_RETURN(auto reader, FromArrow(builder.Build()));
    LANCER_ASSIGN_OR_RETURN(auto table, FromArrow(reader->ReadTable()));
    return WithClassicStrings(std::move(table));
  });
}

// The float32 matrix of a .npy file (version 1 header, C order).
Result<std::shared_ptr<arrow::Table>> ReadVectors(const std::string& path) {
  LANCER_ASSIGN_OR_RETURN(auto file, FromArrow(arrow::io::ReadableFile::Open(path)));
  LANCER_ASSIGN_OR_RETURN(auto head, FromArrow(file->ReadAt(0, 128)));
  const std::string text = head->ToString();
  const size_t shape = text.find("'shape': (");
  uint64_t rows = 0;
  int dimension = 0;
  if (text.find("'<f4'") == std::string::npos || shape == std::string::npos ||
      std::sscanf(text.c_str() + shape, "'shape': (%lu, %d)", &rows, &dimension) != 2) {
    return Status::Unsupported(path + ": not a float32 matrix");
  }
  const auto size = static_cast<int64_t>(rows) * dimension * 4;
  LANCER_ASSIGN_OR_RETURN(auto values, FromArrow(file->ReadAt(128, size)));
  return VectorTable(std::move(values), static_cast<int64_t>(rows), dimension);
}

std::shared_ptr<arrow::Table> Cut(const std::shared_ptr<arrow::Table>& table,
                                  int64_t rows) {
  return table->num_rows() > rows ? table->Slice(0, rows) : table;
}

constexpr int64_t kQuickRows = 600'000;

// A table of TPC-H at scale 1, made when it is not there yet; nothing without a
// generator.
Result<std::optional<NamedTable>> LoadTpch(const TableOptions& options,
                                           const std::string& name) {
  const std::string folder = options.work_folder + "/tpch";
  const std::string path = folder + "/" + name + ".parquet";
  if (!fs::exists(path) && !options.generator.empty()) {
    fs::create_directories(folder);
    const std::string command =
        fmt::format("'{}' parquet -s 1 --tables={} --output-dir='{}' >&2",
                    options.generator, name, folder);
    if (std::system(command.c_str()) != 0) {
      return Status::IoError("tpchgen-cli failed");
    }
  }
  if (!fs::exists(path)) {
    return std::optional<NamedTable>();
  }
  LANCER_ASSIGN_OR_RETURN(auto table, ReadParquetTable(path));
  return std::optional(NamedTable{options.quick ? name + " (600k rows)" : name,
                                  options.quick ? Cut(table, kQuickRows) : table});
}

}  // namespace

Result<NamedTable> LoadLineitem(const TableOptions& options) {
  LANCER_ASSIGN_OR_RETURN(std::optional<NamedTable> table, LoadTpch(options, "lineitem"));
  return table.has_value()
             ? *std::move(table)
             : NamedTable{"synthetic lineitem",
                          SyntheticLineitem(options.quick ? kQuickRows : 6'000'000)};
}

Result<std::optional<NamedTable>> LoadOrders(const TableOptions& options) {
  return LoadTpch(options, "orders");
}

Result<NamedTable> LoadPackages(const TableOptions& options) {
  const std::string path = options.data_folder + "/packages.parquet";
  if (options.data_folder.empty() || !fs::exists(path)) {
    return NamedTable{"synthetic packages", SyntheticPackages(60'000)};
  }
  LANCER_ASSIGN_OR_RETURN(auto table, ReadParquetTable(path));
  return NamedTable{"packages", std::move(table)};
}

Result<NamedTable> LoadEmbeddings(const TableOptions& options) {
  const std::string path = options.data_folder + "/package_embeddings_f32.npy";
  if (options.data_folder.empty() || !fs::exists(path)) {
    return NamedTable{"synthetic embeddings", SyntheticVectors(60'000, 384)};
  }
  LANCER_ASSIGN_OR_RETURN(auto table, ReadVectors(path));
  return NamedTable{"embeddings", std::move(table)};
}

Result<NamedTable> AsHalfFloats(const NamedTable& vectors) {
  const auto type =
      std::static_pointer_cast<arrow::FixedSizeListType>(vectors.table->field(0)->type());
  const auto list = std::static_pointer_cast<arrow::FixedSizeListArray>(
      vectors.table->column(0)->chunk(0));
  LANCER_RETURN_IF_ERROR(FromArrow(arrow::compute::Initialize()));
  LANCER_ASSIGN_OR_RETURN(
      auto halves, FromArrow(arrow::compute::Cast(*list->values(), arrow::float16())));
  LANCER_ASSIGN_OR_RETURN(
      auto column,
      FromArrow(arrow::FixedSizeListArray::FromArrays(
          halves, arrow::fixed_size_list(type->value_field()->WithType(arrow::float16()),
                                         type->list_size()))));
  const auto field = vectors.table->field(0)->WithType(column->type());
  return NamedTable{vectors.name + " as float16",
                    arrow::Table::Make(arrow::schema({field}), {column})};
}

Result<std::optional<NamedTable>> LoadPhotos(const TableOptions& options) {
  std::vector<fs::path> paths;
  std::error_code absent;
  for (const auto& entry :
       fs::directory_iterator(options.data_folder + "/photos", absent)) {
    if (entry.is_regular_file()) {
      paths.push_back(entry.path());
    }
  }
  if (options.data_folder.empty() || paths.empty()) {
    return std::optional<NamedTable>();
  }
  std::ranges::sort(paths);
  arrow::BinaryBuilder photos;
  for (const fs::path& path : paths) {
    LANCER_ASSIGN_OR_RETURN(auto file, FromArrow(arrow::io::ReadableFile::Open(path)));
    LANCER_ASSIGN_OR_RETURN(const int64_t size, FromArrow(file->GetSize()));
    LANCER_ASSIGN_OR_RETURN(auto bytes, FromArrow(file->ReadAt(0, size)));
    LANCER_RETURN_IF_ERROR(FromArrow(photos.Append(std::string_view(*bytes))));
  }
  LANCER_ASSIGN_OR_RETURN(auto column, FromArrow(photos.Finish()));
  const auto schema = arrow::schema({arrow::field("photo", arrow::binary(), false)});
  return std::optional(NamedTable{"photos", arrow::Table::Make(schema, {column})});
}

Result<NamedTable> OneColumn(const NamedTable& table, const std::string& column) {
  LANCER_ASSIGN_OR_RETURN(auto one, Select(table.table, {column}));
  if (one->column(0)->null_count() != 0) {
    const auto empty = arrow::MakeScalar(std::string());
    LANCER_ASSIGN_OR_RETURN(auto filled, FromArrow(arrow::compute::CallFunction(
                                             "coalesce", {one->column(0), empty})));
    LANCER_ASSIGN_OR_RETURN(
        one, FromArrow(one->SetColumn(0, one->field(0), filled.chunked_array())));
  }
  LANCER_ASSIGN_OR_RETURN(one, FromArrow(one->CombineChunks()));
  return NamedTable{table.name + "." + column, std::move(one)};
}

}  // namespace lancer::bench
