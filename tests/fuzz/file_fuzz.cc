// Whole files with hostile bytes: one of some small files that hold layouts, encodings
// and nesting drawn at random, with bytes of it replaced, is opened, scanned, taken from
// and verified. This program's checksums are all 0 (zero_checksums.cc), so that changes
// reach the parsers behind them. Reading must stay in bounds and in its budget, whatever
// it gives.
//
// Input: [file u8] ([place u16] [byte u8]) * n; a place is a share of the file's size.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "encoding/byte_reader.h"
#include "lancer/file_reader.h"
#include "lancer/file_writer.h"
#include "tests/support/arrays/random_arrays.h"

namespace lancer {
namespace {

constexpr size_t kFiles = 64;
constexpr int64_t kRows = 300;
constexpr uint64_t kBudgetBytes = 16 << 20;

// One thread, and nothing kept from one input to the next.
ContextPtr EmptyContext() {
  return std::make_shared<const Context>(
      Context{.file_system = MakeMemoryFileSystem({}),
              .clock = MakeSystemClock(),
              .random = MakeSeededRandom(1),
              .executor = MakeExecutor(1),
              .counters = std::make_shared<Counters>()});
}

// The bytes of a file that `random` draws; none when its schema cannot be stored.
std::vector<std::byte> MakeFile(std::mt19937_64& random) {
  const ContextPtr context = EmptyContext();
  auto schema = std::make_shared<const Schema>(test::RandomSchema(random, 2, 2));
  const Batch rows = test::RandomBatch(schema, kRows, random);
  auto writer = FileWriter::Create(
      "f.lancer", *schema, {.random_encodings = random() % 4 != 0, .page_bytes = 1024},
      context);
  if (!writer || !(*writer)->Write(rows).ok() || !(*writer)->Finish()) {
    return {};
  }
  auto file = context->file_system->OpenForRead("f.lancer", MapMode::kNever);
  std::vector<std::byte> bytes(file ? (*file)->size() : 0);
  const ReadRange all{.offset = 0, .destination = bytes};
  return !bytes.empty() && (*file)->ReadBatch({&all, 1}).ok() ? bytes
                                                              : std::vector<std::byte>();
}

const std::vector<std::vector<std::byte>>& Files() {
  static const auto files = [] {
    std::mt19937_64 random(1);
    std::vector<std::vector<std::byte>> made;
    while (made.size() < kFiles) {
      std::vector<std::byte> bytes = MakeFile(random);
      if (!bytes.empty()) {
        made.push_back(std::move(bytes));
      }
    }
    return made;
  }();
  return files;
}

void ReadAllOf(const FileReader& file) {
  if (auto scan = file.Scan(
          {.memory_budget_bytes = kBudgetBytes, .row_budget_bytes = kBudgetBytes})) {
    auto batch = (*scan)->Next();
    while (batch && batch->has_value()) {
      batch = (*scan)->Next();
    }
  }
  const uint64_t last = file.row_count() == 0 ? 0 : file.row_count() - 1;
  const std::array<uint64_t, 4> rows = {last, 0, last / 2, last / 2};
  (void)file.Take(rows, {.memory_budget_bytes = kBudgetBytes});
  (void)file.DescribeColumns();
  (void)file.DescribeParts();
  (void)file.Verify({.threads = 1});
}

void Run(std::span<const std::byte> input) {
  encoding::ByteReader reader(input);
  uint8_t choice = 0;
  if (!reader.Read(&choice)) {
    return;
  }
  std::vector<std::byte> bytes = Files()[choice % kFiles];
  uint16_t place = 0;
  uint8_t value = 0;
  while (reader.Read(&place) && reader.Read(&value)) {
    bytes[bytes.size() * place >> 16] = std::byte{value};
  }
  const ContextPtr context = EmptyContext();
  if (!context->file_system->Overwrite("f.lancer", bytes).ok()) {
    std::abort();
  }
  for (const MapMode map : {MapMode::kAuto, MapMode::kNever}) {
    if (auto file = FileReader::Open("f.lancer", {.map = map}, context)) {
      ReadAllOf(**file);
    }
  }
}

}  // namespace
}  // namespace lancer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lancer::Run(std::as_bytes(std::span(data, size)));
  return 0;
}
