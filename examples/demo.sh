#!/bin/sh
# Shows what Lancer does, on this machine's own package catalogue: one screen per step.
#
#   examples/demo.sh [folder with lance-convert and lance-inspect]
#
# Works in a temporary folder and leaves nothing behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=${1:-$here/../build/release/bin}
bin=$(cd "$bin" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
PATH="$bin:$PATH"

step() { printf '\n\033[1m%s\033[0m\n' "$1"; }
run() {
  printf '$ %s\n' "$*"
  "$@"
}

step "1. Real data: the packages this machine knows, one JSON object a line"
python3 "$here/catalogue.py" > packages.jsonl
head -n 1 packages.jsonl | cut -c 1-300
wc -l -c packages.jsonl | awk '{print $1 " rows, " $2 " bytes"}'
half=$(($(wc -l < packages.jsonl) / 2))
head -n "$half" packages.jsonl > first.jsonl
tail -n "+$((half + 1))" packages.jsonl > second.jsonl

step "2. One command makes a durable, checksummed, versioned table of it"
run lance-convert first.jsonl packages.lancer

step "3. What is inside"
run lance-inspect packages.lancer summary

step "4. Where the bytes go, column by column"
run lance-inspect packages.lancer layout

step "5. Any row is one short read away"
run lance-inspect packages.lancer take 7 "$((half / 2))" "$((half - 1))" --columns package,version,size,depends

step "6. Append the second half: a new version, nothing rewritten"
run lance-convert second.jsonl packages.lancer --mode append
run lance-inspect packages.lancer versions

step "7. Check every byte"
run lance-inspect packages.lancer verify

step "8. Damage one bit of a copy: it is found, and named"
cp -r packages.lancer damaged.lancer
file=$(ls damaged.lancer/data/*.lancer | head -n 1)
python3 - "$file" <<'PYTHON'
import sys
with open(sys.argv[1], "r+b") as file:
    file.seek(file.seek(0, 2) // 3)
    at = file.tell()
    byte = file.read(1)[0]
    file.seek(at)
    file.write(bytes([byte ^ 4]))
print(f"flipped one bit of the byte at {at}")
PYTHON
printf '$ lance-inspect damaged.lancer verify\n'
if lance-inspect damaged.lancer verify; then
  echo "demo: the damage was not found" >&2
  exit 1
fi
printf '\nDone. The README goes on from here.\n'
