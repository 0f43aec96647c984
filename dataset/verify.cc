#include "dataset/verify.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "dataset/node_file.h"
#include "dataset/verify_log.h"
#include "encoding/checksum.h"

namespace lancer::dataset {
namespace {

// Checksums of every container besides those of its sections: schema, unit checks,
// footer.
constexpr uint64_t kFrameUnits = 3;

class Verifier {
 public:
  Verifier(const Store& store, const Snapshot& snapshot, const VerifyOptions& options)
      : store_(store), snapshot_(snapshot), options_(options) {}

  Result<VerifyReport> Run() {
    LANCER_RETURN_IF_ERROR(
        Note(CheckContainer(store_.paths.format_file(), format::FileKind::kFormat)));
    LANCER_RETURN_IF_ERROR(CheckLog());
    const SchemaEntry& schema = snapshot_.manifest().schema();
    if (schema.file.has_value()) {
      LANCER_RETURN_IF_ERROR(Note(CheckNodeFile(*schema.file)));
    }
    if (snapshot_.manifest().tree.has_value()) {
      LANCER_RETURN_IF_ERROR(CheckTree(*snapshot_.manifest().tree));
    }
    for (const Fragment& fragment : snapshot_.manifest().fragments) {
      LANCER_RETURN_IF_ERROR(CheckDataFile(fragment));
    }
    return std::move(report_);
  }

 private:
  // Damage goes to the report, anything else to the caller.
  Status Note(const Status& status) {
    switch (status.code()) {
      case StatusCode::kOk:
        return Status::Ok();
      case StatusCode::kNotFound:
      case StatusCode::kCorruption:
      case StatusCode::kUnsupported:
      case StatusCode::kInvalidArgument:
        report_.faults.push_back(status);
        return Status::Ok();
      default:
        return status;
    }
  }

  void Count(uint64_t bytes, uint64_t units) {
    ++report_.files;
    report_.bytes += bytes;
    report_.units += units;
    if (options_.progress) {
      options_.progress({.phase = "verifying",
                         .rows_done = rows_,
                         .bytes_done = report_.bytes,
                         .rows_total = snapshot_.manifest().totals.rows,
                         .bytes_total = snapshot_.manifest().totals.bytes});
    }
  }

  // A file's frame and sections. The caller looks at what else it holds, then at gaps.
  Result<std::shared_ptr<const format::Container>> OpenContainer(
      const std::string& path, format::FileKind kind, const format::FileRef* expected) {
    LANCER_ASSIGN_OR_RETURN(
        std::shared_ptr<const ReadableFile> file,
        store_.context->file_system->OpenForRead(path, MapMode::kNever));
    LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const format::Container> container,
                            format::Container::Open(file, kind, expected));
    LANCER_RETURN_IF_ERROR(container->VerifyFrame());
    Count(file->size(), container->sections().size() + kFrameUnits);
    return container;
  }

  // A file that holds sections alone.
  Status CheckContainer(const std::string& path, format::FileKind kind) {
    LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const format::Container> container,
                            OpenContainer(path, kind, nullptr));
    return container->VerifyGaps({});
  }

  // Every manifest, that of the version as it was opened among them.
  Status CheckLog() {
    return VerifyLog(store_.log, *store_.context->file_system, *snapshot_.stored(),
                     {.check_bytes =
                          [&](const std::string& path) {
                            return CheckContainer(path, format::FileKind::kManifest);
                          },
                      .note = [&](const Status& fault) { return Note(fault); },
                      .cancel = options_.cancel});
  }

  // A whole file of nodes, each node's checksum included; once for each file.
  Status CheckNodeFile(const format::FileRef& ref) {
    std::string path = store_.paths.Path(ref.path);
    auto [known, first] = node_files_.emplace(ref.path, ref);
    if (!first && known->second != ref) {
      return Status::Corruption(fmt::format(
          "{}: referred to with {} bytes and digest {}, and with {} bytes and digest {}",
          path, known->second.size, known->second.digest.ToString(), ref.size,
          ref.digest.ToString()));
    }
    if (!first) {
      return Status::Ok();
    }
    LANCER_ASSIGN_OR_RETURN(std::shared_ptr<const format::Container> container,
                            OpenContainer(path, format::FileKind::kTreeNode, &ref));
    LANCER_ASSIGN_OR_RETURN(std::vector<NodeRef> nodes, ListNodes(*container));
    std::vector<format::CheckedRange> ranges;
    for (const NodeRef& node : nodes) {
      ranges.push_back({.offset = node.offset, .size = node.size, .check = node.check});
      LANCER_RETURN_IF_ERROR(container->ReadChecked(ranges.back(), "tree node").status());
    }
    report_.units += nodes.size();
    return container->VerifyGaps(ranges);
  }

  // A subtree without the cache, which may hold nodes from before the damage.
  Status CheckTree(const Subtree& subtree) {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    LANCER_RETURN_IF_ERROR(Note(CheckNodeFile(subtree.node.file)));
    auto node = store_.nodes->Load(subtree);
    if (!node) {
      return Note(node.error());
    }
    for (const Subtree& child : (*node)->children) {
      LANCER_RETURN_IF_ERROR(CheckTree(child));
    }
    for (const Fragment& fragment : (*node)->fragments) {
      LANCER_RETURN_IF_ERROR(CheckDataFile(fragment));
    }
    return Status::Ok();
  }

  Status CheckDataFile(const Fragment& fragment) {
    LANCER_RETURN_IF_ERROR(options_.cancel.Check());
    auto reader = store_.readers.Open(fragment, nullptr, {.map = MapMode::kNever});
    if (!reader) {
      return Note(reader.error());
    }
    auto schema = (*reader)->schema();
    if (!schema) {
      return Note(schema.error());
    }
    if (!(*schema)->Equals(*snapshot_.schema())) {
      return Note(Status::Corruption((*reader)->path() +
                                     ": schema: is not the one of the version"));
    }
    VerifyOptions options = options_;
    options.progress = nullptr;
    LANCER_ASSIGN_OR_RETURN(VerifyReport report, (*reader)->Verify(options));
    report_.faults.insert(report_.faults.end(), report.faults.begin(),
                          report.faults.end());
    rows_ += fragment.rows;
    Count(report.bytes, report.units);
    return Status::Ok();
  }

  const Store& store_;
  const Snapshot& snapshot_;
  const VerifyOptions& options_;
  VerifyReport report_;
  std::map<std::string, format::FileRef> node_files_;  // by path: those checked
  uint64_t rows_ = 0;
};

}  // namespace

Result<VerifyReport> VerifyVersion(const Store& store, const Snapshot& snapshot,
                                   const VerifyOptions& options) {
  return Verifier(store, snapshot, options).Run();
}

}  // namespace lancer::dataset
