"""lance-convert: names, places and versions, and values at the limits of their types."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import CliTest  # noqa: E402


class Outputs(CliTest):
    def test_no_output_has_a_name_twice(self):
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


if __name__ == "__main__":
    unittest.main()
