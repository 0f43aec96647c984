"""Rows of a data file, or of the newest version of a dataset (dataset.md, manifest.md,
log.md)."""

import pathlib
import re

from .byte_cursor import ByteCursor
from .container import SCHEMA, Container, check64
from .errors import NotSupported, require
from .flatbuffer_tables import FbsSchema
from .nesting import FileColumns
from .text import format_value

DATA, MANIFEST, NODES, FORMAT = 0, 1, 2, 7  # kinds of files
RESERVED = {
    "manifest": ("branch", "fork_version", "fork_digest", "floor", "pins", "fences",
                 "key", "buckets", "indexes", "lineage", "column_digests"),
    "fragment": ("updated", "deletions", "packs", "row_id_section"),
    "column file": ("field_ids", "columns"),
}
FORMAT_FILE = FbsSchema("format_file")
MANIFEST_TABLE = FbsSchema("manifest")
TREE_NODE = FbsSchema("tree_node")


def read_rows(path):
    """The rows of a file or dataset, as JSON arrays of values, one string each."""
    path = pathlib.Path(path)
    if path.is_dir():
        return Dataset(path).rows()
    return file_rows(open_file(path, DATA))


def open_file(path, kind):
    container = Container(path.read_bytes(), path.name)
    found = container.footer["kind"]
    require(found == kind, f"{path.name}: a file of kind {found}, expected {kind}")
    return container


def file_rows(container):
    """The rows of a data file as JSON arrays."""
    columns = FileColumns(container)
    texts = [[format_value(field, value) for value in columns.read_column(i)]
             for i, field in enumerate(columns.fields)]
    return ["[" + ", ".join(column[row] for column in texts) + "]"
            for row in range(columns.row_count())]


def refuse_reserved(table, what):
    for name in RESERVED[what]:
        if table[name]:
            raise NotSupported(f"{what}: the reserved field {name}")


def digest_of(stored):
    return (stored["high"] << 64 | stored["low"]) if stored else 0


