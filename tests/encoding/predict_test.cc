#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "encoding/encoding.h"
#include "tests/encoding/round_trip.h"
#include "tests/encoding/value_sets.h"

namespace lancer::encoding {
namespace {

using enum EncodingId;

constexpr uint8_t kFrames = 0;
constexpr uint8_t kPictures = 1;
constexpr uint8_t kFramesOfPictures = 2;
constexpr PhysicalType kPixel = FixedOf(NumberKind::kUnsigned, 1);
constexpr size_t kHeaderBytes = 12;

ValueSet RandomSet(PhysicalType type, uint64_t count, uint64_t seed = 1) {
  ValueSet set;
  set.type = type;
  set.count = count;
  std::mt19937_64 random(seed);
  for (uint64_t i = 0; i < count * type.width; ++i) {
    set.data.push_back(static_cast<std::byte>(random()));
  }
  return set;
}

// A smooth picture of three channels that are nearly alike.
ValueSet Picture(uint32_t rows, uint32_t columns, uint64_t pictures) {
  ValueSet set;
  set.type = kPixel;
  set.count = pictures * rows * columns * 3;
  std::mt19937_64 random(3);
  for (uint64_t i = 0; i < pictures; ++i) {
    for (uint32_t pixel = 0; pixel < rows * columns; ++pixel) {
      const auto light = static_cast<unsigned>(pixel / columns + pixel % columns * 2 +
                                               random() % 8 + 100 * (i / 16));
      for (unsigned channel = 0; channel < 3; ++channel) {
        set.data.push_back(static_cast<std::byte>(light + 20 * channel));
      }
    }
  }
  return set;
}

Encoded EncodeTensors(const EncodingTree& tree, const ValueSet& set, TensorForm form) {
  Encoded encoded;
  encoded.tree = tree;
  Values values = set.view();
  values.tensor = form;
  EXPECT_TRUE(EncodeStream(tree, {}, values, &encoded.stream).ok());
  return encoded;
}

TEST(Predict, DecodesTensorsOfEveryForm) {
  for (const TensorForm form :
       {TensorForm{1, 1, 1}, TensorForm{12, 12, 1}, TensorForm{60, 12, 1},
        TensorForm{60, 10, 2}, TensorForm{60, 12, 3}, TensorForm{60, 20, 4}}) {
    for (const uint64_t tensors : {0, 1, 2, 16, 17, 33}) {
      const ValueSet set = RandomSet(kPixel, tensors * form.elements);
      for (const uint8_t parameter : {kFrames, kPictures, kFramesOfPictures}) {
        SCOPED_TRACE(testing::Message() << tensors << " of " << form.elements << " with "
                                        << form.channels << " by " << int{parameter});
        const EncodingTree leaf = Leaf(kPredict, parameter);
        CheckDecoding(EncodeTensors(leaf, set, form), set);
        CheckDecoding(EncodeTensors(Node(kZstd, {leaf}), set, form), set);
      }
    }
  }
}

TEST(Predict, DifferencesWrapAtEveryWidth) {
  for (const uint32_t width : {1, 2, 4, 8}) {
    for (const NumberKind kind : {NumberKind::kOpaque, NumberKind::kUnsigned}) {
      const ValueSet set = RandomSet(FixedOf(kind, width), uint64_t{20} * 50);
      CheckDecoding(EncodeTensors(Leaf(kPredict), set, {50, 10, 1}), set);
    }
  }
}

TEST(Predict, KeysStandEverySixteenTensors) {
  ValueSet set;
  set.type = kPixel;
  set.count = uint64_t{18} * 4;
  for (unsigned tensor = 0; tensor < 18; ++tensor) {
    set.data.insert(set.data.end(), 4, static_cast<std::byte>(50 + 3 * tensor));
  }
  const Encoded encoded = EncodeTensors(Leaf(kPredict), set, {4, 4, 1});
  std::vector<std::byte> expected(8, std::byte{50});
  std::fill(expected.begin() + 4, expected.end(), std::byte{50 + 3 * 16});
  expected.insert(expected.end(), size_t{16} * 4, std::byte{3});
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                         encoded.stream.begin() + kHeaderBytes, encoded.stream.end()));
}

