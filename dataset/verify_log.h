// Checks the log as a whole: every version's manifest, the chain of parents, holes, and
// what HEAD tells.
//
// Thread rule: safe for concurrent calls.
#pragma once

#include <functional>
#include <string>

#include "dataset/log.h"
#include "lancer/cancel.h"

namespace lancer::dataset {

struct LogVisitor {
  // Checks every byte of the manifest at `path`.
  std::function<Status(const std::string& path)> check_bytes;
  // Takes a fault; gives back what ends the verification.
  std::function<Status(const Status& fault)> note;
  CancelToken cancel;
};

// From the floor up to the newest version. `opened` is a version as a reader holds it: it
// must still be the same. Errors: those of the visitor; Cancelled; IoError; Expired when
// `opened` was retired meanwhile.
Status VerifyLog(const Log& log, FileSystem& files, const StoredManifest& opened,
                 const LogVisitor& visitor);

}  // namespace lancer::dataset
