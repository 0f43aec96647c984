// CancelToken: asks a long operation to stop.
//
// Copies share one flag. A default token never cancels. Operations look at it between
// units of work and return Cancelled; nothing is left half-written.
// Thread rule: safe for concurrent calls, RequestCancel from a signal handler included.
#pragma once

#include <atomic>
#include <memory>

#include "lancer/status.h"

namespace lancer {

class CancelToken {
 public:
  CancelToken() = default;
  static CancelToken Make() {
    CancelToken token;
    token.flag_ = std::make_shared<std::atomic<bool>>(false);
    return token;
  }
  void RequestCancel() const {
    if (flag_) {
      flag_->store(true, std::memory_order_relaxed);
    }
  }
  bool cancelled() const { return flag_ && flag_->load(std::memory_order_relaxed); }
  // OK, or Cancelled.
  Status Check() const {
    return cancelled() ? Status::Cancelled("the operation was cancelled by its caller")
                       : Status::Ok();
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace lancer
