// Status: the outcome of an operation that may fail, as a value.
//
// Nothing in Lancer throws. A code says what the caller should do; the message says
// what was being done, where (path, structure, offset), what was expected and what was
// found. Ownership: a Status owns its message. Thread rule: safe for concurrent const
// calls.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "lancer/export.h"

namespace lancer {

enum class StatusCode : uint8_t {
  kOk = 0,
  kInvalidArgument,  // the call is wrong: change the arguments
  kNotFound,         // the named thing does not exist
  kAlreadyExists,    // the named thing exists and must not be replaced
  kCorruption,       // stored bytes are not what was written: restore or repair
  kUnsupported,      // valid, but this build or version cannot do it
  kConflict,         // a concurrent commit won: redo the operation on the new version
  kExpired,          // a version or cursor is below the floor: open a newer one
  kFenced,   // the writer's session was given up by collection: start a new session
  kIoError,  // the file system refused or failed
  kResourceExhausted,  // a budget or a device is full: give more or ask for less
  kCancelled,          // the caller cancelled
  kUnknown,   // a commit whose outcome is not known: resolve before anything else
  kInternal,  // a fault in Lancer itself: please report
};

// The code's name in CamelCase, for example "Corruption". Static lifetime.
LANCER_EXPORT std::string_view StatusCodeName(StatusCode code);

class [[nodiscard]] LANCER_EXPORT Status {
 public:
  Status() = default;  // OK
  Status(StatusCode code, std::string message);

  static Status Ok() { return Status(); }
  static Status InvalidArgument(std::string m) {
    return {StatusCode::kInvalidArgument, std::move(m)};
  }
  static Status NotFound(std::string m) { return {StatusCode::kNotFound, std::move(m)}; }
  static Status AlreadyExists(std::string m) {
    return {StatusCode::kAlreadyExists, std::move(m)};
  }
  static Status Corruption(std::string m) {
    return {StatusCode::kCorruption, std::move(m)};
  }
  static Status Unsupported(std::string m) {
    return {StatusCode::kUnsupported, std::move(m)};
  }
  static Status Conflict(std::string m) { return {StatusCode::kConflict, std::move(m)}; }
  static Status Expired(std::string m) { return {StatusCode::kExpired, std::move(m)}; }
  static Status Fenced(std::string m) { return {StatusCode::kFenced, std::move(m)}; }
  static Status IoError(std::string m) { return {StatusCode::kIoError, std::move(m)}; }
  static Status ResourceExhausted(std::string m) {
    return {StatusCode::kResourceExhausted, std::move(m)};
  }
  static Status Cancelled(std::string m) {
    return {StatusCode::kCancelled, std::move(m)};
  }
  static Status Unknown(std::string m) { return {StatusCode::kUnknown, std::move(m)}; }
  static Status Internal(std::string m) { return {StatusCode::kInternal, std::move(m)}; }

  bool ok() const { return state_ == nullptr; }
  StatusCode code() const { return state_ ? state_->code : StatusCode::kOk; }
  // The message without the code; empty when ok. Lives as long as this Status.
  std::string_view message() const {
    return state_ ? std::string_view(state_->message) : std::string_view();
  }
  // "Corruption: a.lancer: footer at 81920: ..." or "OK".
  std::string ToString() const;
  // The same code with `context` and ": " put before the message; OK stays OK.
  Status WithContext(std::string_view context) const;

 private:
  struct State {
    StatusCode code;
    std::string message;
  };
  std::shared_ptr<const State> state_;  // null: OK, so that success costs nothing
};

}  // namespace lancer

#define LANCER_CONCAT_INNER_(a, b) a##b
#define LANCER_CONCAT_(a, b) LANCER_CONCAT_INNER_(a, b)
// NOLINTBEGIN(bugprone-macro-parentheses): a declared name cannot stand in parentheses
#define LANCER_RETURN_IF_ERROR_INNER_(status, expression)       \
  do {                                                          \
    if (::lancer::Status status = (expression); !status.ok()) { \
      return status;                                            \
    }                                                           \
  } while (false)
// NOLINTEND(bugprone-macro-parentheses)

// Returns from the enclosing function when `expression` is a Status that is not OK.
#define LANCER_RETURN_IF_ERROR(expression) \
  LANCER_RETURN_IF_ERROR_INNER_(LANCER_CONCAT_(lancer_status_, __LINE__), expression)
