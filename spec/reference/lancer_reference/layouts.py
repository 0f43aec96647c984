"""Pages of one leaf (layouts.md), read whole: every check unit is checked."""

from .byte_cursor import ByteCursor
from .container import check32, check64, unzstd
from .encodings import (CODES, Resources, Stream, Type, decode_stream, parse_trees,
                        read_validity)
from .errors import NotSupported, require
from .packing import CHUNK, packed_size, unpack
from .shared import parse_codec_dictionary, parse_dictionary, parse_symbol_table

UNIFORM, BLOCKS, VARIABLE = 0, 1, 2
KINDS = ("bits", "fixed", "bytes")
NUMBERS = ("opaque", "unsigned", "signed", "float", "bfloat16")
SEVERAL_PAGES = ("page_first_row", "page_rows", "page_offset", "page_size", "page_layout",
                 "page_block_shift", "page_flags", "page_tree_set", "index_offset",
                 "index_size", "index_check")


class LevelData:
    """Validity of the slots of a level, and the lengths of a list's."""

    def __init__(self):
        self.valid, self.lengths = [], []


class LeafData:
    """Rows of a leaf: its levels, the validity of its own slots, and their values as
    encodings.py has them."""

    def __init__(self, level_count):
        self.rows = 0
        self.levels = [LevelData() for _ in range(level_count)]
        self.valid, self.values = [], []


class Page:
    """One row of the page table."""

    def __init__(self, meta, number):
        def element(name):
            vector = meta[name]
            return 0 if vector is None else vector[number]
        self.number = number
        (self.first_row, self.rows, self.offset, self.size, self.layout, self.block_shift,
         self.flags, self.tree_set, self.index_offset, self.index_size,
         self.index_check) = (element(name) for name in SEVERAL_PAGES)
        self.values = self.rows
        if meta["page_values"] is not None:
            self.values = element("page_values")


class LeafReader:
    """Reads the pages of a leaf. `levels` are nesting.Level, outermost first."""

    def __init__(self, container, meta, levels):
        self.container, self.meta, self.levels = container, meta, levels
        require(meta["physical_kind"] < 3 and meta["number_kind"] < len(NUMBERS), "physical type")
        self.kind = Type(KINDS[meta["physical_kind"]], meta["width"],
                         NUMBERS[meta["number_kind"]])
        names = container.footer["encodings"] or []
        self.tree_sets = [parse_trees(one, names) for one in meta["tree_sets"] or []]
        self.resources = self._read_resources()

    def _read_resources(self):
        stored = self.container.checked_range(self.meta["dictionary"], "dictionary")
        entries = None
        if stored is not None:
            entries = parse_dictionary(stored, self.kind)
            require(len(entries) == self.meta["dictionary_entries"],
                    "dictionary: number of entries")
        codec_dictionary = self.container.checked_range(self.meta["codec_dictionary"],
                                                        "codec dictionary")
        symbols = self.container.checked_range(self.meta["symbol_table"], "symbol table")
        return Resources(entries,
                         None if codec_dictionary is None
                         else parse_codec_dictionary(codec_dictionary),
                         None if symbols is None else parse_symbol_table(symbols))

    def pages(self):
        count = self.meta["page_count"]
        for name in SEVERAL_PAGES + ("page_values",):
            vector = self.meta[name]
            require(vector is None or len(vector) == count, f"page table: {name}")
        pages = [Page(self.meta, i) for i in range(count)]
        row = 0
        for page in pages:
            require(page.first_row == row and 0 < page.rows < 1 << 32,
                    f"page {page.number}: rows")
            row += page.rows
        require(row == self.meta["rows"], "page table: rows of the file")
        return pages

    def read(self):
        """All rows of the leaf."""
        data = LeafData(len(self.levels))
        for page in self.pages():
            self.read_page(page, data)
        return data

    def read_page(self, page, data):
        """Appends the rows of one page to `data`."""
        what = f"page {page.number}"
        body = self.container.read(page.offset, page.size, what) if page.size else b""
        index = self.container.read(page.index_offset, page.index_size, what + ": index")
        require(check64(index) == page.index_check, f"{what}: index: check differs")
        require(page.tree_set < len(self.tree_sets), f"{what}: tree set")
        trees = self.tree_sets[page.tree_set]
        lists = sum(level.kind == "list" for level in self.levels)
        require(len(trees) == lists + 1, f"{what}: {len(trees)} encoding trees")
        readers = {UNIFORM: read_uniform, BLOCKS: read_blocks, VARIABLE: read_variable}
        if page.layout not in readers:
            raise NotSupported(f"layout {page.layout}")
        before = len(data.valid)
        readers[page.layout](self, page, trees, body, ByteCursor(index, what), data)
        require(len(data.valid) - before == page.values == len(data.values) - before,
                f"{what}: number of values")
        data.rows += page.rows


