#include "bench/tensor_kinds.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

namespace lancer::bench {
namespace {

// Distributions of the standard library differ between its makers; these do not.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t Next() { return engine_(); }
  uint64_t Below(uint64_t n) { return engine_() % n; }
  // In [0, 1).
  double Uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  // Mean 0, standard deviation 1 (Marsaglia's polar method).
  double Normal() {
    if (spare_is_set_) {
      spare_is_set_ = false;
      return spare_;
    }
    double x = 0;
    double y = 0;
    double square = 0;
    do {
      x = 2 * Uniform() - 1;
      y = 2 * Uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    spare_ = y * scale;
    spare_is_set_ = true;
    return x * scale;
  }

 private:
  std::mt19937_64 engine_;
  double spare_ = 0;
  bool spare_is_set_ = false;
};

template <typename T>
void Put(TensorBytes* out, T value) {
  const size_t at = out->size();
  out->resize(at + sizeof(T));
  std::memcpy(out->data() + at, &value, sizeof(T));
}

std::byte ToPixel(double value) {
  return static_cast<std::byte>(
      static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L)));
}

// A smooth field: random heights on a lattice of `cell` pixels, linear between.
class Lattice {
 public:
  Lattice(int height, int width, int cell, Random* random)
      : cell_(cell), columns_(width / cell + 2) {
    heights_.resize(static_cast<size_t>(height / cell + 2) *
                    static_cast<size_t>(columns_));
    for (double& value : heights_) {
      value = 2 * random->Uniform() - 1;
    }
  }
  double At(int y, int x) const {
    const double down = static_cast<double>(y % cell_) / cell_;
    const double right = static_cast<double>(x % cell_) / cell_;
    const size_t at = static_cast<size_t>(y / cell_) * static_cast<size_t>(columns_) +
                      static_cast<size_t>(x / cell_);
    const size_t below = at + static_cast<size_t>(columns_);
    return (heights_[at] * (1 - right) + heights_[at + 1] * right) * (1 - down) +
           (heights_[below] * (1 - right) + heights_[below + 1] * right) * down;
  }

 private:
  int cell_;
  int columns_;
  std::vector<double> heights_;
};

constexpr std::array kOctaves = {128, 64, 32, 16, 8};

void PutPicture(const Pictures& pictures, Random* random, TensorBytes* out) {
  std::vector<Lattice> light;
  for (const int cell : kOctaves) {
    light.emplace_back(pictures.height, pictures.width, cell, random);
  }
  std::vector<Lattice> tint;
  for (int channel = 0; channel < 3; ++channel) {
    tint.emplace_back(pictures.height, pictures.width, 64, random);
  }
  for (int y = 0; y < pictures.height; ++y) {
    for (int x = 0; x < pictures.width; ++x) {
      double value = 128 + pictures.texture * random->Normal();
      for (size_t octave = 0; octave < light.size(); ++octave) {
        value += 96.0 / static_cast<double>(1 << octave) * light[octave].At(y, x);
      }
      for (const Lattice& channel : tint) {
        out->push_back(
            ToPixel(value + 48 * channel.At(y, x) + pictures.noise * random->Normal()));
      }
    }
  }
}

// A disc that moves on a straight line and bounces off the edges.
struct Disc {
  std::array<double, 2> at, step;  // y, x
  std::array<std::byte, 3> colour;

  void Move(std::array<int, 2> size) {
    for (size_t axis = 0; axis < 2; ++axis) {
      at[axis] += step[axis];
      if (at[axis] < 0 || at[axis] >= size[axis]) {
        step[axis] = -step[axis];
        at[axis] += 2 * step[axis];
      }
    }
  }
};

void Draw(const Disc& disc, int radius, std::array<int, 2> size,
          std::span<std::byte> frame) {
  const auto centre_y = static_cast<int>(disc.at[0]);
  const auto centre_x = static_cast<int>(disc.at[1]);
  for (int y = std::max(0, centre_y - radius);
       y < std::min(size[0], centre_y + radius + 1); ++y) {
    for (int x = std::max(0, centre_x - radius);
         x < std::min(size[1], centre_x + radius + 1); ++x) {
      const int down = y - centre_y;
      const int right = x - centre_x;
      if (down * down + right * right <= radius * radius) {
        std::ranges::copy(
            disc.colour, frame.subspan(static_cast<size_t>(y * size[1] + x) * 3).begin());
      }
    }
  }
}

std::vector<Disc> MakeDiscs(const CameraFrames& frames, Random* random) {
  std::vector<Disc> discs(static_cast<size_t>(frames.discs));
  for (Disc& disc : discs) {
    disc.at = {random->Uniform() * frames.background.height,
               random->Uniform() * frames.background.width};
    disc.step = {6 * random->Uniform() - 3, 6 * random->Uniform() - 3};
    for (std::byte& channel : disc.colour) {
      channel = static_cast<std::byte>(random->Below(256));
    }
  }
  return discs;
}

