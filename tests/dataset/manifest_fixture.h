// Fragments and manifests spelled out, for tests that need no files.
//
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dataset/manifest_file.h"
#include "flatbuffers/flatbuffers.h"
#include "format/schema_codec.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::dataset {

inline Uuid TestUuid(uint8_t value) {
  Uuid uuid;
  uuid.bytes.fill(static_cast<std::byte>(value));
  return uuid;
}

inline Fragment TestFragment(uint32_t id, uint64_t rows, uint64_t first_row_id) {
  Fragment fragment;
  fragment.id = FragmentId(id);
  fragment.rows = rows;
  fragment.row_ids = {{.first = first_row_id, .count = rows}};
  fragment.file = {
      .path = "data/0101010101010101-02020202-0202-0202-0202-020202020202.lancer",
      .size = 1000 + id,
      .digest = {.low = id, .high = 7}};
  fragment.created = VersionNumber(id + 1);
  return fragment;
}

// Fragments 0 .. count - 1 of `rows` rows each, with row ids from 0.
inline std::vector<Fragment> TestFragments(uint32_t count, uint64_t rows,
                                           uint32_t first = 0) {
  std::vector<Fragment> fragments;
  for (uint32_t i = first; i < first + count; ++i) {
    fragments.push_back(TestFragment(i, rows, i * rows));
  }
  return fragments;
}

// The structs as a vector whose elements lie four bytes off their alignment of eight.
template <typename T>
flatbuffers::Offset<flatbuffers::Vector<const T*>> AskewVector(
    flatbuffers::FlatBufferBuilder& builder, const std::vector<T>& structs) {
  std::span bytes = std::as_bytes(std::span(structs));
  builder.ForceVectorAlignment(1, bytes.size() + 4, 8);
  builder.StartVector(bytes.size(), 1);
  builder.PushBytes(static_cast<const uint8_t*>(static_cast<const void*>(bytes.data())),
                    bytes.size());
  return builder.EndVector(structs.size());
}

// Version 3 of a table of one column, with two fragments.
inline Manifest TestManifest() {
  int32_t next_field = 0;
  Schema schema = Schema({test::Nullable("x", DataType::Make(TypeKind::kInt32))})
                      .WithFieldIds(&next_field);
  Manifest manifest;
  manifest.table = TestUuid(0xAA);
  manifest.version = VersionNumber(3);
  manifest.parent = VersionNumber(2);
  manifest.parent_digest = {.low = 0x1111, .high = 0x2222};
  manifest.time_us = 1'767'225'600'000'000;
  manifest.message = "more rows";
  manifest.written_by = "lancer 0.1.0";
  manifest.transactions = {{.id = TestUuid(0xBB),
                            .sessions = {TestUuid(0x01)},
                            .app = "loader",
                            .epoch = 1,
                            .sequence = 9,
                            .operations = {.low = 5, .high = 6}}};
  manifest.operations = {{.kind = OperationKind::kAppend,
                          .first_fragment = FragmentId(1),
                          .fragments = 1,
                          .first_row_id = RowId(10),
                          .rows = 10}};
  manifest.appliers = {
      {"loader", {.epoch = 1, .sequence = 9, .version = VersionNumber(2)}}};
  manifest.recent = {{.id = TestUuid(0xBB), .version = VersionNumber(3)}};
  manifest.schemas = {{.id = 0, .bytes = format::SerializeSchema(schema), .file = {}}};
  manifest.next = {.row_id = 20, .fragment = 2, .field = 1, .schema = 1};
  manifest.fragments = TestFragments(2, 10);
  manifest.totals = TotalsOf(manifest.fragments);
  return manifest;
}

}  // namespace lancer::dataset
