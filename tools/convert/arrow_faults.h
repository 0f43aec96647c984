// ArrowFaults: what Arrow's readers find wrong with an input, in our words.
//
// Arrow's own messages name neither file nor place, and say nothing that the owner of a
// file could do. Everything an input makes Arrow say or throw goes through here.
// Ownership: a value. Thread rule: one thread at a time.
#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "lancer/result.h"

namespace lancer::tools {

class ArrowFaults {
 public:
  // `file` as messages name it; `kind` is "Parquet file" or "Arrow file".
  ArrowFaults(std::string file, std::string_view kind)
      : file_(std::move(file)), kind_(kind) {}

  // What is read from here on, as "row group 3"; empty: the file's metadata.
  void At(std::string place) { place_ = std::move(place); }

  Status Check(const arrow::Status& status) const;
  template <typename T>
  Result<T> Check(arrow::Result<T> result) const {
    if (!result.ok()) {
      return Check(result.status());
    }
    return std::move(result).ValueUnsafe();
  }
  // Runs `body`, which calls parts of Arrow that throw on damaged files.
  template <typename Body>
  auto Catch(Body body) const -> decltype(body()) {
    try {
      return body();
    } catch (const std::bad_alloc&) {
      return Check(arrow::Status::OutOfMemory(""));
    } catch (const std::exception& error) {
      return Check(arrow::Status::Invalid(error.what()));
    }
  }

  // The file is of the kind, but not as it was written: `what` says how.
  Status Damaged(std::string_view what) const;
  // The file is of another kind, or was cut so short that nobody can tell.
  Status NotOfTheKind(std::string_view what) const;

 private:
  std::string file_;
  std::string_view kind_;
  std::string place_;
};

}  // namespace lancer::tools
