// Exceptions: the few values of a stream that its encoding cannot say in the common form.
// They are kept aside whole, with their positions (spec: encodings, "Exceptions").
// EncodingWithExceptions is what the encodings that do so share.
//
// Ownership: views of the caller's bytes. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "encoding/byte_reader.h"
#include "encoding/encoding.h"
#include "lancer/status.h"

namespace lancer::encoding {

class Exceptions {
 public:
  Exceptions() = default;

  // Parses the part of a header that tells how many there are. Errors: Corruption of
  // `encoding`.
  static Status ReadHeader(const Encoding& encoding, ByteReader* reader,
                           uint64_t value_count, unsigned value_bytes, Exceptions* out);
  // Appends that part for exceptions at `positions`, and their body from all `values`.
  static void Write(std::span<const uint32_t> positions, const Values& values,
                    const EncodeSink& sink);
  // Gives the places of exceptions in the common form, `width` bytes each, the value of
  // the place before, so that they cost nothing.
  static void RepeatBefore(std::span<const uint32_t> positions, uint64_t value_count,
                           unsigned width, std::byte* values);

  uint64_t count() const { return count_; }
  uint64_t body_bytes() const { return count_ * (position_bytes_ + value_bytes_); }
  // `body` has body_bytes() bytes and outlives this.
  void SetBody(const std::byte* body) { body_ = body; }

  // REQUIRES of all below: SetBody; k < count().
  uint64_t position(uint64_t k) const;
  const std::byte* value(uint64_t k) const;
  // The value of the exception at position `i`, or null.
  const std::byte* Find(uint64_t i) const;
  // Writes each whole to its place among values back to back.
  void Overwrite(std::byte* values) const;
  // Positions must ascend and lie below `value_count`. Errors: Corruption of `encoding`.
  Status CheckPositions(const Encoding& encoding, uint64_t value_count) const;

 private:
  uint64_t count_ = 0;
  unsigned position_bytes_ = 0;
  unsigned value_bytes_ = 0;
  const std::byte* body_ = nullptr;
};

// An encoding whose header ends with the part of exceptions, whose body is theirs, and
// whose children hold as many values as it does. Own is that encoding, with
//   Status ReadHeader(ByteReader* reader, const ParsedNode& node, Header* header) const;
// which checks what it reads (errors: Corruption); Header has a member `exceptions`.
template <typename Own, typename Header>
class EncodingWithExceptions : public Encoding {
 public:
  Status ParseHeader(ByteReader* reader, ParsedNode* node) const final {
    ByteReader whole = *reader;
    Header header;
    LANCER_RETURN_IF_ERROR(own().ReadHeader(reader, *node, &header));
    (void)whole.ReadSpan(reader->position() - whole.position(), &node->header);
    node->body_size = header.exceptions.body_bytes();
    for (unsigned i = 0; i < node->node.child_count; ++i) {
      node->child_types[i] = ChildType(node->type, node->node, i);
      node->child_counts[i] = node->count;
    }
    return Status::Ok();
  }

 protected:
  ~EncodingWithExceptions() = default;

  // A parsed node's header, read again.
  Header HeaderOf(const ParsedNode& node) const {
    ByteReader reader(node.header);
    Header header;
    (void)own().ReadHeader(&reader, node, &header);
    header.exceptions.SetBody(node.body.data());
    return header;
  }

 private:
  const Own& own() const { return static_cast<const Own&>(*this); }
};

}  // namespace lancer::encoding
