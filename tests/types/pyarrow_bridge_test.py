"""The Arrow bridge judged by pyarrow: arrays of every type go through Lancer and back."""

import ctypes
import datetime
import decimal
import json
import os
import random
import unittest

try:
    import pyarrow as pa
except ImportError:
    pa = None

# Sizes of the C structs: 9, 10 and 5 words.
SCHEMA_BYTES, ARRAY_BYTES, STREAM_BYTES = 9 * 8, 10 * 8, 5 * 8


def load_library():
    path = os.path.join(os.environ.get("LANCER_BIN", "."), "liblancer_bridge_echo.so")
    library = ctypes.CDLL(path)
    for name in ("lancer_echo_array", "lancer_echo_stream", "lancer_type_name",
                 "lancer_format_rows"):
        getattr(library, name).restype = ctypes.c_char_p
    return library


class Struct:
    """Zeroed memory for one C struct."""

    def __init__(self, size):
        self.memory = ctypes.create_string_buffer(size)
        self.address = ctypes.addressof(self.memory)
        self.pointer = ctypes.c_void_p(self.address)


def leaves():
    """(type, values) for every type without children."""
    day = datetime.date(2024, 2, 29)
    stamp = datetime.datetime(2024, 2, 29, 23, 59, 58, 123456)
    short = decimal.Decimal("-1.25")
    texts = ["", "a", None, "twelve bytes", "thirteen bytes", "z\u00fcrich \U0001F600" * 3]
    blobs = [b"", None, b"\0\1", b"twelve bytes", b"x" * 1000]
    pairs = [(pa.null(), [None, None, None]), (pa.bool_(), [True, None, False])]
    for bits in (8, 16, 32, 64):
        pairs.append((getattr(pa, f"int{bits}")(), [-(2 ** (bits - 1)), None, 7]))
        pairs.append((getattr(pa, f"uint{bits}")(), [2 ** bits - 1, None, 7]))
    pairs += [(pa.float16(), [1.5, None, -0.0]), (pa.float32(), [0.1, None, 1e30]),
              (pa.float64(), [0.1, float("inf"), None])]
    pairs += [(pa.decimal32(5, 2), [short, None]), (pa.decimal64(15, 2), [short, None]),
              (pa.decimal128(38, 2), [short, None, decimal.Decimal("9" * 36 + ".99")]),
              (pa.decimal256(76, 2), [short, None, -decimal.Decimal("9" * 70 + ".99")])]
    pairs += [(pa.date32(), [day, None]), (pa.date64(), [day, None]),
              (pa.time32("s"), [1, None]), (pa.time32("ms"), [86399999, None]),
              (pa.time64("us"), [1, None]), (pa.time64("ns"), [86399999999000, None])]
    for unit in ("s", "ms", "us", "ns"):
        pairs += [(pa.timestamp(unit), [0, None, -1000]), (pa.duration(unit), [5000, None, -5000]),
                  (pa.timestamp(unit, "Europe/Zurich"), [0, None, 10 ** 8])]
    pairs += [(pa.timestamp("us"), [stamp, None]),
              (pa.month_day_nano_interval(), [(1, 2, 3), None])]
    pairs += [(t, texts) for t in (pa.string(), pa.large_string(), pa.string_view())]
    pairs += [(t, blobs) for t in (pa.binary(), pa.large_binary(), pa.binary_view())]
    pairs += [(pa.binary(3), [b"abc", None, b"\0\0\0"])]
    return pairs


def wrap(type_, values, rng):
    """Nested and encoded arrays of the given values."""
    nullable = pa.field("item", type_)
    lists = [[], None, values, values[:1], values + values]
    for make in (pa.list_, pa.large_list, pa.list_view, pa.large_list_view):
        yield pa.array(lists, make(nullable))
    yield pa.array([values[:2], None, [values[0], values[-1]]], pa.list_(nullable, 2))
    rows = [{"a": v, "b": rng.randrange(9)} for v in values]
    yield pa.array(rows + [None] + rows, pa.struct([nullable.with_name("a"),
                                                    pa.field("b", pa.int32(), False)]))
    yield pa.array([[("k", v)] for v in values] + [None, []], pa.map_(pa.string(), type_))


def encoded(type_, values):
    plain = pa.array(values * 3, type_)
    try:
        yield pa.DictionaryArray.from_arrays(
            pa.array([0, None, len(values) - 1, 0], pa.int8()), pa.array(values, type_))
        yield pa.DictionaryArray.from_arrays(
            pa.array([0, 0], pa.uint64()), pa.array(values, type_), ordered=True)
        ends = pa.array([2, 5, 5 + len(plain)], pa.int16())
        yield pa.RunEndEncodedArray.from_arrays(ends, plain[:3])
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return


