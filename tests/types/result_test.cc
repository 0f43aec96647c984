#include "lancer/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace lancer {
namespace {

TEST(Result, HoldsAValue) {
  Result<std::string> result = "text";
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, "text");
  EXPECT_EQ(result->size(), 4U);
  EXPECT_TRUE(result.status().ok());
  EXPECT_EQ(result.value_or("other"), "text");
}

TEST(Result, HoldsAnError) {
  Result<std::string> result = Status::NotFound("gone");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), StatusCode::kNotFound);
  EXPECT_EQ(result.status().message(), "gone");
  EXPECT_EQ(result.value_or("other"), "other");
}

TEST(Result, TurnsAnOkStatusIntoInternal) {
  Result<int> result = Status::Ok();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), StatusCode::kInternal);
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

Result<int> Half(int number) {
  if (number % 2 != 0) {
    return Status::InvalidArgument("odd");
  }
  return number / 2;
}

Result<std::string> Quarter(int number) {
  LANCER_ASSIGN_OR_RETURN(int half, Half(number));
  LANCER_ASSIGN_OR_RETURN(half, Half(half));
  return std::to_string(half);
}

TEST(AssignOrReturn, PassesValuesAndErrors) {
  EXPECT_EQ(*Quarter(12), "3");
  EXPECT_EQ(Quarter(6).error().message(), "odd");
  EXPECT_EQ(Quarter(3).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer
