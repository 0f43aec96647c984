#include <utility>

#include "dataset/dataset_impl.h"
#include "dataset/new_schema.h"

namespace lancer {

Result<CommitResult> Dataset::Overwrite(std::unique_ptr<BatchReader> rows,
                                        WriteOptions options) {
  LANCER_RETURN_IF_ERROR(rows->schema()->Validate().WithContext(path()));
  LANCER_ASSIGN_OR_RETURN(
      dataset::Transaction transaction,
      impl_->BeginTransaction(OperationKind::kOverwrite, options.commit));
  LANCER_ASSIGN_OR_RETURN(std::optional<CommitResult> applied,
                          impl_->FindAppliedPosition(transaction));
  if (applied.has_value()) {
    return *applied;
  }
  impl_->PrepareWrite();
  LANCER_RETURN_IF_ERROR(impl_->EnsureSession());
  std::shared_ptr<const Schema> written = schema();
  if (!rows->schema()->Equals(*written)) {
    uint64_t first = impl_->snapshot->manifest().next.field;
    LANCER_ASSIGN_OR_RETURN(dataset::NumberedSchema numbered,
                            dataset::NumberFields(*rows->schema(), first));
    LANCER_ASSIGN_OR_RETURN(
        transaction.schema,
        dataset::MakeNewSchema(*impl_->store, impl_->session.get(), *numbered.schema,
                               first, numbered.next_field));
    written = std::move(numbered.schema);
  }
  return impl_->Write(std::move(transaction), std::move(written), rows.get(), options);
}

}  // namespace lancer
