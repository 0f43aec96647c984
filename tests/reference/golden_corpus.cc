#include "tests/reference/golden_corpus.h"

#include <fmt/format.h>

#include <utility>

#include "tests/reference/golden_values.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::golden {
namespace {

using enum TypeKind;
using test::Nullable;
using test::Required;

struct NamedType {
  std::string name;
  TypePtr type;
  Metadata metadata = {};
};

TypePtr With(TypeKind kind, DataType::Parameters parameters) {
  return *DataType::Make(kind, std::move(parameters));
}

// Every type without children that can be stored.
std::vector<NamedType> FlatTypes() {
  std::vector<NamedType> types;
  for (TypeKind kind :
       {kNull,    kBool,        kInt8,      kInt16,  kInt32,       kInt64,
        kUInt8,   kUInt16,      kUInt32,    kUInt64, kFloat16,     kFloat32,
        kFloat64, kDate32,      kDate64,    kString, kLargeString, kStringView,
        kBinary,  kLargeBinary, kBinaryView}) {
    types.push_back({std::string(TypeKindName(kind)), DataType::Make(kind)});
  }
  types.push_back({"decimal128", DataType::Decimal128(38, 3)});
  types.push_back({"decimal128_scaled_up", DataType::Decimal128(5, -2)});
  types.push_back({"time32_s", With(kTime32, {.unit = TimeUnit::kSecond})});
  types.push_back({"time32_ms", With(kTime32, {.unit = TimeUnit::kMilli})});
  types.push_back({"time64_us", With(kTime64, {.unit = TimeUnit::kMicro})});
  types.push_back({"time64_ns", With(kTime64, {.unit = TimeUnit::kNano})});
  types.push_back({"timestamp_s", DataType::Timestamp(TimeUnit::kSecond)});
  types.push_back({"timestamp_ns", DataType::Timestamp(TimeUnit::kNano, "Europe/Rome")});
  types.push_back({"duration_ms", With(kDuration, {.unit = TimeUnit::kMilli})});
  types.push_back({"fixed_size_binary", DataType::FixedSizeBinary(7)});
  types.push_back({"decimal32", With(kDecimal32, {.precision = 9, .scale = 2})});
  types.push_back({"decimal64", With(kDecimal64, {.precision = 18, .scale = 2})});
  types.push_back({"decimal256", With(kDecimal256, {.precision = 76, .scale = 3})});
  types.push_back({"bfloat16",
                   DataType::FixedSizeBinary(2),
                   {{"ARROW:extension:name", "lancer.bfloat16"}}});
  return types;
}

Batch OneBatch(const std::vector<Field>& fields, int64_t rows,
               const std::vector<ColumnOptions>& options, Seed* seed) {
  std::vector<ArrayPtr> columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    columns.push_back(MakeColumn(fields[i], rows, options[i % options.size()], seed));
  }
  return test::MakeBatch(fields, std::move(columns));
}

// One file per type: every kind of nulls, constant values, and values under no nulls.
void AddTypes(std::vector<GoldenFile>* files) {
  Seed seed(1);
  for (const NamedType& one : FlatTypes()) {
    std::vector<Field> fields;
    std::vector<ColumnOptions> options;
    auto add = [&](const char* name, bool nullable, ColumnOptions column) {
      fields.push_back(nullable ? Nullable(name, one.type) : Required(name, one.type));
      fields.back().metadata = one.metadata;
      options.push_back(column);
    };
    if (one.type->kind() != kNull) {
      add("required", false, {Style::kRandom, Nulls::kNone});
    }
    add("few_nulls", true, {Style::kSmall, Nulls::kFew});
    add("half_nulls", true, {Style::kRandom, Nulls::kHalf});
    add("all_null", true, {Style::kRandom, Nulls::kAll});
    add("constant", true, {Style::kConstant, Nulls::kFew});
    files->push_back({.name = "type_" + one.name,
                      .shows = one.type->ToString() +
                               ": without nulls, all kinds of nulls, constant values",
                      .batches = {OneBatch(fields, 75, options, &seed)}});
  }
}

