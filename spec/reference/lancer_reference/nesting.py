"""How flat leaves become nested rows (layouts.md, "Leaves, levels and slots")."""

import collections

from .errors import Damaged, require
from .layouts import LeafReader

# kind: struct, list or fixed_list; size: items of a fixed-size list.
Level = collections.namedtuple("Level", "kind size")
# What the schema says of a leaf: names and field ids from the root.
Leaf = collections.namedtuple("Leaf", "role path field_ids levels type")

# include/lancer/type.h, TypeKind
(NULL, BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT16, FLOAT32,
 FLOAT64, DECIMAL128, DECIMAL256, DATE32, DATE64, TIME32, TIME64, TIMESTAMP, DURATION,
 STRING, LARGE_STRING, STRING_VIEW, BINARY, LARGE_BINARY, BINARY_VIEW, FIXED_SIZE_BINARY,
 LIST, LARGE_LIST, LIST_VIEW, LARGE_LIST_VIEW, FIXED_SIZE_LIST, STRUCT, MAP, DICTIONARY,
 RUN_END_ENCODED) = range(37)
DECIMAL32, DECIMAL64 = 40, 41
LISTS = (LIST, LARGE_LIST, LIST_VIEW, LARGE_LIST_VIEW, MAP)
BYTE_STRINGS = (STRING, LARGE_STRING, STRING_VIEW, BINARY, LARGE_BINARY, BINARY_VIEW)
# (physical kind, number kind, width) as the column metadata has them.
FIXED = {INT8: (2, 1), INT16: (2, 2), INT32: (2, 4), INT64: (2, 8), UINT8: (1, 1),
         UINT16: (1, 2), UINT32: (1, 4), UINT64: (1, 8), FLOAT16: (3, 2), FLOAT32: (3, 4),
         FLOAT64: (3, 8), DECIMAL128: (2, 16), DECIMAL256: (2, 32), DATE32: (2, 4),
         DATE64: (2, 8), TIME32: (2, 4), TIME64: (2, 8), TIMESTAMP: (2, 8),
         DURATION: (2, 8), DECIMAL32: (2, 4), DECIMAL64: (2, 8), NULL: (0, 0), STRUCT: (0, 0)}
VALUES, STRUCTURE = 0, 1


def stored_type(field):
    """The field, or what a dictionary or run-end type below it has as values."""
    while field["kind"] in (DICTIONARY, RUN_END_ENCODED):
        require(field["children"], "schema: an encoded type without values")
        field = field["children"][-1]
    return field


def is_bfloat16(field):
    """What the extension type in the field's metadata says, which its storage must fit."""
    names = [bytes(pair["value"] or b"") for pair in field["metadata"] or []
             if bytes(pair["key"] or b"") == b"ARROW:extension:name"]
    stored = stored_type(field)
    return (names[:1] == [b"lancer.bfloat16"] and stored["kind"] == FIXED_SIZE_BINARY
            and stored["byte_width"] == 2)


