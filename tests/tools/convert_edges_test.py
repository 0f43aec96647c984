"""lance-convert: input at the edges fails with one clear line, and nothing is left."""
import os
import pathlib
import resource
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import BIN, CliTest, needs_pyarrow  # noqa: E402

try:
    import numpy
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    numpy = pa = pq = None


class TextInputs(CliTest):
    def check(self, name, content, *says):
        self.write(name, content)
        with self.subTest(name):
            self.refuse("lance-convert", name, "out.lancer", says=(name, *says))

    def test_csv(self):
        self.check("ragged.csv", "a,b\n1,2\n3,4,5\n",
                   "line 3: 3 fields, expected 2 as in the header on line 1; put a field that")
        self.check("short.csv", "a,b\n1\n", "line 2: 1 field, expected 2")
        self.check("quote.csv", 'a,b\n1,"x\ny\n' * 3, "line")
        self.check("open.csv", 'a,b\n1,"x\n' + "y\n" * 1000,
                   "line 2: quote opened and never closed; close it")
        self.check("behind.csv", 'a\n"x"y\n', "line 2: text behind the closing quote")
        self.check("latin.csv", b"a\n\xe9\n", "line 2", "UTF-8")
        self.check("empty.csv", "", "empty")
        self.check("twice.csv", "a,a\n1,2\n", "field a: the name stands twice",
                   "--rename a=NEW_NAME")
        self.check("zero.csv", "a\0b\n1\n", "line 1: a zero byte in the name of column 1")
        self.check("zeros.csv", bytes(4096), "line 1: a zero byte in the name of column 1")

    def test_jsonl(self):
        self.check("mixed.jsonl", '{"a":1}\n{"a":"x"}\n',
                   "line 2: field a: holds a text, but line 1",
                   "write all its values as that, or all as texts")
        self.check("digits.jsonl", '{"a":9007199254740993}\n{"a":0.5}\n',
                   "line 1: field a: integer 9007199254740993 would lose digits",
                   "line 2 makes the column float64; write it as a text")
        self.check("huge.jsonl", '{"a":123456789012345678901}\n', "line 1: field a")
        self.check("deep.jsonl", '{"a":1}\n{"a":' + "[" * 50_000 + "]" * 50_000 + "}\n",
                   "line 2: nested deeper than 64 levels at byte 69; make the line one whole")
        self.check("cut.jsonl", '{"a":1}\n{"a":', "line 2")
        self.check("list.jsonl", "[1]\n", "line 1: expected an object")
        self.check("array.jsonl", '[\n{"a":1}\n]\n', "line 1", "jq -c '.[]'")
        self.check("twice.jsonl", '{"a":1,"a":2}\n',
                   "line 1: field a: stands twice in one object; rename")
        self.check("zero.jsonl", '{"a\\u0000b":1}\n',
                   'field "a\\x00b": a name cannot hold a zero byte', "rename it in the input")
        self.check("same.jsonl", '{"s":{"_rowid":1}}\n{"_rowid":1}\n', "--rename _rowid=")
        self.check("latin.jsonl", b'{"a":"\xe9"}\n', "line 1", "UTF-8")
        self.check("empty.jsonl", "", "no JSON object")

    def test_jsonl_contradiction_far_down(self):
        self.check("late.jsonl", '{"a":1}\n' * 300_000 + '{"a":[]}\n',
                   "line 300001: field a: holds a list")

    def test_reserved_names(self):
        for name in ("_rowid", "_version", "_change", "_ordinal"):
            self.check(f"{name}.csv", f"{name}\n1\n", f"--rename {name}=")
            self.convert(f"{name}.csv", f"{name}.lancer", "--rename", f"{name}=fine")

    def test_missing_inputs(self):
        self.refuse("lance-convert", "no.csv", "o.lancer", says="no.csv: no such file")
        self.refuse("lance-convert", "*.csv", "o.lancer", says="no file matches")
        (self.folder / "empty").mkdir()
        self.refuse("lance-convert", "empty", "o.lancer", says="is no Lancer dataset")
        self.write("x.unknown", "hello")
        self.refuse("lance-convert", "x.unknown", "o.lancer", says="--from")
        self.write("in.csv", "a\n1\n")
        self.refuse("lance-convert", "in.csv", "o.unknown", says="--to")
        self.refuse("lance-convert", "in.csv", "-", "--to", "lancer",
                    says="a Lancer dataset is a folder; give its path, or --single-file")
        self.refuse("lance-convert", "-", "o.lancer", stdin=b"", says="--from")

    def test_outputs_are_made_in_folders_that_exist(self):
        self.write("in.csv", "a\n1\n")
        for name, *options in (("o.jsonl",), ("o.lancer",), ("o.lancer", "--single-file")):
            with self.subTest((name, *options)):
                for mode in ("create", "overwrite"):
                    self.refuse("lance-convert", "in.csv", f"no/folder/{name}", *options,
                                "--mode", mode,
                                says=f"no/folder/{name}: its folder no/folder does not "
                                     "exist; make it first")
                self.refuse("lance-convert", "in.csv", f"in.csv/{name}", *options,
                            says=f"in.csv/{name}: in.csv is not a folder; give another")

    def test_columns_that_are_not_there(self):
        self.write("in.csv", "label,b\n1,2\n")
        self.convert("in.csv", "t.lancer")
        for name in ("in.csv", "t.lancer"):
            for columns, words in (("", 'no field ""; the fields are label, b'),
                                   ("z", "no field z; the fields are label, b"),
                                   ("b,lable", "no field lable; did you mean label?"),
                                   ("b,b", "field b is selected twice; name it once")):
                self.refuse("lance-convert", name, "o.csv", "--columns", columns, says=words)
        self.refuse("lance-inspect", "t.lancer", "head", "--columns", "lable",
                    says="t.lancer: no field lable; did you mean label?")

    def test_columns_of_one_name_are_told_apart_by_renames(self):
        self.write("in.csv", "a,b,a,a\n1,2,3,4\n")
        for output in ("o.lancer", "o.jsonl"):
            self.refuse("lance-convert", "in.csv", output, says="--rename a=NEW_NAME")
            self.refuse("lance-convert", "in.csv", output, "--rename", "a=x",
                        says="field a: the name stands twice")
        self.convert("in.csv", "o.jsonl", "--rename", "a=x", "--rename", "a=y")
        self.assertEqual((self.folder / "o.jsonl").read_text(),
                         '{"x":1,"b":2,"y":3,"a":4}\n')
        renames = [word for name in "wxyz" for word in ("--rename", f"a={name}")]
        self.refuse("lance-convert", "in.csv", "o.csv", *renames,
                    says="--rename a=z: every column of this name has a new one")
        self.refuse("lance-convert", "in.csv", "o.lancer", "--rename", "a=b",
                    says="field b: the name stands twice")

    def test_columns_of_one_name_keep_their_order_over_inputs(self):
        self.write("1.csv", "a,a,b\n1,x,2\n")
        self.write("2.csv", "b,a,a\n4,3,y\n")
        self.convert("1.csv", "2.csv", "o.csv")
        self.assertEqual((self.folder / "o.csv").read_text(), "a,a,b\n1,x,2\n3,y,4\n")

    def test_inputs_with_other_columns(self):
        self.write("1.csv", "a,b\n1,2\n")
        self.write("2.csv", "a,c\n1,2\n")
        self.write("3.csv", "b,a\nx,1\n")
        self.refuse("lance-convert", "1.csv", "2.csv", "o.lancer",
                    says=("2.csv: field b", "1.csv"))
        self.refuse("lance-convert", "1.csv", "3.csv", "o.lancer",
                    says=("3.csv: field b: is string, but int64 in 1.csv",))

    def test_a_folder_that_is_not_ours_is_left_alone(self):
        (self.folder / "notes.lancer").mkdir()
        self.write("notes.lancer/letter.txt", "dear")
        self.write("in.csv", "a\n1\n")
        self.refuse("lance-convert", "in.csv", "notes.lancer", says="notes.lancer")
        self.refuse("lance-convert", "in.csv", "notes.lancer", "--mode", "overwrite")
        self.refuse("lance-convert", "notes.lancer", "o.csv", says="notes.lancer")

    def test_original_lance(self):
        (self.folder / "old.lance" / "_versions").mkdir(parents=True)
        self.write("file.lance", b"........LANC")
        for name in ("old.lance", "file.lance"):
            for tool, rest in (("lance-convert", ["o.lancer"]), ("lance-inspect", [])):
                self.refuse(tool, name, *rest, says=("original Lance format", "pylance"))

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_folder(self):
        self.write("in.csv", "a\n1\n")
        (self.folder / "locked").mkdir(mode=0o555)
        self.refuse("lance-convert", "in.csv", "locked/t.lancer", says="locked")

    def test_csv_refuses_lists(self):
        self.write("in.jsonl", '{"a":[1]}\n')
        self.refuse("lance-convert", "in.jsonl", "o.csv", says=("field a", "--columns"))


