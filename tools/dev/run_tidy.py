#!/usr/bin/env python3
"""Runs clang-tidy 14 over the library and the tools, several units at a time.

A unit is what the build compiles as one: of the preset `tidy`, a file that includes several
sources (cmake/LancerUnity.cmake). Most of the time goes into the headers of the standard
library, once a unit. Units whose text, headers' text and settings have not changed since they
last passed are skipped; the memory of that lies in the build folder. Violations are planted
first, to prove that they are seen: in a header and in a source that a unit includes.

With --analyzer it runs clang's static analyzer instead of the lint. That looks only into the
file that it was given, not into what is included, so the build must not unite sources. It
follows calls into headers of others, and what it thinks of those is left out: of FlatBuffers'
builder it says that memory leaks which the builder's destructor frees.
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
PLANTED = {  # the unit includes the source, which includes the header
    "planted.h": "inline int Planted(int a) { if (a > 0) return 1; return 0; }",  # no braces
    "planted.cc": '#include "types/planted.h"\nint Use(int a) { if (a) return Planted(a); return 0; }',
    "unit.cxx": '#include "types/planted.cc"',
    "null.cc": "int Use(int a) { int* none = nullptr; return a > 3 ? a : *none; }",
}


def sources_of(unit):
    """The sources that a unit made by CMake includes, else the file itself."""
    if not unit.endswith(".cxx"):
        return [unit]
    return re.findall(r'^#include "([^"]+)"', pathlib.Path(unit).read_text(), re.MULTILINE)


def tidy(root, build, source, analyzer):
    checks = "-*,clang-analyzer-*" if analyzer else "-clang-analyzer-*"
    command = ["clang-tidy-14", "--quiet", "-p", str(build), f"--config-file={root}/.clang-tidy",
               f"--checks={checks}", str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + "".join(
        line + "\n" for line in done.stderr.splitlines() if "warnings generated" not in line)


FINDING = re.compile(r"(?:^|\n)(?=(/\S+):\d+:\d+: (?:error|warning):)")


def findings_of(output, places):
    """The texts of what was found in files of these places, and of what is no finding."""
    starts = [(match.end(), match[1]) for match in FINDING.finditer(output)]
    ends = [begin for begin, _ in starts[1:]] + [len(output)]
    texts = [output[:starts[0][0]] if starts else output]
    texts += [output[begin:end] for (begin, path), end in zip(starts, ends)
              if any(path.startswith(f"{place}/") for place in places)]
    return [text.rstrip() for text in texts if text.strip()]


def planted_violations_are_found(root, analyzer):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "types")
        folder.mkdir()
        for name, text in PLANTED.items():
            (folder / name).write_text(text + "\n")
        unit = folder / ("null.cc" if analyzer else "unit.cxx")
        command = {"directory": scratch, "file": str(unit),
                   "command": f"clang++-14 -std=c++20 -I{scratch} -c {unit}"}
        pathlib.Path(scratch, "compile_commands.json").write_text(json.dumps([command]))
        code, output = tidy(root, pathlib.Path(scratch), unit, analyzer)
        named = ("null.cc",) if analyzer else ("planted.h", "planted.cc")
        return code != 0 and all(re.search(rf"/{name}:\d+:\d+: error", output) for name in named)


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
    parser.add_argument("--analyzer", action="store_true",
                        help="clang's static analyzer, source by source, instead of the lint")
    arguments = parser.parse_args()
    analyzer = arguments.analyzer
    root = arguments.root.resolve()
    build = arguments.build.resolve()

    if not planted_violations_are_found(root, analyzer):
        print("clang-tidy does not report planted violations: its filter or checks are wrong")
        return 1
    entries = json.loads((build / "compile_commands.json").read_text())
    units = sorted({entry["file"] for entry in entries
                    if any(entry["file"].startswith(f"{place}/{folder}/")
                           for folder in FOLDERS for place in (root, build))})
    if analyzer and any(unit.endswith(".cxx") for unit in units):
        print(f"{build} unites sources (LANCER_UNITY), and the analyzer sees none of them")
        return 1
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
            findings = findings_of(output, (root, build) if analyzer else ("",))
            foreign = analyzer and code == 1 and output.strip() and not findings
            if code == 0 or foreign:
                passed.add(key(unit))
                continue
            failures += 1
            for finding in findings:
                if finding not in seen:
                    seen.add(finding)
                    print(finding, flush=True)
    memory.write_text(json.dumps(sorted(passed)))
    sources = sum(len(sources_of(unit)) for unit in units)
    print(f"clang-tidy: {sources} files in {len(units)} units, {len(waiting)} linted, "
          f"{failures} with findings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
