#!/usr/bin/env python3
"""A folder includes only what stands before it in the order of layers; generated FlatBuffers
headers stay in .cc files of the file layers; Arrow C++ stays in tools, bench and tests."""
import re

import tree

BEFORE = {
    "include": set(),
    "types": {"include"},
    "encoding": {"include", "types"},
    "io": {"include", "types"},
}
BEFORE["format"] = {"include", "types", "encoding", "io"}
BEFORE["index"] = BEFORE["format"] | {"format"}
BEFORE["dataset"] = BEFORE["index"] | {"index"}
BEFORE["loader"] = BEFORE["dataset"] | {"dataset"}
ALL = BEFORE["loader"] | {"loader"}
BEFORE["tools"] = BEFORE["python"] = BEFORE["examples"] = ALL
BEFORE["bench"] = ALL | {"tools"}
BEFORE["tests"] = BEFORE["bench"] | {"bench"}

FILE_LAYERS = {"format", "index", "dataset"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)


def fault(folder, path, quote, name):
    """Why `path` in `folder` may not include `name`, or None."""
    first = name.split("/")[0]
    if first == "generated":
        if folder != "tests" and (folder not in FILE_LAYERS or path.suffix != ".cc"):
            return "generated headers belong in .cc files of format, index and dataset"
    elif first == "flatbuffers":
        if folder not in FILE_LAYERS | {"tests"}:
            return "FlatBuffers belong in format, index and dataset"
    elif first in ("arrow", "parquet"):
        if folder not in ("tools", "bench", "tests"):
            return "Arrow C++ belongs in tools, bench and tests"
    elif first == "lancer":
        return None
    elif first == "include":
        return 'public headers are included as "lancer/x.h"'
    elif first in tree.CODE:
        if first != folder and first not in BEFORE[folder]:
            return f"{folder} may not include {first}"
    elif quote == '"' and "/" not in name and folder != "examples":
        return "includes are written from the root of the tree"
    return None


def check(root):
    for folder in tree.CODE:
        for path in tree.files(root, [folder], {".h", ".cc"}):
            text = tree.without_comments(path.read_text(), strings=False)
            for match in INCLUDE.finditer(text):
                reason = fault(folder, path, *match.groups())
                if reason:
                    line = text.count("\n", 0, match.start()) + 1
                    yield f'{path.relative_to(root)}:{line}: "{match[2]}": {reason}'


if __name__ == "__main__":
    tree.run(check, __doc__)