@needs_pyarrow
class BinaryInputs(CliTest):
    def check(self, name, content, *says):
        self.write(name, content)
        with self.subTest(name):
            self.refuse("lance-convert", name, "out.lancer", says=(name, *says))

    def test_parquet(self):
        pq.write_table(pa.table({"a": list(range(10_000)), "b": ["x"] * 10_000}),
                       self.path("good.parquet"), write_page_checksum=True)
        good = (self.folder / "good.parquet").read_bytes()
        whole = "check that the copy is complete"
        self.check("cut.parquet", good[: len(good) // 2], "not a whole Parquet file",
                   f"{len(good) // 2} bytes do not end with", whole)
        self.check("empty.parquet", b"", "not a whole Parquet file: it is empty", whole)
        self.check("magic.parquet", b"hello world, this is no parquet",
                   'it does not begin with "PAR1"', "--from")
        self.check("secret.parquet", b"PARE" + good[4:], "without encryption")
        self.check("length.parquet", good[:-8] + b"\xff\xff\xff\x7f" + good[-4:],
                   "damaged Parquet file: metadata of 2147483647 bytes", whole)
        self.check("footer.parquet", good[:-20] + b"\xff" * 8 + good[-12:],
                   "damaged Parquet file: metadata", "is not readable", whole)
        flipped = bytearray(good)
        flipped[200] ^= 1
        self.check("flipped.parquet", bytes(flipped),
                   "row group 0: a page does not match its checksum", whole)

    def test_every_damage_of_parquet_is_told_in_our_words(self):
        table = pa.table({"a": [1, 2, None] * 99, "s": ["x", None, "yy"] * 99,
                          "l": [[1], None, [2, 3]] * 99})
        pq.write_table(table, self.path("good.parquet"), write_page_checksum=True)
        self.check_every_damage("bad.parquet", (self.folder / "good.parquet").read_bytes())

    def check_every_damage(self, name, good):
        self.convert(self.write("good-" + name, good), "o.jsonl")
        cuts = [good[:size] for size in range(0, len(good), 199)]
        flips = [good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1:]
                 for at in range(0, len(good), 61)]
        for content in cuts + flips:
            self.write(name, content)
            done = self.run_tool("lance-convert", name, "o.jsonl", "--mode", "overwrite")
            self.assertIn(done.returncode, (0, 1), done.error)
            if done.returncode == 1:
                self.assertRegex(done.error, rf"^lance-convert: {name}: [^\n]*(; check that"
                                             r" the copy is complete|; convert it to|"
                                             r"--columns|restore it)[^\n]*\n$")

    def test_parquet_with_a_name_twice(self):
        pq.write_table(pa.table([[1], [2]], names=["a", "a"]), self.path("in.parquet"))
        self.refuse("lance-convert", "in.parquet", "o.lancer",
                    says=("in.parquet: field a: the name stands twice", "--rename a="))
        self.convert("in.parquet", "o.lancer", "--rename", "a=b")
        self.convert("o.lancer", "o.jsonl")
        self.assertEqual((self.folder / "o.jsonl").read_text(), '{"b":1,"a":2}\n')

    def test_bfloat16(self):
        halves = pa.array([b"\x80\x3f", None, b"\xcd\x3d", b"\xc0\xff"], pa.binary(2))
        schema = pa.schema([pa.field("b", pa.binary(2), metadata={
            "ARROW:extension:name": "lancer.bfloat16"})])
        pq.write_table(pa.table([halves], schema=schema), self.path("in.parquet"))
        self.convert("in.parquet", "o.lancer")
        self.convert("o.lancer", "o.jsonl")
        self.convert("o.lancer", "o.csv")
        self.assertEqual((self.folder / "o.jsonl").read_text(),
                         '{"b":1.0}\n{"b":null}\n{"b":0.1}\n{"b":"NaN"}\n')
        self.assertEqual((self.folder / "o.csv").read_text(), 'b\n1.0\n\n0.1\nNaN\n')
        self.assertEqual(self.inspect("o.lancer", "head")["rows"], [[1.0], [None], [0.1], ["NaN"]])
        self.assertIn("0.1", str(self.inspect("o.lancer", "stats")))
        self.convert("o.lancer", "back.parquet")
        self.assertTrue(pq.read_table(self.path("back.parquet")).equals(
            pq.read_table(self.path("in.parquet")), check_metadata=True))

    def test_extension_types_on_other_storage_are_refused(self):
        schema = pa.schema([pa.field("s", pa.struct([pa.field("u", pa.binary(4), metadata={
            "ARROW:extension:name": "lancer.bfloat16"})]))])
        pq.write_table(pa.table([pa.array([None], schema.field(0).type)], schema=schema),
                       self.path("in.parquet"))
        self.refuse("lance-convert", "in.parquet", "o.lancer",
                    says="field s.u: extension type lancer.bfloat16 needs fixed_size_binary[2], "
                         "found fixed_size_binary[4]")

    def test_types_that_cannot_be_stored(self):
        months = pa.array([pa.MonthDayNano([1, 2, 3])])
        union = pa.UnionArray.from_dense(pa.array([0], pa.int8()), pa.array([0], pa.int32()),
                                         [pa.array([1])])
        for column, words in (
                (months, "field x: type month_day_nano_interval cannot be stored; convert it "
                         "to integers or to a duration"),
                (pa.StructArray.from_arrays([months], ["m"]), "field x.m: type month"),
                (union, "field x: union types are not supported")):
            schema = pa.schema([("good", pa.int32()), ("x", column.type)])
            self.write_arrow("in.arrow", schema, pa.array([1], pa.int32()), column)
            self.refuse("lance-convert", "in.arrow", "o.lancer",
                        says=("in.arrow: field x", words, "leave the column out", "--columns"))
            self.convert("in.arrow", "o.jsonl", "--columns", "good", "--mode", "overwrite")
        self.refuse("lance-convert", "in.arrow", "o.lancer", "--columns", "x,goot",
                    says="union")
        self.refuse("lance-convert", "in.arrow", "o.lancer", "--columns", "goot",
                    says="in.arrow: no field goot; did you mean good?")

    def test_a_struct_with_a_name_twice(self):
        column = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["x", "x"])
        schema = pa.schema([("good", pa.int64()), ("s", column.type)])
        self.write_arrow("in.arrow", schema, pa.array([1]), column)
        self.refuse("lance-convert", "in.arrow", "o.lancer",
                    says="in.arrow: field s.x: the name stands twice at this level; change "
                         "it in the input, or leave the column out (--columns good)")

    def test_names_with_a_zero_byte(self):
        inner = pa.array([{"x\0y": 1}])
        for name, kind, column in (("a\0b", pa.int64(), pa.array([1])),
                                   ("s", inner.type, inner)):
            schema = pa.schema([("good", pa.int64()), (name, kind)])
            self.write_arrow("in.arrow", schema, pa.array([1]), column)
            pq.write_table(pa.table([pa.array([1]), column], schema=schema),
                           self.path("in.parquet"))
            for file in ("in.arrow", "in.parquet"):
                for output in ("o.lancer", "o.csv"):
                    self.refuse("lance-convert", file, output,
                                says=(f"{file}: field ", "\\x00", "cannot hold a zero byte"))
                self.convert(file, "good.csv", "--columns", "good", "--mode", "overwrite")

    def write_arrow(self, name, schema, *columns):
        with pa.ipc.new_file(self.path(name), schema) as writer:
            writer.write_batch(pa.record_batch(list(columns), schema=schema))

    def test_a_null_where_none_may_be_names_the_output(self):
        self.write_arrow("in.arrow", pa.schema([pa.field("a", pa.int64(), nullable=False)]),
                         pa.array([1, None]))
        for options in ([], ["--single-file"]):
            self.refuse("lance-convert", "in.arrow", "o.lancer", *options,
                        says="o.lancer: field a holds a null")

    def test_parquet_has_no_type_for_some_columns(self):
        runs = pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array([5]))
        column = pa.StructArray.from_arrays([runs], ["r"])
        self.write_arrow("in.arrow", pa.schema([("s", column.type)]), column)
        self.refuse("lance-convert", "in.arrow", "o.parquet",
                    says=("o.parquet: field s.r: parquet cannot hold run_end", "--columns"))

    def test_an_append_of_other_columns_says_what_to_do(self):
        self.write("in.csv", "a,b\n1,x\n")
        self.convert("in.csv", "t.lancer")
        self.write("turned.csv", "b,a\nx,1\n")
        self.refuse("lance-convert", "turned.csv", "t.lancer", "--mode", "append",
                    says=("t.lancer: ", "--columns a,b gives them in the dataset's order"))
        self.convert("turned.csv", "t.lancer", "--mode", "append", "--columns", "a,b")
        self.write("fewer.csv", "b\nx\n")
        self.refuse("lance-convert", "fewer.csv", "t.lancer", "--mode", "append",
                    says="has the dataset's columns in its order")
        pq.write_table(pa.table({"a": [1], "b": pa.array(["x"], pa.large_string())}),
                       self.path("large.parquet"))
        self.refuse("lance-convert", "large.parquet", "t.lancer", "--mode", "append",
                    says=("large_string", "write the input with that type"))

    def test_arrow(self):
        table = pa.table({"a": list(range(1000)), "b": ["x"] * 1000})
        with pa.ipc.new_file(self.path("good.arrow"), table.schema) as writer:
            writer.write_table(table)
        good = (self.folder / "good.arrow").read_bytes()
        cut = good[: len(good) // 2]
        self.check("cut.arrow", cut, f"it was cut or changed: its {len(cut)} bytes do not end",
                   "check that the copy is complete")
        self.check("empty.arrow", b"", "not a whole Arrow file: it is empty")
        self.check("magic.arrow", b"hello world, this is no arrow file",
                   'begins neither with "ARROW1" nor', "--from")
        self.check("v1.feather", b"FEA1" + bytes(100), "version 1")
        with pa.ipc.new_stream(self.path("good.arrows"), table.schema) as writer:
            writer.write_table(table)
        stream = (self.folder / "good.arrows").read_bytes()
        self.check("cut.arrows", stream[: len(stream) // 2],
                   "record batch 0: it ends inside a record batch; check that the copy")
        offsets = stream.index(bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]))
        flipped = bytearray(stream)
        flipped[offsets + 5] ^= 1
        self.check("flipped.arrows", bytes(flipped),
                   "record batch 0, field b: offsets of lists or texts are out of order")

    def test_every_damage_of_arrow_is_told_in_our_words(self):
        table = pa.table({"a": [1, None] * 9,
                          "d": pa.array(["p", "q"] * 9).dictionary_encode()})
        with pa.ipc.new_file(self.path("good.arrow"), table.schema) as writer:
            writer.write_table(table)
        self.check_every_damage("bad.arrow", (self.folder / "good.arrow").read_bytes())

    def test_damaged_arrow_never_crashes(self):
        table = pa.table({"a": [1, 2, None], "s": ["x", None, "yy"],
                          "d": pa.array(["p", "q", "p"]).dictionary_encode(),
                          "l": [[1], None, [2, 3]]})
        with pa.ipc.new_stream(self.path("good.arrows"), table.schema) as writer:
            writer.write_table(table)
        good = (self.folder / "good.arrows").read_bytes()
        for at in range(0, len(good), 97):
            damaged = bytearray(good)
            damaged[at] ^= 0xFF
            self.write("bad.arrows", bytes(damaged))
            done = self.run_tool("lance-convert", "bad.arrows", "-", "--to", "jsonl")
            self.assertIn(done.returncode, (0, 1), f"byte {at}: {done.error}")

    def test_npy(self):
        for name, array in {"text": numpy.array(["a"]), "complex": numpy.array([1j]),
                            "object": numpy.array([None], dtype=object),
                            "record": numpy.zeros(1, dtype=[("a", "i4")])}.items():
            numpy.save(self.path(f"{name}.npy"), array)
            with self.subTest(name):
                self.refuse("lance-convert", f"{name}.npy", "o.lancer",
                            says=f"{name}.npy: npy file of")
        numpy.save(self.path("good.npy"), numpy.arange(100))
        good = (self.folder / "good.npy").read_bytes()
        self.check("cut.npy", good[:-1],
                   "its header says 928; check that the copy is complete")
        for name, content in (("header", good[:50]), ("magic", b"hello"), ("empty", b"")):
            self.check(f"{name}.npy", content, "npy header: ", "; save the array again")

    def test_npy_output_needs_one_column_of_numbers(self):
        pq.write_table(pa.table({"a": [1, None], "s": ["x", "y"]}), self.path("in.parquet"))
        self.refuse("lance-convert", "in.parquet", "o.npy", says="--columns")
        self.refuse("lance-convert", "in.parquet", "o.npy", "--columns", "s", says="string")
        self.refuse("lance-convert", "in.parquet", "o.npy", "--columns", "a", says="row 1")


