"""What the checks of this folder share: walking the tree, reading C++ without its comments,
and reporting. Standard library only."""
import argparse
import pathlib
import re
import sys

# The layers in the order of the story, and the folders beside them.
LIBRARY = ("types", "encoding", "io", "format", "index", "dataset", "loader")
CODE = ("include",) + LIBRARY + ("tools", "python", "bench", "tests", "examples")
SKIPPED = {".git", "build", ".cache", "__pycache__", ".pytest_cache", ".idea", ".vscode"}

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root, folders=None, suffixes=None):
    """The files below `folders` (or the whole root) with one of `suffixes`, in order."""
    for start in ([root / name for name in folders] if folders else [root]):
        for path in sorted(start.rglob("*")):
            inside = path.relative_to(root).parts
            if path.is_file() and not SKIPPED.intersection(inside):
                if suffixes is None or path.suffix in suffixes:
                    yield path


def without_comments(text, strings=True):
    """C++ text with comments (and strings, unless asked not to) blanked, lines kept."""
    def blank(match):
        token = match.group()
        if token[0] == "/" or strings:
            return re.sub(r"[^\n]", " ", token)
        return token
    return _TOKEN.sub(blank, text)


def run(check, description):
    """Calls check(root), which yields violations as text; exits 1 when there are any."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", required=True, type=pathlib.Path)
    violations = list(check(parser.parse_args().root.resolve()))
    for violation in violations:
        print(violation)
    name = pathlib.Path(sys.argv[0]).stem
    print(f"{name}: {len(violations)} found" if violations else f"{name}: ok")
    sys.exit(1 if violations else 0)
