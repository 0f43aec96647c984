"""FlatBuffers read by their schema text, so that `spec/schemas/*.fbs` is the only list of
fields. Tables and structs become dicts, vectors lists; vectors of bytes become `bytes`.
"""

import pathlib
import re
import struct

from .errors import Damaged, require

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"
SCALARS = {"ubyte": "B", "byte": "b", "bool": "?", "ushort": "H", "short": "h",
           "uint": "I", "int": "i", "ulong": "Q", "long": "q"}
MOST_TABLES = 1_000_000


class FbsSchema:
    """The tables and structs of one .fbs file and of those that it includes."""

    def __init__(self, name):
        self.tables = {}   # name -> [(field, type, default)]
        self.structs = {}  # name -> [(field, type, count or None)]
        self.root = None
        self._load(SCHEMAS / f"{name}.fbs")

    def _load(self, path):
        text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        for included in re.findall(r'include\s+"([^"]+)"\s*;', text):
            self._load(path.parent / included)
        for kind, name, body in re.findall(r"\b(table|struct)\s+(\w+)\s*{([^}]*)}", text):
            fields = re.findall(r"(\w+)\s*:\s*(\[?[\w.:]+\]?)\s*(?:=\s*([-\w]+))?", body)
            if kind == "table":
                self.tables[name] = [(f, t, _default(t, d)) for f, t, d in fields]
            else:
                self.structs[name] = [(f, *_array(t)) for f, t, _ in fields]
        root = re.search(r"\broot_type\s+(\w+)\s*;", text)
        if root:
            self.root = root.group(1)

    def parse(self, data):
        """The root table of the buffer."""
        buffer = _Buffer(self, data)
        return buffer.table(self.root, buffer.scalar("I", 0))

    def struct_layout(self, name):
        """(size, alignment, [(field, type, count, offset)]) of a struct."""
        at, alignment, members = 0, 1, []
        for field, kind, count in self.structs[name]:
            size, align = self._inline(kind)
            at = -(-at // align) * align
            members.append((field, kind, count, at))
            at += size * (count or 1)
            alignment = max(alignment, align)
        return -(-at // alignment) * alignment, alignment, members

    def _inline(self, kind):
        if kind in SCALARS:
            size = struct.calcsize(SCALARS[kind])
            return size, size
        return self.struct_layout(kind)[:2]


def _default(kind, text):
    if kind not in SCALARS:
        return None
    if text in ("true", "false"):
        return text == "true"
    number = int(text) if text else 0
    return bool(number) if kind == "bool" else number


def _array(kind):
    match = re.fullmatch(r"\[(\w+):(\d+)\]", kind)
    return (match.group(1), int(match.group(2))) if match else (kind, None)


class _Buffer:
    def __init__(self, schema, data):
        self.schema = schema
        self.data = bytes(data)
        self.tables = 0

    def slice(self, at, size):
        require(0 <= at and 0 <= size and at + size <= len(self.data),
                f"FlatBuffers: {size} bytes at {at} of {len(self.data)}")
        return self.data[at:at + size]

    def scalar(self, code, at):
        return struct.unpack("<" + code, self.slice(at, struct.calcsize(code)))[0]

    def table(self, name, at):
        self.tables += 1
        require(self.tables <= MOST_TABLES, "FlatBuffers: too many tables")
        vtable = at - self.scalar("i", at)
        slots = (self.scalar("H", vtable) - 4) // 2
        result = {}
        for i, (field, kind, default) in enumerate(self.schema.tables[name]):
            offset = self.scalar("H", vtable + 4 + 2 * i) if i < slots else 0
            result[field] = default if offset == 0 else self.field(kind, at + offset)
        return result

    def field(self, kind, at):
        if kind in SCALARS:
            return self.scalar(SCALARS[kind], at)
        if kind in self.schema.structs:
            return self.structure(kind, at)
        target = at + self.scalar("I", at)
        if kind == "string":
            return self.string(target)
        if kind.startswith("["):
            return self.vector(kind[1:-1], target)
        return self.table(kind, target)

    def string(self, at):
        data = self.slice(at + 4, self.scalar("I", at))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Damaged(f"FlatBuffers: a string that is not UTF-8: {error}") from None

    def vector(self, kind, at):
        count, first = self.scalar("I", at), at + 4
        if kind == "ubyte":
            return self.slice(first, count)
        if kind in SCALARS:
            code = SCALARS[kind]
            data = self.slice(first, count * struct.calcsize(code))
            return list(struct.unpack(f"<{count}{code}", data))
        if kind in self.schema.structs:
            size = self.schema.struct_layout(kind)[0]
            self.slice(first, count * size)
            return [self.structure(kind, first + i * size) for i in range(count)]
        self.slice(first, count * 4)
        return [self.field(kind, first + 4 * i) for i in range(count)]

    def structure(self, name, at):
        result = {}
        for field, kind, count, offset in self.schema.struct_layout(name)[2]:
            if count is not None:
                result[field] = self.slice(at + offset, count)
            elif kind in SCALARS:
                result[field] = self.scalar(SCALARS[kind], at + offset)
            else:
                result[field] = self.structure(kind, at + offset)
        return result