@needs_pyarrow
class Memory(CliTest):
    LIMIT_BYTES = 600 << 20

    def peak_bytes(self, *arguments):
        process = subprocess.Popen([BIN / "lance-convert", *arguments], cwd=self.folder,
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss * 1024

    def test_row_groups_larger_than_memory_may_be(self):
        # LANCER_SOAK=1 makes it 4 GiB.
        groups = 12 if os.environ.get("LANCER_SOAK") else 1
        rows, width = 350 << 10, 1024
        block = numpy.random.default_rng(1).integers(0, 256, 8 << 20, dtype=numpy.uint8)
        data = pa.py_buffer(numpy.tile(block, rows * width // block.size + 1))
        kind = pa.binary(width)
        column = pa.FixedSizeBinaryArray.from_buffers(kind, rows, [None, data])
        schema = pa.schema([("hash", kind)])
        with pq.ParquetWriter(self.path("in.parquet"), schema, compression="none",
                              use_dictionary=False) as writer:
            for _ in range(groups):
                writer.write_table(pa.table([column], schema=schema), row_group_size=rows)
        self.assertLess(self.peak_bytes("in.parquet", "t.lancer"), self.LIMIT_BYTES)
        self.assertEqual(self.inspect("t.lancer")["rows"], groups * rows)


    def thousands_of_columns(self, rows):
        # Numbers, text of few values and text of many.
        random = numpy.random.default_rng(1)
        draws = [random.integers(0, 1 << 40, rows) for _ in range(20)]
        parts = [[pa.array(draw) for draw in draws],
                 [pa.array([f"kind {x % 97}" for x in draw]) for draw in draws],
                 [pa.array([f"text number {x}" for x in draw]) for draw in draws]]
        names = [f"c{i}" for i in range(5000)]
        return pa.table([parts[i % 3][i % 20] for i in range(len(names))], names=names)

    def test_thousands_of_columns_keep_to_the_budget(self):
        # LANCER_SOAK=1 writes 10,000 rows.
        step, steps = 250, 40 if os.environ.get("LANCER_SOAK") else 8
        table = self.thousands_of_columns(step)
        with pa.ipc.new_stream(self.path("in.arrows"), table.schema) as writer:
            for _ in range(steps):
                writer.write_table(table)
        self.assertLess(self.peak_bytes("in.arrows", "t.lancer"), self.LIMIT_BYTES)
        self.assertEqual(self.inspect("t.lancer")["rows"], steps * step)

    def test_thousands_of_columns_of_parquet_are_read_a_few_at_a_time(self):
        # LANCER_SOAK=1 writes 8,000 more rows to the larger row group.
        rows = 10_000 if os.environ.get("LANCER_SOAK") else 2000
        table = self.thousands_of_columns(rows)
        with pq.ParquetWriter(self.path("in.parquet"), table.schema) as writer:
            writer.write_table(table)
            writer.write_table(table.slice(7, 100))
        self.assertLess(self.peak_bytes("in.parquet", "t.lancer"), self.LIMIT_BYTES)
        names = ["c4999", "c0", "c128", "c2500"]
        self.convert("t.lancer", "o.parquet", "--columns", ",".join(names))
        expected = table.select(names)
        expected = pa.concat_tables([expected, expected.slice(7, 100)])
        self.assertTrue(pq.read_table(self.path("o.parquet")).equals(expected))
        self.assertEqual(self.inspect("t.lancer")["rows"], rows + 100)


class FullDisk(CliTest):
    def test_a_file_size_limit_ends_in_one_line(self):
        self.write("in.csv", "a\n" + "".join(f"{i * 7919 % 1000003}\n" for i in range(200_000)))
        for name, *options in (("o.lancer",), ("o.lancer", "--single-file"), ("o.jsonl",)):
            with self.subTest((name, *options)):
                done = subprocess.run(
                    [BIN / "lance-convert", "in.csv", name, *options], cwd=self.folder,
                    capture_output=True, check=False, timeout=60,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                          (100_000, 100_000)))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertRegex(done.stderr.decode(),
                                 rf"^lance-convert: {name}(/data)?: cannot write: [^\n]*; "
                                 r"[^\n]*ulimit[^\n]*\n$")
                self.assertEqual(self.names(), ["in.csv"])


if __name__ == "__main__":
    unittest.main()
