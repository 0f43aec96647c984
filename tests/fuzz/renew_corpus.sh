#!/bin/sh
# Runs fuzz targets from what they have, and keeps of all inputs, in tests/fuzz/corpus, those
# that reach code which neither the seeds nor others reach.
#
#   tests/fuzz/renew_corpus.sh BUILD SECONDS [TARGET...]       BUILD: build/fuzz
#
# 0 seconds: keeps of what is there. A crash stops it, with the input in BUILD/tests/fuzz.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
seconds=$2
shift 2
most_bytes=8192  # of an input
most_kept=36864  # bytes of a target's inputs: shorter ones first
run="-rss_limit_mb=1024 -timeout=5 -max_len=$most_bytes -artifact_prefix=$build/tests/fuzz/"

for target in ${*:-$(cd "$here" && ls *_fuzz.cc | sed 's/_fuzz.cc//')}; do
  seeds=$build/tests/fuzz/seeds/$target
  corpus=$here/corpus/$target
  work=$(mktemp -d)
  mkdir "$work/found" "$work/least"
  mkdir -p "$corpus"
  if [ "$seconds" -gt 0 ]; then
    "$build/bin/${target}_fuzz" $run -max_total_time="$seconds" -print_final_stats=1 \
      "$work/found" "$seeds" "$corpus" 2>"$work/log" || { tail -40 "$work/log" >&2; exit 1; }
    grep -E '^stat::|DONE' "$work/log" | sed "s/^/$target: /"
  fi
  cp "$seeds"/* "$work/least"
  (cd "$work/least" && ls) >"$work/seeds"
  # Edges alone: how often each was taken would keep four times as many inputs.
  "$build/bin/${target}_fuzz" $run -use_counters=0 -set_cover_merge=1 "$work/least" \
    "$work/found" "$corpus" 2>"$work/log"
  (cd "$work/least" && xargs rm <"$work/seeds")
  rm -f "$corpus"/*
  kept=0
  for input in $(ls -rS "$work/least"); do
    kept=$((kept + $(wc -c <"$work/least/$input")))
    if [ "$kept" -gt "$most_kept" ]; then break; fi
    cp "$work/least/$input" "$corpus/$input"
  done
  echo "$target: $(ls "$work/least" | wc -l) inputs reach more than the seeds," \
    "$(ls "$corpus" | wc -l) are kept"
  rm -r "$work"
done
