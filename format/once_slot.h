// OnceSlot: a pointer that is published once and then kept: how parts of an open file are
// loaded when first used, without a lock for those who come later.
//
// Ownership: a slot owns what was published; a Loaded owns what found no place. Thread
// rule: a slot is safe for concurrent calls; a Loaded is a plain value.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace lancer::format {

template <typename T>
class OnceSlot {
 public:
  OnceSlot() = default;
  ~OnceSlot() { std::unique_ptr<const T> last(value_.load(std::memory_order_acquire)); }
  OnceSlot(const OnceSlot&) = delete;
  OnceSlot& operator=(const OnceSlot&) = delete;

  // Null until something was published. Lives as long as the slot.
  const T* get() const { return value_.load(std::memory_order_acquire); }
  // Keeps `made` and returns true, unless another thread was first: then `made` goes, and
  // what that thread made is kept. Either way get() is not null afterwards.
  bool Publish(std::unique_ptr<const T> made) {
    const T* none = nullptr;
    if (!value_.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
      return false;
    }
    (void)made.release();  // kept by value_ from here on
    return true;
  }

 private:
  std::atomic<const T*> value_{nullptr};
};

// A loaded part in use: kept by a slot, or by this object alone.
template <typename T>
class Loaded {
 public:
  explicit Loaded(const T* kept) : value_(kept) {}
  explicit Loaded(std::unique_ptr<const T> own)
      : own_(std::move(own)), value_(own_.get()) {}
  const T* operator->() const { return value_; }
  const T& operator*() const { return *value_; }

 private:
  std::unique_ptr<const T> own_;
  const T* value_;
};

}  // namespace lancer::format
