#include "tools/convert/npy_header.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lancer::tools {
namespace {

std::vector<std::byte> Bytes(const std::string& text) {
  std::vector<std::byte> bytes;
  for (char c : text) {
    bytes.push_back(static_cast<std::byte>(c));
  }
  return bytes;
}

// A header of version 1.0 with this text.
std::vector<std::byte> Header(const std::string& text) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(text.size() & 0xFF);
  bytes += static_cast<char>(text.size() >> 8);
  return Bytes(bytes + text);
}

std::string ErrorOf(const std::string& text) {
  Result<NpyHeader> header = ParseNpyHeader(Header(text));
  return header.has_value() ? "" : std::string(header.error().message());
}

TEST(NpyHeader, ReadsWhatNumPyWrites) {
  Result<NpyHeader> header = ParseNpyHeader(
      Header("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }   \n"));
  ASSERT_TRUE(header.has_value()) << header.error().ToString();
  EXPECT_EQ(header->kind, 'f');
  EXPECT_EQ(header->item_bytes, 4);
  EXPECT_TRUE(header->swapped());
  EXPECT_TRUE(header->fortran_order);
  EXPECT_EQ(header->shape, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(header->data_bytes(), 24u);
}

TEST(NpyHeader, ReadsVersionsTwoAndThree) {
  const std::string text = "{'descr': '|u1', 'fortran_order': False, 'shape': ()}\n";
  for (char version : {'\x02', '\x03'}) {
    std::string bytes("\x93NUMPY", 6);
    bytes += version;
    bytes += '\0';
    bytes += static_cast<char>(text.size());
    bytes += std::string(3, '\0') + text;
    Result<NpyHeader> header = ParseNpyHeader(Bytes(bytes));
    ASSERT_TRUE(header.has_value()) << header.error().ToString();
    EXPECT_EQ(header->rows(), 1u);
    EXPECT_EQ(FormatNpyHeader(*header), bytes);
  }
}

TEST(NpyHeader, RefusesTypesThatNoColumnHolds) {
  for (const char* descr : {"<U1", "|S3", "|O", "<c16", "<M8[s]", "|V4", "<f16", "<i3"}) {
    const std::string text = std::string("{'descr': '") + descr +
                             "', 'fortran_order': False, 'shape': (1,)}\n";
    EXPECT_NE(ErrorOf(text).find("can become a column"), std::string::npos) << descr;
  }
  EXPECT_NE(ErrorOf("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}")
                .find("npy file of records"),
            std::string::npos);
}

TEST(NpyHeader, RefusesDamage) {
  const std::string good =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
  const std::vector<std::byte> header = Header(good);
  for (size_t size = 0; size < header.size(); ++size) {
    EXPECT_FALSE(ParseNpyHeader(std::span(header).first(size)).has_value()) << size;
  }
  EXPECT_NE(ErrorOf("{'descr': '<f4'}").find("must all be there"), std::string::npos);
  EXPECT_NE(ErrorOf("{'a': 1}").find("unknown key"), std::string::npos);
  EXPECT_NE(ErrorOf("x").find("expected '{'"), std::string::npos);
  EXPECT_NE(ErrorOf("{'descr': '<f8', 'fortran_order': False, 'shape': "
                    "(4294967296, 4294967296)}")
                .find("too large"),
            std::string::npos);
  EXPECT_NE(ErrorOf("{'descr': '<f8', 'fortran_order': False, 'shape': (2, -1)}")
                .find("a dimension"),
            std::string::npos);
}

TEST(NpyHeader, WritesANewHeaderAsNumPyDoes) {
  NpyHeader header;
  header.shape = {63664, 384};
  const std::string bytes = FormatNpyHeader(header);
  EXPECT_EQ(bytes.size(), 128u);
  EXPECT_EQ(bytes.substr(10, 64),
            "{'descr': '<f4', 'fortran_order': False, 'shape': (63664, 384), ");
  EXPECT_EQ(bytes.back(), '\n');
}

}  // namespace
}  // namespace lancer::tools
