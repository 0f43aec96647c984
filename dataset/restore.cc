#include <utility>

#include "dataset/dataset_impl.h"

namespace lancer {

Result<CommitResult> Dataset::Restore(VersionNumber version, CommitOptions options) {
  LANCER_ASSIGN_OR_RETURN(dataset::Transaction transaction,
                          impl_->BeginTransaction(OperationKind::kRestore, options));
  LANCER_ASSIGN_OR_RETURN(transaction.restore_source, impl_->store->log.Load(version));
  LANCER_ASSIGN_OR_RETURN(
      dataset::SnapshotPtr source,
      dataset::Snapshot::Load(*impl_->store, transaction.restore_source));
  impl_->PrepareWrite();
  return impl_->Commit(std::move(transaction), nullptr, source->schema(), options);
}

}  // namespace lancer
