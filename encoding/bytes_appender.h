// BytesAppender: appends byte strings whose number and size are known beforehand, some of
// them many times over.
//
// Ownership: the target is the caller's and must outlive it, untouched between Start and
// the last Append. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/encoding.h"
#include "encoding/repeat.h"

namespace lancer::encoding {

class BytesAppender {
 public:
  explicit BytesAppender(BytesTarget* target) : target_(target) {}

  // Makes room for `n` values of `payload` bytes in all. Errors: ResourceExhausted behind
  // the target's limit.
  Status Start(uint64_t n, uint64_t payload) {
    const size_t before = target_->data.size();
    LANCER_RETURN_IF_ERROR(GrowBytes(target_, payload));
    to_ = target_->data.data() + before;
    next_ = target_->offsets.size();
    end_ = target_->offsets.back();
    target_->offsets.resize(next_ + static_cast<size_t>(n));
    return Status::Ok();
  }

  // REQUIRES: no more values and bytes than Start made room for.
  void Append(std::span<const std::byte> value, uint64_t copies) {
    Repeat(value, copies, value.size(), to_);
    to_ += value.size() * copies;
    for (uint64_t i = 0; i < copies; ++i) {
      end_ += value.size();
      target_->offsets[next_++] = end_;
    }
  }

 private:
  BytesTarget* target_;
  std::byte* to_ = nullptr;
  size_t next_ = 0;
  uint64_t end_ = 0;
};

// `values` * `size`, or UINT64_MAX where that is not a number of bytes.
constexpr uint64_t BytesOf(uint64_t values, uint64_t size) {
  return size > 0 && values > UINT64_MAX / size ? UINT64_MAX : values * size;
}

// Value `i` of those behind the first offset.
inline std::span<const std::byte> AppendedValue(const BytesTarget& values, uint64_t i) {
  return std::span(values.data.data(), values.data.size())
      .subspan(static_cast<size_t>(values.offsets[i]),
               static_cast<size_t>(values.offsets[i + 1] - values.offsets[i]));
}

}  // namespace lancer::encoding