def slots_per_row(levels):
    """Slots per row of each level, then of the leaf, where no level is a list."""
    slots, product = [], 1
    for level in levels:
        require(level.kind != "list", "a leaf with lists outside of layout K")
        slots.append(product)
        product *= level.size if level.kind == "fixed_list" else 1
    return slots + [product]


def read_page_validity(leaf, page, index, data):
    """The start of the index of U and V. Gives values per row."""
    per_row = slots_per_row(leaf.levels)
    entries = []
    for _ in per_row:
        kind = index.number(1)
        require(index.number(3) == 0, "page index: zero bytes")
        entries.append((kind, index.number(4)))
    targets = [level.valid for level in data.levels] + [data.valid]
    for (kind, size), slots, target in zip(entries, per_row, targets):
        target += read_validity(kind, index.take(size), page.rows * slots)
    return per_row[-1]


def read_uniform(leaf, page, trees, body, index, data):
    values_per_row = read_page_validity(leaf, page, index, data)
    count = page.rows * values_per_row
    headers = ByteCursor(index.take(index.number(4)), "page index: stream")
    tree = trees[0]
    require(not tree.children, "layout U: encoding tree")
    stream = Stream(tree, headers, leaf.kind, count, leaf.resources)
    bodies = headers if tree.name == "constant" else ByteCursor(body, "page")
    values = stream.decode(bodies)
    bodies.finish()
    size_before = _bytes_before(tree, stream, values_per_row)
    headers.finish()
    unit_rows = 1 << page.block_shift
    for first in range(0, page.rows if body else 0, unit_rows):
        end = min(first + unit_rows, page.rows)
        unit = body[size_before(first):size_before(end) if end < page.rows else None]
        require(check32(unit) == index.number(4), f"page {page.number}: rows from "
                f"{first}: check differs")
    index.finish()
    data.values += values