float Rounded(float value, TensorElement element) {
  switch (element) {
    case TensorElement::kFloat16:
      return FromFloat16(ToFloat16(value));
    case TensorElement::kBFloat16:
      return FromBFloat16(ToBFloat16(value));
    default:
      return value;
  }
}

std::function<TensorBytes(uint64_t, uint64_t)> EmbeddingsOf(TensorElement rounded_to,
                                                            TensorElement stored_as) {
  return [=](uint64_t count, uint64_t seed) {
    return MakeEmbeddings({.rounded_to = rounded_to, .stored_as = stored_as}, count,
                          seed);
  };
}

std::function<TensorBytes(uint64_t, uint64_t)> FramesOf(double noise) {
  return [=](uint64_t count, uint64_t seed) {
    return MakeCameraFrames({.noise = noise}, count, seed);
  };
}

}  // namespace

uint32_t ElementBytes(TensorElement element) {
  switch (element) {
    case TensorElement::kUInt8:
      return 1;
    case TensorElement::kFloat16:
    case TensorElement::kBFloat16:
      return 2;
    case TensorElement::kInt32:
    case TensorElement::kFloat32:
      break;
  }
  return 4;
}

TensorBytes MakeLabelMaps(const LabelMaps& maps, uint64_t count, uint64_t seed) {
  struct Region {
    int64_t y, x;
    int32_t label;
  };
  Random random(seed);
  TensorBytes out;
  for (uint64_t i = 0; i < count; ++i) {
    std::vector<Region> regions(static_cast<size_t>(maps.regions));
    for (Region& region : regions) {
      region = {static_cast<int64_t>(random.Below(static_cast<uint64_t>(maps.height))),
                static_cast<int64_t>(random.Below(static_cast<uint64_t>(maps.width))),
                static_cast<int32_t>(random.Below(maps.labels))};
    }
    for (int y = 0; y < maps.height; ++y) {
      for (int x = 0; x < maps.width; ++x) {
        const auto distance = [&](const Region& region) {
          return (region.y - y) * (region.y - y) + (region.x - x) * (region.x - x);
        };
        Put(&out, std::ranges::min_element(regions, {}, distance)->label);
      }
    }
  }
  return out;
}

TensorBytes MakeOccupancyGrids(const OccupancyGrids& grids, uint64_t count,
                               uint64_t seed) {
  Random random(seed);
  TensorBytes out;
  for (uint64_t i = 0; i < count; ++i) {
    const size_t first = out.size();
    const int side = grids.side;
    out.resize(first + sizeof(float) * static_cast<size_t>(side * side * side));
    for (int shell = 0; shell < grids.shells; ++shell) {
      std::array<double, 3> centre{};
      for (double& axis : centre) {
        axis = side * (0.25 + 0.5 * random.Uniform());
      }
      const double radius = side * (0.1 + 0.2 * random.Uniform());
      for (int cell = 0; cell < side * side * side; ++cell) {
        const int plane = cell / (side * side);
        const int row = cell / side % side;
        const double z = plane - centre[0];
        const double y = row - centre[1];
        const double x = cell % side - centre[2];
        const double distance = std::sqrt(z * z + y * y + x * x);
        if (std::abs(distance - radius) < grids.thickness / 2) {
          constexpr float kOne = 1;
          std::memcpy(out.data() + first + sizeof(float) * static_cast<size_t>(cell),
                      &kOne, sizeof(kOne));
        }
      }
    }
  }
  return out;
}

TensorBytes MakeSparseTensors(const SparseTensors& tensors, uint64_t count,
                              uint64_t seed) {
  Random random(seed);
  TensorBytes out;
  for (uint64_t i = 0; i < count * tensors.cells; ++i) {
    Put(&out,
        random.Uniform() < tensors.density ? static_cast<float>(random.Normal()) : 0.0F);
  }
  return out;
}

TensorBytes MakePictures(const Pictures& pictures, uint64_t count, uint64_t seed) {
  Random random(seed);
  TensorBytes out;
  for (uint64_t i = 0; i < count; ++i) {
    PutPicture(pictures, &random, &out);
  }
  return out;
}