@unittest.skipIf(pa is None, "pyarrow is not installed")
class PyarrowBridgeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = load_library()

    def echo(self, array):
        given = [Struct(SCHEMA_BYTES), Struct(ARRAY_BYTES)]
        back = [Struct(SCHEMA_BYTES), Struct(ARRAY_BYTES)]
        array._export_to_c(given[1].address, given[0].address)
        error = self.library.lancer_echo_array(given[0].pointer, given[1].pointer,
                                               back[0].pointer, back[1].pointer)
        self.assertEqual(error, b"", f"{array.type}")
        return pa.Array._import_from_c(back[1].address, back[0].address)

    def check(self, array):
        back = self.echo(array)
        self.assertEqual(back.type, array.type)
        back.validate(full=True)
        self.assertEqual(back.to_pylist(), array.to_pylist(), str(array.type))
        # Dictionaries with nulls, or of nested values, are built anew, in order of first
        # appearance.
        if "dictionary" not in str(array.type):
            self.assertTrue(back.equals(array), f"{array.type}\n{back}\n{array}")

    def check_slices(self, array):
        self.check(array)
        for start in (0, 1, len(array) // 2, len(array)):
            self.check(array.slice(start))
            self.check(array.slice(start, 1))

    def test_leaves(self):
        for type_, values in leaves():
            with self.subTest(type=str(type_)):
                self.check_slices(pa.array(values, type_))

    def test_nested(self):
        rng = random.Random(1)
        for type_, values in leaves():
            for array in wrap(type_, values, rng):
                with self.subTest(type=str(array.type)):
                    self.check_slices(array)

    def test_nested_twice(self):
        rng = random.Random(2)
        for type_, values in leaves()[::3]:
            for inner in wrap(type_, values, rng):
                for array in wrap(inner.type, inner.to_pylist(), rng):
                    with self.subTest(type=str(array.type)):
                        self.check_slices(array)

    def test_dictionaries_and_runs(self):
        for type_, values in leaves():
            for array in encoded(type_, values):
                with self.subTest(type=str(array.type)):
                    self.check_slices(array)
                    self.check(pa.ListArray.from_arrays([0, 1, 1, 2], array))
                    self.check(pa.StructArray.from_arrays([array, array], ["a", "b"])[1:])

    def test_dictionaries_keep_their_values_and_order(self):
        for type_ in (pa.string(), pa.large_string(), pa.string_view(), pa.binary(3)):
            values = pa.array([b"zzz", b"aaa", b"mmm"], pa.binary()).cast(type_) \
                if type_ != pa.string_view() else pa.array(["zzz", "aaa", "mmm"], type_)
            for index in (pa.int8(), pa.int32(), pa.uint32(), pa.int64()):
                for ordered in (False, True):
                    array = pa.DictionaryArray.from_arrays(
                        pa.array([1, None, 0, 1], index), values, ordered=ordered)
                    for part in (array, array[1:], array[2:3],
                                 pa.ListArray.from_arrays([0, 1, 3], array[1:])):
                        back = self.echo(part)
                        back.validate(full=True)
                        self.assertEqual(back.type, part.type)
                        self.assertTrue(back.equals(part), f"{back}\n{part}")
                    self.assertTrue(self.echo(array).dictionary.equals(values))

    def test_list_views_out_of_order(self):
        items = pa.array(["a", "b", "c", None, "e"])
        views = pa.ListViewArray.from_arrays([3, 0, 1, 0], [2, 0, 3, 5], items)
        self.check_slices(views)

    def test_empty_and_chunkless(self):
        rng = random.Random(3)
        for type_, values in leaves():
            self.check(pa.array([], type_))
            for array in wrap(type_, values, rng):
                self.check(pa.array([], array.type))
        self.check(pa.array([{}, None, {}], pa.struct([])))
        self.check(pa.array([[], [], None], pa.list_(pa.int32(), 0)))

    def test_extension_types(self):
        tensor = pa.fixed_shape_tensor(pa.float32(), (2, 2))
        storage = pa.array([[1, 2, 3, 4], None], tensor.storage_type)
        self.check(pa.ExtensionArray.from_storage(tensor, storage))
        uuid = pa.array([b"0123456789abcdef", None], pa.binary(16))
        array = pa.ExtensionArray.from_storage(pa.uuid(), uuid)
        self.check(array)
        self.check(pa.ListArray.from_arrays([0, 1, 2], array))
        runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array([1, 7]))
        for storage in (pa.nulls(3), runs):  # of these pyarrow hands out one buffer too many
            self.check(pa.ExtensionArray.from_storage(
                pa.opaque(storage.type, "x", "y"), storage))

    def test_maps_keep_whether_their_keys_are_sorted(self):
        for keys_sorted in (False, True):
            type_ = pa.map_(pa.int32(), pa.string(), keys_sorted=keys_sorted)
            array = pa.array([[(1, "a"), (2, None)], None, []], type_)
            self.assertEqual(self.echo(array).type.keys_sorted, keys_sorted)
            self.check_slices(array)

    def test_type_names(self):
        rng = random.Random(4)
        arrays = [pa.array(v, t) for t, v in leaves()]
        nested = [a for t, v in leaves() for a in wrap(t, v, rng)]
        runs = [a for t, v in leaves() for a in encoded(t, v)]
        for array in arrays + nested + runs:
            schema = Struct(SCHEMA_BYTES)
            pa.field("x", array.type)._export_to_c(schema.address)
            name = self.library.lancer_type_name(schema.pointer).decode()
            # Arrow writes a map's name with its fields' names in some versions.
            self.assertEqual(name, str(array.type))

    def test_union_is_refused_by_path(self):
        union = pa.dense_union([pa.field("i", pa.int32())])
        type_ = pa.struct([pa.field("a b", pa.list_(pa.field("item", union)))])
        schema = Struct(SCHEMA_BYTES)
        pa.field("x", type_)._export_to_c(schema.address)
        name = self.library.lancer_type_name(schema.pointer).decode()
        self.assertIn("Unsupported", name)
        self.assertIn('x."a b".item', name)

    def test_streams(self):
        metadata = {b"k": b"v\0w", b"": b""}
        rng = random.Random(5)
        columns = [pa.array(v[:2] * 4, t) for t, v in leaves()]
        columns += [a.take([0, 1] * 4) for t, v in leaves()[:4] for a in wrap(t, v, rng)
                    if len(a) > 1]
        fields = [pa.field(f"c{i}", c.type, metadata={"i": str(i)})
                  for i, c in enumerate(columns)]
        table = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata))
        reader = pa.RecordBatchReader.from_batches(
            table.schema, table.to_batches(3) + table.slice(0, 0).to_batches())
        given, back = Struct(STREAM_BYTES), Struct(STREAM_BYTES)
        reader._export_to_c(given.address)
        error = self.library.lancer_echo_stream(given.pointer, back.pointer)
        self.assertEqual(error, b"")
        result = pa.RecordBatchReader._import_from_c(back.address).read_all()
        result.validate(full=True)
        self.assertTrue(result.schema.equals(table.schema, check_metadata=True))
        self.assertTrue(result.equals(table))

    def test_stream_errors_keep_their_text(self):
        def batches():
            yield pa.record_batch({"a": [1]})
            raise ValueError("the cable was cut")

        schema = pa.schema([("a", pa.int64())])
        reader = pa.RecordBatchReader.from_batches(schema, batches())
        given, back = Struct(STREAM_BYTES), Struct(STREAM_BYTES)
        reader._export_to_c(given.address)
        self.assertEqual(self.library.lancer_echo_stream(given.pointer, back.pointer), b"")
        echoed = pa.RecordBatchReader._import_from_c(back.address)
        echoed.read_next_batch()
        with self.assertRaisesRegex(Exception, "the cable was cut"):
            echoed.read_next_batch()

    def format_rows(self, array):
        schema, given = Struct(SCHEMA_BYTES), Struct(ARRAY_BYTES)
        array._export_to_c(given.address, schema.address)
        text = self.library.lancer_format_rows(schema.pointer, given.pointer).decode()
        return text.splitlines()

    def test_rows_as_text_agree(self):
        rng = random.Random(6)
        for unit, steps in (("s", 1), ("ms", 10 ** 3), ("us", 10 ** 6)):
            values = [rng.randrange(-60 * 10 ** 9, 200 * 10 ** 9) * steps // 2
                      for _ in range(200)]
            array = pa.array(values, pa.timestamp(unit))
            for text, stamp in zip(self.format_rows(array), array.to_pylist()):
                self.assertEqual(datetime.datetime.fromisoformat(json.loads(text)), stamp)
        numbers = [rng.randrange(-10 ** 38, 10 ** 38) for _ in range(200)]
        array = pa.array([decimal.Decimal(n).scaleb(-7, decimal.Context(prec=50))
                          for n in numbers], pa.decimal128(38, 7))
        self.assertEqual(self.format_rows(array), [f"{v:f}" for v in array.to_pylist()])
        widest = [decimal.Decimal(n * 10 ** 30 + 7).scaleb(-7, decimal.Context(prec=80))
                  for n in numbers]
        self.assertEqual(self.format_rows(pa.array(widest, pa.decimal256(76, 7))),
                         [f"{v:f}" for v in widest])
        for type_ in (pa.float32(), pa.float64()):
            array = pa.array([rng.uniform(-1, 1) * 10.0 ** rng.randrange(-30, 30)
                              for _ in range(200)], type_)
            texts = [float(t) for t in self.format_rows(array)]
            self.assertTrue(pa.array(texts, type_).equals(array))
        rows = [{"a": [1, None], "b": 'q"\\\n\u00fc\x01'}, None]
        array = pa.array(rows)
        self.assertEqual([json.loads(t) for t in self.format_rows(array)], rows)


if __name__ == "__main__":
    unittest.main()
