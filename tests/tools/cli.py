"""What the tests of the command lines share: a folder of their own, running the programs,
and looking at what is left behind. The programs are in the folder LANCER_BIN."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ.get("LANCER_BIN", "build/release/bin"))

try:
    import pyarrow
except ImportError:
    pyarrow = None

needs_pyarrow = unittest.skipIf(pyarrow is None, "needs pyarrow")


class CliTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return self.path(name)

    def run_tool(self, tool, *arguments, stdin=None):
        """Runs a program in the test's folder; the result has text output."""
        done = subprocess.run([BIN / tool, *arguments], input=stdin, cwd=self.folder,
                              capture_output=True, timeout=120, check=False)
        done.out = done.stdout
        done.text = done.stdout.decode(errors="replace")
        done.error = done.stderr.decode(errors="replace")
        return done

    def convert(self, *arguments, stdin=None):
        """A conversion that must succeed."""
        done = self.run_tool("lance-convert", *arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.error)
        return done

    def inspect(self, *arguments):
        """A look inside that must succeed, as JSON."""
        done = self.run_tool("lance-inspect", *arguments, "--json")
        self.assertEqual(done.returncode, 0, done.error)
        return json.loads(done.text)

    def refuse(self, tool, *arguments, code=1, stdin=None, says=()):
        """A run that must fail with one line on standard error and leave no new name."""
        before = self.names()
        done = self.run_tool(tool, *arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.error + done.text)
        self.assertEqual(done.error.count("\n"), 1, done.error)
        self.assertTrue(done.error.startswith(tool + ": "), done.error)
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words, done.error)
        self.assertEqual(self.names(), before)
        return done.error

    def names(self):
        return sorted(p.relative_to(self.folder).as_posix()
                      for p in self.folder.rglob("*"))
