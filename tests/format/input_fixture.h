// A page to be written, as selection and the layouts see it, from an array of one leaf.
//
// Ownership: owns what `input` refers to, and does not move. Thread rule: one thread.
#pragma once

#include <vector>

#include "format/page_input.h"
#include "tests/format/page_fixture.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::format {

struct InputFixture {
  explicit InputFixture(const ArrayPtr& array, Profile profile = Profile::kRandom)
      : field(test::Nullable("x", array->type())),
        shape(LeavesOf(field)[0]),
        buffers(ShredAll(field, array, 0, array->length())),
        statistics(encoding::ComputeStatistics(ValuesOf(shape, buffers[0]))),
        options{.profile = profile},
        input{shape,      buffers[0], ValuesOf(shape, buffers[0]),
              statistics, resources,  options} {}
  InputFixture(const InputFixture&) = delete;
  InputFixture& operator=(const InputFixture&) = delete;

  Field field;
  LeafShape shape;
  std::vector<LeafBuffer> buffers;
  encoding::Statistics statistics;
  encoding::EncodeResources resources;
  PageOptions options;
  PageInput input;
};

}  // namespace lancer::format
