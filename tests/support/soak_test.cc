#include "tests/support/soak.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace lancer::test {
namespace {

class Soak : public testing::Test {
 protected:
  Soak() {
    if (const char* text = std::getenv("LANCER_SOAK"); text != nullptr) {
      before_ = text;
    }
  }
  ~Soak() override {
    if (before_) {
      setenv("LANCER_SOAK", before_->c_str(), 1);
    } else {
      unsetenv("LANCER_SOAK");
    }
  }

 private:
  std::optional<std::string> before_;
};

TEST_F(Soak, FactorIsTheWholeNumberOrOne) {
  unsetenv("LANCER_SOAK");
  EXPECT_EQ(SoakFactor(), 1U);
  const std::pair<const char*, uint64_t> cases[] = {
      {"", 1},        {"0", 1},    {"1", 1},  {"40", 40},
      {"1000", 1000}, {"1001", 1}, {"4x", 1}, {"-4", 1}};
  for (const auto& [text, factor] : cases) {
    setenv("LANCER_SOAK", text, 1);
    EXPECT_EQ(SoakFactor(), factor) << text;
  }
}

TEST_F(Soak, FiguresAreToldInLongRunsAlone) {
  setenv("LANCER_SOAK", "1", 1);
  testing::internal::CaptureStdout();
  ReportSoak("3 kills");
  setenv("LANCER_SOAK", "2", 1);
  ReportSoak("6 kills");
  std::fflush(stdout);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "[ soak     ] 6 kills\n");
}

}  // namespace
}  // namespace lancer::test
