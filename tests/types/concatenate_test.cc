#include <gtest/gtest.h>

#include "tests/support/arrays/arrays.h"
#include "tests/support/arrays/random_arrays.h"
#include "types/array_equals.h"

namespace lancer {
namespace {

TEST(Concatenate, JoinsRandomArrays) {
  std::mt19937_64 rng(8);
  for (int i = 0; i < 300; ++i) {
    Field field = test::RandomField(rng, 3, {.unstorable_types = true});
    SCOPED_TRACE(field.type->ToString());
    std::vector<ArrayPtr> parts;
    for (int part = 0; part < i % 5; ++part) {
      parts.push_back(test::RandomArray(field, static_cast<int64_t>(rng() % 20), rng));
    }
    Result<ArrayPtr> joined = Concatenate(field.type, parts);
    ASSERT_TRUE(joined.has_value()) << joined.status().ToString();
    Status status = (*joined)->Validate("x", /*full=*/true);
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ((*joined)->offset(), 0);
    int64_t at = 0;
    for (const ArrayPtr& part : parts) {
      ASSERT_TRUE(EqualRows(**joined, at, *part, 0, part->length()));
      at += part->length();
    }
    ASSERT_EQ((*joined)->length(), at);
  }
}

TEST(Concatenate, RefusesOtherTypes) {
  ArrayPtr parts[] = {test::MakeInt64Array({1}), test::MakeInt8Array({1})};
  EXPECT_EQ(Concatenate(parts[0]->type(), parts).status().code(),
            StatusCode::kInvalidArgument);
}

TEST(Concatenate, RefusesMoreThan32BitOffsetsHold) {
  // A gigabyte that is claimed, never read: the sum is checked before any copy.
  static const std::byte kByte{};
  auto bytes = std::make_shared<const Buffer>(
      std::span<const std::byte>(&kByte, size_t{1} << 30), nullptr);
  ArrayPtr part = Array::Make(
      {.type = DataType::Make(TypeKind::kString),
       .length = 1,
       .buffers = {nullptr, Buffer::Own(std::vector<int32_t>{0, 1 << 30}), bytes}});
  ArrayPtr parts[] = {part, part};
  Status status = Concatenate(part->type(), parts).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace lancer
