#!/usr/bin/env python3
"""A file is small enough to be read whole: limits of lines by kind of file."""
import tree

SOURCE, HEADER, TEST, README, ROOT_BUILD = 500, 300, 600, 60, 150


def limit(inside):
    """The most lines that a file may have, or None."""
    if inside.as_posix() == "CMakeLists.txt":
        return ROOT_BUILD
    if inside.name == "README.md" and len(inside.parts) > 1:
        return README
    if inside.parts[0] not in tree.CODE + ("spec",):
        return None
    if inside.parts[0] == "tests" and inside.suffix in (".h", ".cc", ".py"):
        return TEST
    return {".h": HEADER, ".cc": SOURCE, ".py": SOURCE}.get(inside.suffix)


def check(root):
    for path in tree.files(root):
        inside = path.relative_to(root)
        most = limit(inside)
        if most is not None:
            lines = path.read_bytes().count(b"\n")
            if lines > most:
                yield f"{inside}: {lines} lines, the limit is {most}"


if __name__ == "__main__":
    tree.run(check, __doc__)
