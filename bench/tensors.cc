// Tensors: what each kind of tensor_kinds.h, and photographs that run.sh decoded, take in
// the small profile, beside their raw bytes and zstd on pieces of them, and what reading
// one tensor at random then costs.
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "bench/commands.h"
#include "bench/machine.h"
#include "bench/tensor_kinds.h"
#include "lancer/file_reader.h"
#include "lancer/file_writer.h"

namespace lancer::bench {
namespace {

constexpr uint64_t kSeed = 1;
constexpr size_t kPieceBytes = 64 << 10;
constexpr const char* kPieces = "zstd -3 of 64 KiB";
constexpr const char* kPhotos = "photos (real), uint8 256x256x3";
constexpr const char* kPhotosFile = "photos_256x256x3.bin";  // of decode_photos.py

// Figures to reach: ratio over that of zstd on pieces, and over raw bytes. 0: none.
struct Figure {
  std::string_view kind;
  double times_zstd;
  double times_raw;
};
constexpr std::array<Figure, 8> kFigures = {{{"label maps", 0.95, 0},
                                             {"occupancy grids", 0.95, 0},
                                             {"1 % dense f32", 1.2, 0},
                                             {"static camera, no noise", 10, 0},
                                             {"f32 that were f16", 1.2, 2},
                                             {"f32 that were bf16", 1.2, 2},
                                             {"bf16 embeddings", 1.1, 1.4},
                                             {kPhotos, 1.4, 1.5}}};

std::vector<Target> TargetsOf(std::string_view kind) {
  std::vector<Target> targets;
  for (const Figure& figure : kFigures) {
    if (figure.kind == kind) {
      targets.push_back({kPieces, Target::Kind::kTimesOursAtLeast, figure.times_zstd});
      if (figure.times_raw > 0) {
        targets.push_back({"raw", Target::Kind::kTimesOursAtLeast, figure.times_raw});
      }
    }
  }
  return targets;
}

Result<uint64_t> PiecesBytes(std::span<const std::byte> raw) {
  std::vector<std::byte> stored(ZSTD_compressBound(kPieceBytes));
  uint64_t total = 0;
  for (size_t at = 0; at < raw.size(); at += kPieceBytes) {
    const auto piece = raw.subspan(at, std::min(kPieceBytes, raw.size() - at));
    const size_t size =
        ZSTD_compress(stored.data(), stored.size(), piece.data(), piece.size(), 3);
    if (ZSTD_isError(size) != 0) {
      return Status::Internal(ZSTD_getErrorName(size));
    }
    total += size;
  }
  return total;
}

Field ItemOf(TensorElement element) {
  Field item{.name = "item", .nullable = false};
  switch (element) {
    case TensorElement::kUInt8:
      item.type = DataType::Make(TypeKind::kUInt8);
      break;
    case TensorElement::kInt32:
      item.type = DataType::Make(TypeKind::kInt32);
      break;
    case TensorElement::kFloat16:
      item.type = DataType::Make(TypeKind::kFloat16);
      break;
    case TensorElement::kBFloat16:
      item.type = DataType::FixedSizeBinary(2);
      item.metadata = {{"ARROW:extension:name", "lancer.bfloat16"},
                       {"ARROW:extension:metadata", ""}};
      break;
    case TensorElement::kFloat32:
      item.type = DataType::Make(TypeKind::kFloat32);
      break;
  }
  return item;
}

// One column "tensor" of the kind's shape over `bytes`.
Batch BatchOf(const TensorKind& kind, TensorBytes bytes) {
  const auto rows = static_cast<int64_t>(bytes.size() / kind.bytes_per_tensor());
  const auto size =
      static_cast<int32_t>(kind.bytes_per_tensor() / ElementBytes(kind.element));
  const Field item = ItemOf(kind.element);
  Field field{
      .name = "tensor", .type = DataType::FixedSizeList(item, size), .nullable = false};
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata",
                     fmt::format("{{\"shape\":[{}]}}", fmt::join(kind.shape, ","))}};
  const ArrayPtr items = Array::Make({.type = item.type,
                                      .length = rows * size,
                                      .null_count = 0,
                                      .buffers = {nullptr, Buffer::Own(std::move(bytes))},
                                      .children = {}});
  const ArrayPtr column = Array::Make({.type = field.type,
                                       .length = rows,
                                       .null_count = 0,
                                       .buffers = {nullptr},
                                       .children = {items}});
  return {std::make_shared<const Schema>(std::vector<Field>{field}), rows, {column}};
}

struct Stored {
  std::shared_ptr<const FileReader> reader;
  std::string encoding;  // of most pages
  double megabytes = 0;
};

