// Lancer, one file alone.
#include "bench/peers/lancer_file.h"

#include "bench/arrow_bridge.h"
#include "bench/peers/lancer_view.h"
#include "bench/peers/peer.h"
#include "lancer/file_reader.h"

namespace lancer::bench {
namespace {

Verify ToVerify(Checks checks) {
  switch (checks) {
    case Checks::kAlways:
      return Verify::kAlways;
    case Checks::kNever:
      return Verify::kNever;
    default:
      return Verify::kOnce;
  }
}

std::string NameOf(Profile profile, std::string_view separator) {
  std::string name = "lancer";
  switch (profile) {
    case Profile::kCompact:
      return name.append(separator).append("compact");
    case Profile::kArchive:
      return name.append(separator).append("archive");
    default:
      return name;
  }
}

class LancerFile final : public Peer {
 public:
  LancerFile(Checks checks, Profile profile) : checks_(checks), profile_(profile) {}

  std::string name() const override {
    const std::string name = NameOf(profile_, " ");
    switch (checks_) {
      case Checks::kAlways:
        return name + ", checks always";
      case Checks::kNever:
        return name + ", no checks";
      default:
        return name;
    }
  }
  std::string setting() const override {
    return "file, profile as named (else random), mapped, checks as named (else once)";
  }
  std::string storage() const override { return NameOf(profile_, "-"); }

  Status Write(const std::shared_ptr<arrow::Table>& table,
               const std::string& folder) override {
    return WriteLancerFile(table, Path(folder), {.profile = profile_});
  }

  Status Open(const std::string& folder) override {
    Close();
    LANCER_ASSIGN_OR_RETURN(reader_, FileReader::Open(Path(folder)));
    return Status::Ok();
  }
  void Close() override { reader_.reset(); }

  Status Take(std::span<const uint64_t> rows, Taken* out) override {
    TakeOptions options;
    options.verify = ToVerify(checks_);
    LANCER_ASSIGN_OR_RETURN(const Batch batch, reader_->Take(rows, options));
    return ViewOf(batch.columns[0], out);
  }

  Status Scan(const std::vector<std::string>& columns, Scanned* out) override {
    ScanOptions options;
    options.verify = ToVerify(checks_);
    if (!columns.empty()) {
      options.columns = columns;
    }
    LANCER_ASSIGN_OR_RETURN(auto batches, reader_->Scan(options));
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

  Checks checks_;
  Profile profile_;
  std::shared_ptr<const FileReader> reader_;
};

}  // namespace

Status WriteLancerFile(const std::shared_ptr<arrow::Table>& table,
                       const std::string& path, const WriterOptions& options,
                       const ContextPtr& context) {
  LANCER_ASSIGN_OR_RETURN(auto batches, AsBatches(table));
  LANCER_ASSIGN_OR_RETURN(auto writer,
                          FileWriter::Create(path, *batches->schema(), options, context));
  while (true) {
    LANCER_ASSIGN_OR_RETURN(std::optional<Batch> batch, batches->Next());
    if (!batch) {
      return writer->Finish().status();
    }
    LANCER_RETURN_IF_ERROR(writer->Write(*batch));
  }
}

Result<std::unique_ptr<BatchReader>> ScanLancerFile(const std::string& folder) {
  LANCER_ASSIGN_OR_RETURN(auto reader, FileReader::Open(folder + "/table.lancer"));
  return reader->Scan();
}

PeerPtr MakeLancerFile(Profile profile, Checks checks) {
  return std::make_unique<LancerFile>(checks, profile);
}

}  // namespace lancer::bench
