#include <gtest/gtest.h>

#include <cerrno>

#include "lancer/arrow_bridge.h"
#include "tests/support/arrays/arrays.h"

namespace lancer::test {
namespace {

// A foreign stream whose calls fail from the `fail_at`-th on (0: get_schema).
struct ForeignStream {
  int fail_at;
  const char* text = "the cable was cut";
  int calls = 0;
  int releases = 0;
  const char* schema_format = "+s";

  ArrowArrayStream Get() {
    return {.get_schema = GetSchema,
            .get_next = GetNext,
            .get_last_error = LastError,
            .release =
                [](ArrowArrayStream* stream) {
                  ++From(stream)->releases;
                  stream->release = nullptr;
                },
            .private_data = this};
  }
  static ForeignStream* From(ArrowArrayStream* stream) {
    return static_cast<ForeignStream*>(stream->private_data);
  }
  static int GetSchema(ArrowArrayStream* stream, ArrowSchema* out) {
    ForeignStream* self = From(stream);
    if (self->calls++ >= self->fail_at) {
      return ENOMEM;
    }
    EXPECT_TRUE(
        ExportSchema(Schema({Nullable("a", DataType::Make(TypeKind::kInt8))}), out).ok());
    out->format = self->schema_format;
    return 0;
  }
  static int GetNext(ArrowArrayStream* stream, ArrowArray* out) {
    ForeignStream* self = From(stream);
    *out = ArrowArray{};
    if (self->calls++ >= self->fail_at) {
      return EINVAL;
    }
    Batch batch =
        MakeBatch({Nullable("a", DataType::Make(TypeKind::kInt8))}, {MakeInt8Array({1})});
    EXPECT_TRUE(ExportBatch(batch, out).ok());
    return 0;
  }
  static const char* LastError(ArrowArrayStream* stream) { return From(stream)->text; }
};

TEST(ImportStream, ReportsAFailingSchemaAndReleases) {
  ForeignStream foreign{.fail_at = 0};
  ArrowArrayStream stream = foreign.Get();
  Status status = ImportStream(&stream).status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("get_schema failed"), std::string::npos);
  EXPECT_NE(status.message().find("the cable was cut"), std::string::npos);
  EXPECT_EQ(stream.release, nullptr);
  EXPECT_EQ(foreign.releases, 1);
}

TEST(ImportStream, GivesTheSameErrorAgain) {
  ForeignStream foreign{.fail_at = 2};
  ArrowArrayStream stream = foreign.Get();
  Result<std::unique_ptr<BatchReader>> reader = ImportStream(&stream);
  ASSERT_TRUE(reader.has_value());
  Result<std::optional<Batch>> batch = (*reader)->Next();
  ASSERT_TRUE(batch.has_value() && *batch) << batch.status().ToString();
  EXPECT_EQ((*batch)->columns[0]->FormatValue(0), "1");
  Status first = (*reader)->Next().status();
  foreign.fail_at = 99;
  Status second = (*reader)->Next().status();
  EXPECT_EQ(first.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(first.ToString(), second.ToString());
  *reader = nullptr;
  EXPECT_EQ(foreign.releases, 1);
}

TEST(ImportStream, DoesWithoutAnErrorText) {
  ForeignStream foreign{.fail_at = 0, .text = nullptr};
  ArrowArrayStream stream = foreign.Get();
  EXPECT_FALSE(ImportStream(&stream).has_value());
  ForeignStream silent{.fail_at = 0};
  ArrowArrayStream mute = silent.Get();
  mute.get_last_error = nullptr;
  EXPECT_FALSE(ImportStream(&mute).has_value());
}

TEST(ImportStream, RefusesWhatIsNoStreamOfTables) {
  EXPECT_FALSE(ImportStream(nullptr).has_value());
  ForeignStream foreign{.fail_at = 9};
  ArrowArrayStream stream = foreign.Get();
  stream.release = nullptr;
  EXPECT_FALSE(ImportStream(&stream).has_value());
  stream = foreign.Get();
  stream.get_next = nullptr;
  EXPECT_FALSE(ImportStream(&stream).has_value());
  EXPECT_EQ(foreign.releases, 1);
  foreign.schema_format = "l";
  stream = foreign.Get();
  EXPECT_EQ(ImportStream(&stream).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lancer::test