Result<Stored> Store(const Batch& batch, Profile profile, const std::string& path) {
  WriterOptions options;
  options.profile = profile;
  LANCER_ASSIGN_OR_RETURN(std::unique_ptr<FileWriter> writer,
                          FileWriter::Create(path, *batch.schema, options));
  LANCER_RETURN_IF_ERROR(writer->Write(batch));
  LANCER_RETURN_IF_ERROR(writer->Finish().status());
  Stored stored;
  LANCER_ASSIGN_OR_RETURN(stored.reader, FileReader::Open(path));
  LANCER_ASSIGN_OR_RETURN(const std::vector<ColumnInfo> columns,
                          stored.reader->DescribeColumns());
  const PageInfo& page = columns.front().pages.front();
  stored.encoding = page.encoding;
  if (page.block_rows > 0) {
    stored.encoding += fmt::format(", {} tensors a block", page.block_rows);
  }
  stored.megabytes = static_cast<double>(stored.reader->size_bytes()) / 1e6;
  return stored;
}

Contender Constant(std::string name, std::string setting, double cost) {
  return {std::move(name), std::move(setting), [cost](int) {
            return Result<Sample>(Sample{cost, 0});
          }};
}

// Microseconds of taking one tensor, on files that were read before.
Contender Takes(const std::string& name, const Stored& stored, int calls) {
  return {name, stored.encoding, [&stored, calls](int repetition) -> Result<Sample> {
            std::mt19937_64 random(static_cast<uint64_t>(repetition) + 1);
            std::vector<uint64_t> rows;
            for (int i = 0; i < calls; ++i) {
              rows.push_back(random() % stored.reader->row_count());
            }
            LANCER_RETURN_IF_ERROR(stored.reader->Take(rows).status());  // warm
            const Stopwatch watch;
            for (const uint64_t& row : rows) {
              LANCER_RETURN_IF_ERROR(stored.reader->Take(std::span(&row, 1)).status());
            }
            return watch.Stop(1e6 / calls);
          }};
}

Status MeasureKind(const TensorKind& kind, const Setting& setting, Results* results) {
  const uint64_t few = std::max<uint64_t>(kind.count / 4, 16);
  const uint64_t count = setting.quick ? std::min(few, kind.count) : kind.count;
  TensorBytes bytes = kind.make(count, kSeed);
  const double raw = static_cast<double>(bytes.size()) / 1e6;
  LANCER_ASSIGN_OR_RETURN(const uint64_t pieces, PiecesBytes(bytes));
  const Batch batch = BatchOf(kind, std::move(bytes));
  const std::string folder = setting.work_folder + "/tensors";
  LANCER_RETURN_IF_ERROR(MakeEmptyFolder(folder));
  LANCER_ASSIGN_OR_RETURN(const Stored compact,
                          Store(batch, Profile::kCompact, folder + "/compact.lancer"));
  LANCER_ASSIGN_OR_RETURN(const Stored random,
                          Store(batch, Profile::kRandom, folder + "/random.lancer"));
  Group size;
  size.title = fmt::format("size of {}, {} x [{}] of {} bytes", kind.name, count,
                           fmt::join(kind.shape, ", "), ElementBytes(kind.element));
  size.unit = "MB";
  size.state = "file";
  size.once = true;
  size.contenders = {
      Constant("lancer compact", compact.encoding, compact.megabytes),
      Constant("lancer random", random.encoding, random.megabytes),
      Constant(kPieces, "pieces one by one", static_cast<double>(pieces) / 1e6),
      Constant("raw", "bytes of the values", raw)};
  size.targets = TargetsOf(kind.name);
  results->Measure(size);
  Group take;
  take.title = fmt::format("one random tensor of {}", kind.name);
  take.unit = "us";
  take.state = "hot";
  const int calls = kind.bytes_per_tensor() > (64 << 10) ? 20 : 200;
  take.contenders = {Takes("lancer compact", compact, calls),
                     Takes("lancer random", random, calls)};
  results->Measure(take);
  return MakeEmptyFolder(folder);
}

// Pixels that stand in a file of the work folder; nothing where there is none.
Result<std::optional<TensorKind>> LoadPhotoPixels(const std::string& folder) {
  const std::string path = folder + "/" + kPhotosFile;
  std::error_code none;
  const uint64_t size = std::filesystem::file_size(path, none);
  if (none) {
    return std::optional<TensorKind>();
  }
  TensorKind photos{.name = kPhotos, .shape = {256, 256, 3}};
  photos.count = size / photos.bytes_per_tensor();
  photos.make = [path, bytes = photos.bytes_per_tensor()](uint64_t count, uint64_t) {
    std::vector<char> pixels(count * bytes);
    std::ifstream(path, std::ios::binary)
        .read(pixels.data(), static_cast<std::streamsize>(pixels.size()));
    TensorBytes out(pixels.size());
    std::memcpy(out.data(), pixels.data(), out.size());
    return out;
  };
  if (photos.count == 0) {
    return Status::InvalidArgument(path + ": not one whole picture");
  }
  return std::optional(std::move(photos));
}

}  // namespace

Status BenchTensors(const Setting& setting, Results* results) {
  for (const TensorKind& kind : TensorKinds()) {
    LANCER_RETURN_IF_ERROR(MeasureKind(kind, setting, results));
  }
  LANCER_ASSIGN_OR_RETURN(const std::optional<TensorKind> photos,
                          LoadPhotoPixels(setting.work_folder));
  return photos ? MeasureKind(*photos, setting, results) : Status::Ok();
}

}  // namespace lancer::bench
