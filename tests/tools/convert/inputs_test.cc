#include "tools/convert/inputs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace lancer::tools {
namespace {

namespace fs = std::filesystem;

class Inputs : public testing::Test {
 protected:
  void Touch(const std::string& name) {
    fs::create_directories(fs::path(folder_.File(name)).parent_path());
    std::ofstream(folder_.File(name)) << "x";
  }
  // Names relative to the folder, with partitions, joined by spaces; or the error.
  std::string Expand(const std::string& input) {
    Result<std::vector<InputPart>> parts = ExpandInputs({folder_.File(input)});
    if (!parts.has_value()) {
      return std::string(parts.error().message());
    }
    std::string text;
    for (const InputPart& part : *parts) {
      text += text.empty() ? "" : " ";
      text += fs::relative(part.path, folder_.path()).string();
      for (const auto& [key, value] : part.partitions) {
        text += ";" + key + "=" + value;
      }
    }
    return text;
  }
  test::TemporaryDirectory folder_;
};

TEST_F(Inputs, ListsFilesPatternsAndFolders) {
  Touch("b.csv");
  Touch("a.csv");
  Touch("c.jsonl");
  Touch("d/_hidden.csv");
  Touch("d/.hidden.csv");
  Touch("d/x.txt");
  Touch("d/k=1/v=a%2Fb/1.csv");
  Touch("d/k=2/v=c/1.csv");
  EXPECT_EQ(Expand("a.csv"), "a.csv");
  EXPECT_EQ(Expand("*.csv"), "a.csv b.csv");
  EXPECT_EQ(Expand("d"), "d/k=1/v=a%2Fb/1.csv;k=1;v=a/b d/k=2/v=c/1.csv;k=2;v=c");
}

TEST_F(Inputs, SaysWhatIsMissing) {
  EXPECT_NE(Expand("no.csv").find("no such file"), std::string::npos);
  EXPECT_NE(Expand("*.csv").find("no file matches"), std::string::npos);
  fs::create_directories(folder_.File("empty"));
  EXPECT_NE(Expand("empty").find("holds no file of a known format"), std::string::npos);
}

TEST_F(Inputs, TakesALancerFolderAsOneInput) {
  Touch("t.lancer/data/x.csv");
  Touch("u/FORMAT");
  EXPECT_EQ(Expand("t.lancer"), "t.lancer");
  EXPECT_EQ(Expand("u"), "u");
}

TEST_F(Inputs, RefusesTheOriginalLanceFormat) {
  fs::create_directories(folder_.File("old/_versions"));
  EXPECT_NE(Expand("old").find("pylance"), std::string::npos);
}

}  // namespace
}  // namespace lancer::tools
