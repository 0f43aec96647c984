// How much more the long runs of `make soak` do than `make test` does.
//
// Thread rule: functions without state.
#pragma once

#include <cstdint>
#include <string_view>

namespace lancer::test {

// How many times its usual work a test does: the whole number in the environment variable
// LANCER_SOAK, from 1 to 1000; 1 when it is absent or anything else.
uint64_t SoakFactor();
// Prints what a long run did, for the table of tests/soak-results.md; nothing when the
// factor is 1.
void ReportSoak(std::string_view figures);

}  // namespace lancer::test
