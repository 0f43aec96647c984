// Session: one writer's stay at a dataset. Its uuid begins the names of the files that it
// writes, and its intent in `_log/intent` is durable before the first of them (spec: log,
// "Sessions").
//
// While it lives it holds a lock on its intent, where locks tell who lives: the kernel
// drops it with the process. What a session whose lock is free left behind is removed by
// the next writer (dead_sessions.h).
//
// Ownership: shares the context. Removes its intent when it ends and none of its files
// can be waiting for a commit. In a forked child it is a copy without effect. Thread
// rule: one thread at a time.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dataset/names.h"
#include "dataset/sealed_record.h"
#include "lancer/context.h"
#include "lancer/file_system.h"

namespace lancer::dataset {

class Session {
 public:
  // Writes the intent, two flushes, and locks it. `version` is the newest that the writer
  // knows; 0: none.
  static Result<std::unique_ptr<Session>> Begin(const DatasetPaths& paths,
                                                ContextPtr context, PublishMethod method,
                                                VersionNumber version);
  ~Session();

  const Uuid& id() const { return id_; }
  PublishMethod method() const { return method_; }
  // False once it was given up, and in a forked child: then another one has to begin.
  bool usable() const;
  // OK while the intent is there. With the folder's lock held, whoever takes the session
  // for dead has not begun to, or cannot before the lock is free. Errors: Fenced: its
  // files were removed; IoError.
  Status CheckIntent();
  // A name for a temporary file, should one be needed.
  std::string NewTemporary();
  Uuid NewFile() { return context_->random->NextUuid(); }
  // Says that files of this session may exist that no version refers to: the intent
  // stays.
  void KeepIntent() { keep_intent_ = true; }

  // Files of `_tree` that no version refers to yet are remembered, because what they
  // belong to may fail long before its commit.
  void NoteNodes(std::string path) { nodes_.push_back(std::move(path)); }
  const std::vector<std::string>& noted_nodes() const { return nodes_; }
  // Removes them, durably, else the intent stays. REQUIRES: no manifest that names them
  // can have been published. Also done when the session ends.
  void DiscardNodes();
  // Versions refer to them, or may: they are nobody's to remove.
  void ForgetNodes() { nodes_.clear(); }

  // While it lives, an exception (std::bad_alloc, which may pass) leaves all files where
  // they are, and the intent that explains them: it does not say how far a write came.
  class Guard {
   public:
    explicit Guard(Session* session)  // may be null
        : session_(session), exceptions_(std::uncaught_exceptions()) {}
    ~Guard() {
      if (session_ != nullptr && std::uncaught_exceptions() > exceptions_) {
        session_->KeepIntent();
        session_->ForgetNodes();
      }
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Session* const session_;
    const int exceptions_;
  };

 private:
  Session(DatasetPaths paths, ContextPtr context, PublishMethod method);
  Result<bool> TryBegin(VersionNumber version, bool locked);

  const DatasetPaths paths_;
  const ContextPtr context_;
  const PublishMethod method_;
  const pid_t process_;
  Uuid id_;
  std::unique_ptr<FileLock> lock_;  // of the intent; null where locks tell nothing
  bool keep_intent_ = false;
  bool given_up_ = false;
  std::vector<std::string> nodes_;
};

// What an intent says.
struct Intent {
  Uuid session;
  VersionNumber begin;  // the newest version that the writer knew; 0: none
  bool locked = false;  // its session holds a lock on it for as long as it lives
};
SealedRecord SerializeIntent(const Intent& intent);
// Nothing when the bytes are no whole intent.
std::optional<Intent> ParseIntent(std::span<const std::byte> bytes);

}  // namespace lancer::dataset
