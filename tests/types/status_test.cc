#include "lancer/status.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace lancer {
namespace {

TEST(Status, IsOkByDefault) {
  Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.ToString(), "OK");
}

TEST(Status, CarriesCodeAndMessage) {
  Status status = Status::Corruption("a.lancer: footer at 81920");
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_EQ(status.message(), "a.lancer: footer at 81920");
  EXPECT_EQ(status.ToString(), "Corruption: a.lancer: footer at 81920");
}

TEST(Status, FactoriesSetTheirCode) {
  const std::pair<Status, StatusCode> cases[] = {
      {Status::InvalidArgument("m"), StatusCode::kInvalidArgument},
      {Status::NotFound("m"), StatusCode::kNotFound},
      {Status::AlreadyExists("m"), StatusCode::kAlreadyExists},
      {Status::Corruption("m"), StatusCode::kCorruption},
      {Status::Unsupported("m"), StatusCode::kUnsupported},
      {Status::Conflict("m"), StatusCode::kConflict},
      {Status::Expired("m"), StatusCode::kExpired},
      {Status::Fenced("m"), StatusCode::kFenced},
      {Status::IoError("m"), StatusCode::kIoError},
      {Status::ResourceExhausted("m"), StatusCode::kResourceExhausted},
      {Status::Cancelled("m"), StatusCode::kCancelled},
      {Status::Unknown("m"), StatusCode::kUnknown},
      {Status::Internal("m"), StatusCode::kInternal}};
  std::set<std::string_view> names;
  for (const auto& [status, code] : cases) {
    EXPECT_EQ(status.code(), code);
    EXPECT_EQ(status.ToString(), std::string(StatusCodeName(code)) + ": m");
    names.insert(StatusCodeName(code));
  }
  EXPECT_EQ(names.size(), std::size(cases));
}

TEST(Status, OkCodeDropsTheMessage) {
  EXPECT_TRUE(Status(StatusCode::kOk, "ignored").ok());
}

TEST(Status, WithContextPutsWordsBeforeTheMessage) {
  EXPECT_EQ(Status::IoError("disk").WithContext("page 3").ToString(),
            "IoError: page 3: disk");
  EXPECT_TRUE(Status::Ok().WithContext("page 3").ok());
}

TEST(Status, NamesAnUnknownCode) {
  EXPECT_EQ(StatusCodeName(static_cast<StatusCode>(99)), "InvalidCode");
}

Status Fails(bool fail) {
  LANCER_RETURN_IF_ERROR(fail ? Status::NotFound("x") : Status::Ok());
  return Status::Internal("went on");
}

TEST(ReturnIfError, ReturnsOnlyErrors) {
  EXPECT_EQ(Fails(true).code(), StatusCode::kNotFound);
  EXPECT_EQ(Fails(false).code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace lancer
