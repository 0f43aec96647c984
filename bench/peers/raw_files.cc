// Raw files: values back to back, read with pread; an offsets file when lengths vary. The
// floor of what one file read per row costs.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "bench/peers/peer.h"

namespace lancer::bench {
namespace {

class RawFiles final : public Peer {
 public:
  ~RawFiles() override { CloseAll(); }
  std::string name() const override { return "raw files"; }
  std::string setting() const override {
    return "pread per value; per offset pair too when lengths vary";
  }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    std::ofstream values(folder + "/values", std::ios::binary);
    std::ofstream offsets(folder + "/offsets", std::ios::binary);
    uint64_t end = 0;
    Put(offsets, &end, sizeof end);
    for (const auto& chunk : table->column(0)->chunks()) {
      LANCER_ASSIGN_OR_RETURN(const Taken view, bench::ViewOf(chunk));
      width_ = view.width;
      for (uint64_t i = 0; i < view.rows; ++i) {
        const auto row = view.row(i);
        Put(values, row.data(), row.size());
        end += row.size();
        if (width_ == 0) {
          Put(offsets, &end, sizeof end);
        }
      }
    }
    values.close();
    offsets.close();
    return values && offsets ? Status::Ok() : Status::IoError(folder + ": write");
  }

  Status Open(const std::string& folder) override {
    CloseAll();
    values_fd_ = open((folder + "/values").c_str(), O_RDONLY | O_CLOEXEC);
    offsets_fd_ = open((folder + "/offsets").c_str(), O_RDONLY | O_CLOEXEC);
    return values_fd_ >= 0 && offsets_fd_ >= 0 ? Status::Ok()
                                               : Status::IoError(folder + ": open");
  }
  void Close() override { CloseAll(); }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    if (width_ != 0) {
      std::byte* to = TakenMemory::Fixed(rows.size(), width_, out);
      for (const uint64_t row : rows) {
        LANCER_RETURN_IF_ERROR(ReadAt(values_fd_, row * width_, to, width_));
        to += width_;
      }
      return Status::Ok();
    }
    pairs_.resize(rows.size());
    lengths_.resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      LANCER_RETURN_IF_ERROR(
          ReadAt(offsets_fd_, rows[i] * sizeof(uint64_t), &pairs_[i], sizeof pairs_[i]));
      lengths_[i] = static_cast<uint32_t>(pairs_[i][1] - pairs_[i][0]);
    }
    std::byte* to = TakenMemory::Variable(lengths_, out);
    for (size_t i = 0; i < rows.size(); ++i) {
      LANCER_RETURN_IF_ERROR(ReadAt(values_fd_, pairs_[i][0], to, lengths_[i]));
      to += lengths_[i];
    }
    return Status::Ok();
  }

 private:
  static void Put(std::ofstream& out, const void* bytes, size_t size) {
    out.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  }
  static Status ReadAt(int fd, uint64_t offset, void* to, uint64_t size) {
    const ssize_t got = pread(fd, to, size, static_cast<off_t>(offset));
    return got == static_cast<ssize_t>(size)
               ? Status::Ok()
               : Status::IoError(fmt::format("pread gave {} of {} bytes", got, size));
  }
  void CloseAll() {
    for (int* fd : {&values_fd_, &offsets_fd_}) {
      if (*fd >= 0) {
        close(*fd);
        *fd = -1;
      }
    }
  }

  int values_fd_ = -1;
  int offsets_fd_ = -1;
  uint64_t width_ = 0;
  std::vector<std::array<uint64_t, 2>> pairs_;
  std::vector<uint32_t> lengths_;
};

}  // namespace

PeerPtr MakeRawFiles() { return std::make_unique<RawFiles>(); }

}  // namespace lancer::bench
