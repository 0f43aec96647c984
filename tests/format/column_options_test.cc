#include "format/column_options.h"

#include <gtest/gtest.h>

#include "format/leaf.h"
#include "tests/format/file_fixture.h"

namespace lancer::format {
namespace {

using enum TypeKind;

Field With(Field field, const std::string& key, const std::string& value) {
  field.metadata.emplace_back(key, value);
  return field;
}

Field Number(const char* name) { return {.name = name, .type = DataType::Make(kInt64)}; }
Field Text(const char* name) { return {.name = name, .type = DataType::Make(kString)}; }

TEST(ColumnOptions, WhatCannotBeHonouredIsRefusedByPath) {
  const Field pair = {.name = "p", .type = DataType::Struct({Number("a"), Text("b")})};
  const Field deep = {
      .name = "l",
      .type = DataType::List(
          {.name = "item",
           .type = DataType::Struct({With(Number("x y"), "lancer.encoding", "fsst")})})};
  Field twice = With(Number("n"), "lancer.profile", "compact");
  twice.metadata.push_back(twice.metadata[0]);
  const std::pair<Field, const char*> cases[] = {
      {With(Number("n"), "lancer.profile", "fast"),
       "field n: metadata lancer.profile: \"fast\" is not one of random, compact, "
       "archive"},
      {With(Number("n"), "lancer.profil", "compact"),
       "field n: metadata lancer.profil: no option of this build; there are "
       "lancer.profile, lancer.encoding and lancer.packed"},
      {twice, "field n: metadata lancer.profile: it stands twice"},
      {With(Number("n"), "lancer.encoding", "fsst(ffor)"),
       "field n: metadata lancer.encoding: fsst(ffor) does not hold values of "
       "type int64"},
      {With(Number("n"), "lancer.encoding", "dict"),
       "field n: metadata lancer.encoding: dict does not hold values of type int64"},
      {With(Number("n"), "lancer.encoding", "constant"),
       "field n: metadata lancer.encoding: constant holds one value only"},
      {With(Text("t"), "lancer.encoding", "var_bytes(ffor"),
       "field t: metadata lancer.encoding: \"var_bytes(ffor\" is no encoding tree such "
       "as "
       "\"dict(ffor)\""},
      {With(pair, "lancer.encoding", "plain"),
       "field p: metadata lancer.encoding: the field has 2 columns of values below it; "
       "ask "
       "for an encoding on the field of one of them"},
      {With(Number("n"), "lancer.packed", "true"),
       "field n: metadata lancer.packed: only a struct with fields can be packed, found "
       "int64"},
      {With(pair, "lancer.packed", "true"),
       "field p: metadata lancer.packed: its field b is of type string; a packed struct "
       "holds fields of fixed width only"},
      {With(pair, "lancer.packed", "1"),
       "field p: metadata lancer.packed: \"1\" is not \"true\"; leave the key out for a "
       "struct that is not packed"},
      {deep,
       "field l.item.\"x y\": metadata lancer.encoding: fsst does not hold values of "
       "type "
       "int64"},
  };
  for (const auto& [field, says] : cases) {
    const Status status = CheckColumnOptions(Schema({Number("good"), field}));
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), says);
    const auto writer =
        FileWriter::Create("a.lancer", Schema({field}), {}, MemoryContext());
    EXPECT_EQ(writer.status().message(), says);
  }
}

