"""Streams of values (encodings.md).

Values in memory: bits are 0 or 1; fixed values the unsigned number that their bytes make,
whatever they mean; byte strings `bytes`.
"""

import lz4.block
import zstandard

from .byte_cursor import ByteCursor
from .container import unzstd
from .encoding import Encoding, Type
from .errors import Damaged, NotSupported, require
from .floats import Alp, AlpRd, Cast
from .packing import CHUNK, ascending, fixed_values, packed_size, read_bits, unpack
from .tensor_encodings import Predict, Shuffle

CODES = Type("fixed", 4, "unsigned")
BYTE = Type("fixed", 1, "opaque")
MOST_DEPTH, MOST_NODES = 3, 8


class TreeNode:
    def __init__(self, name, parameter, children):
        self.name, self.parameter, self.children = name, parameter, children


def parse_trees(tree_set, names):
    """The trees of a TreeSet of the column metadata."""
    nodes = list(zip(tree_set["encodings"] or [], tree_set["child_counts"] or b"",
                     tree_set["parameters"] or b""))
    trees, at = [], 0
    for count in tree_set["node_counts"] or b"":
        require(0 < count <= MOST_NODES and at + count <= len(nodes), "tree: node count")
        tree, rest = _parse_tree(nodes[at:at + count], names, 1)
        require(not rest, "tree: nodes are left")
        trees.append(tree)
        at += count
    require(at == len(nodes), "tree set: nodes are left")
    return trees


def _parse_tree(nodes, names, depth):
    require(nodes and depth <= MOST_DEPTH, "tree: too deep, or too few nodes")
    (encoding, child_count, parameter), rest = nodes[0], nodes[1:]
    require(encoding < len(names), f"tree: encoding number {encoding}")
    children = []
    for _ in range(child_count):
        child, rest = _parse_tree(rest, names, depth + 1)
        children.append(child)
    return TreeNode(names[encoding], parameter, children), rest


class Resources:
    """What streams of one leaf share: dictionary entries, codec dictionary, symbols."""

    def __init__(self, entries=None, codec_dictionary=None, symbols=None):
        self.entries = entries
        self.codec_dictionary = codec_dictionary
        self.symbols = symbols

    def zstd_dictionary(self):
        """The codec dictionary as zstandard takes it, or None."""
        if self.codec_dictionary is None:
            return None
        return zstandard.ZstdCompressionDict(self.codec_dictionary)


def decode_stream(tree, data, kind, count, resources):
    """The values of a stream that fills `data`."""
    cursor = ByteCursor(data, "stream")
    stream = Stream(tree, cursor, kind, count, resources)
    values = stream.decode(cursor)
    cursor.finish()
    return values


class Stream:
    """Headers of a node and of the nodes below it; then bodies, from the same cursor or
    another."""

    def __init__(self, tree, headers, kind, count, resources):
        self.tree, self.kind, self.count, self.resources = tree, kind, count, resources
        if tree.name not in ENCODINGS:
            raise NotSupported(f"encoding {tree.name}")
        self.encoding = ENCODINGS[tree.name](self)
        below = self.encoding.read_header(headers)
        require(len(tree.children) in self.encoding.child_counts,
                f"{tree.name}: {len(tree.children)} children")
        self.children = [Stream(child, headers, child_kind, child_count, resources)
                         for child, (child_kind, child_count)
                         in zip(tree.children, below)]

    def body_size(self):
        """Bytes of the bodies of this node and of those below it."""
        size = self.encoding.own_size()
        if not self.encoding.is_codec:
            size += sum(child.body_size() for child in self.children)
        return size

    def decode(self, bodies):
        values = self.encoding.decode(bodies)
        require(len(values) == self.count, f"{self.tree.name}: number of values")
        return values


class Plain(Encoding):
    def read_header(self, headers):
        self.require_kind("fixed")
        return []

    def own_size(self):
        return self.count * self.kind.width

    def decode(self, bodies):
        return fixed_values(bodies.take(self.own_size()), self.kind.width, self.count)


class Constant(Encoding):
    def read_header(self, headers):
        self.length, self.value = 0, None
        if self.kind.kind == "bits":
            self.value = headers.number(1)
            require(self.value < 2, "constant: a bit above 1")
        elif self.kind.kind == "fixed":
            self.value = headers.number(self.kind.width)
        else:
            self.length = headers.number(4)
        return []

    def own_size(self):
        return self.length

    def decode(self, bodies):
        value = self.value
        if self.kind.kind == "bytes":
            value = bodies.take(self.length)
        return [value] * self.count


