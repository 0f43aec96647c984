#include "lancer/context.h"

namespace lancer {

ContextPtr MakeContext(int threads) {
  auto context = std::make_shared<Context>();
  context->counters = std::make_shared<Counters>();
  context->file_system = MakeLocalFileSystem({.counters = context->counters});
  context->clock = MakeSystemClock();
  context->random = MakeSystemRandom();
  context->executor = MakeExecutor(threads);
  return context;
}

const ContextPtr& DefaultContext() {
  // Never destroyed: other static objects may still use it while the process ends, and
  // idle threads need no farewell.
  static const auto* context = new ContextPtr(MakeContext());
  return *context;
}

}  // namespace lancer
