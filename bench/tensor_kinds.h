// Tensor kinds: seeded tensors of the sorts that are stored most, from those that shrink
// a hundredfold to those that cannot shrink.
//
// Each kind is a generator with parameters; the same seed and parameters give the same
// bytes. TensorKinds() is the list that results are quoted for, with the parameters of
// bench/README.md; other seeds and parameters are there to be tried.
// Ownership: values. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lancer::bench {

enum class TensorElement { kUInt8, kInt32, kFloat16, kBFloat16, kFloat32 };
uint32_t ElementBytes(TensorElement element);

// Bytes of `count` tensors, one behind the other.
using TensorBytes = std::vector<std::byte>;

// int32 maps of `regions` convex regions around random centres, each with one of
// `labels` numbers: what segmentation leaves.
struct LabelMaps {
  int height = 512, width = 512;
  int regions = 60;
  uint32_t labels = 1000;
};
TensorBytes MakeLabelMaps(const LabelMaps& maps, uint64_t count, uint64_t seed);

// float32 cubes that are 1 within `shells` spherical shells and 0 elsewhere.
struct OccupancyGrids {
  int side = 64;
  int shells = 3;
  double thickness = 1.5;  // of a shell, in cells
};
TensorBytes MakeOccupancyGrids(const OccupancyGrids& grids, uint64_t count,
                               uint64_t seed);

// float32, normally distributed where a cell is not 0.
struct SparseTensors {
  uint64_t cells = 128 * 128;
  double density = 0.01;
};
TensorBytes MakeSparseTensors(const SparseTensors& tensors, uint64_t count,
                              uint64_t seed);

// uint8 pictures, height x width x 3: smooth light in five octaves, texture that all
// channels share, and noise of each channel. Synthetic: no photograph.
struct Pictures {
  int height = 256, width = 256;
  double texture = 8.0;  // standard deviation of a pixel, all channels alike
  double noise = 1.0;    // of each channel by itself
};
TensorBytes MakePictures(const Pictures& pictures, uint64_t count, uint64_t seed);

// Frames of one camera that stands still: one picture, discs that move before it, and
// noise of the sensor, new in each frame.
struct CameraFrames {
  Pictures background = {};
  int discs = 4;
  int radius = 12;   // pixels
  double noise = 0;  // standard deviation of each channel of each pixel
};
TensorBytes MakeCameraFrames(const CameraFrames& frames, uint64_t count, uint64_t seed);

// Normally distributed vectors of length 1.
struct Embeddings {
  int dimension = 768;
  TensorElement rounded_to = TensorElement::kFloat32;  // what the numbers were made as
  TensorElement stored_as = TensorElement::kFloat32;   // how they are kept
};
TensorBytes MakeEmbeddings(const Embeddings& embeddings, uint64_t count, uint64_t seed);

// Bytes of any value, all alike.
TensorBytes MakeNoise(uint64_t bytes, uint64_t count, uint64_t seed);

// float32 as float16 and bfloat16, to the nearest, ties to even; and back.
uint16_t ToFloat16(float value);
uint16_t ToBFloat16(float value);
float FromFloat16(uint16_t bits);
float FromBFloat16(uint16_t bits);

// A row of the table of results.
struct TensorKind {
  std::string_view name;
  TensorElement element = TensorElement::kUInt8;
  std::vector<int> shape;  // of one tensor, outermost first
  uint64_t count = 0;      // tensors in the table
  std::function<TensorBytes(uint64_t count, uint64_t seed)> make;

  uint64_t bytes_per_tensor() const;
};
const std::vector<TensorKind>& TensorKinds();

}  // namespace lancer::bench
