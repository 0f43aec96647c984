// predict (spec: encodings, "predict"): tensors as what a prediction leaves of them, for
// a codec above. Nothing is lost: sums wrap at the width.
//
//   header: [values of a tensor u32][values of a row of pixels u32][channels u8][zero u8]
//           [key distance u16]
//   body, count * width bytes:
//           [key tensors][of each other tensor, in order: itself - the tensor before it]
//   parameter 0  tensors 0, d, 2d, ... are keys, stored as they are
//   parameter 1  all tensors are keys, pictures of bytes: channel 1 is taken off channels
//                0 and 2 if there are 3 or 4; then, channel after channel, the planes of
//                all keys as what Paeth's predictor leaves of them
//   parameter 2  keys as in 0, stored as in 1
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "encoding/encoding.h"
#include "encoding/gather.h"
#include "encoding/scratch.h"
#include "encoding/simd/predict_kernels.h"
#include "encoding/simd/shuffle_kernels.h"

namespace lancer::encoding {
namespace {

constexpr uint8_t kFrames = 0;
constexpr uint8_t kPictures = 1;
constexpr uint8_t kFramesOfPictures = 2;
constexpr uint16_t kKeyDistance = 16;
constexpr uint32_t kMaxChannels = 4;

struct Form {
  uint64_t tensor = 1;  // values
  uint64_t row = 1;     // values of a row of pixels, all channels
  uint32_t channels = 1;
  uint64_t key_distance = 1;
};

// The tensors of a stream: which are keys, and where each stands in the body.
class Tensors {
 public:
  Tensors(const Form& form, uint64_t count, uint32_t width, bool pictures)
      : form_(form), count_(count / form.tensor), width_(width), pictures_(pictures) {
    keys_ = (count_ + form.key_distance - 1) / form.key_distance;
  }

  void Encode(const std::byte* in, std::byte* out, std::vector<size_t>* cuts,
              size_t first) const {
    Scratch planes(ScratchBytes());
    std::byte* differences = out + keys_ * Bytes();
    for (uint64_t i = 0; i < count_; ++i) {
      const std::byte* tensor = in + i * Bytes();
      if (i % form_.key_distance != 0) {
        simd::SubtractNumbers(tensor, tensor - Bytes(), form_.tensor, width_,
                              differences);
        differences += Bytes();
      } else if (pictures_) {
        EncodePicture(tensor, i / form_.key_distance, planes.data(), out);
      } else {
        std::copy_n(tensor, Bytes(), out + i / form_.key_distance * Bytes());
      }
    }
    if (cuts != nullptr) {
      const uint32_t parts = pictures_ ? form_.channels : 1;
      for (uint32_t part = 1; part < parts; ++part) {
        cuts->push_back(first + static_cast<size_t>(part * keys_ * Pixels()));
      }
      if (keys_ < count_) {
        cuts->push_back(first + static_cast<size_t>(keys_ * Bytes()));
      }
    }
  }

  // Tensors [first, end). REQUIRES: the first is a key.
  void Decode(const std::byte* body, uint64_t first, uint64_t end, std::byte* out) const {
    Scratch planes(ScratchBytes());
    const uint64_t keys_before = first / form_.key_distance;
    const std::byte* differences = body + (keys_ + first - keys_before) * Bytes();
    for (uint64_t i = first; i < end; ++i) {
      std::byte* tensor = out + (i - first) * Bytes();
      if (i % form_.key_distance != 0) {
        simd::AddNumbers(differences, tensor - Bytes(), form_.tensor, width_, tensor);
        differences += Bytes();
      } else if (pictures_) {
        DecodePicture(body, i / form_.key_distance, planes.data(), tensor);
      } else {
        std::copy_n(body + i / form_.key_distance * Bytes(), Bytes(), tensor);
      }
    }
  }

  uint64_t count() const { return count_; }
  // The key at or before a tensor.
  uint64_t KeyOf(uint64_t tensor) const {
    return tensor / form_.key_distance * form_.key_distance;
  }

