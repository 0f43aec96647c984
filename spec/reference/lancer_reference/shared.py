"""What the pages of a leaf share: dictionaries and symbol tables (encodings.md)."""

from .byte_cursor import ByteCursor
from .encodings import BYTE, Resources, TreeNode, decode_stream
from .errors import require
from .packing import fixed_values


def parse_dictionary(data, kind):
    """Entries of a leaf's dictionary."""
    cursor = ByteCursor(data, "dictionary")
    count, flags = cursor.number(4), cursor.number(4)
    require(flags < 4, "dictionary: flags")
    if flags & 2:
        size = cursor.number(4)
        require(size <= 2 << 20, "dictionary: bytes that are compressed")
        stream = cursor.take(cursor.number(4))
        raw = bytes(decode_stream(TreeNode("zstd", 0, []), stream, BYTE, size, Resources()))
        inner = ByteCursor(raw, "dictionary")
        entries = _entries(inner, kind, count, True)
        inner.finish()
    else:
        entries = _entries(cursor, kind, count, False)
    require(len(set(entries)) == count, "dictionary: an entry stands twice")
    if flags & 1:
        ranks = fixed_values(cursor.take(count * 2), 2, count)
        require(sorted(ranks) == list(range(count)), "dictionary: ranks")
    cursor.finish()
    return entries


def _entries(cursor, kind, count, as_sizes):
    if kind.kind == "fixed":
        return fixed_values(cursor.take(count * kind.width), kind.width, count)
    numbers = fixed_values(cursor.take(count * 4), 4, count)
    if as_sizes:
        return [bytes(cursor.take(size)) for size in numbers]
    begins = [0] + numbers
    require(all(a <= b for a, b in zip(begins, numbers)), "dictionary: ends")
    payload = cursor.take(begins[-1])
    return [payload[a:b] for a, b in zip(begins, numbers)]


def parse_codec_dictionary(data):
    """The bytes that codecs refer back to."""
    cursor = ByteCursor(data, "codec dictionary")
    size = cursor.number(4)
    require(0 < size <= 256 << 10, "codec dictionary: size")
    stream = cursor.take(cursor.remaining())
    return bytes(decode_stream(TreeNode("zstd", 0, []), stream, BYTE, size, Resources()))


def parse_symbol_table(data):
    """The texts of all codes that a stored symbol table gives: bytes, then symbols."""
    cursor = ByteCursor(data, "symbol table")
    count = cursor.number(2)
    require(count <= 3840, "symbol table: number of symbols")
    sizes = list(cursor.take(count))
    require(all(2 <= size <= 16 for size in sizes), "symbol table: size of a symbol")
    symbols = [bytes((i,)) for i in range(256)] + [bytes(cursor.take(size)) for size in sizes]
    cursor.finish()
    return symbols
