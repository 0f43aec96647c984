"""Prints the rows of a Lancer file or dataset as JSON lines, an array of values each:

    python3 spec/reference/read.py PATH [--rows FIRST:END]

Needs the packages zstandard, lz4 and xxhash.
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from lancer_reference import dataset, errors  # noqa: E402


def row_range(text):
    first, colon, end = text.partition(":")
    if not colon:
        raise ValueError(text)
    return slice(int(first) if first else None, int(end) if end else None)


def main():
    parser = argparse.ArgumentParser(description="Prints rows as JSON lines.")
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--rows", type=row_range, default=slice(None),
                        metavar="FIRST:END", help="rows from FIRST to before END")
    arguments = parser.parse_args()
    try:
        lines = dataset.read_rows(arguments.path)[arguments.rows]
    except (errors.Damaged, errors.NotSupported, OSError) as error:
        print(f"{arguments.path}: {error}", file=sys.stderr)
        return 1
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
