#include "tools/convert/npy_field.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lancer::tools {
namespace {

NpyHeader Parsed(std::string text) { return *ParseNpyText(1, 0, std::move(text)); }

Field Tensor(const std::string& metadata) {
  Field field = *FieldOfNpy(
      Parsed("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 12), }\n"));
  field.metadata = {{"ARROW:extension:name", "arrow.fixed_shape_tensor"},
                    {"ARROW:extension:metadata", metadata}};
  return field;
}

TEST(NpyField, TellsTheTypeOfTheColumn) {
  const Field field = *FieldOfNpy(
      Parsed("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }   \n"));
  EXPECT_EQ(field.name, "value");
  EXPECT_EQ(field.type->ToString(), "fixed_size_list<item: float>[3]");
}

TEST(NpyField, KeepsTheHeaderWithTheColumn) {
  const NpyHeader header =
      Parsed("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3, 4), }      \n");
  Result<Field> field = FieldOfNpy(header);
  ASSERT_TRUE(field.has_value());
  EXPECT_EQ(FormatNpyHeader(*NpyHeaderOf(*field, 2)), FormatNpyHeader(header));

  Result<NpyHeader> longer = NpyHeaderOf(*field, 3);
  ASSERT_TRUE(longer.has_value());
  EXPECT_EQ(longer->shape, (std::vector<uint64_t>{3, 3, 4}));
  EXPECT_FALSE(longer->fortran_order);
}

TEST(NpyField, TakesTheShapeOfATensorFromItsMetadata) {
  using Shape = std::vector<uint64_t>;
  const std::pair<const char*, Shape> cases[] = {
      {R"({"shape":[3,4]})", {2, 3, 4}},
      {R"({ "dim_names" : ["shape", "b"], "shape" : [ 4 , 3 ] })", {2, 4, 3}},
      {R"({"shape":[5,4]})", {2, 12}},   // another number of values
      {R"({"shape":[-3,4]})", {2, 12}},  // no size
      {R"({"shape":"3,4"})", {2, 12}},
      {R"({"shape":[3,4)", {2, 12}},  // no JSON
      {"", {2, 12}},
  };
  for (const auto& [metadata, shape] : cases) {
    Result<NpyHeader> header = NpyHeaderOf(Tensor(metadata), 2);
    ASSERT_TRUE(header.has_value()) << metadata;
    EXPECT_EQ(header->shape, shape) << metadata;
  }
}

TEST(NpyField, RefusesColumnsOfOtherTypes) {
  Field field;
  field.name = "a";
  field.type = DataType::Make(TypeKind::kString);
  EXPECT_EQ(NpyHeaderOf(field, 1).error().message(),
            "field a: npy holds only bool, integers and floats, not string");
}

}  // namespace
}  // namespace lancer::tools
