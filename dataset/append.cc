#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/match_schema.h"

namespace lancer {

Result<CommitResult> Dataset::Append(std::unique_ptr<BatchReader> rows,
                                     WriteOptions options) {
  LANCER_RETURN_IF_ERROR(
      dataset::MatchSchema(*schema(), *rows->schema()).WithContext(path()));
  LANCER_ASSIGN_OR_RETURN(
      dataset::Transaction transaction,
      impl_->BeginTransaction(OperationKind::kAppend, options.commit));
  LANCER_ASSIGN_OR_RETURN(std::optional<CommitResult> applied,
                          impl_->FindAppliedPosition(transaction));
  if (applied.has_value()) {
    return *applied;
  }
  impl_->PrepareWrite();
  LANCER_RETURN_IF_ERROR(impl_->EnsureSession());
  return impl_->Write(std::move(transaction), schema(), rows.get(), options);
}

}  // namespace lancer
