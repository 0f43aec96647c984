#!/usr/bin/env python3
"""Every hex example of the spec is the bytes that the code writes. A fenced block opened by
```hex NAME holds pairs of hex digits, with # starting a comment; its bytes must equal those
of spec/golden/examples/NAME.hex, which a C++ test compares with what the library writes."""
import re

import tree

BLOCK = re.compile(r"^```hex[ \t]*(\S*)[^\n]*\n(.*?)^```", re.M | re.S)


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


if __name__ == "__main__":
    tree.run(check, __doc__)