// Every encoding tree that fits, one page per batch.
void AddEncodings(std::vector<GoldenFile>* files) {
  Seed seed(2);
  const NamedType types[] = {
      {"null", DataType::Make(kNull)},
      {"bool", DataType::Make(kBool)},
      {"int8", DataType::Make(kInt8)},
      {"uint16", DataType::Make(kUInt16)},
      {"int32", DataType::Make(kInt32)},
      {"int64", DataType::Make(kInt64)},
      {"float64", DataType::Make(kFloat64)},
      {"decimal128", DataType::Decimal128(30, 4)},
      {"fixed_size_binary", DataType::FixedSizeBinary(3)},
      {"string", DataType::Make(kString)},
      {"decimal256", With(kDecimal256, {.precision = 40, .scale = 4})}};
  for (const NamedType& one : types) {
    const std::vector<Field> fields = {Nullable("small", one.type),
                                       Nullable("sorted", one.type),
                                       Nullable("outliers", one.type)};
    std::vector<Batch> batches;
    constexpr int kPages = 48;
    for (int page = 0; page < kPages; ++page) {
      const Nulls nulls = page % 3 == 0   ? Nulls::kHalf
                          : page % 3 == 1 ? Nulls::kFew
                                          : Nulls::kNone;
      const int64_t rows = page == 7 ? 1 : 20 + page % 24;
      batches.push_back(OneBatch(
          fields, rows,
          {{Style::kSmall, nulls}, {Style::kSorted, nulls}, {Style::kOutliers, nulls}},
          &seed));
    }
    files->push_back({.name = "encodings_" + one.name,
                      .shows = "pages of all layouts and encoding trees that fit " +
                               one.type->ToString(),
                      .random_pages = true,
                      .batches = std::move(batches)});
  }
}

// Pages of several chunks of 1,024 values, in the trees that the writer chooses.
void AddChunks(std::vector<GoldenFile>* files) {
  Seed seed(3);
  std::vector<Field> fields;
  std::vector<ColumnOptions> options;
  for (TypeKind kind : {kUInt8, kInt16, kUInt32, kInt64}) {
    const std::string name(TypeKindName(kind));
    fields.push_back(Required(name + " small", DataType::Make(kind)));
    options.push_back({Style::kSmall, Nulls::kNone});
    fields.push_back(Required(name + " outliers", DataType::Make(kind)));
    options.push_back({Style::kOutliers, Nulls::kNone});
  }
  fields.push_back(Required("sorted", DataType::Make(kInt64)));
  options.push_back({Style::kSorted, Nulls::kNone});
  fields.push_back(Nullable("bits", DataType::Make(kBool)));
  options.push_back({Style::kRandom, Nulls::kFew});
  fields.push_back(Nullable("words", DataType::Make(kString)));
  options.push_back({Style::kSmall, Nulls::kFew});
  files->push_back({.name = "chunks",
                    .shows = "bit-packed chunks of every width of numbers, and a rest",
                    .batches = {OneBatch(fields, 1100, options, &seed)}});
}

void AddProfiles(std::vector<GoldenFile>* files) {
  const std::pair<const char*, Profile> profiles[] = {{"random", Profile::kRandom},
                                                      {"compact", Profile::kCompact},
                                                      {"archive", Profile::kArchive}};
  for (const auto& [name, profile] : profiles) {
    Seed seed(4);
    const std::vector<Field> fields = {Nullable("words", DataType::Make(kString)),
                                       Nullable("number", DataType::Make(kInt32)),
                                       Required("ratio", DataType::Make(kFloat64))};
    files->push_back({.name = std::string("profile_") + name,
                      .shows = std::string("what the profile ") + name + " chooses",
                      .options = {.profile = profile},
                      .batches = {OneBatch(fields, 400,
                                           {{Style::kRandom, Nulls::kFew},
                                            {Style::kOutliers, Nulls::kFew},
                                            {Style::kSorted, Nulls::kNone}},
                                           &seed)}});
  }
}

