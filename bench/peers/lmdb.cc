// LMDB through its C library: key = row number, value = the row's bytes.
#include <fmt/format.h>
#include <lmdb.h>

#include <cstring>

#include "bench/arrow_bridge.h"
#include "bench/peers/peer.h"

namespace lancer::bench {
namespace {

Status FromLmdb(int code, const char* call) {
  return code == 0 ? Status::Ok()
                   : Status::IoError(fmt::format("{}: {}", call, mdb_strerror(code)));
}

class Lmdb final : public Peer {
 public:
  ~Lmdb() override { CloseAll(); }
  std::string name() const override { return "lmdb"; }
  std::string setting() const override {
    return "C library, integer keys in order, no read-ahead, one reused read transaction";
  }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    const double bytes = ArrowBytes(*table);
    const auto map_size = static_cast<size_t>(
        bytes * 2 + 64.0 * 1024 * 1024 + 96.0 * static_cast<double>(table->num_rows()));
    LANCER_RETURN_IF_ERROR(OpenEnvironment(folder, MDB_NOSYNC, map_size));
    LANCER_RETURN_IF_ERROR(FromLmdb(mdb_txn_begin(env_, nullptr, 0, &txn_), "begin"));
    LANCER_RETURN_IF_ERROR(
        FromLmdb(mdb_dbi_open(txn_, nullptr, MDB_INTEGERKEY, &dbi_), "open"));
    uint64_t row = 0;
    for (const auto& chunk : table->column(0)->chunks()) {
      LANCER_ASSIGN_OR_RETURN(const Taken values, bench::ViewOf(chunk));
      for (uint64_t i = 0; i < values.rows; ++i, ++row) {
        const auto bytes_of_row = values.row(i);
        MDB_val key{sizeof row, &row};
        MDB_val value{bytes_of_row.size(), nullptr};
        LANCER_RETURN_IF_ERROR(
            FromLmdb(mdb_put(txn_, dbi_, &key, &value, MDB_APPEND | MDB_RESERVE), "put"));
        std::memcpy(value.mv_data, bytes_of_row.data(), bytes_of_row.size());
      }
      width_ = values.width;
    }
    const int committed = mdb_txn_commit(txn_);
    txn_ = nullptr;
    LANCER_RETURN_IF_ERROR(FromLmdb(committed, "commit"));
    LANCER_RETURN_IF_ERROR(FromLmdb(mdb_env_sync(env_, 1), "sync"));
    CloseAll();
    return Status::Ok();
  }

  Status Open(const std::string& folder) override {
    CloseAll();
    LANCER_RETURN_IF_ERROR(OpenEnvironment(folder, MDB_RDONLY | MDB_NORDAHEAD, 0));
    LANCER_RETURN_IF_ERROR(
        FromLmdb(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn_), "begin"));
    LANCER_RETURN_IF_ERROR(
        FromLmdb(mdb_dbi_open(txn_, nullptr, MDB_INTEGERKEY, &dbi_), "open"));
    mdb_txn_reset(txn_);
    return Status::Ok();
  }
  void Close() override { CloseAll(); }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    LANCER_RETURN_IF_ERROR(FromLmdb(mdb_txn_renew(txn_), "renew"));
    const Status status = TakeInside(rows, out);
    mdb_txn_reset(txn_);
    return status;
  }

 private:
  Status TakeInside(std::span<const uint64_t> rows, Taken* out) {
    values_.resize(rows.size());
    lengths_.resize(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      uint64_t row = rows[i];
      MDB_val key{sizeof row, &row};
      LANCER_RETURN_IF_ERROR(FromLmdb(mdb_get(txn_, dbi_, &key, &values_[i]), "get"));
      lengths_[i] = static_cast<uint32_t>(values_[i].mv_size);
    }
    std::byte* to = width_ != 0 ? TakenMemory::Fixed(rows.size(), width_, out)
                                : TakenMemory::Variable(lengths_, out);
    for (const MDB_val& value : values_) {
      std::memcpy(to, value.mv_data, value.mv_size);
      to += value.mv_size;
    }
    return Status::Ok();
  }

  Status OpenEnvironment(const std::string& folder, unsigned flags, size_t map_size) {
    LANCER_RETURN_IF_ERROR(FromLmdb(mdb_env_create(&env_), "create"));
    if (map_size != 0) {
      LANCER_RETURN_IF_ERROR(FromLmdb(mdb_env_set_mapsize(env_, map_size), "map size"));
    }
    return FromLmdb(mdb_env_open(env_, folder.c_str(), flags, 0644), "open");
  }
  void CloseAll() {
    if (txn_ != nullptr) {
      mdb_txn_abort(txn_);
      txn_ = nullptr;
    }
    if (env_ != nullptr) {
      mdb_env_close(env_);
      env_ = nullptr;
    }
  }

  MDB_env* env_ = nullptr;
  MDB_txn* txn_ = nullptr;
  MDB_dbi dbi_ = 0;
  uint64_t width_ = 0;
  std::vector<MDB_val> values_;
  std::vector<uint32_t> lengths_;
};

}  // namespace

PeerPtr MakeLmdb() { return std::make_unique<Lmdb>(); }

}  // namespace lancer::bench
