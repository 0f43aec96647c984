"""lance-convert: names, places and versions, and values at the limits of their types."""
import decimal
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import CliTest, needs_pyarrow  # noqa: E402

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    pa = pq = None


class Outputs(CliTest):
    def test_no_rename_makes_a_name_twice(self):
        self.write("in.csv", "a,b\n1,2\n")
        for suffix in ("lancer", "parquet", "arrow", "arrows", "feather", "csv", "jsonl", "npy"):
            with self.subTest(suffix):
                self.refuse("lance-convert", "in.csv", f"o.{suffix}", "--rename", "a=b",
                            says="in.csv: field b: the name stands twice at this level")

    def test_file_uris_and_trailing_slashes(self):
        self.write("in.csv", "a\n1\n")
        for name in ("o.csv", "o.jsonl", "o.lancer"):
            self.convert("in.csv", f"file://{self.path(name)}")
            self.assertTrue((self.folder / name).exists(), name)
        for name in ("o.lancer/", f"file://{self.path('o.lancer')}//"):
            self.convert("in.csv", name, "--mode", "append")
        self.assertEqual(self.inspect("o.lancer/")["rows"], 3)


    def test_single_files_go_through_pipes(self):
        self.write("in.csv", "a,b\n1,x\n2,y\n")
        piped = self.convert("in.csv", "-", "--to", "lancer", "--single-file").out
        self.write("f.lancer", piped)
        self.assertEqual(self.inspect("f.lancer")["rows"], 2)
        self.assertTrue(self.inspect("f.lancer", "verify")["sound"])
        back = self.convert("-", "-", "--from", "lancer", "--to", "csv", "--columns", "b",
                            stdin=piped)
        self.assertEqual(back.text, "b\nx\ny\n")
        self.refuse("lance-convert", "-", "o.csv", "--from", "lancer", stdin=piped[:-9],
                    says="lance-convert: standard input: ")
        self.refuse("lance-convert", "-", "o.csv", "--from", "lancer", stdin=b"a,b\n",
                    says="lance-convert: standard input: ")
        self.refuse("lance-convert", "-", "o.csv", "--from", "lancer", "--version", "1",
                    stdin=piped, says="standard input: is a single file, which has no versions")


class Versions(CliTest):
    def setUp(self):
        super().setUp()
        self.write("in.csv", "a\n1\n2\n")
        self.convert("in.csv", "t.lancer")
        self.convert("in.csv", "t.lancer", "--mode", "append")

    def rows(self, *options):
        return self.convert("t.lancer", "-", "--to", "jsonl", *options).text.count("\n")

    def test_a_version_or_a_time_chooses(self):
        times = {v["version"]: v["time"]
                 for v in self.inspect("t.lancer", "versions")["versions"]}
        for version, rows in ((1, 2), (2, 4)):
            self.assertEqual(self.rows("--version", str(version)), rows)
            self.assertEqual(self.rows("--time", times[version]), rows)
        self.assertEqual(self.rows(), 4)

    def test_faults_are_those_of_lance_inspect(self):
        self.convert("in.csv", "f.lancer", "--single-file")
        for code, options, says in (
                (2, ("--version", "0"), "Value 0 not in range"),
                (2, ("--version", "1", "--time", "2026-11-21T13:17:00Z"), "not both"),
                (2, ("--time", "noon"), "noon"),
                (1, ("--version", "9"), "t.lancer: "),
                (1, ("--time", "1999-01-01T00:00:00Z"), "t.lancer: ")):
            with self.subTest(options):
                converted = self.refuse("lance-convert", "t.lancer", "o.csv", *options,
                                        code=code, says=says)
                inspected = self.refuse("lance-inspect", "t.lancer", *options, code=code)
                self.assertEqual(converted.replace("lance-convert", "lance-inspect"), inspected)
        for options in (("--version", "1"), ("--time", "2026-11-21T13:17:00Z")):
            self.refuse("lance-convert", "f.lancer", "o.csv", *options,
                        says="f.lancer: is a single file, which has no versions; leave "
                             "--version and --time out")
            self.refuse("lance-convert", "in.csv", "o.csv", *options,
                        says="in.csv: is no Lancer dataset, and has no versions; leave "
                             "--version and --time out")