TensorBytes MakeCameraFrames(const CameraFrames& frames, uint64_t count, uint64_t seed) {
  Random random(seed);
  TensorBytes background;
  PutPicture(frames.background, &random, &background);
  std::vector<Disc> discs = MakeDiscs(frames, &random);
  const std::array size = {frames.background.height, frames.background.width};
  TensorBytes out;
  for (uint64_t i = 0; i < count; ++i) {
    TensorBytes frame = background;
    for (Disc& disc : discs) {
      Draw(disc, frames.radius, size, frame);
      disc.Move(size);
    }
    if (frames.noise > 0) {
      for (std::byte& value : frame) {
        value = ToPixel(std::to_integer<int>(value) + frames.noise * random.Normal());
      }
    }
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

TensorBytes MakeEmbeddings(const Embeddings& embeddings, uint64_t count, uint64_t seed) {
  Random random(seed);
  TensorBytes out;
  std::vector<double> vector(static_cast<size_t>(embeddings.dimension));
  for (uint64_t i = 0; i < count; ++i) {
    double square = 0;
    for (double& value : vector) {
      value = random.Normal();
      square += value * value;
    }
    for (const double value : vector) {
      const float number =
          Rounded(static_cast<float>(value / std::sqrt(square)), embeddings.rounded_to);
      if (embeddings.stored_as == TensorElement::kFloat16) {
        Put(&out, ToFloat16(number));
      } else if (embeddings.stored_as == TensorElement::kBFloat16) {
        Put(&out, ToBFloat16(number));
      } else {
        Put(&out, number);
      }
    }
  }
  return out;
}

TensorBytes MakeNoise(uint64_t bytes, uint64_t count, uint64_t seed) {
  Random random(seed);
  TensorBytes out;
  while (out.size() < bytes * count) {
    Put(&out, random.Next());
  }
  out.resize(static_cast<size_t>(bytes * count));
  return out;
}

uint16_t ToFloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint32_t>((bits >> 16) & 0x8000U);
  const uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) {
    return static_cast<uint16_t>(sign | 0x7E00U);
  }
  if (magnitude >= 0x477FF000U) {  // 65,520 and more
    return static_cast<uint16_t>(sign | 0x7C00U);
  }
  if (magnitude < 0x38800000U) {  // below 2^-14: a multiple of 2^-24
    const double steps = std::ldexp(std::abs(static_cast<double>(value)), 24);
    return static_cast<uint16_t>(sign | static_cast<uint32_t>(std::nearbyint(steps)));
  }
  const uint32_t rebased = magnitude - (112U << 23);
  return static_cast<uint16_t>(sign | ((rebased + 0xFFFU + ((rebased >> 13) & 1)) >> 13));
}

uint16_t ToBFloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) {
    return static_cast<uint16_t>((bits >> 16) | 0x40U);
  }
  return static_cast<uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1)) >> 16);
}

float FromFloat16(uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 1023;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) {
    return std::bit_cast<float>(static_cast<uint32_t>((bits & 0x8000U) << 16) |
                                0x7F800000U | static_cast<uint32_t>(mantissa << 13));
  }
  return exponent == 0
             ? sign * std::ldexp(static_cast<float>(mantissa), -24)
             : sign * std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
}

float FromBFloat16(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

uint64_t TensorKind::bytes_per_tensor() const {
  uint64_t bytes = ElementBytes(element);
  for (const int side : shape) {
    bytes *= static_cast<uint64_t>(side);
  }
  return bytes;
}

const std::vector<TensorKind>& TensorKinds() {
  using enum TensorElement;
  static const std::vector<TensorKind> kinds = {
      {"label maps",
       kInt32,
       {512, 512},
       16,
       [](uint64_t n, uint64_t seed) { return MakeLabelMaps({}, n, seed); }},
      {"occupancy grids",
       kFloat32,
       {64, 64, 64},
       16,
       [](uint64_t n, uint64_t seed) { return MakeOccupancyGrids({}, n, seed); }},
      {"1 % dense f32",
       kFloat32,
       {128, 128},
       256,
       [](uint64_t n, uint64_t seed) { return MakeSparseTensors({}, n, seed); }},
      {"static camera, no noise", kUInt8, {256, 256, 3}, 64, FramesOf(0)},
      {"static camera, noise 1", kUInt8, {256, 256, 3}, 64, FramesOf(1)},
      {"static camera, noise 2", kUInt8, {256, 256, 3}, 64, FramesOf(2)},
      {"f32 that were f16", kFloat32, {768}, 4096, EmbeddingsOf(kFloat16, kFloat32)},
      {"f32 that were bf16", kFloat32, {768}, 4096, EmbeddingsOf(kBFloat16, kFloat32)},
      {"bf16 embeddings", kBFloat16, {768}, 4096, EmbeddingsOf(kFloat32, kBFloat16)},
      {"f16 embeddings", kFloat16, {768}, 4096, EmbeddingsOf(kFloat32, kFloat16)},
      {"f32 embeddings", kFloat32, {768}, 4096, EmbeddingsOf(kFloat32, kFloat32)},
      {"synthetic pictures",
       kUInt8,
       {256, 256, 3},
       32,
       [](uint64_t n, uint64_t seed) { return MakePictures({}, n, seed); }},
      {"uniform noise",
       kUInt8,
       {256, 256},
       128,
       [](uint64_t n, uint64_t seed) { return MakeNoise(65536, n, seed); }},
  };
  return kinds;
}

}  // namespace lancer::bench
