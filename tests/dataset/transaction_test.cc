#include "dataset/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "encoding/byte_order.h"
#include "tests/dataset/golden.h"
#include "tests/dataset/manifest_fixture.h"

namespace lancer::dataset {
namespace {

using ::testing::HasSubstr;

Transaction SomeAppend() {
  Transaction transaction;
  transaction.id = TestUuid(1);
  transaction.kind = OperationKind::kAppend;
  transaction.fragments = {
      {.rows = 5, .file = {.path = "data/a", .size = 9, .digest = {.low = 1}}}};
  return transaction;
}

TEST(Transaction, DigestIsTheOneThatTheSpecShows) {
  Digest digest = DigestOfOperations(SomeAppend());
  std::array<std::byte, 16> bytes;
  encoding::StoreLe<uint64_t>(bytes.data(), digest.low);
  encoding::StoreLe<uint64_t>(bytes.data() + 8, digest.high);
  ExpectGolden("log_operations", bytes);
}

TEST(Transaction, DigestIsOfTheRowsNotOfTheNames) {
  Digest digest = DigestOfOperations(SomeAppend());
  Transaction renamed = SomeAppend();
  renamed.id = TestUuid(2);
  renamed.fragments[0].file.path = "data/b";
  EXPECT_EQ(DigestOfOperations(renamed), digest);
  Transaction other_rows = SomeAppend();
  other_rows.fragments[0].file.digest.low = 2;
  EXPECT_NE(DigestOfOperations(other_rows), digest);
  Transaction other_kind = SomeAppend();
  other_kind.kind = OperationKind::kOverwrite;
  EXPECT_NE(DigestOfOperations(other_kind), digest);
}

TEST(Transaction, OptionsMustFitIntoAManifest) {
  auto code = [](CommitOptions options) { return CheckCommitOptions(options).code(); };
  EXPECT_EQ(code({}), StatusCode::kOk);
  EXPECT_EQ(code({.message = std::string(kMaxMessageBytes, 'm')}), StatusCode::kOk);
  EXPECT_EQ(code({.message = std::string(kMaxMessageBytes + 1, 'm')}),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.app = AppPosition{"", 0, 1}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.app = AppPosition{std::string(129, 'a'), 0, 1}}),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.app = AppPosition{"a", 0, 0}}), StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.transaction = Uuid{}}), StatusCode::kInvalidArgument);
}

TEST(Transaction, PositionsAreAppliedInOrder) {
  Manifest head = TestManifest();  // loader: epoch 1, sequence 9
  struct Case {
    AppPosition position;
    StatusCode code;
    AppStanding standing = AppStanding::kNext;
  };
  const Case cases[] = {
      {{"loader", 1, 10}, StatusCode::kOk, AppStanding::kNext},
      {{"loader", 1, 9}, StatusCode::kOk, AppStanding::kApplied},
      {{"loader", 1, 1}, StatusCode::kOk, AppStanding::kApplied},
      {{"loader", 1, 11}, StatusCode::kInvalidArgument},
      {{"loader", 0, 10}, StatusCode::kFenced},
      {{"loader", 2, 1}, StatusCode::kOk, AppStanding::kNext},
      {{"loader", 2, 10}, StatusCode::kInvalidArgument},
      {{"other", 5, 1}, StatusCode::kOk, AppStanding::kNext},
      {{"other", 0, 2}, StatusCode::kInvalidArgument},
  };
  for (const Case& c : cases) {
    auto standing = JudgeAppPosition(c.position, head);
    ASSERT_EQ(standing.status().code(), c.code) << c.position.sequence;
    if (standing) {
      EXPECT_EQ(*standing, c.standing) << c.position.sequence;
    }
  }
}

TEST(Transaction, ApplicationsAreCounted) {
  Manifest head = TestManifest();
  for (size_t i = head.appliers.size(); i < kMaxAppliers; ++i) {
    head.appliers["app " + std::to_string(i)] = {.epoch = 0, .sequence = 1};
  }
  EXPECT_TRUE(JudgeAppPosition({"app 7", 0, 2}, head).has_value());
  auto one_more = JudgeAppPosition({"one more", 0, 1}, head);
  EXPECT_EQ(one_more.status().code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(one_more.status().ToString(), HasSubstr("at most 128 applications"));
}

}  // namespace
}  // namespace lancer::dataset