class Numbers(CliTest):
    def test_texts_keep_floats_floats(self):
        self.write("in.jsonl", '{"a":2.0,"b":-0,"c":9223372036854775809,"d":1e300}\n'
                               '{"a":-1.0,"b":-0.0,"c":1,"d":1e16}\n')
        self.convert("in.jsonl", "t.lancer")
        expected = ["double", "double", "uint64", "double"]
        for name in ("t.csv", "t.jsonl"):
            self.convert("t.lancer", name)
            self.convert(name, name + ".lancer")
            types = [f["type"] for f in self.inspect(name + ".lancer", "schema")["fields"]]
            self.assertEqual(types, expected, name)
            self.convert(name + ".lancer", "back.jsonl", "--mode", "overwrite")
            self.assertEqual((self.folder / "back.jsonl").read_text(),
                             '{"a":2.0,"b":-0.0,"c":9223372036854775809,"d":1e+300}\n'
                             '{"a":-1.0,"b":-0.0,"c":1,"d":1e+16}\n')

    def test_a_minus_zero_among_integers_is_a_float(self):
        self.write("in.csv", "a,b\n-0,1.5\n1,-0\n")
        self.convert("in.csv", "o.jsonl")
        self.assertEqual((self.folder / "o.jsonl").read_text(),
                         '{"a":-0.0,"b":1.5}\n{"a":1.0,"b":-0.0}\n')


