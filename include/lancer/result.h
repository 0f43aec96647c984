// Result<T>: a value or the Status that says why there is none.
//
// Spelled like std::expected (has_value, error, operator*), so that moving to C++23 is
// mechanical; the one difference is that it converts from a bare Status.
// Ownership: owns its value. Thread rule: safe for concurrent const calls.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "lancer/status.h"

namespace lancer {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // REQUIRES: !status.ok(); an OK status without a value becomes Internal.
  Result(Status status)  // NOLINT(google-explicit-constructor): reads as `return status;`
      : state_(std::in_place_index<1>, std::move(status)) {
    if (std::get<1>(state_).ok()) {
      state_.template emplace<1>(Status::Internal("a Result was made from an OK status"));
    }
  }
  template <typename U = T,
            std::enable_if_t<std::is_constructible_v<T, U&&> &&
                                 !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                                 !std::is_same_v<std::remove_cvref_t<U>, Status>,
                             int> = 0>
  Result(U&& value)  // NOLINT(google-explicit-constructor): reads as `return value;`
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // REQUIRES: !has_value(). Lives as long as this Result.
  const Status& error() const {
    assert(!has_value());
    return std::get<1>(state_);
  }
  // OK, or the error.
  Status status() const { return has_value() ? Status::Ok() : std::get<1>(state_); }

  // REQUIRES (all accessors below): has_value().
  T& operator*() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& operator*() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  template <typename U>
  T value_or(U&& fallback) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  std::variant<T, Status> state_;
};

}  // namespace lancer

// NOLINTBEGIN(bugprone-macro-parentheses): a declared name cannot stand in parentheses
#define LANCER_ASSIGN_OR_RETURN_INNER_(result, declaration, expression) \
  auto result = (expression);                                           \
  if (!result.has_value()) {                                            \
    return result.error();                                              \
  }                                                                     \
  declaration = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

// Assigns the value of a Result to `declaration`, or returns its error.
#define LANCER_ASSIGN_OR_RETURN(declaration, expression)                                \
  LANCER_ASSIGN_OR_RETURN_INNER_(LANCER_CONCAT_(lancer_result_, __LINE__), declaration, \
                                 expression)
