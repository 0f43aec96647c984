#!/usr/bin/env python3
"""Groups sources that can be compiled as one: cmake/LancerUnity.cmake asks.

Files of one group share a translation unit, so what one keeps to itself (its unnamed
namespace, macros, aliases) would be seen by the others. Two files come together only when
neither mentions a name that is the other's own. Prints "GROUP PATH" a line.
"""
import argparse
import pathlib
import re

WORD = re.compile(r"\w+")
COMMENT_OR_STRING = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"')
TEST = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\((\w+), (\w+)\)")
BORROWED = re.compile(r"using (?!\w+ =)|static_assert|INSTANTIATE_")
# What a line at the left margin of an unnamed namespace names.
DECLARED = [re.compile(pattern) for pattern in (
    r"^(?:struct|class|union|enum class|enum) (\w+)",
    r"^using (\w+) =",
    r"(\w+)\(",
    r"(\w+)(?:\[\w*\])*(?: = |;|\{| =$)",
)]


def own_names(text):
    names = set()
    own = False
    for line in text.split("\n"):
        macro = re.match(r"#define (\w+)", line)
        test = TEST.match(line)
        if macro:
            names.add(macro.group(1))
        elif test:
            names.add("_".join(test.groups()))
        elif line == "namespace {":
            own = True
        elif line == "}  // namespace":
            own = False
        elif (own and line[:1].isalpha() or line.startswith("static ")) and not (
                BORROWED.match(line)):
            for pattern in DECLARED:
                found = pattern.search(line)
                if found:
                    names.add(found.group(1))
                    break
    return names


class Source:
    def __init__(self, path):
        text = pathlib.Path(path).read_text()
        self.path = path
        self.own = own_names(text)
        self.words = set(WORD.findall(COMMENT_OR_STRING.sub("", text))) | self.own
        # Opens another namespace to all that follows it.
        self.alone = re.search(r"^\s*using namespace ", text, re.MULTILINE) is not None

    def fits(self, other):
        return not (self.alone or other.alone or self.own & other.words or other.own & self.words)


def group(sources, size):
    groups = []
    for source in sources:
        for members in groups:
            if len(members) < size and all(source.fits(member) for member in members):
                members.append(source)
                break
        else:
            groups.append([source])
    return groups


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=8, help="files of a group at most")
    parser.add_argument("sources", nargs="*")
    arguments = parser.parse_args()
    sources = [Source(path) for path in sorted(arguments.sources)]
    for number, members in enumerate(group(sources, arguments.size)):
        for member in members:
            print(number, member.path)


if __name__ == "__main__":
    main()
