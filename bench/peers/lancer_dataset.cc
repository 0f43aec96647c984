// Lancer, a dataset of one version.
#include "bench/arrow_bridge.h"
#include "bench/peers/lancer_view.h"
#include "bench/peers/peer.h"
#include "lancer/dataset.h"

namespace lancer::bench {
namespace {

class LancerDataset final : public Peer {
 public:
  std::string name() const override { return "lancer dataset"; }
  std::string setting() const override { return "profile random, mapped, checks once"; }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    LANCER_ASSIGN_OR_RETURN(auto batches, AsBatches(table));
    return Dataset::Create(Path(folder), std::move(batches)).status();
  }
  Status Open(const std::string& folder) override {
    Close();
    LANCER_ASSIGN_OR_RETURN(dataset_, Dataset::Open(Path(folder)));
    return Status::Ok();
  }
  void Close() override { dataset_.reset(); }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    positions_.clear();
    for (const uint64_t row : rows) {
      positions_.emplace_back(row);
    }
    LANCER_ASSIGN_OR_RETURN(const Batch batch, dataset_->Take(positions_));
    return ViewOf(batch.columns[0], out);
  }
  Status Scan(const std::vector<std::string>& columns, Scanned* out) override {
    ScanOptions options;
    if (!columns.empty()) {
      options.columns = columns;
    }
    LANCER_ASSIGN_OR_RETURN(auto batches, dataset_->Scan(options));
    while (true) {
      LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, batches->Next());
      if (!batch) {
        return Status::Ok();
      }
      out->rows += static_cast<uint64_t>(batch->length);
      ++out->batches;
    }
  }

 private:
  static std::string Path(const std::string& folder) { return folder + "/table.lancer"; }

  std::shared_ptr<Dataset> dataset_;
  std::vector<RowPosition> positions_;
};

}  // namespace

PeerPtr MakeLancerDataset() { return std::make_unique<LancerDataset>(); }

}  // namespace lancer::bench