// Long values: layout V, a value above 64 KiB, and a codec dictionary, which a writer
// trains only on a first page of 256 KiB and more.
void AddLongValues(std::vector<GoldenFile>* files) {
  Seed seed(5);
  const std::vector<Field> fields = {Nullable("text", DataType::Make(kString))};
  const std::vector<ColumnOptions> options = {{Style::kLong, Nulls::kFew}};
  Batch huge = test::MakeBatch(
      fields, {test::MakeStringArray({std::string(70'000, 'x'), std::nullopt, "short"})});
  files->push_back({.name = "long_values",
                    .shows = "layout V, one value above 64 KiB",
                    .batches = {huge, OneBatch(fields, 6, options, &seed)}});
  std::vector<Batch> pages = {OneBatch(fields, 120, options, &seed)};
  for (int page = 0; page < 32; ++page) {
    pages.push_back(
        OneBatch(fields, 3,
                 {{page % 4 == 0 ? Style::kLong : Style::kRandom, Nulls::kFew}}, &seed));
  }
  files->push_back({.name = "codec_dictionary",
                    .shows = "zstd and lz4 with a codec dictionary, in layouts K and V",
                    .random_pages = true,
                    .batches = std::move(pages)});
}

// Texts that share parts, on a page long enough for a symbol table (64 KiB), and texts
// that come again, of which a dictionary is long enough to be compressed.
void AddTexts(std::vector<GoldenFile>* files) {
  const std::vector<Field> fields = {Nullable("path", DataType::Make(kString)),
                                     Nullable("owner", DataType::Make(kString))};
  std::vector<std::optional<std::string>> paths;
  std::vector<std::optional<std::string>> owners;
  for (int i = 0; i < 2500; ++i) {
    paths.push_back(i % 50 == 7 ? std::nullopt
                                : std::optional(fmt::format("/var/lib/{}/item-{}\xc3\xa4",
                                                            i % 7 == 0 ? "books" : "maps",
                                                            i * 37 % 9973)));
    owners.push_back(fmt::format("the owner of {}", i * 7919 % 401));
  }
  files->push_back(
      {.name = "symbol_table",
       .shows = "fsst by a symbol table; a compressed dictionary",
       .batches = {test::MakeBatch(
           fields, {test::MakeStringArray(paths), test::MakeStringArray(owners)})}});
}

Field TensorField(std::string name, TypeKind kind, const std::string& shape, int size) {
  Field field =
      Required(std::move(name),
               DataType::FixedSizeList(Required("item", DataType::Make(kind)), size));
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", "{\"shape\":[" + shape + "]}"}};
  return field;
}

// What the profile compact makes of tensors: smooth pictures that move, and floats whose
// exponents are alike.
void AddTensors(std::vector<GoldenFile>* files) {
  constexpr int kFrames = 18;
  constexpr int kSide = 22;
  Seed seed(9);
  test::Values<uint8_t> pixels;
  test::Values<float> numbers;
  for (int frame = 0; frame < kFrames; ++frame) {
    for (int pixel = 0; pixel < kSide * kSide; ++pixel) {
      const int x = pixel % kSide;
      const bool disc = (x - frame) * (x - frame) + pixel / kSide < 9;
      for (int channel = 0; channel < 3; ++channel) {
        pixels.push_back(disc ? 200 : static_cast<uint8_t>(6 * x + pixel / 8 + channel));
      }
    }
    for (int i = 0; i < 256; ++i) {
      numbers.push_back(
          static_cast<float>(static_cast<int64_t>(seed.Below(4001)) - 2000) / 64.0F);
    }
  }
  const std::vector<Field> fields = {
      TensorField("frames", kUInt8, "22,22,3", kSide * kSide * 3),
      TensorField("vectors", kFloat32, "256", 256)};
  files->push_back(
      {.name = "tensors",
       .shows = "predict and shuffle under zstd",
       .options = {.profile = Profile::kCompact},
       .batches = {test::MakeBatch(
           fields, {test::MakeFixedSizeListArray(
                        fields[0].type, kFrames,
                        test::MakeFixedArray<uint8_t>(DataType::Make(kUInt8), pixels)),
                    test::MakeFixedSizeListArray(fields[1].type, kFrames,
                                                 test::MakeFloat32Array(numbers))})}});
}

TypePtr Int(TypeKind kind) { return DataType::Make(kind); }

std::vector<Field> NestedFields() {
  const TypePtr pair =
      DataType::Struct({Nullable("a", Int(kInt32)),
                        Nullable("b", DataType::List(Nullable("item", Int(kString))))});
  const TypePtr point = DataType::FixedSizeList(Nullable("item", Int(kFloat32)), 3);
  return {
      Nullable("lists", DataType::List(Nullable("item", Int(kInt64)))),
      Nullable("large_lists", DataType::LargeList(Required("item", Int(kBool)))),
      Nullable("structs", pair),
      Nullable("lists_of_structs", DataType::List(Nullable("item", pair))),
      Nullable("lists_of_lists",
               DataType::List(
                   Nullable("item", DataType::List(Nullable("item", Int(kUInt8)))))),
      Nullable("points", point),
      Nullable("lists_of_points", DataType::List(Nullable("item", point))),
      Nullable("points_of_strings",
               DataType::FixedSizeList(Nullable("item", Int(kString)), 2)),
      Nullable("matrices", DataType::FixedSizeList(
                               Required("item", DataType::FixedSizeList(
                                                    Required("item", Int(kInt16)), 2)),
                               2)),
      Nullable("no_items", DataType::FixedSizeList(Nullable("item", Int(kInt8)), 0)),
      Nullable("no_children", DataType::Struct({})),
      Nullable("lists_of_no_children",
               DataType::List(Nullable("item", DataType::Struct({})))),
      Nullable("lists_of_null", DataType::List(Nullable("item", Int(kNull)))),
      Nullable("deep", DataType::Struct({Nullable(
                           "x", DataType::Struct({Nullable("y", point),
                                                  Required("z", Int(kBinary))}))})),
  };
}

void AddNesting(std::vector<GoldenFile>* files) {
  Seed seed(6);
  const std::vector<Field> fields = NestedFields();
  const std::vector<ColumnOptions> few = {{Style::kSmall, Nulls::kFew}};
  const std::vector<ColumnOptions> half = {{Style::kSmall, Nulls::kHalf}};
  files->push_back({.name = "nesting",
                    .shows = "lists, structs and fixed-size lists in one another",
                    .batches = {OneBatch(fields, 45, half, &seed)}});
  std::vector<Batch> pages;
  for (int page = 0; page < 10; ++page) {
    pages.push_back(
        OneBatch(fields, page == 3 ? 1 : 12 + page,
                 page == 5 ? std::vector<ColumnOptions>{{Style::kRandom, Nulls::kAll}}
                 : page % 2 == 0 ? few
                                 : half,
                 &seed));
  }
  files->push_back({.name = "nesting_pages",
                    .shows = "the same in pages of all layouts and encodings",
                    .random_pages = true,
                    .batches = std::move(pages)});
}

TypePtr MapOf(Field key, Field value, bool keys_sorted = false) {
  const Field entries =
      Required("entries", DataType::Struct({std::move(key), std::move(value)}));
  return With(kMap, {.keys_sorted = keys_sorted, .children = {entries}});
}

void AddMaps(std::vector<GoldenFile>* files) {
  Seed seed(9);
  const TypePtr sizes =
      MapOf(Required("key", Int(kString)), Nullable("value", Int(kInt32)));
  const TypePtr nested = MapOf(Required("k", Int(kInt64)), Nullable("v", sizes), true);
  const std::vector<Field> fields = {
      Nullable("sizes", sizes), Required("nested", nested),
      Nullable("lists_of_maps", DataType::List(Nullable("item", sizes)))};
  files->push_back(
      {.name = "maps",
       .shows = "maps, maps in maps and in lists",
       .batches = {OneBatch(fields, 45, {{Style::kSmall, Nulls::kHalf}}, &seed)}});
}

void AddPacked(std::vector<GoldenFile>* files) {
  Seed seed(10);
  Field packed = Nullable(
      "packed", DataType::Struct({Required("a", Int(kInt16)), Nullable("b", Int(kBool)),
                                  Nullable("c", DataType::Timestamp(TimeUnit::kMilli)),
                                  Nullable("d", DataType::FixedSizeBinary(3)),
                                  Required("e", Int(kFloat64))}));
  packed.metadata = {{"lancer.packed", "true"}};
  Field list = Nullable("lists", DataType::List(packed));
  files->push_back({.name = "packed",
                    .shows = "packed structs, alone and in lists",
                    .batches = {OneBatch({packed, list}, 50,
                                         {{Style::kRandom, Nulls::kHalf}}, &seed)}});
}

// Types that are stored as others, and what a schema carries besides.
void AddDeclaredTypes(std::vector<GoldenFile>* files) {
  Seed seed(7);
  const TypePtr ends = With(
      kRunEndEncoded,
      {.children = {Required("run_ends", Int(kInt32)), Nullable("values", Int(kInt64))}});
  std::vector<Field> fields = {
      Nullable("dictionary", DataType::Dictionary(Int(kInt8), Int(kString))),
      Nullable("ordered", DataType::Dictionary(Int(kUInt16), Int(kInt32), true)),
      Nullable("dictionary_of_lists",
               DataType::Dictionary(Int(kInt32),
                                    DataType::List(Nullable("item", Int(kString))))),
      Nullable("run_ends", ends),
      Nullable("list_view",
               With(kListView, {.children = {Nullable("item", Int(kInt32))}})),
      Nullable("large_list_view",
               With(kLargeListView, {.children = {Nullable("item", Int(kStringView))}})),
  };
  Field uuid = Nullable("uuid", DataType::FixedSizeBinary(16));
  uuid.metadata = {{"ARROW:extension:name", "arrow.uuid"},
                   {"ARROW:extension:metadata", ""},
                   {"twice", "1"},
                   {"twice", "2"}};
  fields.push_back(uuid);
  Batch batch = OneBatch(fields, 40, {{Style::kSmall, Nulls::kFew}}, &seed);
  batch.schema = std::make_shared<const Schema>(
      fields, Metadata{{"made by", "tests"}, {"binary", std::string("\0\xFF", 2)}});
  files->push_back({.name = "declared_types",
                    .shows = "dictionary, run-end and view types, an extension type, "
                             "metadata of fields and of the schema",
                    .batches = {std::move(batch)}});
}

void AddShapes(std::vector<GoldenFile>* files) {
  Seed seed(8);
  const std::vector<ColumnOptions> plain = {{Style::kRandom, Nulls::kFew}};
  files->push_back({.name = "no_rows",
                    .shows = "columns without rows",
                    .batches = {OneBatch(NestedFields(), 0, plain, &seed)}});
  files->push_back({.name = "no_columns",
                    .shows = "seven rows without columns",
                    .batches = {{std::make_shared<const Schema>(), 7, {}}}});
  std::vector<Field> odd;
  for (const char* name :
       {"", "a.b", "a/b", "\"quoted\"", "new\nline", "\xC3\xA4", " "}) {
    odd.push_back(Nullable(name, Int(kInt16)));
  }
  odd.push_back(Nullable("a", DataType::Struct({Nullable("b", Int(kInt16))})));
  files->push_back({.name = "names",
                    .shows = "names that are empty, or hold dots and other signs",
                    .batches = {OneBatch(odd, 6, plain, &seed)}});
  std::vector<Field> many;
  for (int i = 0; i < 130; ++i) {
    many.push_back(Nullable("column " + std::to_string(i), Int(kInt32)));
  }
  files->push_back({.name = "many_columns",
                    .shows = "a directory of two check units",
                    .batches = {OneBatch(many, 2, plain, &seed)}});
}

}  // namespace

std::vector<GoldenFile> Corpus() {
  std::vector<GoldenFile> files;
  AddTypes(&files);
  AddEncodings(&files);
  AddChunks(&files);
  AddProfiles(&files);
  AddTensors(&files);
  AddLongValues(&files);
  AddTexts(&files);
  AddNesting(&files);
  AddDeclaredTypes(&files);
  AddShapes(&files);
  AddMaps(&files);
  AddPacked(&files);
  return files;
}

}  // namespace lancer::golden
