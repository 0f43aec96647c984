// The tables of spec/schemas/tree_node.fbs, packed and unpacked for manifests and nodes.
//
// Ownership: values; offsets belong to their builder. Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dataset/fragment.h"
#include "flatbuffers/flatbuffers.h"
#include "lancer/result.h"

namespace lancer::dataset {

namespace stored {
struct Digest;
struct Fragment;
struct Ref;
struct Subtree;
}  // namespace stored

using flatbuffers::FlatBufferBuilder;
template <typename T>
using TableVector = flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<T>>>;
template <typename T>
using StoredTables = flatbuffers::Vector<flatbuffers::Offset<T>>;

stored::Digest PackDigest(const Digest& digest);
Digest UnpackDigest(const stored::Digest* digest);  // null: zero

flatbuffers::Offset<stored::Ref> PackRef(FlatBufferBuilder& builder,
                                         const format::FileRef& ref);
// Errors: Corruption for a path that leaves the dataset.
Result<format::FileRef> UnpackRef(const stored::Ref& ref, const std::string& where);

TableVector<stored::Fragment> PackFragments(FlatBufferBuilder& builder,
                                            std::span<const Fragment> fragments);
// The checked fragments of `stored`, which may be null.
// Errors: Corruption; Unsupported for reserved fields.
Result<std::vector<Fragment>> UnpackFragments(
    const StoredTables<stored::Fragment>* stored, const std::string& where);

flatbuffers::Offset<stored::Subtree> PackSubtree(FlatBufferBuilder& builder,
                                                 const Subtree& subtree);
// `holder` is the file in which the reference stands, for nodes of the same file; null:
// the reference must name its file. Errors: Corruption.
Result<Subtree> UnpackSubtree(const stored::Subtree& stored,
                              const format::FileRef* holder, const std::string& where);

// Unsupported naming a field that only newer versions understand, when it is present.
Status RefuseReserved(bool present, std::string_view field, const std::string& where);

}  // namespace lancer::dataset