def _bytes_before(tree, stream, values_per_row):
    """A function: bytes of the page's body that stand before a row."""
    if tree.name == "plain":
        return lambda row: row * values_per_row * stream.kind.width
    if tree.name == "bool_bits":
        return lambda row: row * values_per_row // 8
    if tree.name == "constant":
        return lambda row: 0
    require(tree.name == "ffor" and stream.encoding.flags == 0, "layout U: encoding")
    width = stream.encoding.width
    return lambda row: packed_size(row * values_per_row // CHUNK * CHUNK, width)


def read_blocks(leaf, page, trees, body, index, data):
    uneven = page.flags & 1
    entries = []
    while index.remaining():
        offset, check = 8 * index.number(4), index.number(4)
        entries.append((offset, check, index.number(4) if uneven else 0))
    require(entries and entries[0][0] == 0, "blocks: the first is missing")
    row = 0
    for i, (offset, check, first_row) in enumerate(entries):
        end = entries[i + 1][0] if i + 1 < len(entries) else len(body)
        require(offset < end <= len(body), f"block {i}: place in the page")
        stored = body[offset:end]
        require(check32(stored) == check, f"page {page.number}: block {i}: check differs")
        require(not uneven or first_row == row, f"block {i}: first row")
        rows = read_block(leaf, trees, ByteCursor(stored, f"block {i}"), data)
        left = page.rows - row
        require(rows <= left and (uneven or rows == min(1 << page.block_shift, left)),
                f"block {i}: {rows} rows")
        row += rows
    require(row == page.rows, f"blocks of {row} rows in a page of {page.rows}")


def read_block(leaf, trees, block, data):
    """Appends the rows of a block to `data`. Gives their number."""
    rows, null_kind = block.number(2), block.number(1)
    require(block.number(1) == 0 and rows > 0, "block: header")
    body = ByteCursor(block.take(block.number(4)), block.what)
    padding = block.take(block.remaining())
    require(len(padding) < 8 and not any(padding), "block: padding")
    slots = _read_levels(leaf, trees, body, rows, data)
    size = 0
    if null_kind == 2:
        size = -(-slots // 8)
    elif null_kind == 3:
        size = 2 * body.number(2)
    data.valid += read_validity(null_kind, body.take(size), slots)
    stream = body.take(body.remaining())
    data.values += decode_stream(trees[-1], stream, leaf.kind, slots, leaf.resources)
    return rows


def _read_levels(leaf, trees, body, rows, data):
    """The level table and what stands behind it. Gives the slots at the leaf."""
    table = []
    for _ in leaf.levels:
        null_kind = body.number(1)
        require(body.number(3) == 0, "level table: zero bytes")
        table.append((null_kind, body.number(4), body.number(4), body.number(4)))
    slots, tree = rows, 0
    for level, target, row in zip(leaf.levels, data.levels, table):
        null_kind, below, validity_size, lengths_size = row
        target.valid += read_validity(null_kind, body.take(validity_size), slots)
        stored = body.take(lengths_size)
        if level.kind == "list":
            lengths = decode_stream(trees[tree], stored, CODES, slots, leaf.resources)
            tree += 1
            require(sum(lengths) == below, "list lengths do not add up")
            target.lengths += lengths
        else:
            size = level.size if level.kind == "fixed_list" else 1
            require(not stored and below == slots * size, "level table: slots below")
        slots = below
    return slots


def read_variable(leaf, page, trees, body, index, data):
    require(leaf.kind.kind == "bytes", "layout V: type of the values")
    read_page_validity(leaf, page, index, data)
    chunks = [(index.number(8), index.number(8), index.number(4), index.number(1),
               index.number(3)) for _ in range(-(-page.values // CHUNK))]
    packed = index.take(index.remaining())
    at, start_expected = 0, 0
    for i, (offset, reference, start, width, zero) in enumerate(chunks):
        count = min(CHUNK, page.values - i * CHUNK)
        require(offset == at and start == start_expected and width <= 36 and zero == 0,
                f"layout V: entry of chunk {i}")
        start_expected = start + packed_size(count, width)
        require(start_expected <= len(packed), "layout V: packed numbers")
        numbers = unpack(packed[start:start_expected], 32 if width <= 32 else 64, width,
                         count)
        for j, number in enumerate(numbers):
            number += reference
            size, ordinal = number >> 2, i * CHUNK + j
            require(at + size <= len(body), f"layout V: value {ordinal}: place")
            data.values.append(
                _read_value(leaf, body[at:at + size], number & 3, ordinal))
            at += size
    require(at == len(body) and start_expected == len(packed), "layout V: bytes are left")


def _read_value(leaf, stored, kind, ordinal):
    if not stored:
        require(kind == 0, f"layout V: value {ordinal}: number")
        return b""
    cursor = ByteCursor(stored, f"value {ordinal}")
    check, value = cursor.number(4), cursor.take(cursor.remaining())
    require(check32(value, ordinal) == check, f"value {ordinal}: check differs")
    if kind == 0:
        return value
    if kind != 1:
        raise NotSupported(f"value {ordinal}: stored bytes of kind {kind}")
    cursor = ByteCursor(value, f"value {ordinal}")
    size = cursor.varint()
    return unzstd(cursor.take(cursor.remaining()), size,
                  leaf.resources.zstd_dictionary())