class Dataset:
    """A folder, at its newest version."""

    def __init__(self, root):
        self.root = root
        self.files = {}  # of nodes, by path
        container = open_file(root / "FORMAT", FORMAT)
        stored = self._section(container, "format")
        self.format = FORMAT_FILE.parse(stored)
        if self.format["file_hash"] != "xxh3-128" or self.format["required_features"]:
            raise NotSupported("FORMAT: a hash or feature that is not known")
        self.manifest = self._newest()

    def rows(self):
        schema = self._schema()
        lines = []
        for fragment in self.fragments():
            lines += self._fragment_rows(fragment, schema)
        require(len(lines) == self.manifest["summary"]["rows"], "summary: rows")
        return lines

    def fragments(self):
        """All fragments, ascending by id."""
        found = []
        if self.manifest["fragment_tree"]:
            found += self._subtree(self.manifest["fragment_tree"], None)
        found += self.manifest["fragments"] or []
        ids = [fragment["id"] for fragment in found]
        require(ids == sorted(set(ids)), "fragments: ids do not ascend")
        require(len(found) == self.manifest["summary"]["fragments"],
                "summary: fragments")
        return found

    @staticmethod
    def _section(container, name):
        stored = container.section(name)
        require(stored is not None, f"{container.name}: no section {name}")
        return stored

    def _open_reference(self, reference, kind):
        """The file that another one refers to, if it is the one that was meant."""
        name = reference["path"]
        require(re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name, re.ASCII) and len(name) <= 255
                and not {".", ".."} & set(name.split("/")), f"path {name!r}")
        path = self.root / name
        require(path.is_file(), f"{name}: the file is missing")
        require(path.stat().st_size == reference["size"], f"{name}: size differs")
        container = open_file(path, kind)
        require(container.digest == digest_of(reference["digest"]),
                f"{name}: digest differs")
        return container

    # The log.

    def _floor(self):
        names = [path.name for path in (self.root / "_log" / "floor").glob("*.*")]
        numbers = [int(name.split(".")[0]) for name in names
                   if re.match(r"[0-9]+\.", name)]
        return max(numbers, default=0)

    def _newest(self):
        floor = self._floor()
        manifest = self._hinted(floor) or self._newest_listed()
        version = manifest["version"] + 1
        while True:
            if self._log_path(version, "skip").exists():
                version += 1
            elif self._log_path(version, "mft").exists():
                following = self._load(version)
                require(following["parent_version"] == manifest["version"]
                        and digest_of(following["parent_digest"]) == manifest["digest"],
                        f"version {version}: its parent is another manifest")
                manifest, version = following, version + 1
            else:
                require(not self._log_path(version + 1, "mft").exists(),
                        f"version {version} is missing although later ones exist")
                return manifest

    def _log_path(self, version, suffix):
        return self.root / "_log" / f"{version:020}.{suffix}"

    def _hinted(self, floor):
        """The manifest that HEAD names, or None."""
        path = self.root / "_log" / "HEAD"
        data = path.read_bytes() if path.exists() else b""
        if len(data) != 40 or data[:8] != b"LNCRHEAD":
            return None
        cursor = ByteCursor(data[8:], "HEAD")
        version, digest = cursor.number(8), cursor.number(16)
        if cursor.number(8) != check64(data[:32]) or version <= floor:
            return None
        if not self._log_path(version, "mft").exists():
            return None
        manifest = self._load(version)
        require(manifest["digest"] == digest, f"version {version}: not what HEAD states")
        return manifest

    def _newest_listed(self):
        versions = [int(path.stem) for path in (self.root / "_log").glob("*.mft")
                    if re.fullmatch(r"[0-9]{20}", path.stem)]
        versions = [version for version in versions
                    if not self._log_path(version, "skip").exists()]
        require(versions, "the dataset was never created")
        return self._load(max(versions))

    def _load(self, version):
        container = open_file(self._log_path(version, "mft"), MANIFEST)
        manifest = MANIFEST_TABLE.parse(self._section(container, "manifest"))
        what = f"manifest of version {version}"
        require(manifest["version"] == version
                and manifest["parent_version"] < version, f"{what}: number")
        require(manifest["table"] == self.format["table"], f"{what}: another dataset")
        refuse_reserved(manifest, "manifest")
        if manifest["reader_features"]:
            raise NotSupported(f"{what}: features {manifest['reader_features']}")
        return manifest | {"digest": container.digest}

    # Fragments.

    def _schema(self):
        entries = [entry for entry in self.manifest["schemas"] or []
                   if entry["id"] == self.manifest["schema_id"]]
        require(len(entries) == 1, "manifest: the version's schema")
        entry = entries[0]
        require((entry["file"] is None) != (not entry["bytes"]),
                "manifest: a schema stands in one place")
        if entry["file"] is None:
            return SCHEMA.parse(entry["bytes"])
        container = self._open_reference(entry["file"], NODES)
        return SCHEMA.parse(self._section(container, "schema"))

    def _subtree(self, subtree, holder):
        """Fragments below a reference that stands in the file `holder`."""
        place = subtree["node"]
        if place["file"] is not None:
            name = place["file"]["path"]
            if name not in self.files:
                self.files[name] = self._open_reference(place["file"], NODES)
            holder = self.files[name]
        require(holder is not None, "a node without a file")
        stored = holder.read(place["offset"], place["size"], "node")
        require(check64(stored) == place["check"], f"{holder.name}: node: check differs")
        node = TREE_NODE.parse(stored)
        require(node["level"] == subtree["level"], "node: level")
        found = list(node["fragments"] or [])
        for child in node["children"] or []:
            require(child["level"] == node["level"] - 1, "node: level of a child")
            found += self._subtree(child, holder)
        require(len(found) == subtree["fragments"]
                and sum(fragment["rows"] for fragment in found) == subtree["rows"]
                and found[0]["id"] == subtree["first_id"]
                and found[-1]["id"] == subtree["last_id"],
                "node: not what its parent states")
        return found

    def _fragment_rows(self, fragment, schema):
        what = f"fragment {fragment['id']}"
        refuse_reserved(fragment, "fragment")
        ids = sum(ids["count"] for ids in fragment["row_ids"] or [])
        created = sum(run["rows"] for run in fragment["created"] or [])
        require(ids == created == fragment["rows"], f"{what}: row ids")
        require(len(fragment["files"] or []) == 1, f"{what}: number of files")
        column_file = fragment["files"][0]
        refuse_reserved(column_file, "column file")
        require(column_file["schema_id"] == self.manifest["schema_id"], f"{what}: schema")
        container = self._open_reference(column_file["file"], DATA)
        require(container.footer["row_count"] == fragment["rows"], f"{what}: rows")
        stated = [field["id"] for field in container.schema()["fields"] or []]
        expected = [field["id"] for field in schema["fields"] or []]
        require(stated == expected, f"{what}: fields of the file")
        return file_rows(container)
