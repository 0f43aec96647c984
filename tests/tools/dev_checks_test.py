"""Each check of tools/dev passes on a small sound tree, and fails when one fault is planted."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "dev"

HEADER = """// A count of rows. Owns nothing. Safe for concurrent const calls from several threads.
#pragma once
#include <cstdint>
"""
SOUND = {
    "CMakeLists.txt": "project(lancer)\n",
    "README.md": "# Lancer\n",
    "include/CMakeLists.txt": "lancer_add_public_headers(lancer/count.h)\n",
    "include/lancer/count.h": HEADER,
    "types/count.cc": '#include "lancer/count.h"\n#include "types/count.h"\n',
    "types/count.h": '#include "lancer/count.h"\n',
    "io/system_clock.cc": "#include <ctime>\nauto now = std::chrono::system_clock::now();\n",
    "format/codec.cc": '#include "generated/container_generated.h"\n#include "io/read.h"\n',
    "tests/types/CMakeLists.txt": "lancer_add_tests(types count_test.cc)\n",
    "tests/types/count_test.cc": '#include "types/count.h"\n',
    "tests/io/CMakeLists.txt": "lancer_add_tests(io system_clock_test.cc)\n",
    "tests/io/system_clock_test.cc": "",
    "tests/format/CMakeLists.txt": "lancer_add_tests(format codec_test.cc)\n",
    "tests/format/codec_test.cc": "",
    "tests/fuzz/CMakeLists.txt": "lancer_add_fuzzer(footer)\n",
    "tests/fuzz/footer_fuzz.cc": "",
    "spec/container.md": "## Head: first\n## A, b\nMagic:\n```hex magic\n4C 4E 43 52  # LNCR\n```\n",
    "spec/golden/examples/magic.hex": "4c4e4352\n",
}

# check, what is planted, file, its text (None: the file is taken away), words of the report
PLANTED = [
    ("layers", "upward include", "types/count.h", '#include "format/page.h"\n', "types/count.h:1"),
    ("layers", "sideways include", "io/read.h", '#include "encoding/plain.h"\n', "io/read.h:1"),
    ("layers", "test included", "io/read.h", '#include "tests/support/a.h"\n', "io/read.h:1"),
    ("layers", "generated header in a header", "format/codec.h",
     '#include "generated/container_generated.h"\n', "format/codec.h:1"),
    ("layers", "Arrow C++ in the library", "format/codec.h", "#include <arrow/api.h>\n",
     "format/codec.h:1"),
    ("layers", "include not from the root", "types/count.h", '#include "other.h"\n',
     "types/count.h:1"),
    ("test_mirror", "source without test", "tests/types/count_test.cc", None, "types/count.cc"),
    ("test_mirror", "test that is not built", "tests/types/more_test.cc", "", "more_test.cc"),
    ("test_mirror", "fuzzer that is not built", "tests/fuzz/page_fuzz.cc", "", "page_fuzz.cc"),
    ("test_mirror", "public header that is not installed", "include/lancer/row.h", HEADER,
     "lancer/row.h"),
    ("spec", "wrong byte", "spec/container.md", "```hex magic\n4C 4E 43 53\n```\n", "byte 3"),
    ("spec", "missing byte", "spec/container.md", "```hex magic\n4C 4E 43\n```\n", "3 bytes"),
    ("spec", "no golden file", "spec/a.md", "```hex tail\n00\n```\n", "tail.hex"),
    ("spec", "block without a name", "spec/a.md", "```hex\n00\n```\n", "a.md:1"),
    ("spec", "golden file that no page shows", "spec/golden/examples/b.hex", "00\n", "b.hex"),
    ("spec", "section that is not there", "types/count.cc",
     '// Counts (spec: container,\n// "Magic").\n', 'spec/container.md has no "Magic"'),
    ("lines", "long header", "types/count.h", "\n" * 301, "limit is 300"),
    ("lines", "long source", "types/count.cc", "\n" * 501, "limit is 500"),
    ("lines", "long test", "tests/types/count_test.cc", "\n" * 601, "limit is 600"),
    ("lines", "long README", "types/README.md", "\n" * 61, "limit is 60"),
    ("lines", "long root build file", "CMakeLists.txt", "\n" * 151, "limit is 150"),
    ("direct_use", "clock", "types/count.cc", "auto t = std::chrono::steady_clock::now();\n",
     "count.cc:1: clock"),
    ("direct_use", "C clock", "io/read.cc", "\nauto t = time(nullptr);\n", "read.cc:2: clock"),
    ("direct_use", "random", "io/read.cc", "int r = rand();\n", "read.cc:1: random"),
    ("direct_use", "random device", "io/read.cc", "std::random_device d;\n", "read.cc:1: random"),
    ("direct_use", "thread", "io/read.cc", "std::jthread worker;\n", "read.cc:1: threads"),
    ("words", "no thread rule", "include/lancer/count.h", "// Owns nothing.\n", "threads"),
    ("words", "no ownership", "include/lancer/count.h", "// Thread-safe.\n", "ownership"),
    ("words", "path of a machine", "README.md", "see /ho" + "me/ann/x\n", "README.md:1"),
    ("words", "host", "README.md", "from https:/" + "/packages.example.org/x\n", "example.org"),
    ("words", "another spelling of success", "types/count.cc", "  return Status();\n",
     "count.cc:1: is spelled Status::Ok() here"),
    ("words", "another spelling of fmt", "types/count.cc", '#include "fmt/format.h"\n', "fmt"),
    ("words", "another spelling of a limit", "types/count.cc", "int kMostRows;\n", "kMax"),
    ("words", "unfinished work", "types/count.cc", "// TO" + "DO: more\n", "issue"),
]
# Things that look like a fault and are none.
INNOCENT = [
    ("layers", "types/count.h", '// #include "format/page.h"\n'),
    ("direct_use", "io/read.cc", "// rand() is not used\nauto t = clock.time();\n"),
    ("direct_use", "io/read.cc", 'auto text = "time(x)";\nint64_t write_time(int a);\n'),
    ("spec", "types/count.cc", '// Counts (spec: container, "Head" and\n// "A, b").\n'),
    ("words", "types/count.cc", "// TO" + "DO(#12): more\n// TO" + "DO (#12): more\n"),
]


def run_check(name, changes):
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        for inside, text in {**SOUND, **changes}.items():
            if text is not None:
                (root / inside).parent.mkdir(parents=True, exist_ok=True)
                (root / inside).write_text(text)
        done = subprocess.run([sys.executable, CHECKS / f"check_{name}.py", "--root", root],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class DevChecks(unittest.TestCase):
    def test_sound_tree_passes_each_check(self):
        for path in sorted(CHECKS.glob("check_*.py")):
            with self.subTest(path.stem):
                code, output = run_check(path.stem[len("check_"):], {})
                self.assertEqual(code, 0, output)

    def test_each_planted_fault_is_found(self):
        for name, fault, inside, text, words in PLANTED:
            with self.subTest(check=name, fault=fault):
                code, output = run_check(name, {inside: text})
                self.assertEqual(code, 1, output)
                self.assertIn(words, output)
                self.assertIn(f"check_{name}: 1 found", output)

    def test_what_only_looks_like_a_fault_passes(self):
        for name, inside, text in INNOCENT:
            with self.subTest(check=name, text=text):
                code, output = run_check(name, {inside: text})
                self.assertEqual(code, 0, output)

    def test_every_check_has_a_planted_fault(self):
        checks = {path.stem[len("check_"):] for path in CHECKS.glob("check_*.py")}
        self.assertEqual(checks, {name for name, *_ in PLANTED})


class SoakReport(unittest.TestCase):
    def test_tells_outcomes_and_figures(self):
        sys.path.insert(0, str(CHECKS))
        import soak
        junit = """<testsuite><testcase name="soak_a" status="run" time="61.7">
