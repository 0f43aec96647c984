#!/bin/sh
# Runs every benchmark and gathers tables and charts.
#
#   bench/run.sh BUILD [--quick] [BENCHMARK...]      BUILD: build/release
#
# LANCER_BENCH_DATA   folder with packages.parquet, package_embeddings_f32.npy and images in
#                     photos; without it seeded synthetic tables take their place
# LANCER_BENCH_ONLY   only groups whose title holds this text; of peers: tables whose name does
# LANCER_BENCH_OUT    folder for the results (default bench/results)
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
quick=
if [ "${1:-}" = --quick ]; then
  quick=--quick
  shift
fi
names=${*:-size tensors scan take write open commit kernels peers python}
python=build/venv/bin/python
work=build/bench
out=${LANCER_BENCH_OUT:-bench/results}
mkdir -p "$work" "$out"

load=$(cut -d' ' -f1 /proc/loadavg)
if [ "$(printf '%.0f' "$load")" -gt 1 ]; then
  echo "Warning: the load of this machine is $load; figures of a busy machine mean little" >&2
fi
if [ -z "${LANCER_BENCH_DATA:-}" ]; then
  echo "LANCER_BENCH_DATA is not set: synthetic packages and embeddings" >&2
fi

# Pixels for tensors; without them it has no photos.
decode_photos() {
  rm -f "$work/photos_256x256x3.bin"
  if [ -d "${LANCER_BENCH_DATA:-/nonexistent}/photos" ]; then
    "$python" bench/decode_photos.py "$LANCER_BENCH_DATA/photos" \
      "$work/photos_256x256x3.bin" || echo "The photos were not decoded" >&2
  fi
}

for name in $names; do
  case $name in
    peers)
      "$python" bench/table_peers.py $quick --bench "$build/bin/lancer-bench" --work "$work" \
        --output "$out" --data "${LANCER_BENCH_DATA:-}" \
        --tpchgen build/venv/bin/tpchgen-cli --only "${LANCER_BENCH_ONLY:-}" \
        || echo "The peers from Python did not finish" >&2 ;;
    python)
      "$python" bench/python_peers.py $quick --work "$work" --output "$out" \
        --data "${LANCER_BENCH_DATA:-}" || echo "The takes from Python did not finish" >&2 ;;
    *)
      if [ "$name" = tensors ]; then decode_photos; fi
      "$build/bin/lancer-bench" $quick --work "$work" --output "$out" \
        --data "${LANCER_BENCH_DATA:-}" --tpchgen build/venv/bin/tpchgen-cli \
        --only "${LANCER_BENCH_ONLY:-}" "$name" ;;
  esac
done
"$python" bench/report.py "$out"
