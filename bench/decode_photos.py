#!/usr/bin/env python3
"""Decodes photographs for the benchmark of tensors: of the first files of a folder, by name,
that are wide and high enough, the pixels of a square in the middle, row by row, 3 bytes each.

    bench/decode_photos.py FOLDER OUTPUT [--count 200] [--side 256]

Needs Pillow, which tools/dev/requirements pins."""
import argparse
import pathlib
import sys

from PIL import Image, UnidentifiedImageError


def middle(path, side):
    """The pixels, or None where the file is no image or too small."""
    try:
        with Image.open(path) as image:
            left, top = (image.width - side) // 2, (image.height - side) // 2
            if left < 0 or top < 0:
                return None
            return image.convert("RGB").crop((left, top, left + side, top + side)).tobytes()
    except (UnidentifiedImageError, OSError) as error:
        print(f"{path.name}: left out: {error}", file=sys.stderr)
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--side", type=int, default=256)
    arguments = parser.parse_args()
    pictures = []
    for path in sorted(arguments.folder.iterdir()):
        pixels = middle(path, arguments.side) if path.is_file() else None
        if pixels is not None:
            pictures.append(pixels)
        if len(pictures) == arguments.count:
            break
    if not pictures:
        sys.exit(f"{arguments.folder}: no image of {arguments.side} pixels a side")
    arguments.output.write_bytes(b"".join(pictures))


if __name__ == "__main__":
    main()
