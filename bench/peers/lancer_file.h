// The Lancer files that are measured.
//
// Ownership: functions without state. Thread rule: safe everywhere.
#pragma once

#include <arrow/table.h>

#include <memory>
#include <string>

#include "lancer/context.h"
#include "lancer/file_writer.h"

namespace lancer::bench {

Status WriteLancerFile(const std::shared_ptr<arrow::Table>& table,
                       const std::string& path, const WriterOptions& options,
                       const ContextPtr& context = DefaultContext());

}  // namespace lancer::bench
