#!/usr/bin/env python3
"""Cuts what the fuzz targets start from out of the golden files: OUT/TARGET/*, and the list
OUT/TARGET.txt that libFuzzer's -seed_inputs takes, with the inputs that are kept in
CORPUS/TARGET. Standard library only.
"""
import argparse
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "spec/reference"))
from lancer_reference.flatbuffer_tables import FbsSchema  # noqa: E402

TARGETS = ("column_meta", "file", "footer", "manifest", "page", "postscript", "stream", "tree_node")
POSTSCRIPT_SIZE = 64
FILES = 64  # of file_fuzz.cc, which makes them: a seed is a file's number and no change
MOST_BYTES = 4096  # of a seed: longer ones only slow the targets down
FOOTER = FbsSchema("footer")
COLUMN_META = FbsSchema("column_meta")
TREE_NODE = FbsSchema("tree_node")

# A leaf of page_fuzz.cc by physical kind and width, as FieldOf numbers it.
PAGE_FIELDS = {(1, 4): 0, (2, 0): 1, (0, 0): 2}


def stored(data, part):
    return data[part["offset"]:part["offset"] + part["size"]]


def leaf_seeds(data, footer):
    """(target, bytes) of each leaf whose head the targets can say."""
    directory = stored(data, footer["directory"])
    for leaf in range(footer["leaf_count"]):
        offset, size = struct.unpack_from("<QI", directory, 32 * leaf)
        table = data[offset:offset + size]
        meta = COLUMN_META.parse(table)
        ids, kind, width = meta["field_ids"] or [], meta["physical_kind"], meta["width"]
        if len(ids) != 1 or ids[0] > 255 or meta["rows"] > 255:
            continue
        yield "column_meta", struct.pack(
            "<BBBB", kind + 3 * meta["number_kind"], ids[0], width & 255, meta["rows"]) + table
        for page in range(meta["page_count"]):
            yield from page_seeds(data, meta, page, leaf)


def page_seeds(data, meta, page, leaf):
    def of(name):
        return 0 if meta[name] is None else meta[name][page]
    field = PAGE_FIELDS.get((meta["physical_kind"], meta["width"]))
    if field is not None and of("page_size"):
        index = data[of("index_offset"):of("index_offset") + of("index_size")]
        body = data[of("page_offset"):of("page_offset") + of("page_size")]
        head = struct.pack("<BBBBBHHH", field, of("page_layout"), of("page_block_shift"),
                           of("page_flags"), leaf, of("page_rows"), of("page_rows"),
                           len(index))
        yield "page", head + index + body


def file_seeds(data):
    yield "postscript", data[-POSTSCRIPT_SIZE:]
    postscript = data[-POSTSCRIPT_SIZE:]
    offset, = struct.unpack_from("<Q", postscript, 16)
    size, = struct.unpack_from("<I", postscript, 40)
    table = data[offset:offset + size]
    yield "footer", table
    footer = FOOTER.parse(table)
    yield from leaf_seeds(data, footer)


def hex_bytes(path):
    lines = (line.split("#")[0] for line in path.read_text().splitlines())
    return bytes.fromhex("".join(lines))


def stream_seed(tree, count, stream, symbols=b"", dictionary=b"", entries=b"", kind=2, width=0):
    """Values, byte strings unless said, as stream_fuzz.cc reads them: the tree as (encoding,
    children) pairs."""
    width += 128 if entries else 0
    kind = 134 if symbols else kind  # byte strings too; from 128 on a table follows
    nodes = len(tree) - 1 + (128 if dictionary else 0)
    return (struct.pack("<BBHB", kind, width, count, nodes)
            + b"".join(struct.pack("<BBB", *node, 0) for node in tree)
            + b"".join(struct.pack("<H", len(part)) + part
                       for part in (symbols, dictionary, entries) if part) + stream)


