#!/usr/bin/env python3
"""Public headers state the thread rule and who owns what; nothing committed names a path of
somebody's machine or a host that is not on the list; a mark of unfinished work names its
issue; what can be spelled in two ways is spelled in one."""
import re

import tree

THREADS = re.compile(r"thread", re.I)
LIFETIME = re.compile(r"\bown(s|ed|er|ership|ing)?\b|lifetime|outlive|borrow|\bkeeps?\b"
                      r"|\bvalid (until|while|as long)|cop(y|ies|ied)\b", re.I)
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:wor[k]|roo[t]|hom[e])/\w+|\.\./share[d]\b")
URL = re.compile(r"\b(?:https?|ftp)://([\w-]+(?:\.[\w-]+)+)")
HOSTS = {"www.apache.org", "arrow.apache.org", "keepachangelog.com", "semver.org",
         "127.0.0.1", "localhost", "www.rfc-editor.org", "json-schema.org", "doi.org",
         "www.w3.org"}
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b(?!\s*\(#\d+\))")
SPELLINGS = {"Status::Ok()": r"^\s*return Status\(\);", "<fmt/...>": r'^#include "fmt/',
             "kMax...": r"\bkMost[A-Z]"}
SPELLINGS = {better: re.compile(pattern) for better, pattern in SPELLINGS.items()}
TEXT = {".h", ".cc", ".py", ".md", ".txt", ".cmake", ".in", ".json", ".fbs", ".sh", ".hex", ""}


def header_faults(inside, text):
    comments = "\n".join(re.findall(r"//.*", text))
    if not THREADS.search(comments):
        yield f"{inside}: says nothing of threads"
    if not LIFETIME.search(comments):
        yield f"{inside}: says nothing of ownership or lifetime"


def line_faults(line):
    path = MACHINE_PATH.search(line)
    if path:
        yield f"names a path of one machine: {path[0]}"
    for host in URL.findall(line):
        if host not in HOSTS:
            yield f"names a host that is not on the list: {host}"
    if UNFINISHED.search(line):
        yield "a note of work to do without its issue, as (#12)"


def spelling_faults(line):
    for better, pattern in SPELLINGS.items():
        if pattern.search(line):
            yield f"is spelled {better} here"


def check(root):
    for path in tree.files(root):
        inside = path.relative_to(root)
        if path.suffix not in TEXT:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if inside.parts[:2] == ("include", "lancer") and path.suffix == ".h":
            yield from header_faults(inside, text)
        is_source = path.suffix in {".h", ".cc"}
        for number, line in enumerate(text.split("\n"), 1):
            for reason in line_faults(line):
                yield f"{inside}:{number}: {reason}"
            for reason in spelling_faults(line) if is_source else ():
                yield f"{inside}:{number}: {reason}"


if __name__ == "__main__":
    tree.run(check, __doc__)
