#!/usr/bin/env python3
"""Prints which share of each folder's lines and branches the tests of a coverage build ran,
by gcovr, and then file by file what decides a commit.

Branches that only an exception takes are left out: nothing of ours throws. Lines of headers
count where they stand, once for all who include them.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess

FOLDERS = ("include", "types", "encoding", "io", "format", "index", "dataset", "loader", "tools")
COMMIT = re.compile(r"dataset/(commit|conflict_matrix|log|next_manifest|transaction)\.(cc|h)$")
FIGURES = ("line_covered", "line_total", "branch_covered", "branch_total")


def covered_files(root, build, jobs):
    command = ["gcovr", "--root", str(root), "--object-directory", str(build), "-j", str(jobs),
               "--filter", f"{re.escape(str(root))}/({'|'.join(FOLDERS)})/",
               "--exclude", ".*/tests/", "--exclude-throw-branches",
               "--exclude-unreachable-branches", "--json-summary", "-", str(build)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["files"]


def rows_of(files):
    """(name, figures) per folder, of all, and per file of the commit path."""
    folders = collections.defaultdict(lambda: [0] * len(FIGURES))
    for file in files:
        folder = file["filename"].split("/")[0]
        for name in (folder, "all"):
            folders[name] = [sum + file[key] for sum, key in zip(folders[name], FIGURES)]
    ordered = [name for name in FOLDERS + ("all",) if name in folders]
    yield from ((name, folders[name]) for name in ordered)
    for file in sorted(files, key=lambda file: file["filename"]):
        if COMMIT.match(file["filename"]):
            yield file["filename"], [file[key] for key in FIGURES]


def share(covered, total):
    return f"{100 * covered / total:5.1f} %" if total else "      -"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    files = covered_files(arguments.root.resolve(), arguments.build.resolve(), arguments.jobs)
    print(f"{'':32} {'lines':>7} {'of':>6}   {'branches':>8} {'of':>6}")
    for name, (lines, all_lines, branches, all_branches) in rows_of(files):
        print(f"{name:32} {share(lines, all_lines)} {all_lines:6}    "
              f"{share(branches, all_branches)} {all_branches:6}")


if __name__ == "__main__":
    main()
