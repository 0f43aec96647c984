#!/bin/sh
# Installs the build into a new prefix, then builds and runs a consumer of the CMake package
# (static and shared) and one of the pkg-config file, and looks at what is visible.
#
#   install_test.sh BUILD SCRATCH CXX
set -eu
build=$1
scratch=$2
cxx=$3
consumer=$(dirname "$0")/consumer
prefix=$scratch/prefix

rm -rf "$scratch"
mkdir -p "$scratch"
cmake --install "$build" --prefix "$prefix" >"$scratch/install.log"

cmake -G Ninja -S "$consumer" -B "$scratch/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$cxx" >"$scratch/configure.log"
cmake --build "$scratch/cmake"
"$scratch/cmake/consumer_static"
"$scratch/cmake/consumer_shared"

pc=$(find "$prefix" -name lancer.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
library=$(pkg-config --variable=libdir lancer)
# shellcheck disable=SC2046  # lists of words
"$cxx" -std=c++20 "$consumer/main.cc" $(pkg-config --cflags --libs lancer) \
  -Wl,-rpath,"$library" -o "$scratch/consumer_pkg_config"
"$scratch/consumer_pkg_config"
echo "pkg-config: version $(pkg-config --modversion lancer)"

so=$library/liblancer.so
readelf -d "$so" | grep -q 'SONAME.*liblancer\.so\.[0-9.]*\]' || {
  echo "liblancer.so has no versioned SONAME" >&2
  exit 1
}
foreign=$(nm -DC --defined-only "$so" | grep -v ' A ' | grep -v 'lancer::' || true)
if [ -n "$foreign" ]; then
  echo "liblancer.so shows symbols that are not Lancer's:" >&2
  echo "$foreign" | head -n 5 >&2
  exit 1
fi
for header in "$(dirname "$0")"/../../include/lancer/*.h; do
  [ -f "$prefix/include/lancer/$(basename "$header")" ] || {
    echo "$(basename "$header") is not installed" >&2
    exit 1
  }
done
