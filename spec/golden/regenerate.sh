#!/bin/sh
# Makes the golden files anew: the examples stay, the whole files of v0 are replaced.
# Needed when the format, a choice of the writer or its version changes before 1.0.
#
#   spec/golden/regenerate.sh [BUILD FOLDER, default build/release]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
cmake --build "$build" --target lancer_make_golden
rm -rf "$root/spec/golden/v0"
mkdir -p "$root/spec/golden/v0"
"$build/bin/lancer_make_golden" "$root/spec/golden/v0"
echo "now run the tests 'reference' and 'reference_reader', and look at the difference"
