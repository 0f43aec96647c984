#include "tests/support/test_context.h"

namespace lancer::test {

TestContext MakeTestContext(TestContextOptions options) {
  TestContext made;
  made.clock = std::make_shared<ManualClock>();
  made.counters = std::make_shared<Counters>();
  made.file_system = std::move(options.file_system);
  if (made.file_system == nullptr) {
    FileSystemOptions counted{.counters = made.counters};
    made.file_system = options.local_files ? MakeLocalFileSystem(counted)
                                           : MakeMemoryFileSystem(counted);
  }
  auto context = std::make_shared<Context>();
  context->file_system = made.file_system;
  context->clock = made.clock;
  context->random = MakeSeededRandom(options.seed);
  context->executor = MakeExecutor(options.threads);
  context->counters = made.counters;
  made.context = std::move(context);
  return made;
}

}  // namespace lancer::test