<system-out>[ RUN  ]
[ soak     ] 3 kills
[ soak     ] 4 cuts
</system-out></testcase><testcase name="soak_b" status="fail" time="2"/></testsuite>"""
        rows = list(soak.rows_of(junit))
        self.assertEqual(rows, [("soak_a", "passed", 61.7, ["3 kills", "4 cuts"]),
                                ("soak_b", "FAILED", 2.0, [])])
        page = soak.page(rows, "20", "abc", None)
        self.assertIn("at commit abc, LANCER_SOAK=20.", page)
        self.assertIn("| soak_a | passed | 62 | 3 kills; 4 cuts |", page)


class CoverageTable(unittest.TestCase):
    def test_adds_up_folders_and_names_the_files_of_a_commit(self):
        sys.path.insert(0, str(CHECKS))
        import coverage_table as coverage
        keys = ("filename",) + coverage.FIGURES
        files = [dict(zip(keys, row)) for row in (
            ("types/schema.cc", 9, 10, 3, 8), ("types/type.h", 1, 2, 0, 0),
            ("dataset/commit.cc", 5, 5, 4, 6), ("dataset/scan.cc", 0, 7, 0, 2))]
        self.assertEqual(list(coverage.rows_of(files)), [
            ("types", [10, 12, 3, 8]), ("dataset", [5, 12, 4, 8]), ("all", [15, 24, 7, 16]),
            ("dataset/commit.cc", [5, 5, 4, 6])])
        self.assertEqual(coverage.share(1, 8).strip(), "12.5 %")
        self.assertEqual(coverage.share(0, 0).strip(), "-")


if __name__ == "__main__":
    unittest.main()
