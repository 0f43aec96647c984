"""lance-inspect: what it says of datasets and files, sound and damaged."""
import datetime
import decimal
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import BIN, CliTest, needs_pyarrow, pyarrow  # noqa: E402

try:
    import xxhash
except ImportError:
    xxhash = None

if pyarrow is not None:
    import pyarrow.parquet

COMMANDS = ("summary", "schema", "pages", "stats", "versions", "files", "head", "take",
            "verify", "layout")


class Inspect(CliTest):
    def setUp(self):
        super().setUp()
        self.write("in.csv", "id,name\n" + "".join(f"{i},name {i % 10}\n" for i in range(100)))
        self.convert("in.csv", "t.lancer")
        self.convert("in.csv", "t.lancer", "--mode", "append")
        self.convert("in.csv", "f.lancer", "--single-file")

    def test_summary(self):
        summary = self.inspect("t.lancer", "summary")
        self.assertEqual({k: summary[k] for k in ("rows", "columns", "fragments", "version")},
                         {"rows": 200, "columns": 2, "fragments": 2, "version": 2})
        self.assertGreater(summary["bytes"], 0)
        self.assertEqual(self.inspect("t.lancer"), summary)
        self.assertEqual(self.inspect("t.lancer", "--version", "1")["rows"], 100)
        single = self.inspect("f.lancer")
        self.assertEqual((single["rows"], single["columns"], single["fragments"],
                          single["kind"]), (100, 2, 1, "file"))
        self.assertEqual(single["bytes"], (self.folder / "f.lancer").stat().st_size)

    def test_every_command_on_both_kinds_of_table(self):
        for name in ("t.lancer", "f.lancer"):
            for command in COMMANDS:
                if name == "f.lancer" and command == "versions":
                    continue
                rows = ["3", "0", "3"] if command == "take" else []
                with self.subTest(f"{name} {command}"):
                    self.assertIsInstance(self.inspect(name, command, *rows), dict)
                    done = self.run_tool("lance-inspect", name, command, *rows)
                    self.assertEqual(done.returncode, 0, done.error)
                    self.assertTrue(done.text)
                    self.assertEqual(done.error, "")

    def test_every_command_has_an_example(self):
        for command in COMMANDS:
            done = self.run_tool("lance-inspect", "t.lancer", command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn("Example:\n  lance-inspect", done.text)

    def test_schema(self):
        fields = self.inspect("t.lancer", "schema")["fields"]
        self.assertEqual([(f["name"], f["type"], f["nullable"]) for f in fields],
                         [("id", "int64", True), ("name", "string", True)])

    def test_head_and_take(self):
        self.assertEqual(self.inspect("t.lancer", "head", "-n", "2"),
                         {"columns": ["id", "name"], "rows": [[0, "name 0"], [1, "name 1"]]})
        taken = self.inspect("t.lancer", "take", "199", "0", "199", "--columns", "id")
        self.assertEqual(taken["rows"], [[99], [0], [99]])
        self.assertEqual(self.inspect("t.lancer", "take", "5,7", "--columns", "id")["rows"],
                         [[5], [7]])
        self.assertEqual(self.inspect("t.lancer", "take", "150", "--ids")["rows"],
                         [[50, "name 0"]])
        self.refuse("lance-inspect", "t.lancer", "take", "5", "200", says="200")
        self.refuse("lance-inspect", "f.lancer", "take", "100", says="100")
        self.refuse("lance-inspect", "t.lancer", "take", "x", code=2, says="x")
        for row in ("99999999999999999999", "-1"):
            for dash in ([], ["--"]):
                self.refuse("lance-inspect", "t.lancer", "take", *dash, row,
                            says=("t.lancer", f"row {row} is out of range", "200 rows"))

    @needs_pyarrow
    def test_decimals_keep_all_their_digits(self):
        texts = {32: ("1.10", "-1234567.89"), 64: ("1.10", "-1234567890123456.78"),
                 128: ("12345678901234567.89", "-" + "9" * 36 + ".10"),
                 256: ("12345678901234567.89", "-" + "1234567890" * 7 + "1234.50")}
        digits = {32: 9, 64: 18, 128: 38, 256: 76}
        values = {bits: [decimal.Decimal(text) for text in row] for bits, row in texts.items()}
        kinds = {bits: getattr(pyarrow, f"decimal{bits}")(digits[bits], 2) for bits in texts}
        table = pyarrow.table({f"d{b}": pyarrow.array(v, kinds[b]) for b, v in values.items()})
        table = table.append_column("whole", pyarrow.array(
            [decimal.Decimal("123456789012345678901234567890"), None],
            pyarrow.decimal128(38, 0)))
        table = table.append_column("list", pyarrow.array(
            [values[128], []], pyarrow.list_(kinds[128])))
        with pyarrow.ipc.new_file(self.path("d.arrow"), table.schema) as writer:
            writer.write_table(table)
        self.convert("d.arrow", "d.lancer")
        for command in (["head"], ["take", "0", "1"]):
            done = self.run_tool("lance-inspect", "d.lancer", *command, "--json")
            rows = json.loads(done.text, parse_float=str, parse_int=str)["rows"]
            self.assertEqual(rows[0], [row[0] for row in texts.values()] +
                             ["123456789012345678901234567890", list(texts[128])])
            self.assertEqual(rows[1], [row[1] for row in texts.values()] + [None, []])
            # A table cuts what is long.
            text = self.run_tool("lance-inspect", "d.lancer", *command).text
            for shown in ("1.10", "12345678901234567.89", "123456789012345678901234567890",
                          "-1234567890123456.78"):
                self.assertIn(shown, text)

    def test_what_is_asked_wrongly_is_told_by_the_name_that_was_given(self):
        for command in (["head"], ["take", "0"], ["stats"], ["pages"]):
            error = self.refuse("lance-inspect", "t.lancer", *command, "--columns", "zz",
                                says="no field zz; the fields are id, name")
            self.assertTrue(error.startswith("lance-inspect: t.lancer: "), error)
        self.write("p.parquet", b"PAR1" + bytes(100) + b"PAR1")
        for name in ("in.csv", "p.parquet"):
            self.refuse("lance-inspect", name,
                        says=(name, "or make Lancer of another format with lance-convert"))

    def test_versions_and_files(self):
        versions = self.inspect("t.lancer", "versions")["versions"]
        self.assertEqual([(v["version"], v["rows"]) for v in versions], [(1, 100), (2, 200)])
        files = self.inspect("t.lancer", "files")["files"]
        self.assertEqual([f["rows"] for f in files], [100, 100])
        for file in files:
            self.assertEqual((self.folder / "t.lancer" / file["path"]).stat().st_size,
                             file["bytes"])

    def test_pages_explained_tell_what_was_weighed(self):
        report = self.inspect("t.lancer", "pages", "--columns", "id", "--explain")
        for file in report["explained"]:
            (column,) = file["columns"]
            for page in column["pages"]:
                self.assertEqual(page["chosen"], page["stored"])
                self.assertTrue(page["reason"])
                costs = [one["cost"] for one in page["weighed"]]
                self.assertEqual(costs, sorted(costs))
                names = [one["encoding"] for one in page["weighed"]]
                self.assertEqual(len(names), len(set(names)), names)
        text = self.run_tool("lance-inspect", "t.lancer", "pages", "--columns", "id",
                             "--explain").text
        self.assertIn("why: ", text)
        self.assertIn("bytes a value", text)
        self.refuse("lance-inspect", "t.lancer", "pages", "--explain", "--columns", "z",
                    says="z")

    def test_pages_stats_and_layout(self):
        pages = self.inspect("t.lancer", "pages", "--columns", "id")
        self.assertEqual([sum(p["rows"] for p in f["columns"][0]["pages"])
                          for f in pages["files"]], [100, 100])
        stats = self.inspect("t.lancer", "stats")["columns"]
        number = next(c for c in stats if c["name"] == "id")
        self.assertEqual((number["min"], number["max"], number["null_count"]), ("0", "99", 0))
        # Both fragments hold the same hundred numbers and ten names; that is not known.
        self.assertEqual([c["distinct_count"] for c in stats],
                         [{"at_least": 100, "at_most": 200}, {"at_least": 10, "at_most": 20}])
        text = self.run_tool("lance-inspect", "f.lancer", "stats").text
        self.assertRegex(text, r"(?m)^column +type +rows +nulls +distinct ")
        self.assertRegex(text, r"(?m)^name +string +100 +0 +10 ")
        layout = self.inspect("f.lancer", "layout")
        self.assertEqual(sum(p["bytes"] for p in layout["parts"]), layout["bytes"])
        self.assertEqual([c["name"] for c in layout["columns"]], ["id", "name"])
        self.refuse("lance-inspect", "t.lancer", "pages", "--columns", "z", says="z")
        self.refuse("lance-inspect", "t.lancer", "pages", "--fragment", "77", says="77")

    @needs_pyarrow
    def test_stats_join_fragments_in_the_order_of_values(self):
        # Each column twice: the second fragment holds the smaller or the larger values in
        # ways that differ from the order of their texts.
        first = {"n": [-5, -40], "d": ["2026-01-31", "1969-12-31"], "s": ["b", "Z"],
                 "m": ["-1.50", "-999999999999999999.25"], "f": [-0.5, -1e300], "u": [2**63, 7],
                 "x": [-2**63, -2**63 + 2], "t": [5, -30]}
        second = {"n": [-300, 7], "d": ["1500-06-01", "2025-12-31"], "s": ["ba", "a"],
                  "m": ["-999999999999999999.24", "100.00"], "f": [2e-7, 1e-5], "u": [9, 2**64 - 1],
                  "x": [-2**63 + 1, -2**63 + 3], "t": [-200, 14]}
        self.write_typed("a.parquet", first)
        self.write_typed("b.parquet", second)
        expected = {"n": ("-300", "7"), "d": ('"1500-06-01"', '"2026-01-31"'),
                    "s": ('"Z"', '"ba"'), "m": ("-999999999999999999.25", "100.00"),
                    "f": ("-1e+300", "1e-05"), "u": ("7", "18446744073709551615"),
                    "x": (str(-2**63), str(-2**63 + 3)),
                    "t": ('"PT-200S"', '"PT14S"')}
        for one, two in (("a", "b"), ("b", "a")):
            table = f"{one}{two}.lancer"
            self.convert(f"{one}.parquet", table)
            self.convert(f"{two}.parquet", table, "--mode", "append")
            columns = self.inspect(table, "stats")["columns"]
            self.assertEqual({c["name"]: (c["min"], c["max"]) for c in columns}, expected)

    def write_typed(self, name, columns):
        days = [datetime.date.fromisoformat(d) for d in columns["d"]]
        money = [decimal.Decimal(m) for m in columns["m"]]
        pyarrow.parquet.write_table(pyarrow.table({
            "n": pyarrow.array(columns["n"], pyarrow.int64()),
            "d": pyarrow.array(days, pyarrow.date32()),
            "s": pyarrow.array(columns["s"], pyarrow.string()),
            "m": pyarrow.array(money, pyarrow.decimal128(20, 2)),
            "f": pyarrow.array(columns["f"], pyarrow.float64()),
            "u": pyarrow.array(columns["u"], pyarrow.uint64()),
            "x": pyarrow.array(columns["x"], pyarrow.int64()),
            "t": pyarrow.array(columns["t"], pyarrow.duration("s"))}), self.path(name))

    @needs_pyarrow
    def test_layout_takes_a_sample_of_large_rows(self):
        text = pyarrow.array(["x" * 20000] * 4000)
        pyarrow.parquet.write_table(pyarrow.table({"t": text}), self.path("large.parquet"))
        self.convert("large.parquet", "large.lancer")
        # By a small process: a child's peak begins with the memory of its parent.
        measure = ("import resource, subprocess, sys\n"
                   "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
        done = subprocess.run([sys.executable, "-c", measure, BIN / "lance-inspect",
                               "large.lancer", "layout"], cwd=self.folder, timeout=120,
                              capture_output=True, check=True)
        self.assertLess(int(done.stdout), 64 << 10)  # KiB; all rows are 76 MiB

    def test_verify_finds_one_flipped_bit(self):
        files = [p for p in self.folder.glob("t.lancer/data/*") if p.is_file()]
        for path in (files[0], self.folder / "f.lancer"):
            good = path.read_bytes()
            damaged = bytearray(good)
            damaged[len(good) // 3] ^= 4
            path.chmod(0o644)
            path.write_bytes(damaged)
            table = "f.lancer" if path.name == "f.lancer" else "t.lancer"
            with self.subTest(table):
                done = self.run_tool("lance-inspect", table, "verify", "--json")
                self.assertEqual(done.returncode, 1, done.text)
                self.assertEqual(done.error.count("\n"), 1)
                if done.text:
                    report = json.loads(done.text)
                    self.assertFalse(report["sound"])
                    self.assertGreater(len(report["faults"]), 0)
            path.write_bytes(good)
            self.assertTrue(self.inspect(table, "verify")["sound"])

    def test_a_damaged_newest_manifest_leaves_the_other_versions(self):
        newest = self.folder / "t.lancer/_log/00000000000000000002.mft"
        newest.chmod(0o644)
        newest.write_bytes(b"damaged")
        done = self.run_tool("lance-inspect", "t.lancer")
        self.assertEqual(done.returncode, 1)
        self.assertIn("version 1 is the newest sound one", done.error)
        self.assertIn("--allow-rollback", done.error)
        self.assertEqual(self.inspect("t.lancer", "--version", "1")["rows"], 100)
        summary = self.inspect("t.lancer", "--allow-rollback")
        self.assertEqual((summary["version"], summary["rolled_back"]), (1, True))
        versions = self.inspect("t.lancer", "versions", "--allow-rollback")["versions"]
        self.assertEqual([v["version"] for v in versions], [1])
        for choice in ([], ["--version", "1"]):
            done = self.run_tool("lance-inspect", "t.lancer", "verify", "--json", *choice)
            self.assertEqual(done.returncode, 1)
            report = json.loads(done.text)
            self.assertEqual(len(report["faults"]), 1)
            self.assertIn(newest.name, report["faults"][0])
            self.assertGreater(report["files"], 2)

    def test_leftovers_of_a_killed_writer_are_told(self):
        table = self.folder / "t.lancer"
        self.assertEqual(self.inspect("t.lancer")["leftovers"], {"files": 0, "bytes": 0})
        session = "11111111-2222-4333-8444-555555555555"
        (table / "_log/intent" / session).write_bytes(b"")
        (table / "data" / f"1111111122224333-{session}.lancer").write_bytes(b"x" * 2048)
        for command in ("summary", "verify"):
            self.assertEqual(self.inspect("t.lancer", command)["leftovers"],
                             {"files": 1, "bytes": 2048})
            done = self.run_tool("lance-inspect", "t.lancer", command)
            self.assertEqual(done.returncode, 0)
            self.assertIn("1 file, 2.0 KiB, of writers that still write, or died", done.text)

    def test_verify_draws_a_bar_on_a_terminal_and_takes_it_away(self):
        leader, follower = os.openpty()
        with open(leader, "rb", buffering=0) as terminal:
            done = subprocess.run([BIN / "lance-inspect", "t.lancer", "verify"], timeout=120,
                                  cwd=self.folder, stdout=subprocess.PIPE, stderr=follower,
                                  check=True)
            os.close(follower)
            drawn = terminal.read(4096).decode()
        self.assertIn(" %  ", drawn)
        self.assertTrue(drawn.endswith("\r\x1b[K"), drawn)
        self.assertNotIn(b"\x1b", done.stdout)

    def test_damaged_datasets_are_refused(self):
        data = next(p for p in self.folder.glob("t.lancer/data/*") if p.is_file())
        good = data.read_bytes()
        for what, content in (("missing", None), ("cut", good[:-10]), ("empty", b""),
                              ("magic", b"hello")):
            with self.subTest(what):
                data.unlink()
                if content is not None:
                    data.write_bytes(content)
                self.refuse("lance-convert", "t.lancer", "out.jsonl", says=data.name)
                done = self.run_tool("lance-inspect", "t.lancer", "verify")
                self.assertEqual(done.returncode, 1)
                data.write_bytes(good)

    def test_what_a_dataset_lost_is_told_by_both_tools(self):
        text = (self.folder / "in.csv").read_text()
        self.write("more.csv", text + text.splitlines()[1] + "\n")
        self.convert("more.csv", "t.lancer", "--mode", "append")
        log, data = self.folder / "t.lancer/_log", self.folder / "t.lancer/data"
        first, *_, second = sorted((p for p in data.iterdir() if p.is_file()),
                                   key=lambda p: p.stat().st_mtime_ns)
        for what, name in (("file", first), ("log", log),
                           ("mark", self.folder / "t.lancer/FORMAT")):
            with self.subTest(what):
                name.rename(self.folder / "away")
                says = ("t.lancer", "; restore it from a copy")
                self.refuse("lance-convert", "t.lancer", "out.jsonl", says=says)
                if what != "file":
                    self.refuse("lance-inspect", "t.lancer", says=says)
                (self.folder / "away").rename(name)
        first_bytes, second_bytes = first.read_bytes(), second.read_bytes()
        for path, content in ((first, second_bytes), (second, first_bytes)):
            path.chmod(0o644)
            path.write_bytes(content)
        self.refuse("lance-convert", "t.lancer", "out.jsonl",
                    says=("t.lancer/data/", "expected", "; restore it from a copy"))

    def test_damaged_files_are_refused(self):
        good = (self.folder / "f.lancer").read_bytes()
        for what, content in (("cut", good[: len(good) // 2]), ("empty", b""),
                              ("magic", b"x" * len(good)), ("tail", good[:-1] + b"x")):
            with self.subTest(what):
                self.write("bad.lancer", content)
                says = ("bad.lancer: not a Lancer file, or truncated", "; restore it")
                self.refuse("lance-inspect", "bad.lancer", says=says)
                self.refuse("lance-convert", "bad.lancer", "out.jsonl", says=says)

    @unittest.skipIf(xxhash is None, "needs xxhash")
    def test_files_of_a_newer_version_are_told(self):
        good = (self.folder / "f.lancer").read_bytes()
        for at, words in ((44, "the file has format version"), (0, "the file needs the feature")):
            postscript = bytearray(good[-64:])
            postscript[at] += 2
            postscript[48:56] = xxhash.xxh3_64_intdigest(bytes(postscript[:48])).to_bytes(
                8, "little")
            self.write("new.lancer", good[:-64] + postscript)
            says = ("new.lancer", words, "; use a newer Lancer")
            self.refuse("lance-inspect", "new.lancer", says=says)
            self.refuse("lance-convert", "new.lancer", "out.jsonl", says=says)

    def test_refuses_what_is_no_table(self):
        (self.folder / "folder").mkdir()
        self.refuse("lance-inspect", "folder",
                    says="folder: is no Lancer dataset (it has no file FORMAT); lance-convert")
        self.refuse("lance-inspect", "no.lancer", says="no.lancer: no such file")
        self.refuse("lance-inspect", "t.lancer", "--version", "9", says="9")
        self.refuse("lance-inspect", "f.lancer", "--version", "1", says="single file")
        self.refuse("lance-inspect", "f.lancer", "versions", says="single file")
        self.refuse("lance-inspect", "t.lancer", "search", code=2)
        self.refuse("lance-inspect", "t.lancer", "--time", "2026-01-01T00:00:00", code=2)


if __name__ == "__main__":
    unittest.main()
