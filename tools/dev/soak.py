#!/usr/bin/env python3
"""Runs the long tests (ctest label soak) one after the other and writes what came out as a
page of Markdown. LANCER_SOAK says how many times their usual work the tests do (20)."""
import argparse
import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

FIGURES = re.compile(r"^\[ soak     \] (.*)$", re.M)


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def machine():
    """Processors, memory and kernel in a few words."""
    info = pathlib.Path("/proc/meminfo").read_text()
    gib = int(re.search(r"MemTotal:\s+(\d+)", info)[1]) / (1 << 20)
    return f"{os.cpu_count()} processors, {gib:.0f} GiB memory, Linux {os.uname().release}"


def rows_of(junit):
    """(name, outcome, seconds, figures) of each test, from ctest's JUnit file."""
    for case in xml.etree.ElementTree.fromstring(junit).iter("testcase"):
        outcome = "passed" if case.get("status") == "run" else "FAILED"
        figures = FIGURES.findall(case.findtext("system-out") or "")
        yield case.get("name"), outcome, float(case.get("time")), figures


def page(rows, factor, commit, only):
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    lines = ["# Results of the long tests", "",
             f"`make soak` of {today} at commit {commit}, LANCER_SOAK={factor}"
             + (f"; only the tests that match `{only}`." if only else "."),
             f"Machine: {machine()}.", "",
             "| test | outcome | seconds | what it did |", "|---|---|---|---|"]
    for name, outcome, seconds, figures in rows:
        lines.append(f"| {name} | {outcome} | {seconds:.0f} | {'; '.join(figures)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="build folder")
    parser.add_argument("--report", required=True, help="the page to write")
    parser.add_argument("--only", default="", help="names of tests, a regular expression")
    options = parser.parse_args()
    factor = os.environ.setdefault("LANCER_SOAK", "20")
    commit = output_of("git", "rev-parse", "--short", "HEAD") or "unknown"
    if output_of("git", "status", "--porcelain", "--untracked-files=no"):
        commit += " with changes"
    with tempfile.TemporaryDirectory() as folder:
        junit = pathlib.Path(folder) / "junit.xml"
        code = subprocess.run(
            ["ctest", "--test-dir", options.build, "-L", "soak", "-R", options.only or ".",
             "--no-tests=error", "--output-on-failure", "--test-output-size-passed", "100000",
             "--output-junit", junit], check=False).returncode
        if junit.exists():
            report = page(rows_of(junit.read_text()), factor, commit, options.only)
            pathlib.Path(options.report).write_text(report)
            print(f"written: {options.report}")
    return code


if __name__ == "__main__":
    sys.exit(main())