std::string Refusal(const Schema& schema) {
  const Status status = CheckColumnOptions(schema);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(ColumnOptions, TreesThatFailOnSomeValuesAreRefused) {
  const std::string no_dict =
      " has dict where there are no values of type double, which alone stand in the "
      "dictionary";
  const Field number = {.name = "n", .type = DataType::Make(kFloat64)};
  for (const std::string tree : {"dict(dict(ffor))", "cast:half(dict(ffor))",
                                 "sparse(dict(plain), plain)", "alp(dict(ffor))"}) {
    EXPECT_EQ(Refusal(Schema({With(number, "lancer.encoding", tree)})),
              "field n: metadata lancer.encoding: " + tree + no_dict);
  }
  for (const std::string tree :
       {"zstd(constant)", "run_end(ffor, constant)", "dict(constant)"}) {
    EXPECT_EQ(Refusal(Schema({With(Number("n"), "lancer.encoding", tree)})),
              "field n: metadata lancer.encoding: constant holds one value only");
  }
  for (const std::string tree : {"dict(ffor)", "run_end(ffor, dict(ffor))"}) {
    EXPECT_TRUE(CheckColumnOptions(Schema({With(number, "lancer.encoding", tree)})).ok());
  }
}

TEST(ColumnOptions, OfFieldsOfAPackedStructAndOfASchemaAreRefused) {
  for (const auto& [key, value] :
       {std::pair("lancer.profile", "compact"), {"lancer.encoding", "plain"}}) {
    const Field packed =
        With({.name = "p",
              .type = DataType::Struct({Number("a"), With(Number("b"), key, value)})},
             "lancer.packed", "true");
    EXPECT_EQ(Refusal(Schema({packed})),
              std::string("field p.b: metadata ") + key +
                  ": a field of a packed struct is no column of its own; ask on the "
                  "struct");
    EXPECT_EQ(Refusal(Schema({Number("n")}, {{key, value}})),
              std::string("metadata ") + key +
                  " of the schema: a schema has no options; ask on its fields");
  }
  EXPECT_TRUE(CheckColumnOptions(Schema({Number("n")}, {{"unit", "m"}})).ok());
}

TEST(ColumnOptions, AnOrderThatIsNotKeptIsRefused) {
  const TypePtr index = DataType::Make(kInt8);
  const auto refused = [&](const TypePtr& type, const char* name) {
    EXPECT_EQ(Refusal(Schema({{.name = "s",
                               .type = DataType::List({.name = "item", .type = type})}})),
              std::string("field s.item: the order of ") + name +
                  " cannot be kept; make the dictionary unordered, or one of flat values "
                  "other than bool");
  };
  const auto ordered = [&](TypePtr values) {
    return DataType::Dictionary(index, std::move(values), true);
  };
  const TypePtr flag = ordered(DataType::Make(kBool));
  const TypePtr lists = ordered(DataType::List(Number("item")));
  const TypePtr inner = DataType::Dictionary(index, ordered(DataType::Make(kString)));
  for (const TypePtr& type : {flag, lists, inner}) {
    refused(type, type->ToString().c_str());
  }
  const Field words = {.name = "w", .type = ordered(DataType::Make(kString))};
  EXPECT_TRUE(CheckColumnOptions(Schema({words})).ok());
  EXPECT_TRUE(
      CheckColumnOptions(Schema({With(words, "lancer.encoding", "dict(ffor)")})).ok());
  EXPECT_EQ(Refusal(Schema({With(words, "lancer.encoding", "fsst(ffor)")})),
            "field w: metadata lancer.encoding: fsst(ffor) does not keep the order of a "
            "dictionary; ask for dict, or make the type unordered");
}

TEST(ColumnOptions, OtherMetadataIsNoOption) {
  for (const char* key : {"unit", "lancer", "lancer.fixed_size_list", "lancer.npy.header",
                          "lancer.set_aside.ARROW:extension:name"}) {
    EXPECT_TRUE(CheckColumnOptions(Schema({With(Number("n"), key, "3")})).ok()) << key;
  }
  EXPECT_FALSE(
      CheckColumnOptions(Schema({With(Number("n"), "lancer.fixed_size_list_x", "3")}))
          .ok());
}

TEST(ColumnOptions, GoFromAFieldToTheLeavesBelowIt) {
  const Field inner = With(Text("b"), "lancer.profile", "archive");
  const Field pair = With({.name = "p", .type = DataType::Struct({Number("a"), inner})},
                          "lancer.profile", "compact");
  const Field vectors =
      With({.name = "v", .type = DataType::FixedSizeList(Number("item"), 2)},
           "lancer.encoding", "zstd");
  ASSERT_TRUE(CheckColumnOptions(Schema({pair, vectors})).ok());
  const auto leaves = LeavesOf(Schema({pair, vectors, Number("n")}));
  EXPECT_EQ(leaves[0].options.profile, Profile::kCompact);
  EXPECT_EQ(leaves[1].options.profile, Profile::kArchive);
  EXPECT_EQ(leaves[2].options.tree->ToString(), "zstd");
  EXPECT_EQ(leaves[3].options.profile, std::nullopt);
  EXPECT_EQ(leaves[3].options.tree, std::nullopt);
}

// One column in each tree that fits, over pages of many kinds.
void CheckTrees(const Field& field, const ArrayPtr& values,
                const std::vector<std::string>& trees) {
  std::vector<Field> fields;
  for (const std::string& tree : trees) {
    fields.push_back(With(field, "lancer.encoding", tree));
    fields.back().name = tree;
  }
  const std::vector<ArrayPtr> columns(fields.size(), values);
  const Batch batch{std::make_shared<const Schema>(fields), values->length(), columns};
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {batch}, {.page_rows = 4096});
  const auto reader = OpenOrFail(context, "a.lancer");
  const auto infos = reader->DescribeColumns();
  ASSERT_TRUE(infos.has_value());
  for (size_t i = 0; i < trees.size(); ++i) {
    ASSERT_GT((*infos)[i].pages.size(), 1U);
    for (const PageInfo& page : (*infos)[i].pages) {
      EXPECT_EQ(page.encoding, trees[i]);
    }
  }
  const auto report = reader->Verify();
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->faults.empty());
  auto scan = reader->Scan();
  ASSERT_TRUE(scan.has_value());
  int64_t row = 0;
  for (auto next = (*scan)->Next(); next.has_value() && next->has_value();
       next = (*scan)->Next()) {
    for (const ArrayPtr& column : (*next)->columns) {
      EXPECT_TRUE(column->Equals(*values->Slice(row, (*next)->length)));
    }
    row += (*next)->length;
  }
  EXPECT_EQ(row, values->length());
}

