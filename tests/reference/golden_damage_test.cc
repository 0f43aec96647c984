// The golden files hold every layout, encoding and null kind. Whatever bit of them flips,
// and wherever they are cut, verification finds it, and reading gives the sound rows or
// an error: never other rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lancer/file_reader.h"
#include "tests/reference/golden_corpus.h"
#include "tests/reference/golden_files.h"
#include "tests/support/soak.h"
#include "tests/support/test_context.h"

namespace lancer::golden {
namespace {

class GoldenDamage : public ::testing::Test {
 protected:
  void Damage(const std::string& name) {
    SCOPED_TRACE(name);
    const std::string text = FileText(name + ".lancer");
    const auto bytes = std::as_bytes(std::span(text));
    sound_.assign(bytes.begin(), bytes.end());
    Put(sound_);
    auto lines = ReadLines();
    ASSERT_TRUE(lines.has_value()) << lines.error().ToString();
    sound_lines_ = *lines;
    FlipBits(400 * test::SoakFactor());
    CutEverywhere();
  }

 private:
  void Put(std::span<const std::byte> bytes) {
    ASSERT_TRUE(files().Overwrite("x.lancer", bytes).ok());
  }
  FileSystem& files() { return *test_.context->file_system; }

  Result<std::shared_ptr<const FileReader>> Open() const {
    return FileReader::Open("x.lancer", {.map = MapMode::kNever}, test_.context);
  }

  // All rows by a scan, then the last and the first by a take.
  Result<std::string> ReadLines() const {
    LANCER_ASSIGN_OR_RETURN(auto reader, Open());
    LANCER_ASSIGN_OR_RETURN(std::vector<Batch> batches, ReadBatches(*reader));
    if (reader->row_count() > 0) {
      const std::vector<uint64_t> ends{reader->row_count() - 1, 0};
      LANCER_ASSIGN_OR_RETURN(Batch batch, reader->Take(ends));
      batches.push_back(std::move(batch));
    }
    return RowLines(batches);
  }

  bool VerifyFinds() const {
    auto reader = Open();
    if (!reader) {
      return true;
    }
    auto report = (*reader)->Verify();
    return !report.has_value() || !report->faults.empty();
  }

  // Errors are of the kinds that damage has; a file may also seem to be of a later
  // format.
  void ExpectSoundRowsOrAnError() const {
    auto lines = ReadLines();
    if (lines) {
      EXPECT_TRUE(*lines == sound_lines_) << "other rows";
      return;
    }
    const std::set<StatusCode> damage{StatusCode::kCorruption, StatusCode::kUnsupported,
                                      StatusCode::kInvalidArgument,
                                      StatusCode::kResourceExhausted};
    EXPECT_TRUE(damage.contains(lines.error().code())) << lines.error().ToString();
  }

  // `count` bits, spread over the file, or all of a small one.
  void FlipBits(uint64_t count) {
    const uint64_t bits = sound_.size() * 8;
    const uint64_t step = std::max<uint64_t>(bits / count, 1);
    std::vector<std::byte> damaged = sound_;
    for (uint64_t first = 0; first < bits; first += step) {
      const uint64_t bit =
          std::min(first + test_.context->random->Next() % step, bits - 1);
      const auto mask = std::byte{1} << (bit % 8);
      damaged[bit / 8] ^= mask;
      Put(damaged);
      EXPECT_TRUE(VerifyFinds()) << "bit " << bit;
      ExpectSoundRowsOrAnError();
      damaged[bit / 8] ^= mask;
      ASSERT_FALSE(HasFailure()) << "bit " << bit;
      ++flips_;
    }
  }

  void CutEverywhere() {
    for (size_t size = 0; size < sound_.size(); ++size) {
      Put(std::span(sound_).first(size));
      auto reader = Open();
      ASSERT_FALSE(reader.has_value()) << "cut to " << size << " bytes";
      ++cuts_;
    }
  }

  test::TestContext test_ = test::MakeTestContext();
  std::vector<std::byte> sound_;
  std::string sound_lines_;

 protected:
  uint64_t flips_ = 0;
  uint64_t cuts_ = 0;
};

TEST_F(GoldenDamage, IsFoundWhereverItLiesAndNeverGivesOtherRows) {
  for (const std::string& name : GoldenNames()) {
    if (!HasFatalFailure()) {
      Damage(name);
    }
  }
  EXPECT_GT(flips_, 10000u);
  test::ReportSoak(std::to_string(flips_) + " flipped bits and " + std::to_string(cuts_) +
                   " cuts of golden files");
}

}  // namespace
}  // namespace lancer::golden