def packed_places(field):
    """(bytes of validity, [(field, width)]) of a row of a packed struct, or None."""
    keys = [bytes(pair["value"] or b"") for pair in field["metadata"] or []
            if bytes(pair["key"] or b"") == b"lancer.packed"]
    children = field["children"] or []
    if field["kind"] != STRUCT or not children or keys[:1] != [b"true"]:
        return None
    places = []
    for child in children:
        kind = child["kind"]
        if kind != BOOL and kind != FIXED_SIZE_BINARY and (
                kind not in FIXED or FIXED[kind][1] == 0):
            return None
        places.append((child, 1 if kind == BOOL else physical_type(child, False)[2]))
    return -(-sum(child["nullable"] for child in children) // 8), places


def unpack_row(places, number):
    """The fields of a row from the number that its bytes make."""
    validity_bytes, fields = places
    row, at, bit = {}, validity_bytes, 0
    for field, width in fields:
        value, valid = number >> (8 * at) & ((1 << 8 * width) - 1), True
        if field["nullable"]:
            valid, bit = number >> bit & 1, bit + 1
        row[field["name"]] = value if valid else None
        at += width
    return row


def children_of(field):
    return stored_type(field)["children"] or []


def leaves_of(field):
    """Leaves of a field of the schema, in pre-order."""
    return list(_leaves(field, (), (), ()))


def _leaves(field, path, field_ids, levels):
    kind = stored_type(field)["kind"]
    path, field_ids = path + (field["name"],), field_ids + (field["id"],)
    packed = packed_places(field)
    if packed is not None:
        width = packed[0] + sum(width for _, width in packed[1])
        yield Leaf(VALUES, path, field_ids, levels, (1, 0, width))
        return
    if kind == STRUCT and children_of(field):
        levels += (Level("struct", 1),)
    elif kind in LISTS:
        levels += (Level("list", 0),)
    elif kind == FIXED_SIZE_LIST:
        levels += (Level("fixed_list", stored_type(field)["list_size"]),)
    else:
        role = STRUCTURE if kind == STRUCT else VALUES
        yield Leaf(role, path, field_ids, levels, physical_type(stored_type(field), is_bfloat16(field)))
        return
    for child in children_of(field):
        yield from _leaves(child, path, field_ids, levels)


def physical_type(field, bfloat16):
    """(physical kind, number kind, width) of a leaf's values."""
    kind = field["kind"]
    if kind == BOOL:
        return 0, 0, 0
    if kind in BYTE_STRINGS:
        return 2, 0, 0
    if kind == FIXED_SIZE_BINARY:
        return 1, 4 if bfloat16 else 0, field["byte_width"]
    require(kind in FIXED, f"schema: type kind {kind}")
    return (1, *FIXED[kind])


class FileColumns:
    """The columns of one data file."""

    def __init__(self, container):
        require(container.footer["kind"] == 0, "not a data file")
        self.container = container
        self.fields = container.schema()["fields"] or []
        self.leaves = [leaves_of(field) for field in self.fields]
        count = sum(len(leaves) for leaves in self.leaves)
        require(count == container.footer["leaf_count"], "schema: number of leaves")

    def row_count(self):
        return self.container.footer["row_count"]

    def read_column(self, number):
        """The rows of a column: None, or what encodings.py has for the type, lists, and
        dicts for structs."""
        first = sum(len(leaves) for leaves in self.leaves[:number])
        pieces = [self._read_leaf(first + i, leaf)
                  for i, leaf in enumerate(self.leaves[number])]
        rows = Assembler(pieces).build(self.fields[number], 0, self.row_count())
        return rows

    def _read_leaf(self, number, leaf):
        meta = self.container.column_meta(number)
        what = f"column metadata of leaf {number}"
        stored = (meta["role"], tuple(meta["field_ids"] or ()),
                  (meta["physical_kind"], meta["number_kind"], meta["width"]))
        require(stored == (leaf.role, leaf.field_ids, leaf.type),
                f"{what}: {stored} is not what the schema says")
        require(meta["rows"] == self.row_count(), f"{what}: rows")
        require(number in self.container.leaf_numbers(meta["path"] or []),
                f"{what}: the name index does not know its path")
        try:
            return LeafReader(self.container, meta, leaf.levels).read()
        except Damaged as error:
            raise Damaged(f"{'.'.join(leaf.path)}: {error}") from None


class Assembler:
    """Puts leaves, in pre-order, together."""

    def __init__(self, leaves):
        self.leaves, self.next_leaf = leaves, 0

    def build(self, field, depth, slots):
        """The slots of a field that has `depth` levels above it."""
        kind = stored_type(field)["kind"]
        children = children_of(field)
        packed = packed_places(field)
        if packed is not None:
            return [row if row is None else unpack_row(packed, row)
                    for row in self._build_leaf(FIXED_SIZE_BINARY, slots)]
        if kind not in LISTS and kind != FIXED_SIZE_LIST and not (
                kind == STRUCT and children):
            return self._build_leaf(kind, slots)
        first = self.next_leaf
        level = self.leaves[first].levels[depth]
        require(len(level.valid) == slots, f"{field['name']}: number of slots")
        if kind == STRUCT:
            columns = [self.build(child, depth + 1, slots) for child in children]
            names = [child["name"] for child in children]
            built = [dict(zip(names, row)) for row in zip(*columns)]
        else:
            built = self._build_lists(stored_type(field), depth, level)
        for leaf in self.leaves[first:self.next_leaf]:
            require(leaf.levels[depth].valid == level.valid
                    and leaf.levels[depth].lengths == level.lengths,
                    f"{field['name']}: leaves do not agree")
        return [value if valid else None for value, valid in zip(built, level.valid)]

    def _build_lists(self, field, depth, level):
        lengths = level.lengths
        if field["kind"] == FIXED_SIZE_LIST:
            lengths = [field["list_size"]] * len(level.valid)
        for valid, length in zip(level.valid, lengths):
            require(valid or length == 0 or field["kind"] == FIXED_SIZE_LIST,
                    "a null list has items")
        items = self.build(field["children"][0], depth + 1, sum(lengths))
        built, at = [], 0
        for length in lengths:
            built.append(items[at:at + length])
            at += length
        return built

    def _build_leaf(self, kind, slots):
        leaf = self.leaves[self.next_leaf]
        self.next_leaf += 1
        require(len(leaf.valid) == slots, "a leaf's number of slots")
        values = [{}] * slots if kind == STRUCT else leaf.values
        require(kind != NULL or not any(leaf.valid), "a value in a column of nulls")
        return [value if valid else None for value, valid in zip(values, leaf.valid)]
