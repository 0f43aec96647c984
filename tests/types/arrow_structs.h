// Foreign Arrow structs built by hand, for tests that need malformed ones.
//
// A ForeignArray owns its buffers and children and counts releases. Thread rule: one
// thread at a time.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "lancer/arrow_bridge.h"

namespace lancer::test {

class ForeignArray {
 public:
  ForeignArray(int64_t length, int64_t null_count) {
    array_.length = length;
    array_.null_count = null_count;
    array_.release = [](ArrowArray* array) {
      ++*static_cast<int*>(array->private_data);
      array->release = nullptr;
    };
    array_.private_data = &releases_;
  }
  ForeignArray(const ForeignArray&) = delete;
  ForeignArray& operator=(const ForeignArray&) = delete;

  ForeignArray& Null() {
    buffers_.push_back(nullptr);
    return Link();
  }
  template <typename T>
  ForeignArray& Add(std::vector<T> values) {
    auto keeper = std::make_shared<const std::vector<T>>(std::move(values));
    buffers_.push_back(keeper->data());
    keepers_.push_back(std::move(keeper));
    return Link();
  }
  ForeignArray& Child(ForeignArray& child) {
    children_.push_back(child.get());
    return Link();
  }
  ForeignArray& Dictionary(ForeignArray& values) {
    array_.dictionary = values.get();
    return *this;
  }
  ArrowArray* get() { return &array_; }
  int releases() const { return releases_; }

 private:
  ForeignArray& Link() {
    array_.n_buffers = static_cast<int64_t>(buffers_.size());
    array_.buffers = buffers_.data();
    array_.n_children = static_cast<int64_t>(children_.size());
    array_.children = children_.empty() ? nullptr : children_.data();
    return *this;
  }

  ArrowArray array_{};
  std::vector<const void*> buffers_;
  std::vector<std::shared_ptr<const void>> keepers_;
  std::vector<ArrowArray*> children_;
  int releases_ = 0;
};

}  // namespace lancer::test
