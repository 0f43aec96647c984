"""lance-convert: what goes in comes out."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import BIN, CliTest, needs_pyarrow  # noqa: E402

try:
    import numpy
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.feather
    import pyarrow.parquet as pq
except ImportError:
    numpy = pa = pq = None


def wait_until_caught(process, kind):
    """Returns when the program has its handler for the signal, as the kernel tells."""
    for _ in range(3000):
        for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:") and int(line.split()[1], 16) >> (kind - 1) & 1:
                return
        time.sleep(0.01)
    raise AssertionError("the program does not handle the signal")


def sample_table(rows=1000):
    """Every kind of column that the tools must carry, with nulls."""
    def some(values):
        return [None if i % 7 == 3 else v for i, v in enumerate(values)]
    numbers = range(rows)
    fields = [
        ("key", pa.int64(), list(numbers), False),
        ("flag", pa.bool_(), some([i % 3 == 0 for i in numbers]), True),
        ("small", pa.uint8(), some([i % 256 for i in numbers]), True),
        ("ratio", pa.float32(), some([i / 3 for i in numbers]), True),
        ("price", pa.decimal128(15, 2), some([i for i in numbers]), True),
        ("wide", pa.decimal256(60, 2), some([-i * 10**40 for i in numbers]), True),
        ("day", pa.date32(), some(list(numbers)), True),
        ("time", pa.timestamp("us", "UTC"), some([i * 10**6 for i in numbers]), True),
        ("name", pa.string(), some([f"name {i % 50}" for i in numbers]), True),
        ("view", pa.string_view(), some(["v" * (i % 40) for i in numbers]), True),
        ("large", pa.large_string(), some([f"{i}é" for i in numbers]), True),
        ("blob", pa.binary(), some([bytes([i % 256]) * (i % 5) for i in numbers]), True),
        ("hash", pa.binary(4), some([i.to_bytes(4, "big") for i in numbers]), True),
        ("tags", pa.list_(pa.field("element", pa.string())),
         some([[str(i), None][: i % 3] for i in numbers]), True),
        ("pair", pa.list_(pa.float32(), 2), [[i, -i] for i in numbers], False),
        ("point", pa.struct([("x", pa.int32()), ("y", pa.list_(pa.int64()))]),
         some([{"x": i, "y": [i] * (i % 3)} for i in numbers]), True),
        ("sizes", pa.map_(pa.string(), pa.int32()),
         some([[(str(i), i), ("none", None)][: i % 3] for i in numbers]), True),
        ("sorted", pa.map_(pa.int64(), pa.list_(pa.float64()), keys_sorted=True),
         some([[(i, [i / 2]), (i + 1, None)][: i % 3] for i in numbers]), True),
    ]
    schema = pa.schema([pa.field(n, t, nullable, metadata={"about": n})
                        for n, t, _, nullable in fields], metadata={"origin": "test"})
    return pa.table([pa.array(v, t) for _, t, v, _ in fields], schema=schema)


@needs_pyarrow
class RoundTrips(CliTest):
    def check_equal(self, before, after):
        self.assertEqual(before.schema.to_string(), after.schema.to_string())
        self.assertTrue(before.equals(after, check_metadata=True))

    def there_and_back(self, table, *options):
        pq.write_table(table, self.path("in.parquet"), row_group_size=300)
        self.convert("in.parquet", "t.lancer", *options)
        self.convert("t.lancer", "back.parquet")
        self.check_equal(pq.read_table(self.path("in.parquet")),
                         pq.read_table(self.path("back.parquet")))

    def test_parquet_through_a_dataset(self):
        self.there_and_back(sample_table())
        self.assertEqual(self.inspect("t.lancer", "verify")["sound"], True)

    def test_parquet_through_a_single_file(self):
        self.there_and_back(sample_table(), "--single-file")
        self.assertTrue((self.folder / "t.lancer").is_file())

    def test_profiles(self):
        for profile in ("random", "compact", "archive"):
            with self.subTest(profile):
                pq.write_table(sample_table(), self.path("p.parquet"))
                self.convert("p.parquet", f"{profile}.lancer", "--profile", profile)
                self.convert(f"{profile}.lancer", f"{profile}.parquet")
                self.check_equal(pq.read_table(self.path("p.parquet")),
                                 pq.read_table(self.path(f"{profile}.parquet")))

    def test_no_rows_no_columns_and_many_columns(self):
        for name, table in {
                "rows": sample_table().slice(0, 0),
                "columns": pa.table({}),
                "wide": pa.table({f"c{i}": [i] for i in range(5000)})}.items():
            with self.subTest(name):
                pq.write_table(table, self.path(f"{name}.parquet"))
                self.convert(f"{name}.parquet", f"{name}.lancer")
                self.convert(f"{name}.lancer", f"{name}-back.parquet")
                self.check_equal(pq.read_table(self.path(f"{name}.parquet")),
                                 pq.read_table(self.path(f"{name}-back.parquet")))

    def test_odd_names(self):
        names = ["", "a.b", "a/b", '"q"', "n\nl", "é", "a b", "a,b", "$(x)", "'"]
        self.there_and_back(pa.table([[i] for i in range(len(names))], names=names))

    def test_fixed_size_lists_with_null_rows(self):
        kind = pa.list_(pa.float32(), 2)
        table = pa.table(
            {"v": pa.array([[1, 2], None, [3, 4]], kind),
             "s": pa.array([{"f": [1, 2, 3]}, {"f": None}, None],
                           pa.struct([("f", pa.list_(pa.int64(), 3))]))})
        pa.feather.write_feather(table, self.path("in.feather"), compression="uncompressed")
        self.convert("in.feather", "t.lancer")
        self.convert("t.lancer", "t.parquet")
        read = pq.read_table(self.path("t.parquet"))  # readers can read it, as lists
        self.assertEqual(read["v"].to_pylist(), table["v"].to_pylist())
        self.convert("t.parquet", "u.lancer")
        self.convert("u.lancer", "back.feather")
        self.check_equal(table, pa.feather.read_table(self.path("back.feather")))

    def test_fixed_shape_tensors_with_null_rows(self):
        kind = pa.fixed_shape_tensor(pa.float32(), [2, 2])
        storage = pa.array([[1, 2, 3, 4], None, [5, 6, 7, 8]], kind.storage_type)
        table = pa.table({"t": pa.ExtensionArray.from_storage(kind, storage)})
        pa.feather.write_feather(table, self.path("in.feather"), compression="uncompressed")
        self.convert("in.feather", "t.lancer")
        self.convert("t.lancer", "t.parquet")
        self.assertEqual(pq.read_table(self.path("t.parquet"))["t"].to_pylist(),
                         storage.to_pylist())
        self.convert("t.parquet", "u.lancer")
        self.convert("u.lancer", "back.feather")
        self.check_equal(table, pa.feather.read_table(self.path("back.feather")))

    def test_fixed_size_lists_of_no_items(self):
        for shape in ((3, 0), (3, 0, 4), (0, 0)):
            with self.subTest(shape):
                name = "x".join(map(str, shape))
                numpy.save(self.path(f"{name}.npy"), numpy.zeros(shape))
                self.convert(f"{name}.npy", f"{name}.parquet")
                self.assertEqual(pq.read_table(self.path(f"{name}.parquet"))
                                 ["value"].to_pylist(), [[]] * shape[0])
                self.convert(f"{name}.parquet", f"{name}.lancer")
                self.convert(f"{name}.lancer", f"{name}-back.npy")
                self.assertEqual((self.folder / f"{name}.npy").read_bytes(),
                                 (self.folder / f"{name}-back.npy").read_bytes())

    def test_parquet_of_fixed_size_lists_with_null_rows_is_read(self):
        table = pa.table({"v": pa.array([[1, 2], None], pa.list_(pa.int32(), 2))})
        pq.write_table(table, self.path("in.parquet"))
        self.convert("in.parquet", "out.arrow")
        with pa.ipc.open_file(self.path("out.arrow")) as file:
            self.assertEqual(file.read_all()["v"].to_pylist(), [[1, 2], None])

    def test_an_extension_type_over_nulls(self):
        table = pa.table({"n": pa.ExtensionArray.from_storage(
            pa.opaque(pa.null(), "x", "y"), pa.nulls(3))})
        with pa.ipc.new_file(self.path("in.arrow"), table.schema) as out:
            out.write_table(table)
        self.convert("in.arrow", "t.lancer")
        self.convert("t.lancer", "o.arrow")
        with pa.ipc.open_file(self.path("o.arrow")) as rows:
            self.assertTrue(rows.read_all().equals(table))

    def test_dictionaries_that_differ_between_batches(self):
        chunks = [pa.array(["a", "b", None]).dictionary_encode(),
                  pa.array(["c", "a"]).dictionary_encode()]
        table = pa.table({"d": pa.chunked_array(chunks)})
        with pa.ipc.new_stream(self.path("in.arrows"), table.schema) as writer:
            writer.write_table(table)
        self.convert("in.arrows", "t.lancer")
        for name in ("out.arrow", "out.arrows", "out.parquet"):
            self.convert("t.lancer", name)
        with pa.ipc.open_file(self.path("out.arrow")) as file:
            read = file.read_all()
        self.assertEqual(read.schema.field("d").type, pa.dictionary(pa.int32(), pa.string()))
        self.assertEqual(read["d"].to_pylist(), table["d"].to_pylist())
        with pa.ipc.open_stream(self.path("out.arrows")) as stream:
            self.assertEqual(stream.read_all()["d"].to_pylist(), table["d"].to_pylist())
        self.assertEqual(pq.read_table(self.path("out.parquet"))["d"].to_pylist(),
                         table["d"].to_pylist())

    def test_dictionaries_of_two_inputs_in_one_arrow_file(self):
        for name, values in (("1.arrows", ["a", "b"]), ("2.arrows", ["c", "b"])):
            table = pa.table({"d": pa.array(values).dictionary_encode()})
            with pa.ipc.new_stream(self.path(name), table.schema) as writer:
                writer.write_table(table)
        self.convert("1.arrows", "2.arrows", "out.arrow")
        with pa.ipc.open_file(self.path("out.arrow")) as file:
            self.assertEqual(file.read_all()["d"].to_pylist(), ["a", "b", "c", "b"])

    def test_arrow_files_streams_and_feather(self):
        table = sample_table()
        pa.feather.write_feather(table, self.path("in.feather"), compression="zstd")
        self.convert("in.feather", "t.lancer")
        self.convert("t.lancer", "out.arrows")
        with pa.ipc.open_stream(self.path("out.arrows")) as stream:
            self.check_equal(table.combine_chunks(), stream.read_all().combine_chunks())
        done = self.convert("t.lancer", "-", "--to", "arrow")
        with pa.ipc.open_stream(done.out) as stream:
            self.check_equal(table.combine_chunks(), stream.read_all().combine_chunks())
        piped = self.convert("-", "piped.feather", "--from", "arrow", stdin=done.out)
        self.assertIn("1,000 rows", piped.text)
        self.check_equal(table, pa.feather.read_table(self.path("piped.feather")))

    def test_partitioned_folders(self):
        for year in ("2023", "2024", "__HIVE_DEFAULT_PARTITION__"):
            folder = self.folder / "in" / f"year={year}" / "c=a%20b"
            folder.mkdir(parents=True)
            pq.write_table(pa.table({"x": [1, 2]}), folder / "f.parquet")
        self.convert("in", "t.lancer")
        self.convert("t.lancer", "out.parquet", "--columns", "year,x,c")
        read = pq.read_table(self.path("out.parquet"))
        self.assertEqual(read["year"].to_pylist(), [2023, 2023, 2024, 2024, None, None])
        self.assertEqual(read["c"].to_pylist(), ["a b"] * 6)
        self.assertEqual(read.column_names, ["year", "x", "c"])

    def test_globs_and_several_inputs(self):
        for i in range(3):
            pq.write_table(pa.table({"x": [i], "y": ["a"]}), self.path(f"in{i}.parquet"))
        self.convert("in*.parquet", "t.lancer")
        self.convert("t.lancer", "in0.parquet", "out.jsonl", "--columns", "x")
        rows = [json.loads(s)["x"] for s in open(self.path("out.jsonl"), encoding="utf-8")]
        self.assertEqual(rows, [0, 1, 2, 0])

    def test_npy_byte_for_byte(self):
        arrays = {
            "bool": numpy.array([True, False, True]),
            "scalar": numpy.array(3.5),
            "vector": numpy.arange(5000, dtype="i2"),
            "matrix": numpy.arange(24, dtype="<f8").reshape(8, 3),
            "tensor": numpy.arange(24, dtype="f4").reshape(2, 3, 4),
            "fortran": numpy.asfortranarray(numpy.arange(24, dtype="u4").reshape(2, 3, 4)),
            "big": numpy.arange(6, dtype=">i8").reshape(2, 3),
            "half": numpy.arange(6, dtype="f2"),
            "bits": numpy.arange(12).reshape(3, 4) % 3 == 0,
            "no_rows": numpy.zeros((0, 3), "f4"),
        }
        for name, array in arrays.items():
            with self.subTest(name):
                numpy.save(self.path(f"{name}.npy"), array)
                self.convert(f"{name}.npy", f"{name}.lancer")
                self.convert(f"{name}.lancer", f"{name}-back.npy")
                self.assertEqual((self.folder / f"{name}.npy").read_bytes(),
                                 (self.folder / f"{name}-back.npy").read_bytes())
        self.convert("tensor.lancer", "tensor.arrow")
        with pa.ipc.open_file(self.path("tensor.arrow")) as file:
            field = file.schema.field("value")
        self.assertEqual(field.type, pa.fixed_shape_tensor(pa.float32(), [3, 4]))

    def test_npy_versions_two_and_three(self):
        for version in ((2, 0), (3, 0)):
            with open(self.path("in.npy"), "wb") as file:
                numpy.lib.format.write_array(file, numpy.arange(5), version=version)
            self.convert("in.npy", "out.npy", "--mode", "overwrite")
            self.assertEqual((self.folder / "in.npy").read_bytes(),
                             (self.folder / "out.npy").read_bytes())

    def test_npy_from_parquet(self):
        vectors = pa.array([[1, 2], [3, 4]], pa.list_(pa.float32(), 2))
        pq.write_table(pa.table({"v": vectors, "n": [1, 2]}), self.path("in.parquet"))
        self.convert("in.parquet", "v.npy", "--columns", "v")
        self.assertEqual(numpy.load(self.path("v.npy")).tolist(), [[1, 2], [3, 4]])


class TextFormats(CliTest):
    def rows(self, name):
        done = self.convert(name, "-", "--to", "jsonl")
        return [json.loads(line) for line in done.text.splitlines()]

    def test_csv_types(self):
        self.write("in.csv", 'id,zip,name,day,x\n1,007,"a ""q"", b",2024-02-29,1.5\n'
                             '2,008,,2024-03-01,\n3,009,"",2024-03-01,2\n')
        self.convert("in.csv", "t.lancer")
        self.assertEqual(self.rows("t.lancer"), [
            {"id": 1, "zip": "007", "name": 'a "q", b', "day": "2024-02-29", "x": 1.5},
            {"id": 2, "zip": "008", "name": None, "day": "2024-03-01", "x": None},
            {"id": 3, "zip": "009", "name": "", "day": "2024-03-01", "x": 2}])

    def test_csv_comes_back_as_it_was(self):
        text = 'id,name,ok\n1,"a, ""b""",true\n2,"",false\n3,,\n4,"two\nlines",true\n'
        self.write("in.csv", text)
        self.convert("in.csv", "t.lancer")
        self.convert("t.lancer", "out.csv")
        self.assertEqual((self.folder / "out.csv").read_text(), text)

    def test_csv_of_one_column_keeps_its_nulls(self):
        for values in (["1", "", "3", ""], ["true", "", "false"], ["0.5", "", "-1.0"],
                       ['""', "", "x"], ["", ""]):
            text = "a\n" + "".join(value + "\n" for value in values)
            with self.subTest(text):
                self.write("in.csv", text)
                self.convert("in.csv", "t.lancer", "--mode", "overwrite")
                self.assertEqual(self.inspect("t.lancer")["rows"], len(values))
                self.convert("t.lancer", "out.csv", "--mode", "overwrite")
                self.assertEqual((self.folder / "out.csv").read_text(), text)

    def test_csv_of_many_batches(self):
        self.write("in.csv", "a,b\n" + "".join(f"{i},x{i}\n" for i in range(150_000)))
        self.convert("in.csv", "t.lancer")
        self.assertEqual(self.inspect("t.lancer")["rows"], 150_000)
        self.assertEqual(self.inspect("t.lancer", "take", "149999")["rows"],
                         [[149999, "x149999"]])

    def test_jsonl_nested(self):
        lines = [{"a": 1, "b": {"c": [1, 2.5], "d": "é😀"}, "e": []},
                 {"b": None, "a": None, "e": [{"z": True}]},
                 {}]
        self.write("in.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.convert("in.jsonl", "t.lancer")
        self.assertEqual(self.rows("t.lancer"), [
            {"a": 1, "b": {"c": [1, 2.5], "d": "é😀"}, "e": []},
            {"a": None, "b": None, "e": [{"z": True}]},
            {"a": None, "b": None, "e": None}])

    def test_jsonl_keeps_every_digit(self):
        lines = ['{"u":18446744073709551615,"i":-9223372036854775808}',
                 '{"u":9007199254740993,"i":9007199254740993}']
        self.write("in.jsonl", "\n".join(lines) + "\n")
        self.convert("in.jsonl", "t.lancer")
        self.assertEqual(self.convert("t.lancer", "-", "--to", "jsonl").text.splitlines(),
                         lines)

    def test_jsonl_reads_its_own_floats(self):
        text = ('{"a":"NaN","b":[1.5, "Infinity"]}\n{"a":0.1,"b":null}\n'
                '{"a":"-Infinity","b":["NaN", -2.5]}\n')
        self.write("in.jsonl", text)
        self.convert("in.jsonl", "t.lancer")
        self.assertEqual(self.inspect("t.lancer", "schema")["fields"][0]["type"], "double")
        self.convert("t.lancer", "out.jsonl")
        self.assertEqual((self.folder / "out.jsonl").read_text(), text)

    def test_jsonl_reads_floats_that_are_all_special(self):
        text = '{"a":"NaN"}\n{"a":null}\n{"a":"-Infinity"}\n'
        self.write("in.jsonl", text)
        self.convert("in.jsonl", "t.lancer")
        self.assertEqual(self.inspect("t.lancer", "schema")["fields"][0]["type"], "double")
        self.convert("t.lancer", "out.jsonl")
        self.assertEqual((self.folder / "out.jsonl").read_text(), text)

    def test_standard_input_and_output(self):
        done = self.convert("-", "-", "--from", "csv", "--to", "jsonl", stdin=b"a\n1\n")
        self.assertEqual(done.text, '{"a":1}\n')


class Modes(CliTest):
    def setUp(self):
        super().setUp()
        self.write("in.csv", "a,b\n1,x\n2,y\n")

    def test_a_damaged_newest_version_is_read_around_when_told(self):
        self.convert("in.csv", "t.lancer")
        self.convert("in.csv", "t.lancer", "--mode", "append")
        newest = self.folder / "t.lancer/_log/00000000000000000002.mft"
        newest.chmod(0o644)
        newest.write_bytes(b"damaged")
        self.refuse("lance-convert", "t.lancer", "out.csv", says=(newest.name,))
        self.assertFalse((self.folder / "out.csv").exists())
        self.convert("t.lancer", "out.csv", "--allow-rollback")
        self.assertEqual((self.folder / "out.csv").read_text(), "a,b\n1,x\n2,y\n")
        # It is a choice of the reader's: nothing is appended.
        self.refuse("lance-convert", "in.csv", "t.lancer", "--mode", "append",
                    "--allow-rollback", says=(newest.name,))

    def test_create_append_overwrite(self):
        self.convert("in.csv", "t.lancer")
        self.refuse("lance-convert", "in.csv", "t.lancer", says=("exists", "--mode"))
        self.convert("in.csv", "t.lancer", "--mode", "append")
        self.assertEqual(self.inspect("t.lancer")["rows"], 4)
        self.write("new.csv", "c\n5\n")
        self.convert("new.csv", "t.lancer", "--mode", "overwrite")
        summary = self.inspect("t.lancer")
        self.assertEqual((summary["rows"], summary["columns"], summary["version"]), (1, 1, 3))
        self.assertEqual(self.inspect("t.lancer", "--version", "2")["rows"], 4)

    def test_append_of_other_columns_is_refused(self):
        self.convert("in.csv", "t.lancer")
        self.write("new.csv", "c\n5\n")
        self.refuse("lance-convert", "new.csv", "t.lancer", "--mode", "append")
        self.assertEqual(self.inspect("t.lancer")["rows"], 2)

    def test_files_are_replaced_only_when_asked(self):
        for name in ("out.jsonl", "out.lancer"):
            options = ["--single-file"] if name.endswith("lancer") else []
            self.convert("in.csv", name, *options)
            self.refuse("lance-convert", "in.csv", name, *options, says="exists")
            self.convert("in.csv", name, *options, "--mode", "overwrite")
            self.refuse("lance-convert", "in.csv", name, *options, "--mode", "append",
                        says="append")

    def test_links_stay_and_pipes_are_not_replaced(self):
        for name, options in (("out.csv", []), ("out.lancer", ["--single-file"])):
            (self.folder / "kept").mkdir(exist_ok=True)
            self.write("kept/" + name, "old")
            link, pipe = self.folder / name, self.folder / ("pipe-" + name)
            link.symlink_to("kept/" + name)
            self.convert("in.csv", name, *options, "--mode", "overwrite")
            self.assertTrue(link.is_symlink())
            self.assertNotEqual((self.folder / "kept" / name).read_bytes(), b"old")
            os.mkfifo(pipe)
            for mode in ("create", "overwrite"):
                self.refuse("lance-convert", "in.csv", pipe.name, *options, "--mode", mode,
                            says=(pipe.name, "standard output"))
            self.assertTrue(pipe.is_fifo())

    def test_columns_and_rename(self):
        self.convert("in.csv", "out.jsonl", "--columns", "b,a", "--rename", "a=number")
        self.assertEqual((self.folder / "out.jsonl").read_text().splitlines()[0],
                         '{"b":"x","number":1}')
        self.refuse("lance-convert", "in.csv", "o.jsonl", "--columns", "z", says="z")
        self.refuse("lance-convert", "in.csv", "o.jsonl", "--rename", "z=y", says="z")

    def test_a_name_of_two_columns_chooses_none(self):
        self.write("twice.csv", "a,a,b\n1,2,3\n")
        for options in (["--columns", "a"], ["--columns", "b,a"]):
            for output in ("o.jsonl", "o.lancer"):
                self.refuse("lance-convert", "twice.csv", output, *options,
                            says=("twice.csv", "field a: 2 columns have this name", "--rename a="))
        self.convert("twice.csv", "o.jsonl", "--columns", "b")

    def test_json_report(self):
        report = json.loads(self.convert("in.csv", "t.lancer", "--json").text)
        self.assertEqual((report["rows"], report["columns"], report["version"]), (2, 2, 1))
        self.assertEqual(report["output"], "t.lancer")
        self.assertGreater(report["bytes"], 0)

    def test_help_has_an_example(self):
        done = self.run_tool("lance-convert", "--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("lance-convert packages.parquet packages.lancer", done.text)

    def test_usage_errors(self):
        for arguments in (["in.csv"], ["in.csv", "o.lancer", "--mode", "upsert"],
                          ["in.csv", "o.lancer", "--primary-key", "a"],
                          ["in.csv", "o.lancer", "--from", "xls"],
                          ["in.csv", "o.lancer", "--rename", "a"],
                          ["-", "-", "o.lancer", "--from", "csv"]):
            with self.subTest(arguments):
                self.refuse("lance-convert", *arguments, code=2)

    def test_a_signal_ends_the_wait_for_standard_input(self):
        for name, kind in (("t.lancer", signal.SIGINT), ("t.csv", signal.SIGTERM)):
            for source in ("csv", "parquet", "arrow"):
                with self.subTest(name=name, source=source):
                    process = subprocess.Popen(
                        [BIN / "lance-convert", "-", name, "--from", source],
                        cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE)
                    wait_until_caught(process, kind)
                    process.send_signal(kind)
                    self.assertEqual(process.wait(timeout=30), 1)  # the pipe is open yet
                    _, error = process.communicate()
                    self.assertIn(b"interrupted", error)
        self.assertEqual(self.names(), ["in.csv"])

    def test_a_reader_that_has_enough_ends_the_run_quietly(self):
        self.write("long.csv", "a\n" + "123456789\n" * 500_000)
        process = subprocess.Popen([BIN / "lance-convert", "long.csv", "-", "--to", "jsonl"],
                                   cwd=self.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), b'{"a":123456789}\n')
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), -signal.SIGPIPE)

    def test_many_may_begin_one_dataset(self):
        for mode in ("append", "overwrite"):
            with self.subTest(mode):
                name, done = f"{mode}.lancer", 0
                many = [subprocess.Popen([BIN / "lance-convert", "in.csv", name, "--mode",
                                          mode], cwd=self.folder, stderr=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL) for _ in range(6)]
                for process in many:
                    _, error = process.communicate(timeout=60)
                    done += process.returncode == 0
                    if error:  # one overwrite may meet another, but no creation
                        self.assertRegex(error, b": overwrite.lancer: .*was committed meanwhile")
                self.assertTrue(done == 6 or mode == "overwrite" and done > 0, done)
                self.assertEqual(self.inspect(name)["rows"], 2 * done if mode == "append"
                                 else 2)
                self.assertEqual(self.inspect(name)["version"], done)

    def interrupt(self, name, kind):
        """Appends rows that never end to `name`, and sends the signal while they come."""
        process = subprocess.Popen(
            [BIN / "lance-convert", "-", name, "--from", "csv", "--mode", "append"],
            cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        written = 0
        try:
            process.stdin.write(b"a,b\n")
            while True:  # ends when the program does
                process.stdin.write(b"1,x\n" * 65536)
                written += 1
                if written == 20:
                    process.send_signal(kind)
        except BrokenPipeError:
            pass
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        error = process.stderr.read()
        process.stderr.close()
        return process.wait(timeout=60), error

    def test_an_interrupted_run_leaves_the_earlier_version(self):
        self.convert("in.csv", "t.lancer")
        for name, kind in (("t.lancer", signal.SIGINT), ("t.lancer", signal.SIGKILL),
                           ("fresh.lancer", signal.SIGINT)):
            with self.subTest(name=name, kind=kind):
                code, error = self.interrupt(name, kind)
                self.assertEqual(code, 1 if kind == signal.SIGINT else -kind, error)
                if kind == signal.SIGINT:
                    self.assertIn(b"interrupted", error)
        self.assertEqual(self.inspect("t.lancer")["rows"], 2)
        self.assertEqual(self.inspect("t.lancer", "verify")["sound"], True)
        self.convert("in.csv", "fresh.lancer")


if __name__ == "__main__":
    unittest.main()
