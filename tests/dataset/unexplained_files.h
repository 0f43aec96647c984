// Lists what a dataset's folder holds although no version names it: after a write nothing
// of it may be left of writers that died.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lancer/context.h"

namespace lancer::dataset {

// Paths in the dataset: files in `data` and `_tree` that no version names, and intents.
// Reads every version. REQUIRES: the dataset is sound.
std::vector<std::string> UnexplainedFiles(const ContextPtr& context,
                                          const std::string& path);

}  // namespace lancer::dataset
