#include <gtest/gtest.h>

#include "lancer/file_system.h"

namespace lancer {
namespace {

struct UriCase {
  const char* uri;
  const char* path;
};

TEST(PathFromUri, TakesPathsAndFileUris) {
  const UriCase cases[] = {
      {"/a/b", "/a/b"},
      {"a/b/", "a/b"},
      {"a///", "a"},
      {"/", "/"},
      {"//", "/"},
      {"file:///a/b", "/a/b"},
      {"file://localhost/a/b/", "/a/b"},
      {"FILE:///a", "/a"},
      {"file:/a/b", "/a/b"},
      {"file:///", "/"},
      {"file:///a%20b%C3%A4%2Fc", "/a b\xC3\xA4/c"},
      {"file:///100%25", "/100%"},
      {"/a%20b", "/a%20b"},      // a plain path is taken as it is
      {"a:b", "a:b"},            // a colon makes no scheme
      {"12:34//x", "12:34//x"},  // schemes begin with a letter
      {"file.lancer", "file.lancer"},
      {"a?b#c", "a?b#c"},
  };
  for (const UriCase& expected : cases) {
    Result<std::string> path = PathFromUri(expected.uri);
    ASSERT_TRUE(path.has_value()) << expected.uri << ": " << path.error().ToString();
    EXPECT_EQ(*path, expected.path) << expected.uri;
  }
}

TEST(PathFromUri, RefusesWhatItCannotOpen) {
  const UriCase cases[] = {
      {"", "empty"},
      {"s3://bucket/key", "'s3' is not supported"},
      {"https://host/a", "'https' is not supported"},
      {"file://host/a", "names the host 'host'"},
      {"file://", "has no path"},
      {"file://localhost", "has no path"},
      {"file:///a%2", "two hexadecimal digits"},
      {"file:///a%zz", "two hexadecimal digits"},
      {"file:///a%", "two hexadecimal digits"},
      {"file:///a%00b", "other than 0"},
      {"file:///a?b", "%3F"},
      {"file:///a#b", "%23"},
  };
  for (const UriCase& expected : cases) {
    Status status = PathFromUri(expected.uri).status();
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << expected.uri;
    EXPECT_NE(status.message().find(expected.path), std::string_view::npos)
        << status.ToString();
  }
}

}  // namespace
}  // namespace lancer
