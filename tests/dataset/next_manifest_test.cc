#include "dataset/next_manifest.h"

#include <gtest/gtest.h>

#include "tests/dataset/log_fixture.h"

namespace lancer::dataset {
namespace {

Transaction AppendOf(size_t fragments, uint64_t rows) {
  Transaction transaction;
  transaction.id = TestUuid(0x77);
  transaction.kind = OperationKind::kAppend;
  transaction.message = "appended";
  for (size_t i = 0; i < fragments; ++i) {
    transaction.fragments.push_back(
        {.rows = rows, .file = TestFragment(static_cast<uint32_t>(i), 1, 0).file});
  }
  return transaction;
}

class NextManifestTest : public ::testing::Test {
 protected:
  NextManifestTest() {
    head_.manifest = TestManifest();
    head_.digest = {.low = 8, .high = 9};
  }
  Manifest Next(const Transaction& transaction, int64_t now = 0) {
    auto next = MakeNextManifest(
        &head_, transaction,
        {.version = VersionNumber(4), .now_us = now, .table = TestUuid(0xAA)}, &spill_);
    EXPECT_TRUE(next.has_value()) << next.status().ToString();
    auto parsed = ParseManifest(SerializeManifest(*next), "next");
    EXPECT_TRUE(parsed.has_value()) << parsed.status().ToString();
    return *next;
  }

