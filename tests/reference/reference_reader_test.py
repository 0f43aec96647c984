"""The reader in spec/reference, which shares no code with the library, finds in every
golden file the rows that the library's writer was given, and finds damage."""

import json
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "spec" / "golden"
sys.path.insert(0, str(ROOT / "spec" / "reference"))

from lancer_reference import dataset, encodings, layouts, nesting  # noqa: E402
from lancer_reference.container import Container  # noqa: E402
from lancer_reference.errors import Damaged, NotSupported  # noqa: E402


def golden_names():
    manifest = json.loads((GOLDEN / "v0" / "manifest.json").read_text())
    return [entry["name"] for entry in manifest["files"]]


def golden_path(name):
    path = GOLDEN / "v0" / f"{name}.lancer"
    return path if path.exists() else GOLDEN / "v0" / name


def expected_rows(name, folder=GOLDEN / "v0"):
    text = (folder / f"{name}.jsonl").read_text(encoding="utf-8")
    return text.split("\n")[:-1]


class GoldenFiles(unittest.TestCase):
    def test_the_manifest_lists_all_files(self):
        files = {path.stem for path in (GOLDEN / "v0").glob("*.lancer")}
        self.assertEqual(files | {"dataset"}, set(golden_names()))
        self.assertGreater(len(files), 40)

    def test_rows_are_those_that_were_written(self):
        for name in golden_names():
            with self.subTest(name):
                self.assertTrue(dataset.read_rows(golden_path(name))
                                == expected_rows(name), "other rows")

    def test_expected_rows_are_json(self):
        for name in golden_names():
            for row in expected_rows(name):
                self.assertIsInstance(json.loads(row), list)

    def test_the_program_prints_a_range_of_rows(self):
        program = ROOT / "spec" / "reference" / "read.py"
        printed = subprocess.run(
            [sys.executable, program, golden_path("type_string"), "--rows", "2:5"],
            capture_output=True, text=True, check=True, encoding="utf-8").stdout
        self.assertEqual(printed.split("\n")[:-1], expected_rows("type_string")[2:5])

    def test_the_program_names_a_damaged_file(self):
        program = ROOT / "spec" / "reference" / "read.py"
        result = subprocess.run([sys.executable, program, program], capture_output=True,
                                text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("read.py: the magic is missing", result.stderr)


class Coverage(unittest.TestCase):
    """What the golden files must hold, so that reading them all means something."""

    def setUp(self):
        self.pages, self.lengths, self.codecs, self.nulls = set(), set(), set(), set()
        self.names = set()
        for path in sorted((GOLDEN / "v0").glob("*.lancer")):
            columns = nesting.FileColumns(Container(path.read_bytes(), path.name))
            leaves = [leaf for column in columns.leaves for leaf in column]
            for number, leaf in enumerate(leaves):
                self._add(layouts.LeafReader(columns.container,
                                             columns.container.column_meta(number),
                                             leaf.levels))

    def _add(self, leaf):
        for page in leaf.pages():
            trees = leaf.tree_sets[page.tree_set]
            layout = "UKV"[page.layout] + ("+" if page.flags & 1 else "")
            self.pages.add((layout, leaf.kind.kind, trees[-1].name))
            self.lengths |= {tree.name for tree in trees[:-1]}
            self.names |= {node.name for tree in trees for node in all_nodes(tree)}
            if leaf.resources.codec_dictionary:
                self.codecs |= {node.name for node in all_nodes(trees[-1])}
            index = leaf.container.read(page.index_offset, page.index_size, "index")
            if page.layout != layouts.BLOCKS:
                slots = range(len(leaf.levels) + 1)
                self.nulls |= {index[8 * slot] for slot in slots}

    def test_every_layout_and_encoding_is_there(self):
        for layout, kinds in {
                "U": {("fixed", "plain"), ("fixed", "ffor"), ("fixed", "constant"),
                      ("bits", "bool_bits"), ("bits", "constant"), ("bytes", "constant")},
                "K": {("fixed", name) for name in ("plain", "constant", "ffor", "dict",
                                                   "delta_base", "shuffle", "predict",
                                                   "alp", "alp_rd", "cast", "zstd", "lz4",
                                                   "run_end", "sparse")}
                     | {("bits", name) for name in ("bool_bits", "constant", "run_end",
                                                    "sparse")}
                     | {("bytes", name) for name in ("var_bytes", "constant", "dict",
                                                     "fsst", "run_end", "sparse")},
                "K+": {("fixed", "ffor"), ("bits", "bool_bits"), ("bytes", "var_bytes")},
                "V": {("bytes", "var_bytes")}}.items():
            found = {page[1:] for page in self.pages if page[0] == layout}
            self.assertLessEqual(kinds, found, layout)
        self.assertEqual(self.names, registered_encodings())
        self.assertIn("ffor", self.lengths)
        self.assertGreaterEqual(len(self.lengths), 4)
        self.assertLessEqual({"zstd", "lz4"}, self.codecs)
        self.assertEqual({0, 1, 2, 3}, self.nulls)


def all_nodes(tree):
    return [tree] + [node for child in tree.children for node in all_nodes(child)]


def registered_encodings():
    """Names of the encodings that the library has, without reserved ones."""
    rows = (ROOT / "encoding" / "registry.cc").read_text(encoding="utf-8")
    return set(re.findall(r'"(\w+)", &', rows))


class Datasets(unittest.TestCase):
    def test_a_tree_of_fragments_is_read(self):
        program = pathlib.Path(os.environ.get("LANCER_BIN", "")) / "lancer_make_golden"
        if not program.is_file():
            self.skipTest("LANCER_BIN has no lancer_make_golden")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([program, folder, "300", "1"], check=True)
            opened = dataset.Dataset(folder / "dataset")
            self.assertEqual(opened.manifest["version"], 2)
            self.assertIsNotNone(opened.manifest["fragment_tree"])
            self.assertEqual(opened.rows(), expected_rows("dataset", folder))

    def test_a_damaged_file_of_a_dataset_is_found(self):
        source = golden_path("dataset")
        for path in sorted(source.rglob("*")):
            if not path.is_file():
                continue
            with self.subTest(path.name), tempfile.TemporaryDirectory() as name:
                copy = pathlib.Path(name) / "dataset"
                for other in source.rglob("*"):
                    if other.is_file():
                        target = copy / other.relative_to(source)
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(other.read_bytes())
                damaged = copy / path.relative_to(source)
                data = bytearray(damaged.read_bytes())
                data[-20] ^= 4
                damaged.write_bytes(data)
                try:
                    rows = dataset.read_rows(copy)
                except Damaged:
                    continue
                # HEAD is a hint, and nobody asked for version 1.
                self.assertIn(path.name, ("HEAD", f"{1:020}.mft"))
                self.assertEqual(rows, expected_rows("dataset"))


class RecordingContainer(Container):
    """Remembers what was read."""

    def __init__(self, data, name):
        self.ranges = [(len(data) - 64, 64)]
        super().__init__(data, name)
        self.ranges.append((self.footer_at, self.footer_size))

    def read(self, offset, size, what):
        if size:
            self.ranges.append((offset, size))
        return super().read(offset, size, what)


class Damage(unittest.TestCase):
    FILES = ("type_int32", "type_string", "nesting", "encodings_int64", "long_values",
             "codec_dictionary", "declared_types", "names")

    def test_a_flipped_bit_is_found_wherever_something_was_read(self):
        draw = random.Random(1)
        for name in self.FILES:
            data = golden_path(name).read_bytes()
            container = RecordingContainer(data, name)
            dataset.file_rows(container)
            ranges = container.ranges
            for offset, size in draw.sample(ranges, min(len(ranges), 25)):
                at, bit = offset + draw.randrange(size), draw.randrange(8)
                damaged = bytearray(data)
                damaged[at] ^= 1 << bit
                with self.subTest(name, at=at, bit=bit), self.assertRaises(Damaged):
                    dataset.file_rows(Container(bytes(damaged), name))

    def test_a_flipped_bit_anywhere_is_found_or_changes_no_row(self):
        draw = random.Random(2)
        for name in ("type_bool", "nesting", "names", "no_columns"):
            data = golden_path(name).read_bytes()
            for _ in range(40):
                damaged = bytearray(data)
                damaged[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
                try:
                    rows = dataset.file_rows(Container(bytes(damaged), name))
                except Damaged:
                    continue
                self.assertEqual(rows, expected_rows(name))  # a gap between parts

    def test_every_truncation_is_found(self):
        data = golden_path("names").read_bytes()
        for size in range(len(data)):
            with self.assertRaises(Damaged):
                Container(data[:size], "names")


class Types(unittest.TestCase):
    def test_the_table_of_types_says_how_values_are_stored(self):
        page = (ROOT / "spec" / "types.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| (\d+) \| \w+ \| (?:(\w+) of (\d+) bytes?|bits|bytes) \|",
                          page, re.M)
        kinds = {int(kind): (layouts.NUMBERS.index(number), int(width))
                 for kind, number, width in rows if number}
        expected = dict(nesting.FIXED)
        del expected[nesting.STRUCT]
        self.assertEqual(kinds, expected)


def tree(name, *children, parameter=0):
    return encodings.TreeNode(name, parameter, list(children))


def example(name):
    return bytes.fromhex((GOLDEN / "examples" / f"{name}.hex").read_text())


INT16 = encodings.Type("fixed", 2, "signed")
UINT32 = encodings.Type("fixed", 4, "unsigned")
FLOAT64 = encodings.Type("fixed", 8, "float")
WIDE = encodings.Type("fixed", 16, "signed")
BYTES = encodings.Type("bytes", 0, "opaque")
BITS = encodings.Type("bits", 0, "opaque")


class Streams(unittest.TestCase):
    """Examples of encodings.md, and what no golden file holds."""

    def check(self, encoding, data, kind, values, entries=None):
        resources = encodings.Resources(entries)
        self.assertEqual(
            encodings.decode_stream(encoding, data, kind, len(values), resources), values)

    def test_examples_of_the_page(self):
        ffor = tree("ffor")
        self.check(tree("plain"), example("encoding_plain"), INT16, [1, 2, 258])
        self.check(tree("constant"), example("encoding_constant"), UINT32, [42] * 3)
        self.check(tree("constant"), example("encoding_constant_bits"), BITS, [1] * 5)
        self.check(tree("constant"), example("encoding_constant_bytes"), BYTES,
                   [b"abc"] * 2)
        self.check(tree("bool_bits"), example("encoding_bool_bits"), BITS,
                   [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1])
        self.check(ffor, example("encoding_ffor_patched"), INT16,
                   [5000 if i == 7 else 100 + i % 4 for i in range(40)])
        self.check(ffor, example("encoding_ffor_wide"), WIDE, [7, 9, 8])
        self.check(ffor, example("encoding_ffor_chunk"),
                   encodings.Type("fixed", 8, "unsigned"),
                   [10 + (i % 17 == 0) for i in range(1024)])
        self.check(tree("delta_base", ffor), example("encoding_delta_base"), UINT32,
                   [1000, 1002, 1002, 1005])
        self.check(tree("delta_base", ffor, parameter=1), example("encoding_delta_zigzag"),
                   UINT32, [1000, 998, 1001, 1001])
        self.check(tree("dict", ffor), example("encoding_dict"), BYTES,
                   [b"b", b"a", b"b", b"b", b"c"], [b"b", b"a", b"c"])
        self.check(tree("var_bytes", ffor), example("encoding_var_bytes"), BYTES,
                   [b"hi", b"", b"Lancer"])
        self.check(tree("shuffle"), example("encoding_shuffle_bytes"), INT16, [1, 2, 258])
        self.check(tree("shuffle", parameter=1), example("encoding_shuffle_bits"),
                   encodings.Type("fixed", 1, "unsigned"), list(range(1, 10)))
        self.check(tree("shuffle", parameter=2), example("encoding_shuffle_exponents"),
                   UINT32, [0x3F800000, 0xC0000000])
        self.check(tree("cast", tree("plain"), parameter=1), example("encoding_cast"),
                   encodings.Type("fixed", 4, "float"), [0x3F800000, 0xC0000000, 0x3DCCCCCD])
        self.check(tree("alp_rd", ffor, ffor), example("encoding_alp_rd"),
                   encodings.Type("fixed", 4, "float"),
                   [0x71800000 if i == 7 else (0x3F800000, 0xBF800000)[i % 2]
                    for i in range(40)])
        self.check(tree("alp", ffor), example("encoding_alp"), FLOAT64,
                   [int.from_bytes(struct.pack("<d", number), "little")
                    for number in (12.5, 0.25, -0.0, 3)])
        self.check(tree("predict"), example("encoding_predict_frames"), INT16,
                   [10, 20, 11, 20, 11, 18])
        self.check(tree("predict", parameter=1), example("encoding_predict_pictures"),
                   encodings.Type("fixed", 1, "unsigned"),
                   [9, 10, 8, 11, 12, 10, 10, 11, 9, 13, 13, 13])
        self.check(tree("lz4"), example("encoding_lz4"), UINT32, [0x01020304] * 16)
        self.check(tree("var_bytes", ffor, tree("zstd")), example("encoding_zstd"), BYTES,
                   [b"Lancer"] * 20)

    def test_wide_values_that_do_not_pack(self):
        values = [1 << 100, 3]
        data = bytes([0, 4]) + bytes(16) + b"".join(v.to_bytes(16, "little")
                                                    for v in values)
        self.check(tree("ffor"), data, WIDE, values)

    def test_patches_with_long_positions(self):
        data = (bytes([0, 2]) + (1).to_bytes(4, "little") + (5).to_bytes(2, "little")
                + (70_000).to_bytes(4, "little") + (9).to_bytes(2, "little"))
        self.check(tree("ffor"), data, INT16, [5] * 70_000 + [14] + [5])

    def test_narrow_floats_are_widened_bit_for_bit(self):
        cases = ((1, 2, 4, 0x0001, 0x33800000), (1, 2, 4, 0x83FF, 0xB87FC000),
                 (1, 2, 8, 0x0001, 0x3E70000000000000), (1, 2, 4, 0xFC01, 0xFF802000),
                 (2, 2, 4, 0x0001, 0x00010000), (2, 2, 8, 0x7F80, 0x7FF0000000000000),
                 (0, 4, 8, 0x00000001, 0x36A0000000000000))
        for parameter, narrow, width, bits, expected in cases:
            self.check(tree("cast", tree("plain"), parameter=parameter),
                       b"\0" + bits.to_bytes(narrow, "little"),
                       encodings.Type("fixed", width, "float"), [expected])

    def test_unknown_encodings_are_named(self):
        with self.assertRaisesRegex(NotSupported, "entropy"):
            self.check(tree("entropy"), b"", BYTES, [])

    def test_streams_that_do_not_end_where_they_should_are_damage(self):
        data = example("encoding_var_bytes")
        for wrong in (data[:-1], data + b"\0"):
            with self.assertRaises(Damaged):
                self.check(tree("var_bytes", tree("ffor")), wrong, BYTES, [b""] * 3)


if __name__ == "__main__":
    unittest.main()
