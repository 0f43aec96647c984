// Recognises files and folders of the original Lance format, which Lancer cannot read.
//
// Thread rule: functions without state.
#pragma once

#include <string>

#include "lancer/status.h"

namespace lancer::tools {

// True for a folder with a `_versions` folder and no Lancer FORMAT file, a folder with
// `.lance` data files, or a file that ends with the bytes "LANC". Does a few small reads.
bool IsOriginalLance(const std::string& path);
// OK, or InvalidArgument that says how to get such data into Lancer.
Status RefuseOriginalLance(const std::string& path);

}  // namespace lancer::tools
