#!/bin/sh
# Installs the Debian packages that a group of make targets needs, and only what is missing.
#
#   tools/dev/install_packages.sh GROUP...     groups: build test check cross coverage bench
#
# Quick when nothing is missing: it asks dpkg and stops. Needs root or sudo otherwise. On a
# system without apt it lists what must be there; LANCER_SKIP_PACKAGES=1 then says it is.
set -eu

build="g++ cmake ninja-build make ccache pkg-config ca-certificates python3 python3-venv
  flatbuffers-compiler libflatbuffers-dev libzstd-dev liblz4-dev libxxhash-dev libfmt-dev
  libcli11-dev nlohmann-json3-dev"
test="libgtest-dev libgmock-dev strace"
check="clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev git"
cross="g++-aarch64-linux-gnu qemu-user libzstd-dev:arm64 liblz4-dev:arm64
  libxxhash-dev:arm64 libfmt-dev:arm64 libflatbuffers-dev:arm64 libgtest-dev:arm64
  libgmock-dev:arm64"
coverage="gcovr"
bench="liblmdb-dev"

wanted=""
foreign=""
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    check) wanted="$wanted $check" ;;
    cross) wanted="$wanted $cross" foreign=arm64 ;;
    coverage) wanted="$wanted $coverage" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "install_packages.sh: no group named '$group'" >&2; exit 2 ;;
  esac
done

[ "${LANCER_SKIP_PACKAGES:-0}" = 1 ] && exit 0

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "This is not a Debian system, so packages cannot be installed for you." >&2
  echo "Lancer needs what these Debian 12 packages hold:" >&2
  echo "$wanted" | tr -s ' \n' '\n' | sed '/^$/d; s/^/  /' >&2
  echo "When they are there, say so: LANCER_SKIP_PACKAGES=1 make ..." >&2
  exit 1
fi

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f='${db:Status-Status} ' "$package" 2>/dev/null || true)
  case " $state" in
    *" installed "*) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and installing them needs root:" >&2
    echo "  apt-get install$missing" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "Installing Debian packages:$missing"
if [ -n "$foreign" ]; then
  $as_root dpkg --add-architecture "$foreign" || {
    echo "dpkg refused the foreign architecture $foreign, which the aarch64 check needs" >&2
    exit 1
  }
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() {
  if ! $as_root env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "failed: $*" >&2
    exit 1
  fi
}
run apt-get update -q
# shellcheck disable=SC2086  # a list of words
run apt-get install -q -y --no-install-recommends $missing