TEST(ColumnOptions, EveryPageHasTheEncodingThatIsAskedFor) {
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 20000; ++i) {
    numbers.push_back(i < 8192 ? 42 : i * 7919 % 1000);  // pages of one value first
    texts.push_back("value " + std::to_string(numbers.back()));
  }
  CheckTrees(Number("n"), Int64s(numbers),
             {"plain", "ffor", "delta_base:signed(ffor)", "dict(ffor)", "zstd:3",
              "zstd:15(ffor)", "zstd:few_matches(shuffle:bits)",
              "lz4(delta_base(ffor:one_width))"});
  CheckTrees(Text("t"), Strings(texts),
             {"var_bytes(ffor)", "var_bytes(ffor, lz4)", "var_bytes(delta_base(plain))",
              "fsst(ffor)", "dict(zstd:3(ffor))", "var_bytes(ffor, zstd:5)"});
}

TEST(ColumnOptions, ALevelThatIsNamedStands) {
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 20000; ++i) {
    texts.push_back("value " + std::to_string(i * 7919 % 1000));
  }
  const std::pair<const char*, const char*> cases[] = {
      {"var_bytes(ffor, zstd)", "var_bytes(ffor, zstd:15)"},
      {"var_bytes(ffor, zstd:3)", "var_bytes(ffor, zstd:3)"},
      {"var_bytes(zstd(ffor), zstd:5)", "var_bytes(zstd:15(ffor), zstd:5)"},
  };
  for (const auto& [asked, stored] : cases) {
    const Field field = With(Text("t"), "lancer.encoding", asked);
    const Batch batch{
        std::make_shared<const Schema>(std::vector{field}), 20000, {Strings(texts)}};
    const ContextPtr context = MemoryContext();
    WriteFile(context, "a.lancer", {batch}, {.profile = Profile::kArchive});
    const auto infos = OpenOrFail(context, "a.lancer")->DescribeColumns();
    EXPECT_EQ((*infos)[0].pages[0].encoding, stored);
  }
}

TEST(ColumnOptions, AFullDictionaryLeavesTheChoiceToTheWriter) {
  std::vector<std::string> texts;
  for (int64_t i = 0; i < 60000; ++i) {
    texts.push_back("a value that no other row has " + std::to_string(i));
  }
  const Field field = With(Text("t"), "lancer.encoding", "dict(ffor)");
  const Batch batch{
      std::make_shared<const Schema>(std::vector{field}), 60000, {Strings(texts)}};
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {batch});
  const auto infos = OpenOrFail(context, "a.lancer")->DescribeColumns();
  EXPECT_EQ((*infos)[0].pages[0].encoding.find("dict"), std::string::npos);
}

TEST(ColumnOptions, ColumnsOfOneFileHaveProfilesOfTheirOwn) {
  const Batch rows = NumberedRows(0, 30000);
  std::vector<Field> fields = {Text("random"),
                               With(Text("small"), "lancer.profile", "archive")};
  const Batch batch{std::make_shared<const Schema>(fields),
                    rows.length,
                    {rows.columns[1], rows.columns[1]}};
  const ContextPtr context = MemoryContext();
  WriteFile(context, "a.lancer", {batch});
  const auto reader = OpenOrFail(context, "a.lancer");
  const auto infos = reader->DescribeColumns();
  EXPECT_EQ((*infos)[0].profile, "random");
  EXPECT_EQ((*infos)[1].profile, "archive");
  EXPECT_LT((*infos)[1].pages[0].size_bytes, (*infos)[0].pages[0].size_bytes);
}

}  // namespace
}  // namespace lancer::format
