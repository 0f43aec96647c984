#!/usr/bin/env python3
"""Every hex example of the spec is the bytes that the code writes. A fenced block opened by
```hex NAME holds pairs of hex digits, with # starting a comment; its bytes must equal those
of spec/golden/examples/NAME.hex, which a C++ test compares with what the library writes.
Every section that a source names, as in (spec: encodings, "ffor"), is a heading of the page."""
import re

import tree

BLOCK = re.compile(r"^```hex[ \t]*(\S*)[^\n]*\n(.*?)^```", re.M | re.S)
NAMED = re.compile(r'spec: (\w+), ((?:"[^"]+"(?:, | and )?)+)')
COMMENT_LINE = re.compile(r"\n[ \t]*//[ \t]*")


def hex_bytes(text):
    digits = "".join(re.sub(r"#.*", "", text).split())
    return bytes.fromhex(digits)


def faults(root, page, name, text):
    golden = root / "spec" / "golden" / "examples" / f"{name}.hex"
    if not name:
        return ["a hex block without a name is compared with nothing"]
    if not golden.exists():
        return [f"{name}: no {golden.relative_to(root)}"]
    try:
        shown, stored = hex_bytes(text), hex_bytes(golden.read_text())
    except ValueError as error:
        return [f"{name}: {error}"]
    for at, (expected, found) in enumerate(zip(stored, shown)):
        if expected != found:
            return [f"{name}: byte {at} is {found:02x}, the golden file has {expected:02x}"]
    if len(shown) != len(stored):
        return [f"{name}: {len(shown)} bytes, the golden file has {len(stored)}"]
    return []


def headings(root):
    """Page to its headings; of "K: blocks" the part before the colon names it too."""
    found = {}
    for page in (root / "spec").glob("*.md"):
        titles = re.findall(r"^#+ +(.+?) *$", page.read_text(), re.M)
        found[page.stem] = {*titles, *(title.split(":")[0] for title in titles)}
    return found


def unknown_sections(root):
    pages = headings(root)
    for path in tree.files(root, [name for name in tree.CODE if (root / name).is_dir()],
                           {".h", ".cc"}):
        # One space for each break, so that a reference may be spread over lines.
        for page, sections in NAMED.findall(COMMENT_LINE.sub(" ", path.read_text())):
            for section in re.findall(r'"([^"]+)"', sections):
                if section not in pages.get(page, ()):
                    yield f'{path.relative_to(root)}: spec/{page}.md has no "{section}"'


def check(root):
    named = set()
    for page in tree.files(root, ["spec"], {".md"}):
        text = page.read_text()
        for match in BLOCK.finditer(text):
            named.add(match[1])
            line = text.count("\n", 0, match.start()) + 1
            for reason in faults(root, page, match[1], match[2]):
                yield f"{page.relative_to(root)}:{line}: {reason}"
    for golden in tree.files(root, ["spec/golden/examples"], {".hex"}):
        if golden.stem not in named:
            yield f"{golden.relative_to(root)}: no page of the spec shows it"
    yield from unknown_sections(root)


if __name__ == "__main__":
    tree.run(check, __doc__)
