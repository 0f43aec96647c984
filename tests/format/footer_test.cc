#include "format/footer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/format/container_fixture.h"

namespace lancer::format {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kFooterOffset = 10'000;
const std::string kWhere = "a.lancer: footer at 10000";

Part PartAt(uint64_t offset, uint64_t size) {
  return {.range = {.offset = offset, .size = size, .check = offset * 31},
          .raw_size = size};
}

Footer Sample() {
  Footer footer{.kind = FileKind::kTreeNode,
                .row_count = 123,
                .leaf_count = 2,
                .written_by = "tests"};
  footer.directory = PartAt(1000, 64);
  footer.name_index = PartAt(1064, 32);
  footer.unit_checks = PartAt(9000, 8);
  footer.schema = {.range = {.offset = 2000, .size = 100, .check = 5},
                   .raw_size = 300,
                   .codec = PartCodec::kZstd};
  footer.sections = {{"one", PartAt(3000, 10)}, {"", PartAt(3010, 0)}};
  footer.encodings.names = {"plain", "time_travel"};
  return footer;
}

TEST(Footer, RoundTrips) {
  const Footer footer = Sample();
  auto parsed = ParseFooter(SerializeFooter(footer), kFooterOffset, kWhere);
  ASSERT_TRUE(parsed) << parsed.error().ToString();
  EXPECT_EQ(parsed->kind, footer.kind);
  EXPECT_EQ(parsed->row_count, 123u);
  EXPECT_EQ(parsed->leaf_count, 2u);
  EXPECT_EQ(parsed->written_by, "tests");
  EXPECT_EQ(parsed->directory, footer.directory);
  EXPECT_EQ(parsed->name_index, footer.name_index);
  EXPECT_EQ(parsed->unit_checks, footer.unit_checks);
  EXPECT_EQ(parsed->schema, footer.schema);
  EXPECT_EQ(parsed->sections, footer.sections);
  EXPECT_EQ(parsed->encodings.names, footer.encodings.names);
}

TEST(Footer, DoesNotGrowWithTheNumberOfColumns) {
  Footer few = Sample();
  Footer many = Sample();
  many.leaf_count = 4'000'000;
  EXPECT_EQ(SerializeFooter(few).size(), SerializeFooter(many).size());
}

TEST(Footer, RejectsPartsThatCannotBe) {
  const struct {
    const char* message;
    std::function<void(Footer*)> damage;
  } kCases[] = {
      {"column directory", [](Footer* f) { f->directory.range.offset = 9999; }},
      {"column directory", [](Footer* f) { f->leaf_count = 3; }},
      {"column directory", [](Footer* f) { f->directory.range.offset = UINT64_MAX; }},
      {"name index", [](Footer* f) { f->name_index.range.size = 48; }},
      {"name index", [](Footer* f) { f->name_index.range.offset = 0; }},
      {"unit checks", [](Footer* f) { f->unit_checks = PartAt(9000, 4); }},
      {"schema", [](Footer* f) { f->schema.range.size = UINT64_MAX; }},
      {"section one", [](Footer* f) { f->sections[0].part.range.size = 9000; }},
      {"section one", [](Footer* f) { f->sections[0].part.raw_size = 11; }},
      {"section one", [](Footer* f) { f->sections[1].name = "one"; }},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.message);
    Footer footer = Sample();
    test.damage(&footer);
    auto parsed = ParseFooter(SerializeFooter(footer), kFooterOffset, kWhere);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
    EXPECT_THAT(parsed.error().message(), HasSubstr(kWhere));
    EXPECT_THAT(parsed.error().message(), HasSubstr(test.message));
  }
}

TEST(Footer, NamesACodecItDoesNotKnow) {
  Footer footer = Sample();
  footer.sections[0].part.codec = static_cast<PartCodec>(9);
  auto parsed = ParseFooter(SerializeFooter(footer), kFooterOffset, kWhere);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(parsed.error().message(), HasSubstr("section one: stored with codec 9"));
}

// What a parser took from damaged bytes must at least be a footer: it can be stored, and
// is the same when it is read again. (That it is another one is for the digest to find.)
void ExpectWhole(const Footer& footer) {
  const std::vector<std::byte> stored = SerializeFooter(footer);
  auto again = ParseFooter(stored, kFooterOffset, kWhere);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(SerializeFooter(*again), stored);
}

TEST(Footer, AChangedByteIsDamageOrGivesAWholeFooter) {
  const std::vector<std::byte> good = SerializeFooter(Sample());
  size_t rejected = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    SCOPED_TRACE(i);
    for (unsigned value : {0u, 1u, 0x7Fu, 0x80u, 0xFFu}) {
      std::vector<std::byte> bad = good;
      bad[i] = static_cast<std::byte>(value);
      auto parsed = ParseFooter(bad, kFooterOffset, kWhere);
      if (parsed) {
        ExpectWhole(*parsed);
      } else {
        ++rejected;
        EXPECT_TRUE(parsed.error().code() == StatusCode::kCorruption ||
                    parsed.error().code() == StatusCode::kUnsupported)
            << parsed.error().ToString();
      }
    }
  }
  EXPECT_GT(rejected, good.size());
}

TEST(Footer, ATruncationIsDamageOrGivesTheSoundFooter) {
  const std::vector<std::byte> good = SerializeFooter(Sample());
  size_t accepted = 0;
  for (size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE(size);
    auto parsed = ParseFooter(std::span(good).first(size), kFooterOffset, kWhere);
    if (parsed) {
      ++accepted;
      EXPECT_EQ(SerializeFooter(*parsed), good);
    } else {
      EXPECT_EQ(parsed.error().code(), StatusCode::kCorruption);
    }
  }
  EXPECT_LE(accepted, 8U);  // only padding at the end may go unnoticed
}

}  // namespace
}  // namespace lancer::format