TEST(Predict, AlikeFramesCostLittleMoreThanTheirKeys) {
  const ValueSet picture = RandomSet(kPixel, uint64_t{64} * 64 * 3);
  ValueSet frames = picture;
  for (int i = 1; i < 16; ++i) {
    frames.data.insert(frames.data.end(), picture.data.begin(), picture.data.end());
  }
  frames.count *= 16;
  const TensorForm form{64 * 64 * 3, 64 * 3, 3};
  const Encoded encoded = EncodeTensors(Node(kZstd, {Leaf(kPredict)}), frames, form);
  EXPECT_LT(encoded.stream.size(), picture.data.size() + 200);
  CheckDecoding(encoded, frames);
}

TEST(Predict, SmoothPicturesShrink) {
  const TensorForm form{100 * 80 * 3, 80 * 3, 3};
  const ValueSet set = Picture(100, 80, 2);
  const Encoded plain = EncodeTensors(Leaf(kZstd), set, form);
  const Encoded encoded =
      EncodeTensors(Node(kZstd, {Leaf(kPredict, kPictures)}), set, form);
  EXPECT_LT(encoded.stream.size() * 2, plain.stream.size());
  CheckDecoding(encoded, set);
}

TEST(Predict, ValuesThatAreNotWholeTensorsAreOneRow) {
  const ValueSet set = RandomSet(kPixel, 100);
  const Encoded encoded = EncodeTensors(Leaf(kPredict, kPictures), set, {60, 12, 3});
  CheckDecoding(encoded, set);
  CheckDecoding(EncodeTensors(Leaf(kPredict, kPictures), set, {}), set);
}

TEST(Predict, FitsNumbersOfItsWidthsAndPicturesOfBytes) {
  const auto fits = [](uint8_t parameter, uint32_t width) {
    return CheckTree(Leaf(kPredict, parameter), FixedOf(NumberKind::kOpaque, width)).ok();
  };
  EXPECT_TRUE(fits(kFrames, 1) && fits(kFrames, 2) && fits(kFrames, 4) &&
              fits(kFrames, 8));
  EXPECT_TRUE(fits(kPictures, 1) && fits(kFramesOfPictures, 1));
  EXPECT_FALSE(fits(kFrames, 3) || fits(kFrames, 16) || fits(kFrames, 0));
  EXPECT_FALSE(fits(kPictures, 2) || fits(kFramesOfPictures, 4));
  EXPECT_FALSE(fits(3, 1));
  EXPECT_FALSE(CheckTree(Node(kPredict, {Leaf(kPlain)}), kPixel).ok());
}

TEST(Predict, HeadersThatDoNotFitTheCountAreRefused) {
  const ValueSet set = RandomSet(kPixel, 120);
  const auto decode = [&](uint8_t parameter, size_t at, uint8_t byte) {
    Encoded encoded = EncodeTensors(Leaf(kPredict, parameter), set, {60, 12, 3});
    encoded.stream[at] = static_cast<std::byte>(byte);
    std::vector<std::byte> target(120 + 64);
    return DecodeFixed(encoded.Stored(kPixel, 120), {target.data(), 0}).code();
  };
  EXPECT_EQ(decode(kPictures, 0, 60), StatusCode::kOk);
  EXPECT_EQ(decode(kPictures, 0, 0), StatusCode::kCorruption);   // empty tensors
  EXPECT_EQ(decode(kPictures, 0, 50), StatusCode::kCorruption);  // a part of a tensor
  EXPECT_EQ(decode(kPictures, 4, 0), StatusCode::kCorruption);   // empty rows
  EXPECT_EQ(decode(kPictures, 4, 7), StatusCode::kCorruption);   // a part of a row
  EXPECT_EQ(decode(kPictures, 8, 0), StatusCode::kCorruption);   // no channels
  EXPECT_EQ(decode(kPictures, 8, 5), StatusCode::kCorruption);   // too many
  EXPECT_EQ(decode(kPictures, 9, 1), StatusCode::kCorruption);   // not zero
  EXPECT_EQ(decode(kPictures, 10, 2), StatusCode::kCorruption);  // pictures have no keys
  EXPECT_EQ(decode(kFrames, 8, 3), StatusCode::kCorruption);     // frames no channels
  EXPECT_EQ(decode(kFramesOfPictures, 10, 0), StatusCode::kCorruption);
}

TEST(Predict, NoValuesTakeNoMemoryWhateverTheHeaderSays) {
  Encoded encoded = EncodeTensors(Leaf(kPredict, kPictures), RandomSet(kPixel, 0), {});
  std::fill_n(encoded.stream.begin(), 8, std::byte{0xFF});
  std::byte none[64];
  EXPECT_TRUE(DecodeFixed(encoded.Stored(kPixel, 0), {none, 0}).ok());
}

}  // namespace
}  // namespace lancer::encoding