def stream_seeds(examples):
    """A plain stream, and streams with what a leaf's pages share."""
    ints = struct.pack("<iii", -1, 2, 3)
    yield struct.pack("<BBHB", 1 + 3 * 2, 4, 3, 0) + bytes(3) + ints
    ffor, fsst, zstd, lz4, var_bytes = (2, 0), (8, 1), (14, 0), (15, 0), 18
    symbols = hex_bytes(examples / "encoding_symbol_table.hex")
    yield stream_seed([fsst, ffor], 3, hex_bytes(examples / "encoding_fsst.hex"),
                      symbols=symbols)
    yield stream_seed([(5, 1), ffor], 5, hex_bytes(examples / "encoding_dict.hex"),
                      entries=hex_bytes(examples / "encoding_dictionary_bytes.hex"))
    plain, bool_bits, run_end, sparse = (0, 0), (3, 0), (4, 2), (7, 2)
    yield stream_seed([sparse, ffor, (var_bytes, 1), ffor], 4,
                      hex_bytes(examples / "encoding_sparse_bytes.hex"))
    for tree, number_kind, width, count, name in (
            ([run_end, ffor, plain], 1 + 3 * 2, 2, 8, "run_end"),
            ([run_end, ffor, bool_bits], 0, 0, 22, "run_end_bits"),
            ([sparse, ffor, plain], 1 + 3 * 2, 2, 8, "sparse"),
            ([(7, 1), ffor], 0, 0, 16, "sparse_bits")):
        yield stream_seed(tree, count, hex_bytes(examples / f"encoding_{name}.hex"),
                          kind=number_kind, width=width)
    texts = hex_bytes(examples / "encoding_zstd.hex")  # 20 times "Lancer"
    yield stream_seed([(var_bytes, 2), ffor, zstd], 20, texts)
    # The same, as if compressed with a dictionary that was of no use.
    flags = 5 + 6  # behind the headers of var_bytes and ffor
    texts = texts[:flags] + b"\2" + texts[flags + 1:]
    codes = bytes((0, 1, 2)) * 10
    yield stream_seed([(var_bytes, 2), ffor, zstd], 20, texts, dictionary=codes)
    # One lz4 block: ten bytes from the dictionary's end, then five as they are.
    block = b"\x06\x0a\x00" + b"\x50" + codes[:5]
    texts = struct.pack("<BIBBIBI", 0, 15, 0, 0, 15, 2, len(block)) + block
    yield stream_seed([(var_bytes, 2), ffor, lz4], 1, texts, dictionary=codes)


def example_seeds(examples):
    """Streams, and tables that golden files hold compressed: the spec's examples."""
    for seed in stream_seeds(examples):
        yield "stream", seed
    yield "manifest", hex_bytes(examples / "manifest_append.hex")
    leaf = hex_bytes(examples / "manifest_tree_leaf.hex")
    fragments = TREE_NODE.parse(leaf)["fragments"]
    parent = struct.pack("<BBBBB", 0, fragments[0]["id"], fragments[-1]["id"], len(fragments),
                         sum(fragment["rows"] for fragment in fragments) & 255)
    yield "tree_node", parent + bytes(3) + leaf


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--corpus", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    seeds = {target: set() for target in TARGETS}
    for path in sorted(arguments.golden.rglob("*.lancer")):
        for target, seed in file_seeds(path.read_bytes()):
            seeds[target].add(seed)
    seeds["file"] = {bytes((file,)) for file in range(FILES)}
    for target, seed in example_seeds(arguments.golden / "examples"):
        seeds[target].add(seed)
    for target, found in seeds.items():
        folder = arguments.out / target
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for number, seed in enumerate(sorted(found)):
            if len(seed) <= MOST_BYTES:
                path = folder / f"{number:03}"
                path.write_bytes(seed)
                paths.append(str(path))
        kept = sorted(str(path) for path in (arguments.corpus / target).glob("*"))
        (arguments.out / f"{target}.txt").write_text(",".join(paths + kept))
        print(f"{target}: {len(paths)} seeds, {len(kept)} inputs kept")


if __name__ == "__main__":
    main()
