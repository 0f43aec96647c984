#include "types/arrow_stream_status.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace lancer {
namespace {

TEST(ArrowStreamStatus, IsZeroOnlyForOk) {
  EXPECT_EQ(ErrnoOf(StatusCode::kOk), 0);
  for (int code = 1; code <= static_cast<int>(StatusCode::kInternal); ++code) {
    EXPECT_NE(ErrnoOf(static_cast<StatusCode>(code)), 0);
  }
}

TEST(ArrowStreamStatus, KnowsTheUsualNumbers) {
  EXPECT_EQ(CodeOfErrno(EINVAL), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOfErrno(ENOMEM), StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOfErrno(ENOSYS), StatusCode::kUnsupported);
  EXPECT_EQ(CodeOfErrno(ECANCELED), StatusCode::kCancelled);
  EXPECT_EQ(CodeOfErrno(ENOENT), StatusCode::kNotFound);
  EXPECT_EQ(CodeOfErrno(EIO), StatusCode::kIoError);
  EXPECT_EQ(CodeOfErrno(12345), StatusCode::kIoError);
  EXPECT_EQ(ErrnoOf(StatusCode::kCorruption), EIO);
}

}  // namespace
}  // namespace lancer
