#include "tools/convert/csv_record.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace lancer::tools {
namespace {

// Records as "a|b" lines, nulls as "~", or the error.
std::string ReadAll(const std::string& text, char separator = ',') {
  test::TemporaryDirectory folder;
  const std::string path = folder.File("t.csv");
  std::ofstream(path, std::ios::binary) << text;
  auto file = InputFile::Open(path);
  EXPECT_TRUE(file.has_value());
  CsvReader reader(file->get(), separator);
  std::string all;
  while (true) {
    Result<bool> more = reader.Next();
    if (!more.has_value()) {
      const std::string message(more.error().message());
      return message.substr(message.find("line"));
    }
    if (!*more) {
      return all;
    }
    all += std::to_string(reader.line_number()) + ":";
    for (size_t i = 0; i < reader.field_count(); ++i) {
      all += i == 0 ? "" : "|";
      all += reader.is_null(i) ? "~" : std::string(reader.text(i));
    }
    all += "\n";
  }
}

TEST(CsvReader, TakesRecordsApart) {
  struct Case {
    const char* text;
    const char* records;
  };
  const Case cases[] = {
      {"", ""},
      {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
      {"a,b", "1:a|b\n"},
      {"a,b\r\n1,\r\n", "1:a|b\n2:1|~\n"},
      {",\n", "1:~|~\n"},
      {"\n\na\n", "3:a\n"},
      {"\"a,b\",c\n", "1:a,b|c\n"},
      {"\"say \"\"hi\"\"\"\n", "1:say \"hi\"\n"},
      {"\"\",x\n", "1:|x\n"},
      {"5\" pipe,x\n", "1:5\" pipe|x\n"},
      {"\"two\r\nlines\",x\ny,z\n", "1:two\r\nlines|x\n3:y|z\n"},
      {"\xEF\xBB\xBFid\n", "1:id\n"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(ReadAll(c.text), c.records);
  }
  EXPECT_EQ(ReadAll("a,b\tc\n", '\t'), "1:a,b|c\n");
}

TEST(CsvReader, KeepsEmptyLinesWhenAsked) {
  test::TemporaryDirectory folder;
  const std::string path = folder.File("t.csv");
  std::ofstream(path, std::ios::binary) << "\na\n\n1\r\n\r\n";
  auto file = InputFile::Open(path);
  ASSERT_TRUE(file.has_value());
  CsvReader reader(file->get(), ',');
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.line_number(), 2u);
  reader.KeepEmptyLines(true);
  std::string nulls;
  while (*reader.Next()) {
    ASSERT_EQ(reader.field_count(), 1u);
    nulls += reader.is_null(0) ? '~' : '1';
  }
  EXPECT_EQ(nulls, "~1~");
}

TEST(CsvReader, NamesTheLineOfAFault) {
  EXPECT_EQ(ReadAll("a\n\"x\ny\nz"),
            "line 2: quote opened and never closed; close it, or write a quote that is "
            "text twice and its field in quotes");
  EXPECT_EQ(ReadAll("a\n\"x\"y\n").substr(0, 46),
            "line 2: text behind the closing quote of field");
  EXPECT_EQ(ReadAll("a\n\xFF\n").substr(0, 30), "line 2: text that is not UTF-8");
}

TEST(CsvReader, BoundsARecord) {
  std::string text = "a\n\"";
  for (size_t i = 0; i < CsvReader::kMaxRecordBytes / 1024 + 8; ++i) {
    text += std::string(1023, 'x') + "\n";
  }
  EXPECT_EQ(ReadAll(text), "line 2: quote opened and not closed within 64 MiB; close it");
}

}  // namespace
}  // namespace lancer::tools
