// The table of encodings (spec: encodings, "Names"). Names are what files store; rows
// are only ever appended.
#include <algorithm>
#include <array>

#include "encoding/encoding.h"

namespace lancer::encoding {

std::span<const RegistryRow> Registry() {
  static const std::array<RegistryRow, 19> kRows = {{
      {EncodingId::kPlain, "plain", &PlainEncoding()},
      {EncodingId::kConstant, "constant", &ConstantEncoding()},
      {EncodingId::kFfor, "ffor", &FforEncoding()},
      {EncodingId::kBoolBits, "bool_bits", &BoolBitsEncoding()},
      {EncodingId::kRunEnd, "run_end", &RunEndEncoding()},
      {EncodingId::kDict, "dict", &DictEncoding()},
      {EncodingId::kDeltaBase, "delta_base", &DeltaBaseEncoding()},
      {EncodingId::kSparse, "sparse", &SparseEncoding()},
      {EncodingId::kFsst, "fsst", &FsstEncoding()},
      {EncodingId::kAlp, "alp", &AlpEncoding()},
      {EncodingId::kAlpRd, "alp_rd", &AlpRdEncoding()},
      {EncodingId::kCast, "cast", &CastEncoding()},
      {EncodingId::kPredict, "predict", &PredictEncoding()},
      {EncodingId::kShuffle, "shuffle", &ShuffleEncoding()},
      {EncodingId::kZstd, "zstd", &ZstdEncoding()},
      {EncodingId::kLz4, "lz4", &Lz4Encoding()},
      {EncodingId::kEntropy, "entropy", nullptr},
      {EncodingId::kZigzag, "zigzag", nullptr},
      {EncodingId::kVarBytes, "var_bytes", &VarBytesEncoding()},
  }};
  return kRows;
}

const RegistryRow* FindEncoding(EncodingId id) {
  const auto rows = Registry();
  const auto place = static_cast<size_t>(id);
  return place < rows.size() ? &rows[place] : nullptr;
}

const RegistryRow* FindEncodingByName(std::string_view name) {
  const auto rows = Registry();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const RegistryRow& r) { return r.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace lancer::encoding
