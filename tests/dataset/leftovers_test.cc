#include "dataset/leftovers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

class LeftoversTest : public ::testing::Test {
 protected:
  void Put(const std::string& path) {
    ASSERT_TRUE(test::PublishFile(*house_.test.file_system, path, "x").ok());
  }
  bool Exists(const std::string& path) {
    return house_.test.file_system->Stat(path)->has_value();
  }

  LogHouse house_;
  Uuid alive_ = TestUuid(1);
  Uuid gone_ = TestUuid(2);
};

TEST_F(LeftoversTest, TemporariesOfEndedSessionsGo) {
  std::string kept = house_.paths.temporary(alive_, TestUuid(3));
  std::string removed = house_.paths.temporary(gone_, TestUuid(3));
  std::string data = house_.paths.Path(DataFileName(gone_, TestUuid(3)));
  Put(house_.paths.intent(alive_));
  Put(kept);
  Put(removed);
  Put(data);
  ASSERT_TRUE(RemoveTemporaries(*house_.test.file_system, house_.paths).ok());
  EXPECT_TRUE(Exists(kept));
  EXPECT_FALSE(Exists(removed));
  EXPECT_TRUE(Exists(data)) << "files with names are never touched";
}

TEST_F(LeftoversTest, AnInterruptedCreationIsExplainedByItsIntent) {
  std::string data = house_.paths.Path(DataFileName(alive_, TestUuid(3)));
  std::string node = house_.paths.Path(NodeFileName(alive_, TestUuid(4)));
  Put(house_.paths.intent(alive_));
  Put(data);
  Put(node);
  Put("/t/_tmp-1");
  Put("/t/.probe-1");
  ASSERT_TRUE(RemoveInterruptedCreation(*house_.test.file_system, house_.paths).ok());
  EXPECT_FALSE(Exists(data));
  EXPECT_FALSE(Exists(node));
  EXPECT_FALSE(Exists("/t/_tmp-1"));
  EXPECT_FALSE(Exists("/t/.probe-1"));
  EXPECT_FALSE(Exists(house_.paths.intent(alive_)));
}

TEST_F(LeftoversTest, ALostLogIsNoInterruptedCreation) {
  std::string data = house_.paths.Path(DataFileName(gone_, TestUuid(3)));
  Put(house_.paths.intent(alive_));
  Put(data);
  Status status = RemoveInterruptedCreation(*house_.test.file_system, house_.paths);
  EXPECT_EQ(status.code(), StatusCode::kCorruption);
  EXPECT_THAT(status.ToString(), ::testing::HasSubstr("the log was lost"));
  EXPECT_TRUE(Exists(data));
  ASSERT_TRUE(house_.test.file_system->Remove(data).ok());
  Put(house_.paths.head());
  EXPECT_EQ(RemoveInterruptedCreation(*house_.test.file_system, house_.paths).code(),
            StatusCode::kCorruption);
}

}  // namespace
}  // namespace lancer::dataset
