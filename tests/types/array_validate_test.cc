#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"

namespace lancer {
namespace {

using enum TypeKind;
using namespace test;  // NOLINT(google-build-using-namespace): builders in every line

template <typename T>
BufferPtr Bytes(std::vector<T> values) {
  return Buffer::Own(std::move(values));
}

struct Case {
  const char* what;  // part of the message
  Array::Data data;
};

std::vector<Case> BrokenLeaves() {
  TypePtr int64 = DataType::Make(kInt64);
  TypePtr text = DataType::Make(kString);
  BufferPtr eight = Bytes<int64_t>({1});
  BufferPtr abc = Bytes<char>({'a', 'b', 'c'});
  auto strings = [&](std::vector<int32_t> offsets, int64_t length) {
    return Array::Data{
        .type = text, .length = length, .buffers = {nullptr, Bytes(offsets), abc}};
  };
  return {
      {"no type", {}},
      {"out of range", {.type = int64, .length = -1, .buffers = {nullptr, eight}}},
      {"out of range",
       {.type = int64, .length = 1, .offset = -1, .buffers = {nullptr, eight}}},
      {"out of range",
       {.type = int64, .length = INT64_MAX, .offset = 1, .buffers = {nullptr, eight}}},
      {"expected 2 buffers, found 1", {.type = int64, .buffers = {nullptr}}},
      {"expected 0 children",
       {.type = int64, .buffers = {nullptr, eight}, .children = {MakeNullArray(1)}}},
      {"buffer 1 is missing",
       {.type = int64, .length = 1, .buffers = {nullptr, nullptr}}},
      {"buffer 1 of 8 bytes, 16 needed",
       {.type = int64, .length = 2, .buffers = {nullptr, eight}}},
      {"buffer 1 of 8 bytes, 16 needed",
       {.type = int64, .length = 1, .offset = 1, .buffers = {nullptr, eight}}},
      {"do not fit in memory",
       {.type = int64, .length = int64_t{1} << 61, .buffers = {nullptr, eight}}},
      {"validity of 1 bytes for 9 rows",
       {.type = DataType::Make(kBool),
        .length = 9,
        .buffers = {Bytes<char>({1}), Bytes<char>({1, 1})}}},
      {"null count 1 of 1 rows without validity",
       {.type = int64, .length = 1, .null_count = 1, .buffers = {nullptr, eight}}},
      {"null count 2 of 1 rows",
       {.type = int64,
        .length = 1,
        .null_count = 2,
        .buffers = {Bytes<char>({0}), eight}}},
      {"buffer 1 of 4 bytes, 8 needed", strings({0}, 1)},
      {"offset -1 is negative", strings({-1, 2}, 1)},
      {"offsets fall from 2 to 1 at row 1", strings({0, 2, 1}, 2)},
      {"offset 4 is behind the end, 3", strings({0, 4}, 1)},
      {"the offsets are missing", {.type = text, .buffers = {nullptr, nullptr, abc}}},
      {"the bytes are missing",
       {.type = text, .buffers = {nullptr, Bytes<int32_t>({0}), nullptr}}}};
}

std::vector<Case> BrokenNests() {
  TypePtr int8 = DataType::Make(kInt8);
  TypePtr list = DataType::List(Nullable("item", int8));
  TypePtr pair = DataType::FixedSizeList(Nullable("item", int8), 2);
  TypePtr row = DataType::Struct({Nullable("a", int8)});
  ArrayPtr three = MakeInt8Array({1, 2, 3});
  BufferPtr to_four = Bytes<int32_t>({0, 4});
  return {
      {"expected 1 children, found 0",
       {.type = list, .length = 1, .buffers = {nullptr, to_four}}},
      {"child 0 is missing",
       {.type = list, .length = 1, .buffers = {nullptr, to_four}, .children = {nullptr}}},
      {"offset 4 is behind the end, 3",
       {.type = list, .length = 1, .buffers = {nullptr, to_four}, .children = {three}}},
      {"field x.item: array of type string where int8",
       {.type = list,
        .length = 1,
        .buffers = {nullptr, to_four},
        .children = {MakeStringArray({"a"})}}},
      {"2 rows of 2 items, but 3 items",
       {.type = pair, .length = 2, .buffers = {nullptr}, .children = {three}}},
      {"2 rows of 2 items",
       {.type = pair,
        .length = 1,
        .offset = 1,
        .buffers = {nullptr},
        .children = {three}}},
      {"child 0 has 3 rows, 4 needed",
       {.type = row, .length = 4, .buffers = {nullptr}, .children = {three}}},
      {"child 0 has 3 rows, 4 needed",
       {.type = row,
        .length = 2,
        .offset = 2,
        .buffers = {nullptr},
        .children = {three}}},
      {"field x.a: buffer 1 is missing",
       {.type = row,
        .length = 1,
        .buffers = {nullptr},
        .children = {
            Array::Make({.type = int8, .length = 1, .buffers = {nullptr, nullptr}})}}}};
}

TEST(ArrayValidate, RefusesWhatWouldBeReadOutOfBounds) {
  for (const std::vector<Case>& cases : {BrokenLeaves(), BrokenNests()}) {
    for (const Case& c : cases) {
      Status status = Array(c.data).Validate("x");
      EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << c.what;
      EXPECT_NE(status.message().find(c.what), std::string::npos)
          << "expected \"" << c.what << "\", found " << status.ToString();
    }
  }
}

TEST(ArrayValidate, FullLooksAtUtf8OfValidRows) {
  ArrayPtr bad = MakeStringArray({"fine", "\xFF"});
  EXPECT_TRUE(bad->Validate("x").ok());
  EXPECT_NE(bad->Validate("x", true).message().find("row 1 is not valid UTF-8"),
            std::string::npos);
  // Two halves of one character are not text, though their bytes together are.
  EXPECT_FALSE(MakeStringArray({"\xC3", "\xBC"})->Validate("x", true).ok());
  EXPECT_TRUE(MakeBinaryArray({"\xFF"})->Validate("x", true).ok());
  EXPECT_TRUE(bad->Slice(0, 1)->Validate("x", true).ok());
}

TEST(ArrayValidate, FullCountsNulls) {
  Array array({.type = DataType::Make(kBool),
               .length = 2,
               .null_count = 2,
               .buffers = {Bytes<char>({1}), Bytes<char>({1})}});
  EXPECT_TRUE(array.Validate("x").ok());
  EXPECT_FALSE(array.Validate("x", true).ok());
}

TEST(ArrayValidate, AllowsNoOffsetsWithoutRows) {
  Array array({.type = DataType::Make(kString),
               .buffers = {nullptr, Bytes<int32_t>({}), Bytes<char>({})}});
  EXPECT_TRUE(array.Validate("x").ok());
}

}  // namespace
}  // namespace lancer
