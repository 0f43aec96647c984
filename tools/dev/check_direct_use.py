#!/usr/bin/env python3
"""The library takes time, chance and threads from Context alone, so that a simulation can
replay it. Only the files behind Context touch the real ones."""
import re

import tree

BEHIND_CONTEXT = {"io/system_clock.cc", "io/random.cc", "io/executor.cc"}
FORBIDDEN = {
    "clock": r"\bstd::chrono::\w*_clock\b|\b(system|steady|high_resolution)_clock\b"
             r"|\bclock_gettime\b|\bgettimeofday\b|(?<![\w.>:])(?:std::|::)?(?:time|clock)\s*\(",
    "random numbers": r"\brandom_device\b|\bmt19937\w*|(?<![\w.>:])(?:std::|::)?s?rand\s*\("
                      r"|\bgetrandom\b|/dev/u?random",
    "threads": r"\bstd::j?thread\b|\bstd::async\b|\bpthread_create\b|\bsleep_for\b"
               r"|\b[un]*sleep\s*\(",
}
FORBIDDEN = {what: re.compile(pattern) for what, pattern in FORBIDDEN.items()}
DECLARATION = re.compile(r"\b(?:int|int64_t|double|void|virtual|auto)\b[^=;(]*$")


def check(root):
    for path in tree.files(root, ("include",) + tree.LIBRARY, {".h", ".cc"}):
        inside = path.relative_to(root).as_posix()
        if inside in BEHIND_CONTEXT:
            continue
        text = tree.without_comments(path.read_text())
        for number, line in enumerate(text.split("\n"), 1):
            for what, pattern in FORBIDDEN.items():
                match = pattern.search(line)
                if match and not DECLARATION.search(line[:match.start()]):
                    yield f"{inside}:{number}: {what} used directly: {match[0].strip()}"


if __name__ == "__main__":
    tree.run(check, __doc__)
