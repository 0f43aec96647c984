// Which layout a page gets: the one that its tree and the shape of its leaf allow at the
// least cost (spec: layouts, "Which layout").
//
// Ownership: owns nothing. Thread rule: pure functions.
#pragma once

#include "encoding/selection.h"
#include "format/page_input.h"

namespace lancer::format {

bool IsCodec(encoding::EncodingId id);
// Does the tree need a whole block to give back one value?
bool HasCodec(const encoding::EncodingTree& tree);

// Can the layout hold the page, with values under `choice`?
bool FitsUniform(const PageInput& input, const encoding::Choice& choice);
bool FitsVariable(const PageInput& input);

// The best of those that can.
LayoutKind ChooseLayout(const PageInput& input, const encoding::Choice& choice);

}  // namespace lancer::format
