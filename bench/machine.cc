#include "bench/machine.h"

#include <arrow/util/config.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "io/describe_file_system.h"
#include "io/posix.h"

namespace lancer::bench {
namespace {

namespace fs = std::filesystem;

std::string ProcessorName() {
  std::ifstream in("/proc/cpuinfo");
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("model name")) {
      return line.substr(line.find(':') + 2);
    }
  }
  return "unknown";
}

std::string MemorySize() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGE_SIZE);
  return fmt::format("{:.0f} GiB", static_cast<double>(pages) *
                                       static_cast<double>(page) / (1ull << 30));
}

std::string FileSystemName(const std::string& folder) {
  const Result<FileSystemKind> kind = DescribeFileSystem(folder);
  return kind ? std::string(kind->name) : "unknown";
}

std::vector<fs::path> FilesUnder(const std::string& path) {
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    return {path};
  }
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

// Calls `body` with a descriptor of each file under `path`.
template <typename Body>
Status ForEachFile(const std::string& path, Body body) {
  for (const fs::path& file : FilesUnder(path)) {
    const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      return ErrnoStatus(errno, "open", file.native());
    }
    const Status status = body(fd, file);
    close(fd);
    LANCER_RETURN_IF_ERROR(status);
  }
  return Status::Ok();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> DescribeMachine(
    const std::string& folder) {
  utsname name{};
  uname(&name);
  return {
      {"processor", ProcessorName()},
      {"cores", std::to_string(std::thread::hardware_concurrency())},
      {"memory", MemorySize()},
      {"kernel", fmt::format("{} {}", name.sysname, name.release)},
      {"file system", FileSystemName(folder)},
      {"compiler", fmt::format("{}, {}", LANCER_BENCH_COMPILER, LANCER_BENCH_FLAGS)},
      {"lancer", LANCER_BENCH_VERSION},
      {"arrow and parquet", ARROW_VERSION_STRING},
      {"lmdb",
       fmt::format("{}.{}.{}", MDB_VERSION_MAJOR, MDB_VERSION_MINOR, MDB_VERSION_PATCH)},
  };
}

uint64_t SizeOnDisk(const std::string& path) {
  uint64_t total = 0;
  for (const fs::path& file : FilesUnder(path)) {
    total += fs::file_size(file);
  }
  return total;
}

Status DropFromCache(const std::string& path) {
  return ForEachFile(path, [](int fd, const fs::path& file) {
    if (fsync(fd) != 0) {
      return ErrnoStatus(errno, "make durable", file.native());
    }
    const int error = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (error != 0) {
      return ErrnoStatus(error, "drop from the page cache", file.native());
    }
    return Status::Ok();
  });
}

Status LoadIntoCache(const std::string& path) {
  return ForEachFile(path, [](int fd, const fs::path& file) {
    std::vector<char> chunk(1 << 20);
    ssize_t got = 0;
    while ((got = read(fd, chunk.data(), chunk.size())) > 0) {
    }
    return got < 0 ? ErrnoStatus(errno, "read", file.native()) : Status::Ok();
  });
}

Status SyncFile(const std::string& path) {
  return ForEachFile(path, [](int fd, const fs::path& file) {
    return fsync(fd) == 0 ? Status::Ok()
                          : ErrnoStatus(errno, "make durable", file.native());
  });
}

Status MakeEmptyFolder(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  fs::create_directories(path, error);
  return error ? Status::IoError(fmt::format("{}: {}", path, error.message()))
               : Status::Ok();
}

}  // namespace lancer::bench
