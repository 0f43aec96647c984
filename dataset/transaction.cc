#include "dataset/transaction.h"

#include <fmt/format.h>

#include <span>

#include "encoding/byte_writer.h"
#include "encoding/checksum.h"

namespace lancer::dataset {

// XXH3-128 over: kind u8, restored version u64, then per fragment rows u64, file size u64
// and the two halves of the file's digest. The files state the schema.
Digest DigestOfOperations(const Transaction& transaction) {
  std::vector<std::byte> bytes;
  encoding::ByteWriter out(&bytes);
  out.Write<uint8_t>(static_cast<uint8_t>(transaction.kind));
  out.Write<uint64_t>(transaction.restore_source == nullptr
                          ? 0
                          : transaction.restore_source->manifest.version.value);
  for (const NewFragment& fragment : transaction.fragments) {
    out.Write<uint64_t>(fragment.rows);
    out.Write<uint64_t>(fragment.file.size);
    out.Write<uint64_t>(fragment.file.digest.low);
    out.Write<uint64_t>(fragment.file.digest.high);
  }
  encoding::Digest128 digest = encoding::Checksum128(bytes);
  return {.low = digest.low, .high = digest.high};
}

Status CheckCommitOptions(const CommitOptions& options) {
  if (options.message.size() > kMaxMessageBytes) {
    return Status::InvalidArgument(
        fmt::format("the message has {} bytes, at most {} are allowed",
                    options.message.size(), kMaxMessageBytes));
  }
  if (options.transaction.has_value() && options.transaction->is_nil()) {
    return Status::InvalidArgument("the transaction's id is all zeros");
  }
  if (!options.app.has_value()) {
    return Status::Ok();
  }
  const AppPosition& position = *options.app;
  if (position.app.empty() || position.app.size() > kMaxAppNameBytes) {
    return Status::InvalidArgument(
        fmt::format("the application's name has {} bytes, expected 1 to {}",
                    position.app.size(), kMaxAppNameBytes));
  }
  if (position.sequence == 0) {
    return Status::InvalidArgument("an application's sequence starts at 1");
  }
  return Status::Ok();
}

Result<AppStanding> JudgeAppPosition(const AppPosition& position, const Manifest& head) {
  auto found = head.appliers.find(position.app);
  Applier last =
      found == head.appliers.end() ? Applier{.epoch = position.epoch} : found->second;
  if (position.epoch < last.epoch) {
    return Status::Fenced(
        fmt::format("application {}: epoch {} has ended, epoch {} is writing",
                    position.app, position.epoch, last.epoch));
  }
  if (position.epoch > last.epoch) {
    last = {.epoch = position.epoch};
  }
  if (position.sequence <= last.sequence) {
    return AppStanding::kApplied;
  }
  if (position.sequence != last.sequence + 1) {
    return Status::InvalidArgument(fmt::format(
        "application {}: sequence {} of epoch {} is out of order, expected {}",
        position.app, position.sequence, position.epoch, last.sequence + 1));
  }
  if (found == head.appliers.end() && head.appliers.size() >= kMaxAppliers) {
    return Status::ResourceExhausted(
        fmt::format("application {}: a dataset counts for at most {} applications",
                    position.app, kMaxAppliers));
  }
  return AppStanding::kNext;
}

}  // namespace lancer::dataset
