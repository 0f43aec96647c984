#!/usr/bin/env python3
"""Runs clang-tidy 14 over the library and the tools, several units at a time.

A unit is what the build compiles as one: of the preset `tidy`, a file that includes several
sources (cmake/LancerUnity.cmake). Most of the time goes into the headers of the standard
library, once a unit. Units whose text, headers' text and settings have not changed since they
last passed are skipped; the memory of that lies in the build folder. One planted violation
in a header is linted first, to prove that the header filter works.
"""
import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDERS = ("types", "encoding", "io", "format", "index", "dataset", "loader", "tools")
PLANTED_HEADER = "inline long Planted(long value) { if (value > 0) return (int)value; return 0; }\n"


def sources_of(unit):
    """The sources that a unit made by CMake includes, else the file itself."""
    if not unit.endswith(".cxx"):
        return [unit]
    return re.findall(r'^#include "([^"]+)"', pathlib.Path(unit).read_text(), re.MULTILINE)


def tidy(root, build, source, analyzer=True):
    command = ["clang-tidy-14", "--quiet", "-p", str(build), f"--config-file={root}/.clang-tidy",
               str(source)] + ([] if analyzer else ["--checks=-clang-analyzer-*"])
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + "".join(
        line + "\n" for line in done.stderr.splitlines() if "warnings generated" not in line)


def planted_violation_is_found(root):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "types")
        folder.mkdir()
        (folder / "planted.h").write_text(PLANTED_HEADER)
        source = folder / "planted.cc"
        source.write_text('#include "types/planted.h"\nlong Use() { return Planted(1); }\n')
        command = {"directory": scratch, "file": str(source),
                   "command": f"clang++-14 -std=c++20 -I{scratch} -c {source}"}
        pathlib.Path(scratch, "compile_commands.json").write_text(json.dumps([command]))
        code, output = tidy(root, pathlib.Path(scratch), source)
        return code != 0 and "planted.h" in output


def settings_digest(root):
    """Headers are shared, so any change of one asks for every file again."""
    digest = hashlib.sha256((root / ".clang-tidy").read_bytes())
    for folder in ("include",) + FOLDERS:
        for header in sorted((root / folder).rglob("*.h")):
            digest.update(header.read_bytes())
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-analyzer", action="store_true",
                        help="leave clang's static analyzer out: half the time")
    arguments = parser.parse_args()
    analyzer = not arguments.no_analyzer
    root = arguments.root.resolve()
    build = arguments.build.resolve()

    if not planted_violation_is_found(root):
        print("clang-tidy does not report a violation in a header: the filter is wrong")
        return 1
    entries = json.loads((build / "compile_commands.json").read_text())
    units = sorted({entry["file"] for entry in entries
                    if any(entry["file"].startswith(f"{place}/{folder}/")
                           for folder in FOLDERS for place in (root, build))})
    memory = build / "tidy-passed.json"
    passed = set(json.loads(memory.read_text())) if memory.exists() else set()
    settings = settings_digest(root)

    def key(unit):
        digest = hashlib.sha256(settings.encode() + unit.encode() + bytes([analyzer]))
        for source in sources_of(unit):
            digest.update(source.encode() + pathlib.Path(source).read_bytes())
        return digest.hexdigest()

    waiting = [unit for unit in units if key(unit) not in passed]
    failures = 0
    seen = set()  # a header's finding comes up in each file that includes it
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for unit, (code, output) in zip(
                waiting, pool.map(lambda item: tidy(root, build, item, analyzer), waiting)):
            if code == 0:
                passed.add(key(unit))
            else:
                failures += 1
                for finding in re.split(r"\n(?=\S+:\d+:\d+: (?:error|warning):)", output):
                    if finding not in seen:
                        seen.add(finding)
                        print(finding.rstrip(), flush=True)
    memory.write_text(json.dumps(sorted(passed)))
    sources = sum(len(sources_of(unit)) for unit in units)
    print(f"clang-tidy: {sources} files in {len(units)} units, {len(waiting)} linted, "
          f"{failures} with findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