 private:
  uint64_t Bytes() const { return form_.tensor * width_; }
  uint64_t Pixels() const { return form_.tensor / form_.channels; }
  uint64_t Columns() const { return form_.row / form_.channels; }

  // Channels that the green one, 1, is taken off.
  bool IsTinted(uint32_t channel) const {
    return form_.channels >= 3 && (channel == 0 || channel == 2);
  }
  // The planes of a picture, and one more.
  size_t ScratchBytes() const {
    return pictures_ && count_ > 0 ? static_cast<size_t>(form_.tensor + Pixels()) : 0;
  }

  void EncodePicture(const std::byte* picture, uint64_t key, std::byte* planes,
                     std::byte* body) const {
    const uint64_t pixels = Pixels();
    std::byte* spare = planes + form_.tensor;
    simd::SplitBytes(picture, pixels, form_.channels, planes);
    for (uint32_t channel = 0; channel < form_.channels; ++channel) {
      const std::byte* plane = planes + channel * pixels;
      if (IsTinted(channel)) {
        simd::SubtractNumbers(plane, planes + pixels, pixels, 1, spare);
        plane = spare;
      }
      simd::PaethResiduals(plane, pixels / Columns(), Columns(),
                           body + (channel * keys_ + key) * pixels);
    }
  }

  void DecodePicture(const std::byte* body, uint64_t key, std::byte* planes,
                     std::byte* picture) const {
    const uint64_t pixels = Pixels();
    std::byte* spare = planes + form_.tensor;
    for (uint32_t i = 0; i < form_.channels; ++i) {
      // Green comes first, since others need it.
      const uint32_t channel = form_.channels >= 3 && i < 2 ? 1 - i : i;
      std::byte* plane = planes + channel * pixels;
      simd::PaethRestore(body + (channel * keys_ + key) * pixels, pixels / Columns(),
                         Columns(), IsTinted(channel) ? spare : plane);
      if (IsTinted(channel)) {
        simd::AddNumbers(spare, planes + pixels, pixels, 1, plane);
      }
    }
    simd::JoinBytes(planes, pixels, form_.channels, picture);
  }

  Form form_;
  uint64_t count_;  // tensors
  uint32_t width_;
  bool pictures_;
  uint64_t keys_ = 0;
};

bool HasPictures(const EncodingNode& node) { return node.parameter != kFrames; }

// Values that are not known to be tensors, or not whole ones, are one row of pixels.
Form FormOf(const Values& values, const EncodingNode& node) {
  Form form;
  form.key_distance = node.parameter == kPictures ? 1 : kKeyDistance;
  const TensorForm& hint = values.tensor;
  if (hint.elements != 0 && values.count % hint.elements == 0) {
    form.tensor = hint.elements;
    form.row = HasPictures(node) ? hint.row : hint.elements;
    form.channels = HasPictures(node) ? hint.channels : 1;
  } else {
    form.tensor = form.row = std::max<uint64_t>(values.count, 1);
  }
  return form;
}

class Predict final : public Encoding {
 public:
  std::string_view name() const override { return "predict"; }

  bool Fits(PhysicalType type, const EncodingNode& node) const override {
    if (type.kind != PhysicalKind::kFixed || node.child_count != 0 ||
        node.parameter > kFramesOfPictures) {
      return false;
    }
    return type.width == 1 || (!HasPictures(node) &&
                               (type.width == 2 || type.width == 4 || type.width == 8));
  }

  Status Encode(const EncodeContext& context, size_t node, const Values& values,
                const EncodeSink& sink) const override {
    const EncodingNode& self = context.tree->nodes[node];
    const Form form = FormOf(values, self);
    if (form.tensor > UINT32_MAX) {
      return Status::InvalidArgument(
          fmt::format("predict: a tensor of {} values", form.tensor));
    }
    ByteWriter headers(sink.headers);
    headers.Write(static_cast<uint32_t>(form.tensor));
    headers.Write(static_cast<uint32_t>(form.row));
    headers.Write(static_cast<uint8_t>(form.channels));
    headers.Write(uint8_t{0});
    headers.Write(static_cast<uint16_t>(form.key_distance));
    const size_t first = sink.bodies->size();
    sink.bodies->resize(first + static_cast<size_t>(values.count * values.type.width));
    Tensors(form, values.count, values.type.width, HasPictures(self))
        .Encode(values.data.data(), sink.bodies->data() + first, sink.cuts, first);
    return Status::Ok();
  }

