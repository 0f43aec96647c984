#include "io/read_batch.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>

#include "io/posix.h"

namespace lancer {
namespace {

constexpr size_t kMaxParts = IOV_MAX;

// Moves a request behind its first `done` bytes.
void Advance(ReadRequest& request, uint64_t done) {
  request.offset += done;
  request.size -= done;
  while (done > 0) {
    iovec& part = request.parts.front();
    if (done < part.iov_len) {
      part.iov_base = static_cast<std::byte*>(part.iov_base) + done;
      part.iov_len -= done;
      return;
    }
    done -= part.iov_len;
    request.parts = request.parts.subspan(1);
  }
}

ssize_t ReadOnce(int descriptor, const ReadRequest& request, int flags) {
  auto count = static_cast<int>(std::min(request.parts.size(), kMaxParts));
  auto offset = static_cast<off_t>(request.offset);
  return RetryOnInterrupt([&] {
    return flags == 0 ? preadv(descriptor, request.parts.data(), count, offset)
                      : preadv2(descriptor, request.parts.data(), count, offset, flags);
  });
}

Status FinishRequest(int descriptor, ReadRequest& request, const std::string& path) {
  while (request.size > 0) {
    ssize_t done = ReadOnce(descriptor, request, 0);
    if (done < 0) {
      return ErrnoStatus(errno,
                         "read " + std::to_string(request.size) + " bytes at offset " +
                             std::to_string(request.offset),
                         path);
    }
    if (done == 0) {
      return Status::IoError(path + ": was cut while it was open: it now ends before " +
                             std::to_string(request.offset) + ", where " +
                             std::to_string(request.size) +
                             " more bytes were expected; restore the file");
    }
    Advance(request, static_cast<uint64_t>(done));
  }
  return Status::Ok();
}

// Reads what is in memory already, without waiting. Stops early where the kernel or the
// file system does not know how; the rest is read afterwards in any case.
void ReadCached(int descriptor, std::span<ReadRequest> requests) {
  for (ReadRequest& request : requests) {
    ssize_t done = ReadOnce(descriptor, request, RWF_NOWAIT);
    if (done > 0) {
      Advance(request, static_cast<uint64_t>(done));
    } else if (done < 0 && errno != EAGAIN) {
      return;
    }
  }
}

}  // namespace

Status CheckRange(const ReadRange& range, uint64_t file_size, const std::string& path) {
  uint64_t size = range.destination.size();
  if (range.offset <= file_size && size <= file_size - range.offset) {
    return Status::Ok();
  }
  return Status::Corruption(path + ": ends at " + std::to_string(file_size) + ", but " +
                            std::to_string(size) + " bytes at offset " +
                            std::to_string(range.offset) +
                            " were expected; the file was cut or is not the one meant");
}

Result<ReadPlan> ReadPlan::Make(std::span<const ReadRange> ranges, uint64_t file_size,
                                const std::string& path) {
  std::vector<const ReadRange*> order;
  order.reserve(ranges.size());
  bool sorted = true;
  for (const ReadRange& range : ranges) {
    LANCER_RETURN_IF_ERROR(CheckRange(range, file_size, path));
    if (!range.destination.empty()) {
      sorted = sorted && (order.empty() || order.back()->offset <= range.offset);
      order.push_back(&range);
    }
  }
  if (!sorted) {
    std::stable_sort(order.begin(), order.end(), [](const auto* left, const auto* right) {
      return left->offset < right->offset;
    });
  }
  ReadPlan plan;
  plan.parts_.reserve(order.size());  // never grows below: requests point into it
  for (const ReadRange* range : order) {
    uint64_t size = range->destination.size();
    plan.parts_.push_back({range->destination.data(), range->destination.size()});
    plan.total_bytes_ += size;
    if (!plan.requests_.empty()) {
      ReadRequest& last = plan.requests_.back();
      if (last.offset + last.size == range->offset) {
        last.size += size;
        last.parts = {last.parts.data(), last.parts.size() + 1};
        continue;
      }
    }
    plan.requests_.push_back({range->offset, size, {&plan.parts_.back(), 1}});
  }
  return plan;
}

Status ReadWithPreadv(int descriptor, ReadPlan& plan, const std::string& path) {
  std::span<ReadRequest> requests = plan.requests();
  if (requests.size() > 1) {
    ReadCached(descriptor, requests);
    for (const ReadRequest& request : requests) {
      if (request.size > 0) {
        posix_fadvise(descriptor, static_cast<off_t>(request.offset),
                      static_cast<off_t>(request.size), POSIX_FADV_WILLNEED);
      }
    }
  }
  for (ReadRequest& request : requests) {
    LANCER_RETURN_IF_ERROR(FinishRequest(descriptor, request, path));
  }
  return Status::Ok();
}

void CountBatch(Counters* counters, uint64_t request_count, uint64_t bytes) {
  if (counters != nullptr) {
    Counters::Add(counters->batches, 1);
    Counters::Add(counters->requests, request_count);
    Counters::Add(counters->bytes_read, bytes);
  }
}

}  // namespace lancer
