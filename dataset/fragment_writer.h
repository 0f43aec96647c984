// FragmentWriter: writes rows as new data files of a session, cut into fragments.
//
// Files get their names only at Publish, all together, so that a writer that dies before
// leaves nothing behind. Ownership: borrows the session. Thread rule: one thread at a
// time; encodes on the context's executor.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataset/session.h"
#include "dataset/snapshot.h"
#include "dataset/transaction.h"
#include "lancer/dataset.h"
#include "lancer/file_writer.h"

namespace lancer::dataset {

class FragmentWriter {
 public:
  // `schema` has field ids. Files without a name wait, at most kMaxWaiting of them.
  FragmentWriter(StorePtr store, Session* session, std::shared_ptr<const Schema> schema,
                 WriteOptions options)
      : store_(std::move(store)),
        session_(session),
        schema_(std::move(schema)),
        options_(std::move(options)) {}

  // Writes all rows of a stream. Its types must be those of the schema, apart from
  // metadata and names of declared types with the same layout.
  Status WriteAll(BatchReader* rows);
  // Ends the last file; what was written, to be committed after Publish.
  Status Finish();
  const std::vector<NewFragment>& fragments() const { return fragments_; }
  // Gives the files their names, durably: one flush for the folder.
  Status Publish();
  // Removes published files again. Only while no commit has been tried.
  void Discard();

  uint64_t rows_written() const { return rows_; }
  uint64_t bytes_written() const;

 private:
  static constexpr size_t kMaxWaiting = 128;

  Status WriteBatch(const Batch& batch);
  Status BeginFile();
  Status EndFile();
  Status PublishWaiting();

  const StorePtr store_;
  Session* const session_;
  const std::shared_ptr<const Schema> schema_;
  const WriteOptions options_;
  std::unique_ptr<FileWriter> file_;
  std::vector<std::unique_ptr<StagedFile>> waiting_;  // of the last fragments
  std::vector<NewFragment> fragments_;
  size_t published_ = 0;  // fragments whose files surely have their names by us
  uint64_t rows_ = 0;
};

}  // namespace lancer::dataset
