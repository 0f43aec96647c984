#include "types/arrow_stream_status.h"

#include <cerrno>

namespace lancer {
namespace {

// From status to errno the first row counts, and from errno to status too.
struct Pair {
  StatusCode code;
  int number;
};
constexpr Pair kPairs[] = {
    {StatusCode::kOk, 0},
    {StatusCode::kInvalidArgument, EINVAL},
    {StatusCode::kNotFound, ENOENT},
    {StatusCode::kAlreadyExists, EEXIST},
    {StatusCode::kUnsupported, ENOSYS},
    {StatusCode::kUnsupported, ENOTSUP},
    {StatusCode::kResourceExhausted, ENOMEM},
    {StatusCode::kResourceExhausted, ENOSPC},
    {StatusCode::kCancelled, ECANCELED},
    {StatusCode::kConflict, EAGAIN},
    {StatusCode::kExpired, ESTALE},
};

}  // namespace

int ErrnoOf(StatusCode code) {
  for (const Pair& pair : kPairs) {
    if (pair.code == code) {
      return pair.number;
    }
  }
  return EIO;
}

StatusCode CodeOfErrno(int number) {
  for (const Pair& pair : kPairs) {
    if (pair.number == number) {
      return pair.code;
    }
  }
  return StatusCode::kIoError;
}

}  // namespace lancer
