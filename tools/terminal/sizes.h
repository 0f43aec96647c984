// Numbers for people: byte sizes, counts, shares.
//
// Thread rule: functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lancer::tools {

// "0 B", "1023 B", "1.5 KiB", "12.3 MiB": three digits at most before the unit.
std::string FormatSize(uint64_t bytes);
// "63,664".
std::string FormatCount(uint64_t count);
// "1 file", "0 files", "63,664 files"; `thing` in the singular, its plural ends in s.
std::string FormatCountOf(uint64_t count, std::string_view thing);
// "12.3 %" of `whole`; "-" when that is 0.
std::string FormatShare(uint64_t part, uint64_t whole);

}  // namespace lancer::tools
