// Where clang's libFuzzer is not: gives a fuzz target each input of a list once.
//
// Argument: a file that names the inputs, with commas between, as -seed_inputs has it.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::string ReadFile(const std::string& path, bool* read) {
  std::ifstream file(path, std::ios::binary);
  *read = file.is_open();
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream list(argc == 2 ? argv[1] : "");
  size_t inputs = 0;
  for (std::string path; std::getline(list, path, ',');) {
    bool read = false;
    const std::string bytes = ReadFile(path, &read);
    if (!read) {
      std::cerr << path << ": cannot be read\n";
      return 1;
    }
    LLVMFuzzerTestOneInput(
        static_cast<const uint8_t*>(static_cast<const void*>(bytes.data())),
        bytes.size());
    ++inputs;
  }
  std::cout << inputs << " inputs\n";
  return inputs > 0 ? 0 : 1;
}
