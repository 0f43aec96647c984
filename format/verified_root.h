// VerifiedRoot: the only way from bytes to a FlatBuffers table.
//
// The bytes are verified with limits on depth and tables before anything is read from
// them. They must have matched their checksum already; verification guards against a
// writer that lies. Ownership: a view of the caller's bytes, or a copy of them where
// they are not aligned; tables live as long as this object and the bytes.
// Thread rule: immutable once made; safe for concurrent const calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include "flatbuffers/flatbuffers.h"
#include "lancer/result.h"

namespace lancer::format {

struct TableLimits {
  uint32_t max_depth = 16;
  uint32_t max_tables = 1u << 20;
};

// The number of an address. Not std::bit_cast: clang 14's static analyzer crashes on
// arithmetic with what that makes of a pointer.
inline uintptr_t AddressOf(const void* pointer) {
  uintptr_t address;
  std::memcpy(&address, &pointer, sizeof(address));
  return address;
}

// Whether the elements of a vector, structs or numbers, lie as their type asks: the
// verifier looks at the vector's length alone, and reading an element that lies askew is
// undefined.
template <typename T>
bool IsAligned(const flatbuffers::Vector<T>* elements) {
  using Element = std::remove_const_t<std::remove_pointer_t<T>>;
  return elements == nullptr || elements->size() == 0 ||
         AddressOf(elements->Data()) % alignof(Element) == 0;
}

template <typename T>
class VerifiedRoot {
 public:
  // `where` starts messages: "a.lancer: footer at 81920". Errors: Corruption.
  static Result<VerifiedRoot> Make(std::span<const std::byte> bytes, TableLimits limits,
                                   const std::string& where) {
    // The verifier asserts on larger buffers instead of refusing them.
    if (bytes.size() < kMinSize || bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) {
      return Status::Corruption(where + ": size " + std::to_string(bytes.size()) +
                                " is not one of a table (8 bytes to 2 GiB)");
    }
    VerifiedRoot root;
    root.bytes_ = bytes;
    if (AddressOf(bytes.data()) % kAlignment != 0) {
      root.copy_ = std::make_unique_for_overwrite<uint64_t[]>(bytes.size() / 8 + 1);
      std::memcpy(root.copy_.get(), bytes.data(), bytes.size());
      root.bytes_ = {
          static_cast<const std::byte*>(static_cast<const void*>(root.copy_.get())),
          bytes.size()};
    }
    const auto* data =
        static_cast<const uint8_t*>(static_cast<const void*>(root.bytes_.data()));
    flatbuffers::Verifier verifier(data, root.bytes_.size(), limits.max_depth,
                                   limits.max_tables);
    if (!verifier.VerifyBuffer<T>(nullptr)) {
      return Status::Corruption(where + ": the table of " + std::to_string(bytes.size()) +
                                " bytes is not well-formed");
    }
    root.root_ = flatbuffers::GetRoot<T>(data);
    return root;
  }

  const T* operator->() const { return root_; }
  const T& operator*() const { return *root_; }

 private:
  static constexpr size_t kMinSize = 8;
  static constexpr size_t kAlignment = 8;

  VerifiedRoot() = default;

  std::span<const std::byte> bytes_;
  std::unique_ptr<uint64_t[]> copy_;
  const T* root_ = nullptr;
};

}  // namespace lancer::format
