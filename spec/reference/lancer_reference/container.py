"""The frame of a file (container.md): opened from its end, every part checked."""

import io

import xxhash
import zstandard

from .byte_cursor import ByteCursor
from .errors import Damaged, NotSupported, require
from .flatbuffer_tables import FbsSchema

MAGIC = bytes.fromhex("4c4e43520d0a1a0a")
POSTSCRIPT_SIZE = 64
UNIT = 4096
MOST_RAW_BYTES = 1 << 30
KNOWN_FEATURES = 0

FOOTER = FbsSchema("footer")
SCHEMA = FbsSchema("schema")
COLUMN_META = FbsSchema("column_meta")


def check64(data):
    return xxhash.xxh3_64_intdigest(data)


def check32(data, seed=0):
    return xxhash.xxh3_64_intdigest(data, seed) & 0xFFFFFFFF


def unzstd(data, raw_size, dictionary=None):
    """The `raw_size` bytes of one zstd frame."""
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
    try:
        with decompressor.stream_reader(io.BytesIO(data)) as reader:
            raw = reader.read(raw_size) if raw_size else b""
            require(reader.read(1) == b"", "zstd: the frame is longer than expected")
    except zstandard.ZstdError as error:
        raise Damaged(f"zstd: {error}") from None
    require(len(raw) == raw_size, f"zstd: {len(raw)} bytes, {raw_size} expected")
    return raw


class Container:
    """An open file. `read` gives bytes that a caller then checks."""

    def __init__(self, data, name):
        self.data = data
        self.name = name
        require(len(data) >= len(MAGIC) + POSTSCRIPT_SIZE, "too short for a Lancer file")
        require(data[-4:] != b"LANC", "a file of the original Lance format")
        require(data[-8:] == MAGIC and data[:8] == MAGIC, "the magic is missing")
        self._read_postscript(ByteCursor(data[-POSTSCRIPT_SIZE:], "postscript"))
        self._read_footer()
        self._read_tables()

    def read(self, offset, size, what):
        require(len(MAGIC) <= offset and offset + size <= self.footer_at,
                f"{what}: {size} bytes at {offset} are outside of the file")
        return self.data[offset:offset + size]

    def _read_postscript(self, cursor):
        stored = check64(cursor.data[:48])
        required, _ = cursor.number(8), cursor.number(8)
        self.footer_at = cursor.number(8)
        tail_size, self.footer_check = cursor.number(8), cursor.number(8)
        self.footer_size = cursor.number(4)
        major, minor = cursor.number(2), cursor.number(2)
        require(cursor.number(8) == stored, "postscript: check differs")
        if major != 1:
            raise NotSupported(f"version {major}.{minor}; this reader knows 1")
        if required & ~KNOWN_FEATURES:
            raise NotSupported(f"required features {required:#x}")
        end = len(self.data) - POSTSCRIPT_SIZE
        require(self.footer_at + self.footer_size == end, "postscript: footer's place")
        require(self.footer_size + POSTSCRIPT_SIZE <= tail_size <= len(self.data) - 8,
                "postscript: size of the tail")

    def _read_footer(self):
        stored = self.data[self.footer_at:self.footer_at + self.footer_size]
        require(check64(stored) == self.footer_check, "footer: check differs")
        self.footer = FOOTER.parse(stored)
        tail = self.data[self.footer_at:]
        self.digest = xxhash.xxh3_128_intdigest(tail)

    def _read_tables(self):
        """Unit checks first, then the directory and the name index that they cover."""
        leaves = self.footer["leaf_count"]
        self.directory = self._plain_part("directory", 32 * leaves)
        self.name_index = self._plain_part("name_index", 16 * leaves)
        tables = (self.directory, self.name_index)
        units = sum(-(-len(table) // UNIT) for table in tables)
        part = self.footer["unit_checks"]
        stored = self._plain_part("unit_checks", 4 * units)
        require(check64(stored) == part["check"], "unit checks: check differs")
        checks = ByteCursor(stored, "unit checks")
        for name, table in zip(("column directory", "name index"), tables):
            for at in range(0, len(table), UNIT):
                require(check32(table[at:at + UNIT]) == checks.number(4),
                        f"{name}: unit at {at}: check differs")

    def _plain_part(self, name, size):
        part = self.footer[name]
        require(part is not None, f"footer: {name} is missing")
        require(part["codec"] == 0 and part["size"] == part["raw_size"] == size,
                f"footer: size of {name}")
        return self.read(part["offset"], size, name)

    def _part(self, part, what):
        stored = self.read(part["offset"], part["size"], what)
        require(check64(stored) == part["check"], f"{what}: check differs")
        raw_size = part["raw_size"]
        if part["codec"] == 0:
            require(raw_size == len(stored), f"{what}: raw size")
            return stored
        if part["codec"] != 1:
            raise NotSupported(f"{what}: codec {part['codec']}")
        require(raw_size <= min(MOST_RAW_BYTES, 1024 * len(stored) + (1 << 20)),
                f"{what}: raw size of {raw_size}")
        return unzstd(stored, raw_size)

    def schema(self):
        require(self.footer["schema"] is not None, "footer: schema is missing")
        return SCHEMA.parse(self._part(self.footer["schema"], "schema"))

    def section(self, name):
        """The section's bytes, or None."""
        found = [part for part in self.footer["sections"] or [] if part["name"] == name]
        require(len(found) < 2, f"two sections of the name {name}")
        return self._part(found[0], f"section {name}") if found else None

    def column_meta(self, leaf):
        """The metadata of a leaf, by its number in the directory."""
        record = ByteCursor(self.directory[32 * leaf:32 * leaf + 32], "directory record")
        offset, size = record.number(8), record.number(4)
        require(record.number(4) == 0, f"leaf {leaf}: flags of the directory record")
        record.number(8)
        stored = self.read(offset, size, f"column metadata of leaf {leaf}")
        require(check64(stored) == record.number(8),
                f"column metadata of leaf {leaf}: check differs")
        return COLUMN_META.parse(stored)

    def checked_range(self, place, what):
        """The bytes of a Range of the column metadata; None where there is none."""
        if place is None or place["size"] == 0:
            return None
        stored = self.read(place["offset"], place["size"], what)
        require(check64(stored) == place["check"], f"{what}: check differs")
        return stored

    def leaf_numbers(self, path):
        """Leaves whose path has the hash of `path` (names from the root)."""
        key = b"".join(len(name).to_bytes(4, "little") + name
                       for name in (part.encode() for part in path))
        records = ByteCursor(self.name_index, "name index")
        found = []
        while records.remaining():
            stored, leaf = records.number(8), records.number(4)
            require(records.number(4) == 0, "name index: zero bytes")
            if stored == check64(key):
                found.append(leaf)
        return found
