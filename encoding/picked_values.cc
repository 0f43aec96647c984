#include "encoding/picked_values.h"

#include "encoding/gather.h"
#include "encoding/value_at.h"

namespace lancer::encoding {

PickedValues::PickedValues(const Values& from, std::span<const uint32_t> places)
    : type_(from.type), count_(places.size()) {
  switch (type_.kind) {
    case PhysicalKind::kBits:
      data_.resize((places.size() + 7) / 8);
      for (size_t i = 0; i < places.size(); ++i) {
        if (GetBit(from.data.data(), places[i])) {
          SetBit(data_.data(), static_cast<int64_t>(i));
        }
      }
      break;
    case PhysicalKind::kFixed:
      data_.resize(places.size() * type_.width);
      Gather(from.data.data(), type_.width, places, data_.data(), type_.width);
      break;
    case PhysicalKind::kBytes:
      offsets_.reserve(places.size() + 1);
      offsets_.push_back(0);
      for (const uint32_t place : places) {
        const auto value = ValueAt(from, place);
        data_.insert(data_.end(), value.begin(), value.end());
        offsets_.push_back(data_.size());
      }
      break;
  }
}

Values PickedValues::view() const {
  Values values;
  values.type = type_;
  values.count = count_;
  values.data = data_;
  values.offsets = offsets_;
  return values;
}

}  // namespace lancer::encoding
