"""Reads of a take as the kernel sees them: how many, and that they are submitted together."""
import pathlib
import random
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli import BIN, CliTest  # noqa: E402

ROWS = 40_000
COLUMNS = 2


def can_trace():
    """strace may be missing, or be forbidden in a container."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True,
                          check=False).returncode == 0


@unittest.skipUnless(can_trace(), "strace is missing or not allowed here")
class TakeReads(CliTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(1)
        self.write("in.csv", "id,text\n" + "".join(
            f"{draw.getrandbits(60)},{draw.getrandbits(90):x} and {draw.getrandbits(60):x}\n"
            for _ in range(ROWS)))
        self.convert("in.csv", "f.lancer", "--single-file")

    def trace_take(self, *rows):
        """The places, among all system calls of a take, of those that read the file."""
        log = self.folder / "strace.log"
        done = subprocess.run(
            ["strace", "-y", "-o", log, BIN.absolute() / "lance-inspect", "f.lancer", "take",
             *map(str, rows)], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [place for place, line in enumerate(log.read_text().splitlines())
                if re.match(r"(read|readv|pread64|preadv2?)\(\d+<[^>]*/f\.lancer>", line)]

    def test_each_further_row_costs_one_read_per_column_in_the_same_batch(self):
        one = self.trace_take(7)
        four = self.trace_take(7, 13_000, 26_000, ROWS - 1)
        self.assertEqual(len(four) - len(one), 3 * COLUMNS)
        batch = four[-4 * COLUMNS:]
        self.assertEqual(batch, list(range(batch[0], batch[0] + 4 * COLUMNS)),
                         "the reads of a batch follow each other without another call")

    def test_a_row_asked_for_twice_is_read_once(self):
        self.assertEqual(len(self.trace_take(7, 7)), len(self.trace_take(7)))


if __name__ == "__main__":
    unittest.main()