class BoolBits(Encoding):
    def read_header(self, headers):
        self.require_kind("bits")
        return []

    def own_size(self):
        return -(-self.count // 8)

    def decode(self, bodies):
        return read_bits(bodies.take(self.own_size()), self.count)


class Ffor(Encoding):
    def read_header(self, headers):
        self.require_kind("fixed")
        require(self.kind.width in (1, 2, 4, 8, 16, 32), "ffor: width of the values")
        self.width, self.flags = headers.number(1), headers.number(1)
        self.patch_size = {1: 2, 2: 4}.get(self.flags, 0)
        self.patches = headers.number(self.patch_size)
        self.reference = headers.number(self.kind.width)
        require(self.flags in (0, 1, 2, 4), f"ffor: flags {self.flags}")
        require(self.tree.parameter in (0, 1), "ffor: parameter")
        require(not (self.tree.parameter and self.flags), "ffor: patches in a plain tree")
        self.raw = self.flags == 4
        if self.raw:
            require(self.kind.width > 8 and self.width == 0 and self.reference == 0,
                    "ffor: raw values")
        self.number_bytes = min(self.kind.width, 8)
        require(self.width <= 8 * self.number_bytes, f"ffor: {self.width} bits")
        require(self.patches <= self.count, "ffor: more patches than values")
        return []

    def own_size(self):
        if self.raw:
            return self.kind.width * self.count
        return (packed_size(self.count, self.width)
                + self.patches * (self.patch_size + self.number_bytes))

    def decode(self, bodies):
        if self.raw:
            return fixed_values(bodies.take(self.own_size()), self.kind.width,
                                self.count)
        packed = bodies.take(packed_size(self.count, self.width))
        distances = unpack(packed, 8 * self.number_bytes, self.width, self.count)
        positions = fixed_values(bodies.take(self.patches * self.patch_size),
                                 self.patch_size, self.patches)
        require(ascending(positions, self.count), "ffor: positions of the patches")
        for position in positions:
            distances[position] = None
        for position in positions:
            distances[position] = bodies.number(self.number_bytes)
        mask = (1 << 8 * self.kind.width) - 1
        return [(self.reference + distance) & mask for distance in distances]


class DeltaBase(Encoding):
    child_counts = (1,)

    def read_header(self, headers):
        self.require_kind("fixed")
        require(self.kind.width in (1, 2, 4, 8) and self.kind.number not in ("float", "bfloat16"),
                "delta_base: type of the values")
        require(self.tree.parameter in (0, 1), "delta_base: parameter")
        return [(Type("fixed", self.kind.width, "unsigned"), self.count)]

    def own_size(self):
        return -(-self.count // CHUNK) * self.kind.width

    def decode(self, bodies):
        width, bits = self.kind.width, 8 * self.kind.width
        bases = fixed_values(bodies.take(self.own_size()), width, -(-self.count // CHUNK))
        differences = self.stream.children[0].decode(bodies)
        values, mask = [], (1 << bits) - 1
        for i, difference in enumerate(differences):
            if i % CHUNK == 0:
                require(difference == 0, "delta_base: a difference at the start")
                values.append(bases[i // CHUNK])
                continue
            if self.tree.parameter == 1:
                difference = (difference >> 1) ^ -(difference & 1)
            values.append((values[-1] + difference) & mask)
        return values


class RunEnd(Encoding):
    child_counts = (2,)

    def read_header(self, headers):
        require(self.kind.kind != "fixed" or self.kind.width > 0, "run_end: no values")
        self.runs = headers.number(4)
        require(self.runs <= self.count and (self.runs > 0) == (self.count > 0),
                f"run_end: {self.runs} runs of {self.count} values")
        return [(CODES, self.runs), (self.kind, self.runs)]

    def decode(self, bodies):
        ends, values = (child.decode(bodies) for child in self.stream.children)
        require(ascending([0] + ends, self.count + 1) and [0, *ends][-1] == self.count,
                "run_end: ends")
        return [value for start, end, value in zip([0] + ends, ends, values)
                for _ in range(start, end)]


class Sparse(Encoding):
    child_counts = (1, 2)

    def read_header(self, headers):
        bits = self.kind.kind == "bits"
        require(self.kind.kind != "fixed" or self.kind.width > 0, "sparse: no values")
        require(len(self.tree.children) == (1 if bits else 2), "sparse: children")
        self.exceptions = headers.number(4)
        require(self.exceptions <= self.count,
                f"sparse: {self.exceptions} exceptions of {self.count} values")
        # Of byte strings the length of the value, else the value.
        self.value = headers.number(1 if bits else self.kind.width or 4)
        require(not bits or self.value < 2, "sparse: a bit above 1")
        return [(CODES, self.exceptions), (self.kind, self.exceptions)]

    def own_size(self):
        return self.value if self.kind.kind == "bytes" else 0

    def decode(self, bodies):
        value = self.value
        if self.kind.kind == "bytes":
            value = bodies.take(value)
        positions, *exceptions = (child.decode(bodies) for child in self.stream.children)
        require(ascending(positions, self.count), "sparse: positions")
        if not exceptions:
            exceptions = [[1 - value] * len(positions)]
        values = [value] * self.count
        for position, exception in zip(positions, exceptions[0]):
            values[position] = exception
        return values


class Dict(Encoding):
    child_counts = (1,)

    def read_header(self, headers):
        self.require_kind("fixed", "bytes")
        require(self.stream.resources.entries is not None, "dict: no dictionary")
        return [(CODES, self.count)]

    def decode(self, bodies):
        entries = self.stream.resources.entries
        codes = self.stream.children[0].decode(bodies)
        require(all(code < len(entries) for code in codes), "dict: a code without entry")
        return [entries[code] for code in codes]


class VarBytes(Encoding):
    child_counts = (1, 2)

    def read_header(self, headers):
        self.require_kind("bytes")
        wide = headers.number(1)
        require(wide < 2, "var_bytes: flags")
        width = 8 if wide else 4
        self.payload_size = headers.number(width)
        return [(Type("fixed", width, "unsigned"), self.count), (BYTE, self.payload_size)]

    def own_size(self):
        return self.payload_size if len(self.tree.children) == 1 else 0

    def decode(self, bodies):
        payload = bodies.take(self.own_size())
        lengths = self.stream.children[0].decode(bodies)
        if len(self.tree.children) == 2:
            payload = bytes(self.stream.children[1].decode(bodies))
        require(sum(lengths) == len(payload), "var_bytes: the lengths do not add up")
        values, at = [], 0
        for length in lengths:
            values.append(payload[at:at + length])
            at += length
        return values


class Fsst(Encoding):
    child_counts = (1,)

    def read_header(self, headers):
        self.require_kind("bytes")
        require(self.stream.resources.symbols is not None, "fsst: no symbol table")
        wide = headers.number(1)
        require(wide < 2, "fsst: flags")
        self.total_size = headers.number(8 if wide else 4)
        self.code_count = headers.number(8 if wide else 4)
        return [(CODES, self.count)]

    def own_size(self):
        return (self.code_count * 12 + 7) // 8

    def decode(self, bodies):
        packed = bytes(bodies.take(self.own_size()))
        pairs = (int.from_bytes(packed[i * 3 // 2:i * 3 // 2 + 2], "little") >> i % 2 * 4
                 for i in range(self.code_count))
        codes = iter([pair & 0xFFF for pair in pairs])
        counts = self.stream.children[0].decode(bodies)
        require(sum(counts) == self.code_count, "fsst: the numbers of codes do not add up")
        values = [b"".join(self._text(next(codes)) for _ in range(n)) for n in counts]
        require(sum(map(len, values)) == self.total_size, "fsst: size of the values")
        return values

    def _text(self, code):
        require(code < len(self.stream.resources.symbols), "fsst: code")
        return self.stream.resources.symbols[code]


class Codec(Encoding):
    child_counts = (0, 1)
    is_codec = True

    def read_header(self, headers):
        self.require_kind("fixed")
        self.flags, self.stored_size = headers.number(1), headers.number(4)
        require(self.flags < 3, f"{self.tree.name}: flags {self.flags}")
        return [(self.kind, self.count)]

    def own_size(self):
        return self.stored_size

    def decode(self, bodies):
        stored = bodies.take(self.stored_size)
        children = self.stream.children
        raw_size = (children[0].body_size() if children
                    else self.count * self.kind.width)
        raw = stored
        if self.flags != 1:
            resources = self.stream.resources if self.flags == 2 else Resources()
            require(self.flags != 2 or resources.codec_dictionary is not None,
                    f"{self.tree.name}: no codec dictionary")
            raw = self.decompress(stored, raw_size, resources)
        require(len(raw) == raw_size, f"{self.tree.name}: {len(raw)} bytes")
        cursor = ByteCursor(raw, self.tree.name)
        if children:
            values = children[0].decode(cursor)
        else:
            values = fixed_values(cursor.take(raw_size), self.kind.width, self.count)
        cursor.finish()
        return values


class Zstd(Codec):
    def decompress(self, stored, raw_size, resources):
        return unzstd(stored, raw_size, resources.zstd_dictionary())


class Lz4(Codec):
    def decompress(self, stored, raw_size, resources):
        try:
            return lz4.block.decompress(stored, uncompressed_size=raw_size,
                                        dict=resources.codec_dictionary or b"")
        except lz4.block.LZ4BlockError as error:
            raise Damaged(f"lz4: {error}") from None


ENCODINGS = {"plain": Plain, "constant": Constant, "bool_bits": BoolBits, "ffor": Ffor,
             "run_end": RunEnd, "sparse": Sparse, "delta_base": DeltaBase,
             "dict": Dict, "var_bytes": VarBytes, "fsst": Fsst, "shuffle": Shuffle,
             "alp": Alp, "alp_rd": AlpRd, "cast": Cast,
             "predict": Predict, "zstd": Zstd, "lz4": Lz4}


def read_validity(kind, data, count):
    """Nulls of a block or page: a list of truth values, true where the row is valid."""
    if kind in (0, 1):
        require(not data, "validity: bytes that are not needed")
        return [kind == 0] * count
    if kind == 2:
        require(len(data) == -(-count // 8), "validity: size of the bitmap")
        return [bool(bit) for bit in read_bits(data, count)]
    require(kind == 3 and len(data) % 2 == 0, f"validity: kind {kind}")
    require(count <= 65536, "validity: positions of too many rows")
    positions = fixed_values(data, 2, len(data) // 2)
    require(ascending(positions, count), "validity: positions")
    valid = [True] * count
    for position in positions:
        valid[position] = False
    return valid