  LogHouse house_;
  NodeCache cache_{house_.paths, house_.test.context};
  int node_files_ = 0;
  TreeSpill spill_{&cache_, [this](const FileImage& image) -> Result<format::FileRef> {
                     format::FileRef ref = image.ref;
                     ref.path = "_tree/" + std::to_string(node_files_++) + ".node";
                     LANCER_RETURN_IF_ERROR(test::PublishFile(
                         *house_.test.file_system, "/t/" + ref.path, image.bytes));
                     return ref;
                   }};
  StoredManifest head_;
};

TEST_F(NextManifestTest, AppendNumbersBehindEverythingGivenOut) {
  head_.manifest.next.row_id = 500;
  head_.manifest.next.fragment = 50;
  Manifest next = Next(AppendOf(2, 10));
  ASSERT_EQ(next.fragments.size(), 4u);
  EXPECT_EQ(next.fragments[2].id, FragmentId(50));
  EXPECT_EQ(next.fragments[3].id, FragmentId(51));
  EXPECT_EQ(next.fragments[3].row_ids, (std::vector<RowIdRange>{{510, 10}}));
  EXPECT_EQ(next.fragments[3].created, VersionNumber(4));
  EXPECT_EQ(next.next.row_id, 520u);
  EXPECT_EQ(next.next.fragment, 52u);
  EXPECT_EQ(next.totals.rows, 40u);
  EXPECT_EQ(next.parent, VersionNumber(3));
  EXPECT_EQ(next.parent_digest, head_.digest);
  EXPECT_EQ(next.message, "appended");
  ASSERT_EQ(next.operations.size(), 1u);
  EXPECT_EQ(next.operations[0].first_row_id, RowId(500));
  EXPECT_EQ(next.operations[0].rows, 20u);
}

TEST_F(NextManifestTest, TimeGrows) {
  EXPECT_EQ(Next(AppendOf(0, 0), 5).time_us, head_.manifest.time_us + 1);
  EXPECT_EQ(Next(AppendOf(0, 0), head_.manifest.time_us + 9).time_us,
            head_.manifest.time_us + 9);
}

TEST_F(NextManifestTest, RestoreKeepsWhatTheHeadCounts) {
  StoredManifest old = head_;
  old.manifest.version = VersionNumber(1);
  old.manifest.fragments = TestFragments(1, 10);
  old.manifest.totals = TotalsOf(old.manifest.fragments);
  old.manifest.next = {.row_id = 10, .fragment = 1, .field = 1, .schema = 1};
  old.manifest.appliers.clear();
  Transaction transaction;
  transaction.id = TestUuid(1);
  transaction.kind = OperationKind::kRestore;
  transaction.restore_source = std::make_shared<StoredManifest>(old);
  Manifest next = Next(transaction);
  EXPECT_EQ(next.fragments, old.manifest.fragments);
  EXPECT_EQ(next.next, head_.manifest.next);
  EXPECT_EQ(next.appliers, head_.manifest.appliers);
  EXPECT_EQ(next.operations[0].source_version, VersionNumber(1));
}

TEST_F(NextManifestTest, OverwriteStartsAnewButKeepsNumbers) {
  Transaction transaction = AppendOf(1, 7);
  transaction.kind = OperationKind::kOverwrite;
  transaction.schema =
      NewSchema{.entry = head_.manifest.schemas[0], .first_field = 1, .next_field = 3};
  Manifest next = Next(transaction);
  ASSERT_EQ(next.fragments.size(), 1u);
  EXPECT_EQ(next.fragments[0].id, FragmentId(2));
  EXPECT_EQ(next.schema_id, 1u);
  EXPECT_EQ(next.next.field, 3u);
  EXPECT_EQ(next.totals.rows, 7u);
}

TEST_F(NextManifestTest, RemembersTheLastTransactionsOnly) {
  for (uint64_t i = 0; i < 100; ++i) {
    head_.manifest.recent.push_back({TestUuid(9), VersionNumber(2)});
    if (head_.manifest.recent.size() > kRecentTransactions) {
      head_.manifest.recent.erase(head_.manifest.recent.begin());
    }
  }
  Manifest next = Next(AppendOf(1, 1));
  EXPECT_EQ(next.recent.size(), kRecentTransactions);
  EXPECT_EQ(next.recent.back().id, TestUuid(0x77));
  EXPECT_EQ(next.recent.back().version, VersionNumber(4));
}

TEST_F(NextManifestTest, OldEntriesGoToTheTreeWhenTheListIsFull) {
  head_.manifest.fragments = TestFragments(110, 10);
  head_.manifest.totals = TotalsOf(head_.manifest.fragments);
  head_.manifest.next.fragment = 110;
  head_.manifest.next.row_id = 1100;
  Manifest next = Next(AppendOf(5, 10));
  ASSERT_TRUE(next.tree.has_value());
  EXPECT_EQ(next.tree->totals.fragments, 110u);
  EXPECT_EQ(next.fragments.size(), 5u);
  EXPECT_EQ(next.totals.fragments, 115u);
  EXPECT_EQ(node_files_, 1);
}

TEST_F(NextManifestTest, ALostRaceUsesTheNodesAgain) {
  head_.manifest.fragments = TestFragments(110, 10);
  head_.manifest.totals = TotalsOf(head_.manifest.fragments);
  head_.manifest.next.fragment = 110;
  head_.manifest.next.row_id = 1100;
  Next(AppendOf(5, 10));
  // The winner appended two fragments without a move.
  for (uint32_t id : {110u, 111u}) {
    head_.manifest.fragments.push_back(TestFragment(id, 10, id * 10));
  }
  head_.manifest.totals = TotalsOf(head_.manifest.fragments);
  head_.manifest.next.fragment = 112;
  head_.manifest.next.row_id = 1120;
  Manifest next = Next(AppendOf(5, 10));
  EXPECT_EQ(node_files_, 1) << "only the manifest is written again";
  EXPECT_EQ(next.tree->totals.fragments, 110u);
  EXPECT_EQ(next.fragments.size(), 7u);
}

TEST_F(NextManifestTest, LargeAppendsGoToTheTreeWhole) {
  Manifest next = Next(AppendOf(1000, 1));
  ASSERT_TRUE(next.tree.has_value());
  EXPECT_EQ(next.tree->totals.fragments, 1002u);
  EXPECT_TRUE(next.fragments.empty());
}

TEST_F(NextManifestTest, RunsOutOfNumbersCleanly) {
  auto code = [&](const Transaction& transaction) {
    return MakeNextManifest(&head_, transaction, {.version = VersionNumber(4)}, &spill_)
        .status()
        .code();
  };
  head_.manifest.next.fragment = uint64_t{UINT32_MAX} + 1;
  EXPECT_EQ(code(AppendOf(1, 1)), StatusCode::kResourceExhausted);
  head_.manifest.next.fragment = 9;
  head_.manifest.next.row_id = kRowIdEnd - 1;
  EXPECT_EQ(code(AppendOf(1, 1)), StatusCode::kOk);
  EXPECT_EQ(code(AppendOf(1, 2)), StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace lancer::dataset
