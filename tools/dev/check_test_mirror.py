#!/usr/bin/env python3
"""Every source of the library has a test of the same name, and every test on disk is built:
format/page_reader.cc <-> tests/format/page_reader_test.cc, named in a CMakeLists.txt. Every
public header is named in one too, so that it is installed and compiled alone."""
import re

import tree


def sources_without_test(root):
    for path in tree.files(root, tree.LIBRARY, {".cc"}):
        inside = path.relative_to(root)
        mirror = root / "tests" / inside.parent / f"{inside.stem}_test.cc"
        if not mirror.exists():
            yield f"{inside}: no {mirror.relative_to(root)}"


def is_listed(root, path):
    """Named, relative to it, in the CMakeLists.txt of its folder or of one above."""
    for folder in path.parents:
        listing = folder / "CMakeLists.txt"
        if listing.exists():
            words = set(re.findall(r"[\w./-]+", re.sub(r"#.*", "", listing.read_text())))
            name = path.relative_to(folder).as_posix()
            if name in words or (path.stem.endswith("_fuzz") and path.stem[:-5] in words):
                return True
        if folder == root:
            return False
    return False


def check(root):
    yield from sources_without_test(root)
    for path in tree.files(root, ["tests"], {".cc", ".py"}):
        if path.stem.endswith(("_test", "_fuzz")) and not is_listed(root, path):
            yield f"{path.relative_to(root)}: in no CMakeLists.txt, so it never runs"
    for path in tree.files(root, ["include"], {".h"}):
        if not is_listed(root, path):
            yield f"{path.relative_to(root)}: in no CMakeLists.txt, so it is not installed"


if __name__ == "__main__":
    tree.run(check, __doc__)
