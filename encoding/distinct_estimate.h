// Estimating how many distinct values a run has, where there are too many to count.
//
// HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a
// near-optimal cardinality estimation algorithm", AofA 2007) with 4,096 registers: the
// standard error is 1.6 %. Ownership: the caller's memory. Thread rule: pure functions.
#pragma once

#include <cstdint>

#include "encoding/values.h"

namespace lancer::encoding {

// Distinct valid values, by their bytes; at most the number of valid values. The same
// values give the same estimate, whatever their order. REQUIRES: values have bytes.
uint64_t EstimateDistinct(const Values& values);

}  // namespace lancer::encoding
