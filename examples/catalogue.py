#!/usr/bin/env python3
"""Writes this machine's Debian package catalogue as JSON lines, for the demonstration.

    catalogue.py > packages.jsonl

Reads `apt-cache dumpavail`, or `dpkg-query` where there are no package lists. Standard
library only.
"""

import json
import re
import subprocess
import sys

NUMBERS = {"Size": "size", "Installed-Size": "installed_size"}
TEXTS = {"Package": "package", "Version": "version", "Architecture": "architecture",
         "Section": "section", "Priority": "priority", "Maintainer": "maintainer",
         "Homepage": "homepage", "SHA256": "sha256"}


def output_of(command):
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True,
                              errors="replace").stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def paragraphs(text):
    """Control-file paragraphs as dictionaries; continuation lines are joined."""
    for block in text.split("\n\n"):
        fields = {}
        name = None
        for line in block.splitlines():
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line.strip()
            elif ":" in line:
                name, value = line.split(":", 1)
                fields[name] = value.strip()
        if "Package" in fields:
            yield fields


def names_of(dependencies):
    """The package names of a dependency list, in order, each once."""
    names = re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]*)", dependencies)
    return list(dict.fromkeys(names))


def row_of(fields):
    row = {new: fields.get(old) for old, new in TEXTS.items()}
    for old, new in NUMBERS.items():
        row[new] = int(fields[old]) if fields.get(old, "").isdigit() else None
    row["essential"] = fields.get("Essential") == "yes"
    row["depends"] = names_of(fields["Depends"]) if "Depends" in fields else None
    summary, _, text = fields.get("Description", fields.get("Description-en", "")).partition("\n")
    row["summary"] = summary
    row["description"] = text or summary
    return row


def main():
    text = output_of(["apt-cache", "dumpavail"])
    if text.count("\nPackage: ") < 1000:
        text = output_of(["dpkg-query", "--status"]) or text
    rows = 0
    for fields in paragraphs(text):
        sys.stdout.write(json.dumps(row_of(fields), ensure_ascii=False) + "\n")
        rows += 1
    if rows == 0:
        sys.exit("catalogue.py: found no packages: neither apt-cache nor dpkg-query answers "
                 "here; run it on Debian or pass your own file to lance-convert")


if __name__ == "__main__":
    main()
