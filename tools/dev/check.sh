#!/bin/bash
# `make check`: everything about the tree that `make test` does not say. Runs each step, times
# it, and names those that failed at the end.
#
#   tools/dev/check.sh JOBS [STEP...]     any of the steps below; without any, those in `all`
#
# analyzer and coverage are run by name: the first takes as long as all others together, the
# second finds nothing but tells how much the tests run.
set -u
cd "$(dirname "$0")/../.."
jobs=$1
shift
all=(tree format headers asan fuzz tsan aarch64 tidy)
folders=(include types encoding io format index dataset loader tools tests bench examples)
ctest=(ctest --no-tests=error --output-on-failure -j "$jobs")

sources() {  # sources FOLDER... -- PATTERN...: C++ files that git knows
  git ls-files -co --exclude-standard -- "$@"
}

step_tree() {
  local check code=0
  for check in tools/dev/check_*.py; do
    python3 "$check" --root . || code=1
  done
  return $code
}

step_format() {
  sources "${folders[@]}" | grep -E '\.(h|cc)$' | while read -r file; do
    [ -f "$file" ] && echo "$file"
  done | xargs -r clang-format-14 --dry-run -Werror
}

step_headers() {  # each public header compiles alone
  cmake --build build/release -j "$jobs" --target all_verify_interface_header_sets
}

step_tidy() { lint build/tidy; }

# Looks only into the file that the compiler was given, so each source is compiled alone: some
# ten seconds of a core each.
step_analyzer() { lint build/analyzer --analyzer; }

lint() {  # lint BUILD OPTION...
  local build=$1 unity=ON
  shift
  [ "$build" = build/analyzer ] && unity=OFF
  cmake --preset tidy -B "$build" -DLANCER_UNITY=$unity >/dev/null &&
    cmake --build "$build" --target lancer_schemas &&
    python3 tools/dev/run_tidy.py --root . --build "$build" --jobs "$jobs" "$@"
}

whole_tree() {  # whole_tree PRESET LABEL-OPTIONS...: build it, run the tests
  local preset=$1
  shift
  cmake --preset "$preset" >/dev/null &&
    cmake --build --preset "$preset" -j "$jobs" &&
    "${ctest[@]}" --test-dir "build/$preset" "$@"
}

some_folders() {  # some_folders PRESET FOLDER...: build and run the tests of these alone
  local preset=$1
  shift
  cmake --preset "$preset" >/dev/null &&
    cmake --build --preset "$preset" -j "$jobs" --target lancer "${@/%/_tests}" &&
    "${ctest[@]}" --test-dir "build/$preset" -R "^($(IFS='|' && echo "$*"))\$"
}

step_asan() { whole_tree asan -L fast; }  # tests -O0, several sources as one: LancerUnity.cmake

# What starts threads is in types, io, format and dataset. Left out are the sweeps over every fault,
# cut and flipped byte: one thread at a time, by far the longest, and the work of asan.
step_tsan() {
  GTEST_FILTER='-Crash.*:DamageTest.*:*/FaultsTest.*:*/ReadFaultsTest.*:FileWriterFaults.*' \
    some_folders tsan types io format dataset
}

step_fuzz() { whole_tree asan -L fuzz; }  # the build of asan: 12 seconds of each target

# Where another processor could matter: vector code, plain `char`, the bytes of numbers; and the
# golden files, read and made again byte for byte (reference), without the sweeps over damage,
# which take qemu minutes and are the work of asan. What asks the kernel (io) would test qemu's emulation of it, and
# threads may hang in it: tests that start some say so in their names and stay out.
step_aarch64() {
  tools/dev/install_packages.sh cross || return 1
  GTEST_FILTER='-GoldenDamage.*:*DamageOfType.*:*Thread*' some_folders aarch64 types encoding reference
}

step_coverage() {
  tools/dev/install_packages.sh coverage || return 1
  # The counts of an earlier run, which would be added to.
  [ -d build/coverage ] && find build/coverage -name '*.gcda' -delete
  whole_tree coverage -L fast &&
    python3 tools/dev/coverage_table.py --root . --build build/coverage --jobs "$jobs"
}

steps=("$@")
[ ${#steps[@]} = 0 ] && steps=("${all[@]}")
tools/dev/install_packages.sh check || exit 1
failed=()
timings=()
for step in "${steps[@]}"; do
  echo "== $step"
  began=$SECONDS
  "step_$step" </dev/null || failed+=("$step")
  timings+=("$step $((SECONDS - began)) s")
done
echo
printf '%s\n' "${timings[@]}"
if [ ${#failed[@]} != 0 ]; then
  echo "check failed: ${failed[*]}"
  exit 1
fi
echo "check passed: ${steps[*]}"