@needs_pyarrow
class Types(CliTest):
    def write_batches(self, name, column, field_type):
        """A stream of batches, each of which has its own dictionaries."""
        schema = pa.schema([pa.field("v", field_type)])
        with pa.ipc.new_stream(self.path(name), schema) as out:
            for values in column:
                out.write_batch(pa.record_batch([pa.array(values, field_type)], schema=schema))

    def read(self, name):
        if name.endswith(".parquet"):
            return pq.read_table(self.path(name))
        opened = pa.ipc.open_stream if name.endswith(".arrows") else pa.ipc.open_file
        with opened(self.path(name)) as rows:
            return rows.read_all()

    def test_views_inside_other_types_go_to_parquet(self):
        views = pa.struct([("s", pa.string_view()), ("b", pa.binary_view())])
        value = {"s": "a text that is not short", "b": b"bytes that are not short"}
        table = pa.table({
            "struct": pa.array([value, None] * 700, views),
            "list": pa.array([[value], [], [value, None]] * 466 + [None] * 2, pa.list_(views)),
            "view": pa.array(["top"] * 1400, pa.string_view())})
        with pa.ipc.new_file(self.path("in.arrow"), table.schema) as out:
            out.write_table(table)
        self.convert("in.arrow", "t.lancer")
        self.convert("t.lancer", "o.parquet")
        self.assertEqual(self.read("o.parquet").schema, table.schema)
        self.convert("o.parquet", "back.lancer")
        self.convert("back.lancer", "back.arrow")
        self.assertTrue(self.read("back.arrow").equals(table))

    def test_nullable_rows_without_nulls_are_appended(self):
        schema = pa.schema([pa.field("a", pa.int64(), nullable=False), ("b", pa.string())])
        with pa.ipc.new_file(self.path("in.arrow"), schema) as out:
            out.write_batch(pa.record_batch([[1], ["x"]], schema=schema))
        self.convert("in.arrow", "t.lancer")
        self.write("more.csv", "a,b\n2,y\n")
        self.write("more.jsonl", '{"a":3,"b":"z"}\n')
        for name in ("more.csv", "more.jsonl"):
            self.convert(name, "t.lancer", "--mode", "append")
        self.write("null.csv", "a,b\n4,z\n,z\n")
        self.refuse("lance-convert", "null.csv", "t.lancer", "--mode", "append",
                    says="t.lancer: field a holds a null in row 1 but is declared not null; "
                         "give it a value")
        self.assertEqual(self.inspect("t.lancer")["rows"], 3)

    def test_types_that_parquet_does_not_have(self):
        negative = pa.array([decimal.Decimal("1200")], pa.decimal128(5, -2))
        for column, says in (
                (pa.array([{}], pa.struct([])), "field v: parquet cannot hold struct<>"),
                (pa.array([[{}]], pa.list_(pa.field("a\nb", pa.struct([])))),
                 'field v."a\\nb": parquet cannot hold struct<>'),
                (negative, "field v: parquet cannot hold decimal128(5, -2)"),
                (pa.array([None], pa.decimal128(5, 7)),
                 "field v: parquet cannot hold decimal128(5, 7)"),
                (pa.StructArray.from_arrays([negative], ["d"]),
                 "field v.d: parquet cannot hold decimal128(5, -2)")):
            with pa.ipc.new_file(self.path("in.arrow"), pa.schema([("v", column.type)])) as out:
                out.write_batch(pa.record_batch([column], ["v"]))
            self.refuse("lance-convert", "in.arrow", "o.parquet",
                        says=(says, "; leave it out with --columns, or write arrow"))

    def test_more_values_than_one_dictionary_numbers(self):
        narrow = pa.dictionary(pa.int8(), pa.string())
        batches = [[f"{b}-{i}" for i in range(100)] for b in range(3)]
        for kind, column in ((narrow, batches),
                             (pa.list_(narrow), [[[v] for v in b] for b in batches]),
                             (pa.struct([("x", narrow)]), [[{"x": v} for v in b] for b in batches])):
            self.write_batches("in.arrows", column, kind)
            self.convert("in.arrows", "t.lancer", "--mode", "overwrite")
            for name in ("o.arrow", "o.arrows", "o.parquet"):
                with self.subTest((str(kind), name)):
                    self.convert("t.lancer", name, "--mode", "overwrite")
                    rows = self.read(name).column("v")
                    self.assertEqual(rows.to_pylist(), [v for b in column for v in b])
                    self.assertEqual(rows.type == kind, name == "o.arrows")

    def test_dictionaries_that_just_fit_their_indices(self):
        def column(index_type, entries, nulls=0, values=None):
            indices = pa.array([*range(entries)] + [None] * nulls, index_type)
            return pa.DictionaryArray.from_arrays(
                indices, values or pa.array([f"v{i}" for i in range(entries)]))

        lists = pa.array([[1], [2, 3], [1]])
        for given in (column(pa.int8(), 128), column(pa.uint8(), 256),
                      column(pa.int8(), 127, 1), column(pa.int8(), 128, 1),
                      column(pa.uint8(), 256, 2), column(pa.int8(), 3, 1, lists)):
            with self.subTest(str(given.type), entries=len(given.dictionary),
                              nulls=given.null_count):
                table = pa.table({"v": given})
                with pa.ipc.new_file(self.path("in.arrow"), table.schema) as out:
                    out.write_table(table)
                self.convert("in.arrow", "t.lancer", "--mode", "overwrite")
                for source in ("in.arrow", "t.lancer"):
                    self.convert(source, "o.arrow", "--mode", "overwrite")
                    rows = self.read("o.arrow").column("v")
                    self.assertEqual(rows.type, given.type)
                    self.assertEqual(rows.to_pylist(), given.to_pylist())
                stream = self.convert("t.lancer", "-", "--to", "arrow-stream").out
                self.convert("-", "p.arrow", "--from", "arrow-stream", "--mode", "overwrite",
                             stdin=stream)
                self.assertEqual(self.read("p.arrow").column("v").to_pylist(),
                                 given.to_pylist())

    def test_values_of_two_batches_that_just_fit(self):
        narrow = pa.dictionary(pa.int8(), pa.string())
        batches = [[f"{b}-{i}" for i in range(64)] for b in range(2)]
        self.write_batches("in.arrows", batches, narrow)
        stream = (self.folder / "in.arrows").read_bytes()
        self.convert("-", "o.arrow", "--from", "arrow-stream", stdin=stream)
        rows = self.read("o.arrow").column("v")
        self.assertEqual((rows.type, rows.to_pylist()), (narrow, batches[0] + batches[1]))

    def test_different_dictionaries_of_lists(self):
        kind = pa.dictionary(pa.int8(), pa.list_(pa.int64()))
        schema = pa.schema([("v", kind)])
        with pa.ipc.new_stream(self.path("in.arrows"), schema) as out:
            for value in range(2):
                column = pa.DictionaryArray.from_arrays(
                    pa.array([0], pa.int8()), pa.array([[value]], kind.value_type))
                out.write_batch(pa.record_batch([column], schema=schema))
        stream = (self.folder / "in.arrows").read_bytes()
        self.refuse("lance-convert", "-", "o.arrow", "--from", "arrow-stream", stdin=stream,
                    says=("field v: batches have different dictionaries of list<item: int64>",
                          "; write arrow-stream"))

    def test_dictionaries_of_many_appends(self):
        narrow = pa.dictionary(pa.int8(), pa.string())
        for b in range(3):
            self.write_batches("in.arrows", [[f"{b}-{i}" for i in range(100)]], narrow)
            self.convert("in.arrows", "t.lancer", "--mode", "append")
            self.convert("t.lancer", "o.arrow", "--mode", "overwrite")
            index = self.read("o.arrow").schema.field("v").type.index_type
            self.assertEqual(index, pa.int8() if b == 0 else pa.int32())
        stream = self.convert("t.lancer", "-", "--to", "arrow-stream").out
        self.refuse("lance-convert", "-", "p.arrow", "--from", "arrow-stream", stdin=stream,
                    says=("p.arrow: field v: all batches together have more distinct values "
                          "than", "write arrow-stream or parquet"))

    def test_more_rows_than_one_run_end_numbers(self):
        runs = pa.run_end_encoded(pa.int16(), pa.int64())
        schema = pa.schema([pa.field("v", runs)])
        with pa.ipc.new_stream(self.path("in.arrows"), schema) as out:
            for i in range(4):
                column = pa.RunEndEncodedArray.from_arrays(
                    pa.array([30_000], pa.int16()), pa.array([i], pa.int64()))
                out.write_batch(pa.record_batch([column], schema=schema))
        self.convert("in.arrows", "t.lancer")
        for name in ("o.arrow", "o.arrows"):
            self.convert("t.lancer", name)
            rows = self.read(name).column("v")
            self.assertEqual(rows.type, runs)
            self.assertEqual([v for c in rows.chunks for v in c.to_pylist()],
                             [i for i in range(4) for _ in range(30_000)])


if __name__ == "__main__":
    unittest.main()
