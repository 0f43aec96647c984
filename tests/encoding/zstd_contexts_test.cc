#include "encoding/zstd_contexts.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace lancer::encoding {
namespace {

TEST(ZstdContexts, AreKeptPerThread) {
  EXPECT_NE(ZstdCompressor(), nullptr);
  EXPECT_NE(ZstdDecompressor(), nullptr);
  EXPECT_EQ(ZstdCompressor(), ZstdCompressor());
  EXPECT_EQ(ZstdDecompressor(), ZstdDecompressor());
  ZSTD_CCtx* other = nullptr;
  std::jthread([&] { other = ZstdCompressor(); }).join();
  EXPECT_NE(other, ZstdCompressor());
}

// Parts of a file and blocks of a page take turns in one context.
TEST(ZstdContexts, ParametersOfOneUserDoNotReachTheNext) {
  const std::string raw(5000, 'a');
  const auto compress = [&] {
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    packed.resize(ZSTD_compressCCtx(ZstdCompressor(), packed.data(), packed.size(),
                                    raw.data(), raw.size(), 3));
    return packed;
  };
  const std::string before = compress();
  ZSTD_CCtx_setParameter(ZstdCompressor(), ZSTD_c_contentSizeFlag, 0);
  ZSTD_CCtx_setParameter(ZstdCompressor(), ZSTD_c_checksumFlag, 1);
  EXPECT_EQ(compress(), before);
}

}  // namespace
}  // namespace lancer::encoding
