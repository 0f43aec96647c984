// Session: one writer's stay at a dataset. Its uuid begins the names of the files that it
// writes, and its intent in `_log/intent` is durable before the first of them (spec: log,
// "Sessions").
//
// Ownership: shares the context. Removes its intent when it ends and none of its files
// can be waiting for a commit. Thread rule: one thread at a time.
#pragma once

#include <array>
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
  // Writes the intent: two flushes. `version` is the newest that the writer knows; 0:
  // none.
  static Result<std::unique_ptr<Session>> Begin(const DatasetPaths& paths,
                                                ContextPtr context, PublishMethod method,
                                                VersionNumber version);
  ~Session();

  const Uuid& id() const { return id_; }
  PublishMethod method() const { return method_; }
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
  Session(DatasetPaths paths, ContextPtr context, PublishMethod method)
      : paths_(std::move(paths)), context_(std::move(context)), method_(method) {}

  const DatasetPaths paths_;
  const ContextPtr context_;
  const PublishMethod method_;
  Uuid id_;
  bool keep_intent_ = false;
  std::vector<std::string> nodes_;
};

// The bytes of an intent.
SealedRecord SerializeIntent(const Uuid& session, VersionNumber version);
// The version that an intent's session began at; nothing when the bytes are no whole
// intent.
std::optional<VersionNumber> ParseIntent(std::span<const std::byte> bytes);

}  // namespace lancer::dataset
