#include "io/local_readable_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "io/describe_file_system.h"
#include "io/read_batch.h"

namespace lancer {

Result<std::shared_ptr<const ReadableFile>> LocalReadableFile::Open(
    const std::string& path, MapMode map, std::shared_ptr<Counters> counters) {
  // O_NONBLOCK means nothing for files and keeps the open of a pipe from waiting.
  FileDescriptor descriptor = OpenDescriptor(path, O_RDONLY | O_NONBLOCK);
  if (!descriptor.valid()) {
    return ErrnoStatus(errno, "open it for reading", path);
  }
  struct stat info {};
  if (fstat(descriptor.get(), &info) != 0) {
    return ErrnoStatus(errno, "ask for its size", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return Status::InvalidArgument(path + ": is " +
                                   (S_ISDIR(info.st_mode) ? "a directory" : "a device") +
                                   ", not a file");
  }
  std::shared_ptr<LocalReadableFile> file(
      new LocalReadableFile(path, std::move(descriptor),
                            static_cast<uint64_t>(info.st_size), std::move(counters)));
  if (map == MapMode::kAuto) {
    file->MapIfSafe();
  }
  return std::shared_ptr<const ReadableFile>(std::move(file));
}

LocalReadableFile::~LocalReadableFile() {
  if (!map_.empty()) {
    munmap(map_.data(), map_.size());
  }
}

void LocalReadableFile::MapIfSafe() {
  if (size_ == 0 || size_ > std::numeric_limits<size_t>::max() / 2 ||
      DescribeDescriptor(descriptor_.get()).network) {
    return;
  }
  auto size = static_cast<size_t>(size_);
  void* start = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor_.get(), 0);
  if (start != MAP_FAILED) {
    // Without it a cold row costs a read-ahead of 128 KiB. A hint, so failing is fine.
    static_cast<void>(madvise(start, size, MADV_RANDOM));
    map_ = {static_cast<std::byte*>(start), size};
  }
}

void LocalReadableFile::WillNeed(uint64_t offset, uint64_t size) const {
  if (offset >= map_.size() || size == 0) {
    return;
  }
  static const auto memory_page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  uint64_t begin = offset / memory_page * memory_page;
  uint64_t end = offset + std::min(size, map_.size() - offset);
  static_cast<void>(madvise(map_.data() + begin, end - begin, MADV_WILLNEED));
}

Status LocalReadableFile::ReadBatch(std::span<const ReadRange> ranges) const {
  LANCER_ASSIGN_OR_RETURN(ReadPlan plan, ReadPlan::Make(ranges, size_, path_));
  uint64_t request_count = plan.requests().size();
  LANCER_RETURN_IF_ERROR(ReadWithPreadv(descriptor_.get(), plan, path_));
  CountBatch(counters_.get(), request_count, plan.total_bytes());
  return Status::Ok();
}

}  // namespace lancer
