#!/bin/bash
# `make check`: everything about the tree that `make test` does not say. Runs each step, times
# it, and names those that failed at the end.
#
#   tools/dev/check.sh JOBS [STEP...]     any of the steps below; without any, those in `all`
#
# tsan, aarch64 and analyzer are run by name: the first two join `all` when they have passed
# on the whole tree, the last takes as long as all others together.
set -u
cd "$(dirname "$0")/../.."
jobs=$1
shift
all=(tree format headers asan fuzz tidy)
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

step_tidy() {  # without the static analyzer, which takes as long again: see step_analyzer
  lint --no-analyzer
}

step_analyzer() { lint; }

lint() {
  cmake --preset tidy >/dev/null &&
    cmake --build --preset tidy --target lancer_schemas &&
    python3 tools/dev/run_tidy.py --root . --build build/tidy --jobs "$jobs" "$@"
}

sanitized() {  # sanitized PRESET LABEL-OPTIONS...: build it, run the tests
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

step_asan() { sanitized asan -L fast; }  # tests -O0, several sources as one: LancerUnity.cmake

step_tsan() { some_folders tsan io format dataset; }

step_fuzz() { sanitized asan -L fuzz; }  # the build of asan: 12 seconds of each target

step_aarch64() { tools/dev/install_packages.sh cross && some_folders aarch64 types encoding; }

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