  Status ParseHeader(ByteReader* reader, ParsedNode* node) const override {
    if (!reader->ReadSpan(kHeaderBytes, &node->header)) {
      return NodeCorruption(*this, "header is cut short");
    }
    const Form form = Parse(*node);
    const bool pictures = HasPictures(node->node);
    if (form.tensor == 0 || node->count % form.tensor != 0) {
      return NodeCorruption(
          *this, fmt::format("{} values in tensors of {}", node->count, form.tensor));
    }
    if (form.channels == 0 || form.channels > kMaxChannels || form.row == 0 ||
        form.row % form.channels != 0 || form.tensor % form.row != 0 ||
        node->header[kZeroAt] != std::byte{0}) {
      return NodeCorruption(
          *this, fmt::format("tensors of {} values in rows of {} with {} channels",
                             form.tensor, form.row, form.channels));
    }
    if (form.key_distance == 0 ||
        (node->node.parameter == kPictures && form.key_distance != 1) ||
        (!pictures && form.channels != 1)) {
      return NodeCorruption(*this, fmt::format("key distance {} of {} channels",
                                               form.key_distance, form.channels));
    }
    node->body_size = node->count * node->type.width;
    return Status::Ok();
  }

  Status DecodeFixed(ParsedStream*, ParsedNode& node, std::byte* target) const override {
    const Tensors tensors = TensorsOf(node);
    tensors.Decode(node.body.data(), 0, tensors.count(), target);
    return Status::Ok();
  }

  // A tensor needs those before it, up to its key.
  Status DecodeFixedRange(ParsedStream*, ParsedNode& node, uint64_t first, uint64_t n,
                          std::byte* target) const override {
    if (n == 0) {
      return Status::Ok();
    }
    const Tensors tensors = TensorsOf(node);
    const uint64_t size = Parse(node).tensor;
    const uint64_t key = tensors.KeyOf(first / size);
    const uint64_t end = (first + n - 1) / size + 1;
    const size_t width = node.type.width;
    Scratch values(static_cast<size_t>((end - key) * size) * width);
    tensors.Decode(node.body.data(), key, end, values.data());
    std::memcpy(target, values.data() + (first - key * size) * width,
                static_cast<size_t>(n) * width);
    return Status::Ok();
  }

  Status DecodeFixedAt(ParsedStream* stream, ParsedNode& node,
                       std::span<const uint32_t> positions, std::byte* target,
                       size_t stride_bytes) const override {
    Scratch all(static_cast<size_t>(node.count * node.type.width));
    LANCER_RETURN_IF_ERROR(DecodeFixed(stream, node, all.data()));
    Gather(all.data(), node.type.width, positions, target, stride_bytes);
    return Status::Ok();
  }

 private:
  static constexpr size_t kHeaderBytes = 12;
  static constexpr size_t kZeroAt = 9;

  static Tensors TensorsOf(const ParsedNode& node) {
    return {Parse(node), node.count, node.type.width, HasPictures(node.node)};
  }

  static Form Parse(const ParsedNode& node) {
    const std::byte* header = node.header.data();
    return {.tensor = LoadLe<uint32_t>(header),
            .row = LoadLe<uint32_t>(header + 4),
            .channels = LoadLe<uint8_t>(header + 8),
            .key_distance = LoadLe<uint16_t>(header + 10)};
  }
};

}  // namespace

const Encoding& PredictEncoding() {
  static constexpr Predict kPredict;
  return kPredict;
}

}  // namespace lancer::encoding
